"""People, their keys and posts, regions and outlets: one operation a verb, and what their pages show."""

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Router
from pydantic import StringConstraints

from anxiu.accounts import actions
from anxiu.accounts.actions import NewPerson
from anxiu.accounts.models import Person
from anxiu.accounts.queries import (
    VIEW_POSTS,
    account_by_uid,
    accounts,
    found,
    history,
    outlets,
    person_by_uid,
    posts,
    regions,
    tokens,
    with_posts,
)
from anxiu.api import account_schemas as s
from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line, perform
from anxiu.api.auth import actor_of
from anxiu.api.doing import IN_USE, REFUSED, UNREAD, Closed, Slug, act, paged
from anxiu.api.finding import one, person_key, region_key, renamed
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now

router = Router(tags=["organisation"])
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


# ---- people ----------------------------------------------------------------------------------------------------------
@router.get("/people", response={200: s.PeopleOut, **UNREAD}, summary="List people")
def list_people(
    request: HttpRequest, q: Line = "", post: Code = "", region: Code = "", closed: Closed = IN_USE, after: Cursor = "",
    limit: Limit = PAGE,
) -> s.PeopleOut:  # fmt: skip
    """People with an account, newest first; `q` searches name, pinyin, address and phone."""
    actor = actor_of(request)
    actor.require(VIEW_POSTS)
    rows = found(actor, q, post, region).filter(is_active=not closed)
    return s.PeopleOut(**paged(with_posts(rows), after, limit, s.PersonOut.of))


@router.get("/people/{uuid:uid}", response={200: s.PersonDetailOut, **UNREAD}, summary="One person")
def get_person(request: HttpRequest, uid: UUID) -> s.PersonDetailOut:
    """An account and the newest of what happened to it. Leaves an access row."""
    actor = actor_of(request)
    actor.require(VIEW_POSTS)
    row = person_by_uid(actor, uid)
    note_access(actor, AccessKind.DETAIL, "person", [row.pk], now())
    return s.PersonDetailOut(
        person=s.PersonOut.of(row), history=[s.LineOfAccountOut.of(each) for each in history(row)]
    )


def _held(actor: Actor, given: list[s.HoldingIn]) -> tuple[tuple[str, int | None], ...]:
    return tuple((each.post, region_key(actor, each.region)) for each in given)


def _named(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """Given fields as verbs take them."""
    changes = renamed(actor, given)
    if "manager" in changes:
        changes["manager_id"] = person_key(actor, changes.pop("manager"), "manager")
    return changes


@router.post("/people", response={201: s.PersonOut, **REFUSED}, summary="Give somebody an account: add_person")
def add_person(request: HttpRequest, body: s.PersonIn, key: Key) -> HttpResponse:
    """Give somebody an account and posts. They choose their password by a link."""

    def work(actor: Actor) -> s.PersonOut:
        given = _named(actor, body.model_dump(exclude={"posts"}))
        row = actions.add_person(actor=actor, at=now(), new=NewPerson(posts=_held(actor, body.posts), **given))
        return s.PersonOut.of(person_by_uid(actor, row.uid))

    return act(request, key, "accounts.add_person", work, status=201)


@router.post(
    "/people/{uuid:uid}/actions/change_person", response={200: s.PersonOut, **REFUSED}, summary="Change an account"
)
def change_person(request: HttpRequest, uid: UUID, body: s.PersonChangeIn, key: Key) -> HttpResponse:
    """Change a person's details or posts."""

    def work(actor: Actor) -> s.PersonOut:
        row = person_by_uid(actor, uid)
        held = _held(actor, body.posts) if "posts" in body.model_fields_set else None
        changes = _named(actor, body.given("posts"))
        actions.change_person(actor=actor, at=now(), person_id=row.pk, changes=changes, posts=held)
        return s.PersonOut.of(person_by_uid(actor, uid))

    return act(request, key, "accounts.change_person", work)


@router.post(
    "/people/{uuid:uid}/actions/retire_person", response={200: s.PersonOut, **REFUSED}, summary="Close an account"
)
def retire_person(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Close a person's account; nothing they did is touched."""

    def work(actor: Actor) -> s.PersonOut:
        actions.retire_person(actor=actor, at=now(), person_id=person_by_uid(actor, uid).pk)
        return s.PersonOut.of(person_by_uid(actor, uid))

    return act(request, key, "accounts.retire_person", work)


@router.post(
    "/people/{uuid:uid}/actions/erase_person", response={200: s.PersonOut, **REFUSED}, summary="Erase who left"
)
def erase_person(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Erase a colleague who left: name, numbers, login; what they did stays under a neutral label. Not to be undone."""

    def work(actor: Actor) -> s.PersonOut:
        actions.erase_person(actor=actor, at=now(), person_id=person_by_uid(actor, uid).pk)
        return s.PersonOut.of(person_by_uid(actor, uid))

    return act(request, key, "accounts.erase_person", work)


@router.post(
    "/people/{uuid:uid}/actions/make_password_link",
    response={200: s.PasswordLinkOut, **REFUSED},
    summary="Make a link to choose a password",
)
def make_password_link(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Make a one-time link with which a person chooses a password."""

    def work(actor: Actor) -> s.PasswordLinkOut:
        who = person_by_uid(actor, uid).pk
        uidb36, secret = actions.make_password_link(actor=actor, at=now(), person_id=who)
        address = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": secret})
        return s.PasswordLinkOut(url=f"{settings.ENV.public_url.rstrip('/')}{address}")

    return act(request, key, "accounts.make_password_link", work)


# ---- API keys --------------------------------------------------------------------------------------------------------
@router.get("/people/{uuid:uid}/tokens", response={200: s.TokensOut, **UNREAD}, summary="List a person's API keys")
def list_tokens(request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE) -> s.TokensOut:
    """The API keys of a person or service account, newest first; never their secrets."""
    actor = actor_of(request)
    actor.require(VIEW_POSTS)
    return s.TokensOut(**paged(tokens(account_by_uid(actor, uid)), after, limit, s.TokenOut.of))


@router.post(
    "/people/{uuid:uid}/actions/issue_token", response={201: s.IssuedOut, **REFUSED}, summary="Make an API key"
)
def issue_token(request: HttpRequest, uid: UUID, body: s.TokenIn, key: Key) -> HttpResponse:
    """Make an API key that acts as a person or service account. The secret is answered once."""

    def work(actor: Actor) -> s.IssuedOut:
        who = account_by_uid(actor, uid).pk
        row, secret = actions.issue_token(
            actor=actor, at=now(), person_id=who, label=body.label, expires_at=body.expires_at, bundles=body.bundles
        )
        return s.IssuedOut(token=s.TokenOut.of(row), secret=secret)

    return act(request, key, "accounts.issue_token", work, status=201)


@router.post(
    "/people/{uuid:uid}/tokens/{fingerprint}/actions/revoke_token",
    response={200: s.TokenOut, **REFUSED},
    summary="Revoke an API key",
)
def revoke_token(request: HttpRequest, uid: UUID, fingerprint: Path[Fingerprint], key: Key) -> HttpResponse:
    """Revoke an API key at once."""

    def work(actor: Actor) -> s.TokenOut:
        rows = tokens(account_by_uid(actor, uid))
        row = one(rows, digest__startswith=fingerprint)
        actions.revoke_token(actor=actor, at=now(), token_id=row.pk)
        return s.TokenOut.of(one(rows, pk=row.pk))

    return act(request, key, "accounts.revoke_token", work)


# ---- oneself ---------------------------------------------------------------------------------------------------------
def _oneself(actor: Actor) -> Person:
    if actor.person_id is None:
        raise NotFound("kernel.not_found")
    return one(with_posts(accounts(actor)), pk=actor.person_id)


@router.get("/me", response={200: s.MeOut, **UNREAD}, summary="Who calls")
def get_me(request: HttpRequest) -> s.MeOut:
    """The person the key acts as, and what they may do."""
    actor = actor_of(request)
    return s.MeOut(person=s.PersonOut.of(_oneself(actor)), permissions=sorted(actor.permissions))


@router.post("/me/actions/change_own", response={200: s.PersonOut, **REFUSED}, summary="Change one's own details")
def change_own(request: HttpRequest, body: s.OwnIn, key: Key) -> HttpResponse:
    """Change one's own language, phone or English name."""

    def work(actor: Actor) -> s.PersonOut:
        actions.change_own(actor=actor, at=now(), changes=body.given())
        return s.PersonOut.of(_oneself(actor))

    return act(request, key, "accounts.change_own", work)


@router.post(
    "/me/actions/change_own_email", response={200: s.PersonOut, **REFUSED}, summary="Change the address to log in with"
)
def change_own_email(request: HttpRequest, body: s.OwnEmailIn, key: Key) -> HttpResponse:
    """Change the address one logs in with and gets notices at."""
    actor = actor_of(request)
    actor.require("accounts.change_own_email")

    def work() -> s.PersonOut:
        actions.change_own_email(actor=actor, at=now(), email=body.email, password=body.password)
        return s.PersonOut.of(_oneself(actor))

    # What is kept of a request to know it again must not let anybody try passwords on it.
    return perform(request, key, 200, work, said=body.email.encode())


# ---- posts -----------------------------------------------------------------------------------------------------------
@router.get("/posts", response={200: s.PostsOut, **UNREAD}, summary="List posts")
def list_posts(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> s.PostsOut:
    """Posts and what each may do."""
    actor_of(request).require(VIEW_POSTS)
    return s.PostsOut(**paged(posts(), after, limit, s.PostOut.of))


@router.post("/posts/{slug:code}/actions/change_post", response={200: s.PostOut, **REFUSED}, summary="Change a post")
def change_post(request: HttpRequest, code: Path[Slug], body: s.PostChangeIn, key: Key) -> HttpResponse:
    """Set what a post may do."""

    def work(actor: Actor) -> s.PostOut:
        allowed = frozenset(body.permissions)
        return s.PostOut.of(actions.change_post(actor=actor, at=now(), code=code, permissions=allowed))

    return act(request, key, "accounts.change_post", work)


# ---- regions and outlets ---------------------------------------------------------------------------------------------
@router.get("/regions", response={200: s.RegionsOut, **UNREAD}, summary="List regions")
def list_regions(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> s.RegionsOut:
    """The regions the caller sees, newest first."""
    return s.RegionsOut(**paged(regions(actor_of(request)), after, limit, s.RegionOut.of))


@router.post("/regions", response={201: s.RegionOut, **REFUSED}, summary="Add a region: add_region")
def add_region(request: HttpRequest, body: s.RegionIn, key: Key) -> HttpResponse:
    """Add a region. Without a time zone it has the company's."""

    def work(actor: Actor) -> s.RegionOut:
        return s.RegionOut.of(actions.add_region(actor=actor, at=now(), **body.model_dump()))

    return act(request, key, "accounts.add_region", work, status=201)


@router.post(
    "/regions/{slug:code}/actions/change_region", response={200: s.RegionOut, **REFUSED}, summary="Change a region"
)
def change_region(request: HttpRequest, code: Path[Slug], body: s.RegionChangeIn, key: Key) -> HttpResponse:
    """Change a region's names or time zone."""

    def work(actor: Actor) -> s.RegionOut:
        row = one(regions(actor), code=code)
        return s.RegionOut.of(
            actions.change_region(actor=actor, at=now(), region_id=row.pk, changes=body.given())
        )

    return act(request, key, "accounts.change_region", work)


@router.get("/outlets", response={200: s.OutletsOut, **UNREAD}, summary="List outlets")
def list_outlets(request: HttpRequest, region: Code = "", after: Cursor = "", limit: Limit = PAGE) -> s.OutletsOut:
    """The outlets of the regions the caller sees, newest first."""
    rows = outlets(actor_of(request))
    rows = rows.filter(region__code=region) if region else rows
    return s.OutletsOut(**paged(rows, after, limit, s.OutletOut.of))


@router.post("/outlets", response={201: s.OutletOut, **REFUSED}, summary="Add an outlet: add_outlet")
def add_outlet(request: HttpRequest, body: s.OutletIn, key: Key) -> HttpResponse:
    """Add an outlet to a region: our own or a partner's."""

    def work(actor: Actor) -> s.OutletOut:
        given = renamed(actor, body.model_dump())
        return s.OutletOut.of(actions.add_outlet(actor=actor, at=now(), **given))

    return act(request, key, "accounts.add_outlet", work, status=201)


@router.post(
    "/outlets/{slug:code}/actions/change_outlet", response={200: s.OutletOut, **REFUSED}, summary="Change an outlet"
)
def change_outlet(request: HttpRequest, code: Path[Slug], body: s.OutletChangeIn, key: Key) -> HttpResponse:
    """Change an outlet's names, region or whether it is a partner's."""

    def work(actor: Actor) -> s.OutletOut:
        row = one(outlets(actor), code=code)
        changes = renamed(actor, body.given())
        actions.change_outlet(actor=actor, at=now(), outlet_id=row.pk, changes=changes)
        return s.OutletOut.of(one(outlets(actor), code=code))

    return act(request, key, "accounts.change_outlet", work)
