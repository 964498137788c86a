"""A dialog for every verb about accounts."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.accounts import actions
from anxiu.accounts.actions import NewPerson
from anxiu.accounts.models import ApiToken
from anxiu.accounts.queries import account_by_uid, outlets, person_by_uid, posts, regions
from anxiu.accounts.queries import accounts as every_account
from anxiu.console.accounts import forms
from anxiu.console.accounts.forms import named
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.console.secrets import secret_dialog
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now


# ---- people --------------------------------------------------------------------------------------------------------
def _details(given: dict[str, Any]) -> dict[str, Any]:
    """A person's own columns out of the form."""
    plain = {name: given[name] for name in ("name", "name_en", "email", "phone", "language")}
    keys = {f"{name}_id": given[name].pk if given[name] else None for name in ("region", "outlet", "manager")}
    return {**plain, **keys}


@page("accounts.add_person")
def add_person(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open an account."""
    form = forms.PersonForm(actor, request.POST or None, initial={"language": "zh-hans"})
    verb = Verb(
        title=_("Open an account"),
        submit=_("Open the account"),
        keep="add-person",
        lead=_("They choose their password by a link you make on the next page, or by “Forgotten password”."),
        run=lambda given: actions.add_person(
            actor=actor, at=now(), new=NewPerson(posts=given["held"], **_details(given))
        ),
        done=_("The account is open."),
        go=lambda made: reverse("person", args=[made.uid]),  # type: ignore[attr-defined]
    )
    return dialog(request, actor, form, verb)


@page("accounts.change_person")
def change_person(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change somebody's details and posts."""
    row = person_by_uid(actor, uid)
    held = [(each.post.code, each.region_id) for each in row.holdings.all()]
    initial = {
        name: getattr(row, name)
        for name in ("name", "name_en", "email", "phone", "region", "outlet", "manager", "language")
    }
    form = forms.PersonForm(
        actor,
        request.POST or None,
        elsewhere=tuple(each for each in held if each[1] is not None),
        initial={**initial, "posts": [code for code, region_id in held if region_id is None]},
    )
    verb = Verb(
        title=_("Change the account"),
        submit=_("Save"),
        done=_("Saved."),
        run=lambda given: actions.change_person(
            actor=actor, at=now(), person_id=row.pk, changes=_details(given), posts=given["held"]
        ),
    )
    return dialog(request, actor, form, verb)


@page("accounts.retire_person")
def retire_person(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close an account."""
    row = person_by_uid(actor, uid)
    verb = Verb(
        title=_("Close the account"),
        submit=_("Close the account"),
        danger=True,
        done=_("The account is closed."),
        lead=_("{name} can no longer log in, and their API keys stop at once. Everything they did stays.").format(
            name=row.name
        ),
        run=lambda _given: actions.retire_person(actor=actor, at=now(), person_id=row.pk),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)


# ---- secrets shown once --------------------------------------------------------------------------------------------
@page("accounts.issue_token")
def issue_token(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Issue an API key, shown once."""
    row = account_by_uid(actor, uid)
    shown = {
        "title": _("Issue an API key"),
        "submit": _("Issue the key"),
        "back": reverse("service" if row.is_service else "person", args=[uid]),
        "lead": _("A program with this key acts as {name}, within what you tick.").format(name=row.name),
        "after": _("Copy the key now: it is not stored and cannot be shown again."),
        "make": lambda given: actions.issue_token(actor=actor, at=now(), person_id=row.pk, **given)[1],
    }
    return secret_dialog(request, actor, forms.TokenForm(request.POST or None), shown)


@page("accounts.make_password_link")
def make_password_link(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Make a link with which somebody chooses a password, shown once."""
    row = person_by_uid(actor, uid)

    def make(_given: object) -> str:
        uidb36, key = actions.make_password_link(actor=actor, at=now(), person_id=row.pk)
        return request.build_absolute_uri(
            reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": key})
        )

    shown = {
        "title": _("Link for a new password"),
        "submit": _("Make the link"),
        "back": reverse("person", args=[uid]),
        "lead": _("{name} opens the link and chooses a password. Nobody else learns it.").format(name=row.name),
        "after": _("Send this link to them yourself. It works once, for three days."),
        "make": make,
    }
    return secret_dialog(request, actor, VerbForm(request.POST or None), shown)


@page("accounts.revoke_token")
def revoke_token(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Revoke an API key."""
    row = ApiToken.objects.filter(pk=pk, person__in=every_account(actor), client=None).first()
    if row is None:
        raise NotFound("kernel.not_found")
    verb = Verb(
        title=_("Revoke the API key"),
        submit=_("Revoke the key"),
        danger=True,
        done=_("The key is revoked."),
        lead=_("“{label}” stops working at once.").format(label=row.label),
        run=lambda _given: actions.revoke_token(actor=actor, at=now(), token_id=pk),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)


# ---- posts and places ----------------------------------------------------------------------------------------------
@page("accounts.erase_person")
def erase_person(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Erase a colleague who left."""
    row = person_by_uid(actor, uid)
    verb = Verb(
        title=_("Erase “{name}”").format(name=row.name),
        submit=_("Erase"),
        done=_("The personal data was erased. Proofs, notices and files follow within a minute."),
        lead=_(
            "Name, email, phone, portrait, posts, logins and keys, their notices, what they were refused and the proofs"
            " of their qualifications are erased everywhere and for good. What they did stays, under a neutral label."
            " Papers that customers signed keep the name until the papers' own time is over."
        ),
        danger=True,
        run=lambda _given: actions.erase_person(actor=actor, at=now(), person_id=row.pk),
    )
    return dialog(request, actor, forms.SureForm(request.POST or None), verb)


@page("accounts.change_post")
def change_post(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Decide what a post may do."""
    row = posts().filter(code=code).first()
    if row is None:
        raise NotFound("kernel.not_found")
    held = set(row.permissions)
    form = forms.PostForm(request.POST or None)
    for field in form.fields.values():
        field.initial = [name for name, _words in getattr(field, "choices", ()) if name in held] or field.initial
    verb = Verb(
        title=_("What the post “{post}” may do").format(post=named(row)),
        submit=_("Save"),
        done=_("Saved."),
        lead=_("It holds for everybody with this post from their next click."),
        run=lambda given: actions.change_post(actor=actor, at=now(), code=code, permissions=given["permissions"]),
    )
    return dialog(request, actor, form, verb)


@page("accounts.add_region")
def add_region(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a region."""
    return _plain(
        request,
        actor,
        forms.NewRegionForm(request.POST or None),
        _("Add a region"),
        lambda given: actions.add_region(actor=actor, at=now(), **given),
    )


@page("accounts.change_region")
def change_region(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Change a region."""
    row = regions(actor).filter(code=code).first()
    if row is None:
        raise NotFound("kernel.not_found")
    form = forms.RegionForm(
        request.POST or None, initial={"name_zh": row.name_zh, "name_en": row.name_en, "time_zone": row.time_zone}
    )
    return _plain(
        request,
        actor,
        form,
        _("Change the region"),
        lambda given: actions.change_region(actor=actor, at=now(), region_id=row.pk, changes=given),
    )


def _plain(request: HttpRequest, actor: Actor, form: VerbForm, title: Promise | str, run: Any) -> HttpResponse:
    return dialog(request, actor, form, Verb(title=title, submit=_("Save"), run=run, done=_("Saved.")))


def _outlet(given: dict[str, Any]) -> dict[str, Any]:
    region = given.pop("region")
    return {**given, "region_id": region.pk}


@page("accounts.add_outlet")
def add_outlet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add an outlet."""
    first = regions(actor).filter(code=request.GET.get("region", "")).first()
    return _plain(
        request,
        actor,
        forms.NewOutletForm(actor, request.POST or None, initial={"region": first}),
        _("Add an outlet"),
        lambda given: actions.add_outlet(actor=actor, at=now(), **_outlet(given)),
    )


@page("accounts.change_outlet")
def change_outlet(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Change an outlet."""
    row = outlets(actor).filter(code=code).first()
    if row is None:
        raise NotFound("kernel.not_found")
    names = ("region", "name_zh", "name_en", "is_partner")
    form = forms.OutletForm(actor, request.POST or None, initial={name: getattr(row, name) for name in names})
    return _plain(
        request,
        actor,
        form,
        _("Change the outlet"),
        lambda given: actions.change_outlet(actor=actor, at=now(), outlet_id=row.pk, changes=_outlet(given)),
    )
