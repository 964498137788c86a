"""Reading accounts: who is asking, and which people, posts and regions they may see."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject, Replace
from django.utils.translation import gettext as _

from anxiu.accounts.choices import Bundle, LinkPurpose, Reach
from anxiu.accounts.messages import FIELDS
from anxiu.accounts.models import ApiToken, Client, ClientSecret, Holding, Link, Outlet, Person, Post, Region
from anxiu.accounts.rules import Held, grant, narrowed
from anxiu.kernel.action import VIEWS, view
from anxiu.kernel.actor import ACCOUNTS, Actor, ActorKind, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow, Position
from anxiu.kernel.prepared import Prepared

ACCESS_LASTS: Final = timedelta(hours=1)  # source: common use; what is stolen from a log is soon worth nothing
LINES: Final = 30  # source: own choice; the last events of an account that still say something

VIEW_PEOPLE = view(
    "accounts.view_people", posts={"agent", "dispatcher", "supervisor", "hr", "management", "administrator"}
)
VIEW_POSTS = view("accounts.view_posts", posts={"hr", "management", "administrator"})
SET_UP = view("accounts.set_up", posts={"administrator"})

LINK_PERMISSIONS: Mapping[LinkPurpose, frozenset[str]] = {
    LinkPurpose.TRACK: frozenset(
        {
            "orders.ask_question", "orders.open_order", "orders.add_customer_media", "orders.check_items",
            "orders.note_reply", "orders.answer_consent",
        }
    ),
    LinkPurpose.SIGN: frozenset({"orders.sign_off", "orders.refuse_sign_off"}),
    LinkPurpose.RATE: frozenset({"feedback.rate"}),
    LinkPurpose.REPORT_FAULT: frozenset({"orders.open_order"}),
    LinkPurpose.DOCUMENT: frozenset(),
}


def digest(secret: str) -> str:
    """What is stored of a token or link; both are long and random, so a plain hash serves."""
    return sha256(secret.encode()).hexdigest()


_ALONG: Final[dict[str, Exists]] = {}


def read_along(name: str, question: Exists) -> None:
    """Have a higher app's question about a person answered in the very statement that finds who asks for a page."""
    _ALONG[name] = question


def posts_of(person: str) -> ArraySubquery:
    """What somebody's posts give them, as part of the row whose column `person` names them."""
    rows = Holding.objects.filter(person=OuterRef(person), post__retired_at=None).order_by("post_id")
    parts = {"code": "post__code", "reach": "post__reach", "region_id": "region_id", "permissions": "post__permissions"}
    return ArraySubquery(rows.values(each=JSONObject(**parts, zh="post__name_zh", en="post__name_en")))


_ASKING: Final = Prepared[Person](
    lambda key: Person.objects.filter(pk=key, is_active=True, is_service=False).annotate(
        held=posts_of("pk"), head=Subquery(Position.objects.order_by("-position").values("position")[:1]), **_ALONG
    )
)
_CALLING: Final = Prepared[Person](
    lambda digest, at: Person.objects.filter(
        Q(tokens__expires_at=None) | Q(tokens__expires_at__gt=at), tokens__digest=digest, tokens__revoked_at=None,
        is_active=True,
    ).annotate(
        held=posts_of("pk"), token_id=F("tokens__pk"), bundles=F("tokens__bundles"), used_at=F("tokens__use__last_at")
    )
)  # fmt: skip


def asking(person_id: int) -> Person | None:
    """Who asks for a page, with posts (`held`), the position the page is made at (`head`), and what higher apps want
    to know; one statement.
    """
    return _ASKING.first(person_id)


def held_by(person: Person) -> list[dict[str, Any]]:
    """A person's posts: read along with them, or asked for now."""
    if (held := getattr(person, "held", None)) is not None:
        return cast("list[dict[str, Any]]", held)
    return Person.objects.filter(pk=person.pk).values_list(posts_of("pk"), flat=True).first() or []


def actor_of(person: Person) -> Actor:
    """The actor behind a person; one statement, none for who came with their posts."""
    held = [
        Held(Reach(each["reach"]), each["region_id"], frozenset(each["permissions"])) for each in held_by(person)
    ]
    granted = grant(held, person.region_id)
    kind = ActorKind.SERVICE if person.is_service else ActorKind.PERSON
    return Actor(kind=kind, id=person.pk, permissions=granted.permissions, regions=granted.regions)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls by a key: what the key may do of what its owner may, the owner, and when it was last used."""

    actor: Actor
    person: Person
    token_id: int
    used_at: datetime | None


def actor_by_token(secret: str, at: datetime) -> Caller | None:
    """Who is behind an API token, or nothing; one statement."""
    person: Any = _CALLING.first(digest(secret), at)
    if person is None:
        return None
    actor = actor_of(person)
    bundles = [Bundle(each) for each in person.bundles]
    actor = replace(actor, permissions=narrowed(actor.permissions, bundles, VIEWS.keys()))
    return Caller(actor, person, person.token_id, person.used_at)


def link_by_secret(secret: str, purpose: LinkPurpose, at: datetime) -> Link:
    """A link that is for this purpose and still open; otherwise as if it had never been."""
    link = Link.objects.filter(digest=digest(secret), purpose=purpose, revoked_at=None).first()
    if link is None or (link.expires_at and link.expires_at <= at):
        raise NotFound("accounts.link_closed")
    return link


def actor_of_link(link: Link) -> Actor:
    """The actor behind a link: sees its one subject, may do what its purpose is for."""
    return Actor(
        kind=ActorKind.LINK,
        id=link.pk,
        permissions=LINK_PERMISSIONS[LinkPurpose(link.purpose)],
        subject=Subject(link.subject_kind, link.subject_id),
    )


def people(actor: Actor) -> QuerySet[Person]:
    """The people whose region the actor sees, and the actor."""
    return accounts(actor).filter(is_service=False)


def services(actor: Actor) -> QuerySet[Person]:
    """The service accounts whose region the actor sees, and the actor."""
    return accounts(actor).filter(is_service=True)


def accounts(actor: Actor) -> QuerySet[Person]:
    """People and service accounts of the regions the actor sees, and the actor."""
    rows = Person.objects.all()
    if actor.regions is None:
        return rows
    return rows.filter(Q(region_id__in=actor.regions) | Q(pk=actor.person_id))


def regions(actor: Actor) -> QuerySet[Region]:
    """The regions the actor sees."""
    rows = Region.objects.filter(retired_at=None)
    return rows if actor.regions is None else rows.filter(pk__in=actor.regions)


def outlets(actor: Actor) -> QuerySet[Outlet]:
    """The outlets of the regions the actor sees."""
    rows = Outlet.objects.filter(retired_at=None).select_related("region")
    return rows if actor.regions is None else rows.filter(region_id__in=actor.regions)


def posts() -> QuerySet[Post]:
    """All posts that are held or can be."""
    return Post.objects.filter(retired_at=None).order_by("id")


def names(ids: Iterable[int | None]) -> dict[int, Person]:
    """People by id, for showing who did what; one query."""
    wanted = {each for each in ids if each}
    return Person.objects.in_bulk(wanted) if wanted else {}


def holders(post: str, region_id: int | None) -> QuerySet[Person]:
    """Active people who hold a post in a region, or company-wide."""
    return _working_in(region_id, holdings__post__code=post).order_by("id")


def allowed(permission: str, region_id: int | None) -> QuerySet[Person]:
    """Active people whose post in a region, or company-wide, lets them do this."""
    return _working_in(region_id, holdings__post__permissions__contains=[permission]).order_by("name_key", "id")


def _working_in(region_id: int | None, **post: object) -> QuerySet[Person]:
    held: Any = Q(holdings__region_id=region_id) | Q(holdings__region=None, region_id=region_id)
    held |= Q(holdings__post__reach=Reach.COMPANY)
    return Person.objects.filter(held, is_active=True, is_service=False, **post).distinct()


def posts_in(person_id: int, region_id: int) -> set[str]:
    """The codes of the posts a person holds for a region: there, at home there, or company-wide; one statement."""
    return posts_of_each([person_id], region_id)[person_id]


def posts_of_each(person_ids: Sequence[int], region_id: int) -> dict[int, set[str]]:
    """What `posts_in` says, of several people at once; one statement."""
    here = Q(region_id=region_id) | Q(region=None, person__region_id=region_id) | Q(post__reach=Reach.COMPANY)
    found: dict[int, set[str]] = {each: set() for each in person_ids}
    rows = Holding.objects.filter(here, person_id__in=person_ids)
    for person_id, code in rows.values_list("person_id", "post__code"):
        found[person_id].add(code)
    return found


def with_posts(rows: QuerySet[Person]) -> QuerySet[Person]:
    """People with their place and posts at hand; two statements more, however many rows."""
    held = Holding.objects.select_related("post", "region").order_by("post_id", "region__code")
    return rows.select_related("region", "outlet", "manager").prefetch_related(Prefetch("holdings", held))


def found(actor: Actor, text: str = "", post: str = "", region: str = "") -> QuerySet[Person]:
    """People by name, pinyin, address or phone; by a post they hold; by region. Closed accounts too."""
    rows = people(actor)
    for word in text.lower().split():
        rows = rows.alias(pinyin=Replace("name_key", Value(" "), Value(""))).filter(
            Q(name__icontains=word) | Q(name_en__icontains=word) | Q(email__icontains=word) | Q(phone__contains=word)
            | Q(pinyin__contains=word)
        )  # fmt: skip
    if post:
        rows = rows.filter(pk__in=Holding.objects.filter(post__code=post).values("person_id"))
    if region:
        rows = rows.filter(region__code=region)
    return rows


def person_by_uid(actor: Actor, uid: UUID) -> Person:
    """One person with place and posts."""
    return _one(people(actor), uid)


def account_by_uid(actor: Actor, uid: UUID) -> Person:
    """One person or service account with place and posts."""
    return _one(accounts(actor), uid)


def service_by_uid(actor: Actor, uid: UUID) -> Person:
    """One service account with place and posts."""
    return _one(services(actor), uid)


def _one(rows: QuerySet[Person], uid: UUID) -> Person:
    row = with_posts(rows.filter(uid=uid)).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def tokens(person: Person) -> QuerySet[ApiToken]:
    """An account's API keys, those still open first; not the access that its clients asked for."""
    return person.tokens.filter(client=None).select_related("use").order_by("revoked_at", "-id")


def clients(person: Person) -> QuerySet[Client]:
    """A service account's clients with the secrets still open, and when each last asked for access; open ones first."""
    rows = person.clients.annotate(asked_at=Max("tokens__created_at")).order_by("revoked_at", "-id")
    return rows.prefetch_related(Prefetch("secrets", ClientSecret.objects.filter(revoked_at=None).order_by("id")))


def client_by(client_id: str, secret: str) -> Client | None:
    """The client that names itself by this id and one of its secrets, or nothing; one statement."""
    return Client.objects.filter(
        client_id=client_id, revoked_at=None, person__is_active=True, person__is_service=True,
        secrets__digest=digest(secret), secrets__revoked_at=None,
    ).select_related("person").first()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One event of an account: what happened, when, and who did it."""

    kind: str
    at: datetime
    who: str
    sentence: str


def history(person: Person) -> list[Line]:
    """The newest events of an account; two statements."""
    rows = list(EventRow.objects.filter(subject_kind="person", subject_id=person.pk).order_by("-id")[:LINES])
    by = names(row.actor_id for row in rows if row.actor_kind in ACCOUNTS)
    lines = []
    for row in rows:
        body = json.loads(row.body)
        if "fields" in body:
            body["fields"] = ", ".join(str(FIELDS.get(each, each)) for each in body["fields"])
        who = by.get(row.actor_id or 0) if row.actor_kind in ACCOUNTS else None
        sentence = str(SENTENCES[row.kind]).format(**body)
        lines.append(Line(row.kind, row.occurred_at, who.name if who else _("System"), sentence))
    return lines
