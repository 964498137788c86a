"""What people say of clauses: on the clause, in a list, and one with its replies."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import Listing, Verb, VerbForm, address, columns, dialog, keyset, page, show
from anxiu.console.versions.verbs import one
from anxiu.console.versions.words import language
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation.choices import VersionState
from anxiu.regulation.queries import under_way
from anxiu.uptake import actions
from anxiu.uptake.choices import RemarkKind, RemarkState
from anxiu.uptake.messages import REMARK_STATES, REMARKS
from anxiu.uptake.models import Remark
from anxiu.uptake.queries import VIEW_REMARKS, author_of
from anxiu.uptake.queries import remarks as everything

SAYS = "uptake.remark_on_clause"
TONES = {RemarkState.OPEN: "amber", RemarkState.ANSWERED: "green", RemarkState.TAKEN_UP: "blue"}
KIND_TONES = {
    RemarkKind.REMARK: "grey", RemarkKind.PROPOSAL: "teal", RemarkKind.QUESTION: "violet", RemarkKind.MISTAKE: "red",
}  # fmt: skip
LONGEST = 4000


def dressed(actor: Actor, row: Remark) -> Remark:
    """A remark with what its reader may know of it."""
    row.who = author_of(actor, row)  # type: ignore[attr-defined]
    row.kind_words, row.kind_tone = REMARKS[row.kind], KIND_TONES[RemarkKind(row.kind)]  # type: ignore[attr-defined]
    row.state_words, row.state_tone = REMARK_STATES[row.state], TONES[RemarkState(row.state)]  # type: ignore[attr-defined]
    return row


@page(SAYS)
def remarks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was said of clauses: of everybody for who may see it, of oneself otherwise."""
    get, seen = request.GET, everything(actor)
    tabs = {"": seen.filter(state=RemarkState.OPEN), "settled": seen.exclude(state=RemarkState.OPEN)}
    if actor.may(VIEW_REMARKS):
        tabs["mine"] = seen.filter(author=actor.person_id)
    labels = {"": _("Open"), "settled": _("Settled"), "mine": _("Mine")}
    tab = get.get("tab", "") if get.get("tab", "") in tabs else ""
    rows = tabs[tab]
    if get.get("kind") in set(RemarkKind):
        rows = rows.filter(kind=get["kind"])
    if typed := get.get("q", "").strip():
        rows = rows.filter(number=typed) if typed.replace(".", "").isdecimal() else rows.filter(text__icontains=typed)
    found, next_url = keyset(request, rows, ("-id",))
    listing = Listing(
        id="remarks", rows=[dressed(actor, each) for each in found], row_template="console/learning/remark_row.html",
        columns=columns(_("Remark"), _("Clause"), _("Kind"), _("Who"), _("When"), _("State")), next_url=next_url,
        first_url=address(request) if get.get("after") else "",
        tabs=[
            {
                "label": labels[code], "url": address(request, tab=code), "active": code == tab,
                "count": each.count() if code == "" else None,
            }
            for code, each in tabs.items()
        ],
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Words or clause number")},
        filters=[
            {"name": "kind", "label": _("All kinds"), "value": get.get("kind", ""), "choices": list(REMARKS.items())}
        ],
        hidden=[("tab", tab)] if tab else [], is_filtered=bool(get.get("q") or get.get("kind")),
        empty={
            "title": _("Nothing was said"), "symbol": "message",
            "text": _("Anybody can remark on a clause beside it, in the regulation."),
        },
    )  # fmt: skip
    context = {"title": _("Remarks on the regulation"), "listing": listing}
    return show(request, "console/notices/list.html", context, fragment="console/parts/listing.html")


def _one(actor: Actor, uid: UUID) -> Remark:
    row = everything(actor).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


@page(SAYS)
def remark(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """A remark with everything that was said to it."""
    row = dressed(actor, _one(actor, uid))
    replies = list(row.replies.select_related("author"))
    context = {
        "title": _("Remark on clause {number}").format(number=row.number), "context_line": row.version.code,
        "remark": row, "replies": replies, "may_settle": row.is_open and actor.may("uptake.settle_remark"),
    }  # fmt: skip
    return show(request, "console/learning/remark.html", context)


class RemarkForm(VerbForm):
    """What somebody says of a clause."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(REMARKS.items()), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What you want to say"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


@page(SAYS)
def remark_on_clause(request: HttpRequest, actor: Actor, uid: UUID, number: str) -> HttpResponse:
    """Say something of a clause."""
    version = one(actor, uid)

    def run(given: dict[str, Any]) -> object:
        kind = RemarkKind(given["kind"])
        return actions.remark_on_clause(
            actor=actor, at=now(), version_id=version.pk, number=number, kind=kind, text=given["text"]
        )

    verb = Verb(
        _("Remark on clause {number}").format(number=number), _("Send"), run, keep=f"remark-{uid}-{number}",
        lead=_("Those who answer for the regulation read it and answer you."), done=_("Thank you. It is on the list."),
    )  # fmt: skip
    form = RemarkForm(request.POST or None, initial={"kind": RemarkKind.REMARK})
    return dialog(request, actor, form, verb)


class WordsForm(VerbForm):
    """What is said to a remark."""

    text = forms.CharField(label=_("Words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


@page("uptake.reply_to_remark")
def reply_to_remark(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Say something to a remark."""
    row = _one(actor, uid)
    verb = Verb(
        _("Reply"), _("Send"),
        lambda given: actions.reply_to_remark(actor=actor, at=now(), remark_uid=uid, text=given["text"]),
        document=row.text, done=_("Your reply stands beside it."),
    )  # fmt: skip
    return dialog(request, actor, WordsForm(request.POST or None), verb)


class SettleForm(WordsForm):
    """What became of a remark: an answer, or a draft that takes it up."""

    draft_id = forms.TypedChoiceField(
        label=_("Taken up into"), required=False, coerce=int, empty_value=None,
        help_text=_("Left empty, it is answered and stays as it is."),
    )  # fmt: skip

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        zh = language().startswith("zh")
        drafts = under_way(actor).filter(state=VersionState.DRAFT)
        offered = [(each.pk, f"{each.code} · {each.name_zh if zh else each.name_en}") for each in drafts]
        cast("forms.ChoiceField", self.fields["draft_id"]).choices = [("", _("No draft")), *offered]


@page("uptake.settle_remark")
def settle_remark(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Answer a remark, or take it up into a draft."""
    row = _one(actor, uid)

    def run(given: dict[str, Any]) -> object:
        return actions.settle_remark(
            actor=actor, at=now(), remark_uid=uid, text=given["text"], draft_id=given["draft_id"]
        )

    verb = Verb(
        _("Settle the remark"), _("Settle"), run, document=row.text, done=_("Settled."),
        go=lambda _row: reverse("remark", args=[uid]),
    )  # fmt: skip
    return dialog(request, actor, SettleForm(request.POST or None, actor=actor), verb)
