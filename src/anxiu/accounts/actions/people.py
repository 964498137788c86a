"""People: their accounts, the posts they hold, and what they change about themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from anxiu.accounts.choices import PostCode, Reach
from anxiu.accounts.events import PersonAdded, PersonChanged, PersonRetired
from anxiu.accounts.models import ApiToken, Holding, Person, Post
from anxiu.accounts.queries import people
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed, record

# Whoever holds it decides what everybody may do; only such people may make or touch such accounts.
MASTER: Final = "accounts.change_post"


def sort_key(name: str) -> str:
    """Pinyin of a name, so that lists are in the order people expect without the database's help."""
    from pypinyin import lazy_pinyin  # 60 MB and 0.6 s: only where a name is written

    return " ".join(lazy_pinyin(name)).lower()[:120]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is needed to give somebody an account."""

    name: str
    email: str
    posts: tuple[tuple[str, int | None], ...]
    phone: str = ""
    language: str = "zh-hans"
    name_en: str = ""
    region_id: int | None = None
    outlet_id: int | None = None
    manager_id: int | None = None
    password: str | None = None


@action(posts={"hr", "administrator"})
def add_person(*, actor: Actor, at: datetime, new: NewPerson) -> Person:
    """Give somebody an account and posts.

    Records: PersonAdded. Refuses: an address that is taken, an unknown post, a place out of sight, a post above
    one's own.
    """
    email = new.email.strip().lower()
    check_place(actor, new.region_id, new.posts)
    if Person.objects.filter(email=email).exists():
        raise Invalid("accounts.email_taken", field="email")
    person = person_row(new, at)
    person.save(force_insert=True)
    hold(actor, person, new.posts)
    record(
        PersonAdded(Sealed(person.name), Sealed(email), tuple(code for code, _ in new.posts)),
        subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at,
    )  # fmt: skip
    return person


def person_row(new: NewPerson, at: datetime, source: str = "", source_id: str = "") -> Person:
    """A person's row, with what they are sorted by, not yet saved; without a password it opens by a link only."""
    person = Person(
        name=new.name.strip(), name_en=new.name_en, name_key=sort_key(new.name), email=new.email.strip().lower(),
        phone=new.phone, language=new.language, region_id=new.region_id, outlet_id=new.outlet_id,
        manager_id=new.manager_id, source=source, source_id=source_id, created_at=at,
    )  # fmt: skip
    if new.password:
        person.set_password(new.password)
    else:
        person.set_unusable_password()
    require_fitting(person)
    return person


def check_place(actor: Actor, region_id: int | None, posts: tuple[tuple[str, int | None], ...]) -> None:
    """Somebody who sees some regions only opens accounts there."""
    if actor.regions is None:
        return
    if region_id is None:
        raise Invalid("kernel.required", field="region")
    for each in {region_id, *(held for _, held in posts if held is not None)}:
        actor.require_region(each)


def hold(actor: Actor, person: Person, posts: tuple[tuple[str, int | None], ...]) -> None:
    """Make these the person's posts."""
    known = {post.code: post for post in Post.objects.filter(code__in=[code for code, _ in posts], retired_at=None)}
    if unknown := {code for code, _ in posts} - known.keys():
        raise Invalid("accounts.unknown_post", field="posts", post=", ".join(sorted(unknown)))
    held = set(Holding.objects.filter(person=person).values_list("post__code", flat=True))
    require_givable(actor, [post for post in known.values() if post.code not in held])
    Holding.objects.filter(person=person).delete()
    Holding.objects.bulk_create(
        [Holding(person=person, post=known[code], region_id=region) for code, region in dict.fromkeys(posts)]
    )


def require_givable(actor: Actor, posts: Iterable[Post]) -> None:
    """Refuse to give a post that changes posts, or that sees what the giver does not, unless the giver is such."""
    for post in posts:
        above = MASTER in post.permissions and not actor.may(MASTER)
        if above or (post.reach == Reach.COMPANY and actor.regions is not None):
            raise Invalid("accounts.only_administrators", field="posts")


def to_change(actor: Actor, person_id: int, rows: QuerySet[Person] | None = None) -> Person:
    """A person to be changed, locked. Who may change posts, or sees more, is touched by their like only."""
    person = (people(actor) if rows is None else rows).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotFound("kernel.not_found")
    above = Q(pk__in=[]) if actor.may(MASTER) else Q(post__permissions__contains=[MASTER])
    if actor.regions is not None:
        elsewhere = Q(region__isnull=False) & ~Q(region__in=actor.regions)
        above |= Q(post__reach=Reach.COMPANY) | Q(post__reach=Reach.REGION) & elsewhere
    if Holding.objects.filter(above, person=person).exists():
        raise Invalid("accounts.only_administrators")
    return person


def _moved(person: Person, email: str) -> None:
    """Give a person another address; the one before no longer opens the account."""
    if Person.objects.filter(email=email).exclude(pk=person.pk).exists():
        raise Invalid("accounts.email_taken", field="email")
    person.email = email
    EmailAddress.objects.filter(user_id=person.pk).exclude(email=email).delete()


@action(posts={"hr", "administrator"})
def change_person(
    *, actor: Actor, at: datetime, person_id: int, changes: dict[str, Any],
    posts: tuple[tuple[str, int | None], ...] | None = None,
) -> Person:  # fmt: skip
    """Change a person's details or posts.

    Records: PersonChanged. Refuses: a field that is not changed this way, an address that is taken, a place out of
    sight, a post or an account above one's own.
    """
    person = to_change(actor, person_id)
    allowed = {"name", "name_en", "email", "phone", "language", "region_id", "outlet_id", "manager_id", "photo_digest"}
    if wrong := changes.keys() - allowed:
        raise Invalid("accounts.not_changeable", field=sorted(wrong)[0])
    if "email" in changes:
        changes = {**changes, "email": changes["email"].strip().lower()}
    found = {field for field, value in changes.items() if getattr(person, field) != value}
    for field in found:
        setattr(person, field, changes[field])
    if "region_id" in found or posts is not None:
        check_place(actor, person.region_id, posts or ())
    if "email" in found:
        _moved(person, changes["email"])
    if "name" in found:
        person.name_key = sort_key(person.name)
    person.save()
    if posts is not None and set(posts) != set(person.holdings.values_list("post__code", "region_id")):
        hold(actor, person, posts)
        found.add("posts")
    _note_change(actor, at, person, found)
    return person


def _note_change(actor: Actor, at: datetime, person: Person, found: set[str]) -> None:
    if not found:
        return
    record(
        PersonChanged(tuple(sorted(found))), subject=Subject("person", person.pk), region_id=person.region_id,
        actor=actor, at=at,
    )  # fmt: skip


def _oneself(actor: Actor) -> Person:
    if actor.person_id is None:
        raise NotFound("kernel.not_found")
    return Person.objects.select_for_update().get(pk=actor.person_id)


@action(posts={each.value for each in PostCode})
def change_own(*, actor: Actor, at: datetime, changes: dict[str, str]) -> Person:
    """Change one's own language, phone or English name.

    Records: PersonChanged. Refuses: a field that is not one's own to change.
    """
    person = _oneself(actor)
    if wrong := changes.keys() - {"language", "phone", "name_en"}:
        raise Invalid("accounts.not_changeable", field=sorted(wrong)[0])
    found = {field for field, value in changes.items() if getattr(person, field) != value}
    for field in found:
        setattr(person, field, changes[field])
    if found:
        person.save(update_fields=sorted(found))
    _note_change(actor, at, person, found)
    return person


@action(posts={each.value for each in PostCode})
def change_own_email(*, actor: Actor, at: datetime, email: str, password: str) -> Person:
    """Change the address one logs in with and gets notices at.

    Records: PersonChanged. Refuses: a wrong password, an address that is taken.
    """
    person = _oneself(actor)
    if not person.check_password(password):
        raise Invalid("accounts.wrong_password", field="password")
    email = email.strip().lower()
    if email != person.email:
        _moved(person, email)
        person.save(update_fields=["email"])
        _note_change(actor, at, person, {"email"})
    return person


@action(posts={"hr", "administrator"})
def retire_person(*, actor: Actor, at: datetime, person_id: int) -> None:
    """Close a person's account; nothing they did is touched.

    Records: PersonRetired. Refuses: oneself, an account above one's own.
    """
    person = to_change(actor, person_id)
    if person.pk == actor.person_id:
        raise Invalid("accounts.not_oneself", field="person")
    person.is_active, person.retired_at = False, at
    person.save(update_fields=["is_active", "retired_at"])
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    record(PersonRetired(), subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at)
