"""The only way to change accounts."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pypinyin import lazy_pinyin

from anxiu.accounts.choices import LinkPurpose, PostCode, Reach
from anxiu.accounts.events import PersonAdded, PersonChanged, PersonRetired, PostChanged, TokenIssued, TokenRevoked
from anxiu.accounts.models import ApiToken, Holding, Link, Outlet, Person, Post, Region
from anxiu.accounts.queries import digest, people
from anxiu.kernel.action import action, default_posts, in_transaction
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed, record

SECRET_BYTES: Final = 24  # source: NIST SP 800-63B asks 112 bits of a look-up secret; 192 leave no doubt

BUILT_IN: Final = {
    PostCode.AGENT: ("客服专员", "Customer-service agent", Reach.REGION),
    PostCode.DISPATCHER: ("调度员", "Dispatcher", Reach.REGION),
    PostCode.ENGINEER: ("服务工程师", "Service engineer", Reach.OWN),
    PostCode.SUPERVISOR: ("售后主管", "After-sales supervisor", Reach.REGION),
    PostCode.WAREHOUSE: ("仓库管理员", "Warehouse", Reach.REGION),
    PostCode.HR: ("人事", "Human resources", Reach.COMPANY),
    PostCode.FINANCE: ("财务", "Finance", Reach.COMPANY),
    PostCode.MANAGEMENT: ("管理层", "Management", Reach.COMPANY),
    PostCode.PARTNER: ("合作网点", "Partner", Reach.OWN),
    PostCode.ADMINISTRATOR: ("系统管理员", "Administrator", Reach.COMPANY),
}


def sort_key(name: str) -> str:
    """Pinyin of a name, so that lists are in the order people expect without the database's help."""
    return " ".join(lazy_pinyin(name)).lower()[:120]


def install_posts() -> None:
    """Create the built-in posts, and offer each post the permissions it has not been offered yet.

    Run after every migration. What a company took away from a post stays away.
    """

    def work() -> None:
        defaults = default_posts()
        for code, (zh, en, reach) in BUILT_IN.items():
            Post.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en, "reach": reach})
        for post in Post.objects.select_for_update():
            new = defaults.keys() - set(post.known)
            if new:
                granted = {name for name in new if post.code in defaults[name]}
                post.permissions = sorted(set(post.permissions) | granted)
                post.known = sorted(set(post.known) | new)
                post.save(update_fields=["permissions", "known"])

    in_transaction(work)


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

    Records: PersonAdded. Refuses: an address that is taken, an unknown post.
    """
    email = new.email.strip().lower()
    if Person.objects.filter(email=email).exists():
        raise Invalid("accounts.email_taken", field="email")
    person = Person(
        name=new.name.strip(), name_en=new.name_en, name_key=sort_key(new.name), email=email, phone=new.phone,
        language=new.language, region_id=new.region_id, outlet_id=new.outlet_id, manager_id=new.manager_id, created_at=at,
    )  # fmt: skip
    if new.password:
        person.set_password(new.password)
    else:
        person.set_unusable_password()
    person.save(force_insert=True)
    _hold(person, new.posts)
    record(
        PersonAdded(Sealed(person.name), Sealed(email), tuple(code for code, _ in new.posts)),
        subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at,
    )  # fmt: skip
    return person


def _hold(person: Person, posts: tuple[tuple[str, int | None], ...]) -> None:
    known = {post.code: post for post in Post.objects.filter(code__in=[code for code, _ in posts])}
    if unknown := {code for code, _ in posts} - known.keys():
        raise Invalid("accounts.unknown_post", field="posts", post=", ".join(sorted(unknown)))
    Holding.objects.filter(person=person).delete()
    Holding.objects.bulk_create(
        [Holding(person=person, post=known[code], region_id=region) for code, region in dict.fromkeys(posts)]
    )


@action(posts={"hr", "administrator"})
def change_person(
    *, actor: Actor, at: datetime, person_id: int, changes: dict[str, Any],
    posts: tuple[tuple[str, int | None], ...] | None = None,
) -> Person:  # fmt: skip
    """Change a person's details or posts.

    Records: PersonChanged. Refuses: a field that is not changed this way.
    """
    person = people(actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotFound("kernel.not_found")
    allowed = {"name", "name_en", "phone", "language", "region_id", "outlet_id", "manager_id", "photo_digest"}
    if wrong := changes.keys() - allowed:
        raise Invalid("accounts.not_changeable", field=sorted(wrong)[0])
    for field, value in changes.items():
        setattr(person, field, value)
    if "name" in changes:
        person.name_key = sort_key(person.name)
    person.save()
    if posts is not None:
        _hold(person, posts)
    record(
        PersonChanged((*sorted(changes), *(("posts",) if posts is not None else ()))),
        subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at,
    )  # fmt: skip
    return person


@action(posts={"hr", "administrator"})
def retire_person(*, actor: Actor, at: datetime, person_id: int) -> None:
    """Close a person's account; nothing they did is touched.

    Records: PersonRetired. Refuses: oneself.
    """
    person = people(actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotFound("kernel.not_found")
    if person.pk == actor.person_id:
        raise Invalid("accounts.not_oneself", field="person")
    person.is_active, person.retired_at = False, at
    person.save(update_fields=["is_active", "retired_at"])
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    record(PersonRetired(), subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at)


@action(posts={"administrator"})
def change_post(*, actor: Actor, at: datetime, code: str, permissions: frozenset[str]) -> Post:
    """Set what a post may do.

    Records: PostChanged. Refuses: a permission that does not exist; an administrator post that could not change posts.
    """
    post = Post.objects.select_for_update().filter(code=code).first()
    if post is None:
        raise NotFound("kernel.not_found")
    if unknown := permissions - default_posts().keys():
        raise Invalid("accounts.unknown_permission", field="permissions", permission=", ".join(sorted(unknown)))
    if code == PostCode.ADMINISTRATOR and "accounts.change_post" not in permissions:
        raise Invalid("accounts.locked_out", field="permissions")
    before = set(post.permissions)
    post.permissions = sorted(permissions)
    post.save(update_fields=["permissions"])
    record(
        PostChanged(code, tuple(sorted(permissions - before)), tuple(sorted(before - permissions))),
        subject=Subject("post", post.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return post


@action(posts={"administrator"})
def add_region(*, actor: Actor, at: datetime, code: str, name_zh: str, name_en: str) -> Region:
    """Add a region.

    Refuses: a code that is taken.
    """
    if Region.objects.filter(code=code).exists():
        raise Invalid("accounts.code_taken", field="code")
    return Region.objects.create(code=code, name_zh=name_zh, name_en=name_en)


@action(posts={"administrator"})
def add_outlet(*, actor: Actor, at: datetime, region_id: int, code: str, name_zh: str, name_en: str) -> Outlet:
    """Add an outlet to a region.

    Refuses: a code that is taken.
    """
    if Outlet.objects.filter(code=code).exists():
        raise Invalid("accounts.code_taken", field="code")
    return Outlet.objects.create(region_id=region_id, code=code, name_zh=name_zh, name_en=name_en)


@action(posts={"administrator"})
def issue_token(
    *, actor: Actor, at: datetime, person_id: int, label: str, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make an API key that acts as a person. The secret is answered once and never stored.

    Records: TokenIssued. Refuses: a person out of sight.
    """
    person = people(actor).filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound("kernel.not_found")
    secret = f"anxiu_{secrets.token_urlsafe(SECRET_BYTES)}"
    token = ApiToken.objects.create(
        person=person, label=label, digest=digest(secret), created_at=at, expires_at=expires_at
    )
    record(TokenIssued(token.pk), subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at)
    return token, secret


@action(posts={"administrator"})
def revoke_token(*, actor: Actor, at: datetime, token_id: int) -> None:
    """Revoke an API key at once.

    Records: TokenRevoked.
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id, person__in=people(actor)).first()
    if token is None:
        raise NotFound("kernel.not_found")
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(TokenRevoked(token.pk), subject=Subject("person", token.person_id), region_id=None, actor=actor, at=at)


def make_link(
    *, purpose: LinkPurpose, subject: Subject, at: datetime, lasts: timedelta | None, contact_id: int | None = None
) -> str:
    """Make a link and answer its secret; part of a caller's change, so no verb of its own."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Link.objects.create(
        purpose=purpose, subject_kind=subject.kind, subject_id=subject.id, contact_id=contact_id,
        digest=digest(secret), created_at=at, expires_at=at + lasts if lasts is not None else None,
    )  # fmt: skip
    return secret


def revoke_links(*, subject: Subject, purpose: LinkPurpose, at: datetime) -> int:
    """Close all links of one purpose to one thing; part of a caller's change."""
    return Link.objects.filter(
        purpose=purpose, subject_kind=subject.kind, subject_id=subject.id, revoked_at=None
    ).update(revoked_at=at)
