"""Personal data: somebody is found, what is held about them is counted, taken along as a file, or erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.console.pages import Listing, Verb, VerbForm, columns, dialog, page, show
from anxiu.console.privacy.tabs import tabs
from anxiu.customers.messages import CONSENT_MEANS, USES
from anxiu.customers.models import Consent
from anxiu.customers.queries import phone_match, text_match
from anxiu.customers.rules import masked_phone
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.models import Access
from anxiu.kernel.time import now
from anxiu.privacy import actions
from anxiu.privacy.choices import Who
from anxiu.privacy.messages import KINDS, PARTS
from anxiu.privacy.queries import VIEW_PERSON, accesses, consents, export, exports, held, seen_people, somebody

SHOWN: Final = 20  # source: own choice; one looks for one person, not for a list
LOOKS: Final = {"detail": _("Details"), "export": _("Export"), "unmask": _("Number in full"), "place": _("Place")}
TONES: Final = {Who.CONTACT: "blue", Who.CUSTOMER: "teal", Who.PERSON: "violet"}


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody the search found."""

    kind: Who
    row: Any
    known: str

    @property
    def words(self) -> object:
        """What they are to us."""
        return KINDS[self.kind]

    @property
    def tone(self) -> str:
        """The colour of that."""
        return TONES[self.kind]

    @property
    def url(self) -> str:
        """Where their page is."""
        return reverse("personal_data_of", args=[self.kind.value, self.row.uid])


def _found(actor: Actor, typed: str) -> list[Found]:
    """Contacts, customers and colleagues by name, number or address."""
    asked = text_match(typed) | phone_match(typed)
    people = Q(name__icontains=typed) | Q(email__iexact=typed) | Q(phone__endswith=typed)
    contacts = seen_people(actor, Who.CONTACT).filter(asked | Q(email=typed.lower()))
    customers = seen_people(actor, Who.CUSTOMER).filter(text_match(typed) | Q(code=typed.upper()))
    return [
        *(Found(Who.CONTACT, each, f"{each.customer.name} · {each.masked_phone}") for each in contacts[:SHOWN]),
        *(Found(Who.CUSTOMER, each, each.code) for each in customers[:SHOWN]),
        *(
            Found(Who.PERSON, each, masked_phone(each.phone))
            for each in seen_people(actor, Who.PERSON).filter(people)[:SHOWN]
        ),
    ]


@page(VIEW_PERSON)
def personal_data(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find somebody."""
    typed = request.GET.get("q", "").strip()
    listing = Listing(
        id="personal-data", rows=_found(actor, typed) if typed else [], row_template="console/privacy/row.html",
        columns=columns(_("Name"), _("What they are to us"), _("Known by")), tabs=tabs("personal_data"),
        search={"name": "q", "value": typed, "placeholder": _("Name, number or address")}, is_filtered=bool(typed),
        empty={
            "title": _("Whose data?"), "symbol": "user-search",
            "text": _("Look for somebody to see what is held about them, to take it along for them, or to erase it."),
        },
    )  # fmt: skip
    context = {"title": _("Personal data"), "listing": listing}
    return show(request, "console/privacy/list.html", context, fragment="console/parts/listing.html")


def _kind(given: str) -> Who:
    if given not in set(Who):
        raise NotFound("kernel.not_found")
    return Who(given)


def _parts(kind: Who, key: int) -> list[dict[str, object]]:
    counted: dict[str, int] = {}
    for each in held(kind, key):
        counted[each.part] = counted.get(each.part, 0) + each.count
    return [{"words": PARTS[part], "count": count} for part, count in counted.items()]


def _looked(rows: Sequence[Access]) -> list[dict[str, object]]:
    """Who looked at it, by name."""
    names = dict(Person.objects.filter(pk__in={each.actor_id for each in rows}).values_list("pk", "name"))
    return [
        {
            "at": each.at, "what": LOOKS.get(each.purpose, each.purpose),
            "who": names.get(each.actor_id or 0, "") if each.actor_kind == "person" else "",
        }
        for each in rows
    ]


def _said(row: Consent) -> dict[str, object]:
    return {"use": USES[row.use], "means": CONSENT_MEANS[row.means], "row": row}


def _erase_url(actor: Actor, who: Who, row: Any) -> str:
    """Where the dialog that erases them is, for who may; colleagues only once they left."""
    app = "accounts" if who is Who.PERSON else "customers"
    verb = f"erase_{who.value}"
    may = actor.may(f"{app}.{verb}") and (who is not Who.PERSON or row.retired_at)
    return reverse(verb, args=[row.uid]) if may else ""


@page(VIEW_PERSON)
def person_page(request: HttpRequest, actor: Actor, kind: str, uid: UUID) -> HttpResponse:
    """What is held about one person, counted; the words themselves are in the file."""
    who = _kind(kind)
    row = somebody(actor, who, uid)
    erased = getattr(row, "erased_at", None)
    note_access(actor, AccessKind.DETAIL, who, [row.pk], now())
    context = {
        "title": row.name or _("Erased person"), "person": row, "kind": who.value, "kind_words": KINDS[who],
        "tone": TONES[who], "erased_at": erased, "parts": _parts(who, row.pk),
        "exports": list(exports(actor, who, uid)[:SHOWN]), "looked": _looked(list(accesses(actor, who, uid)[:SHOWN])),
        "consents": [_said(each) for each in consents(actor, who, uid)[:SHOWN]],
        "may_export": not erased and actor.may("privacy.export_person"),
        "erase_url": "" if erased else _erase_url(actor, who, row),
    }  # fmt: skip
    return show(request, "console/privacy/page.html", context)


@page("privacy.export_person")
def export_person(request: HttpRequest, actor: Actor, kind: str, uid: UUID) -> HttpResponse:
    """Have everything held about somebody made into one file."""
    who = _kind(kind)
    row = somebody(actor, who, uid)

    def run(values: dict[str, Any]) -> object:
        return actions.export_person(actor=actor, at=now(), kind=who, uid=row.uid)

    lead = _(
        "One ZIP with everything: readable in Chinese and English, as data for programs, and with photos, signatures"
        " and papers. It is kept for seven days. That you took it is on record."
    )
    done = _("The file is being made; it appears here within a minute.")
    return dialog(request, actor, VerbForm(request.POST or None), Verb(
        _("Export everything held"), _("Make the file"), run, lead=lead, done=done
    ))  # fmt: skip


@page("privacy.export_person")
def person_export(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponseBase:
    """The file itself; who fetched it is kept."""
    row = export(actor, uid)
    if not row.is_there:
        raise NotFound("kernel.not_found")
    note_access(actor, AccessKind.EXPORT, row.kind, [row.subject_id], now())
    return FileResponse(default_storage.open(row.path), as_attachment=True, filename=f"personal-data-{row.pk}.zip")


urlpatterns = [
    path("personal-data/", personal_data, name="personal_data"),
    path("personal-data/<slug:kind>/<uuid:uid>/", person_page, name="personal_data_of"),
    path("personal-data/<slug:kind>/<uuid:uid>/export/", export_person, name="export_person"),
    path("personal-data/exports/<uuid:uid>.zip", person_export, name="person_export"),
]
