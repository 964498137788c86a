"""What the API says and takes about people, posts, regions and outlets."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from anxiu.accounts.choices import Bundle, Reach
from anxiu.accounts.models import ApiToken, Outlet, Person, Post, Region
from anxiu.accounts.queries import Line
from anxiu.api.doing import Changes, Email, Slug, SlugOrNone, Text
from anxiu.api.order_schemas import Moment

Name = Annotated[Text, Field(min_length=1, max_length=80)]
English = Annotated[Text, Field(max_length=80)]
Phone = Annotated[Text, Field(max_length=32)]
Zone = Annotated[Text, Field(max_length=48)]
Spoken = Literal["zh-hans", "en"]


class HoldingIn(BaseModel):
    """A post, held in a region or, without one, wherever the post's reach goes."""

    post: Slug
    region: SlugOrNone = ""


class HoldingOut(BaseModel):
    """A post, held in a region or, without one, wherever the post's reach goes."""

    post: str
    region: str


class PersonOut(BaseModel):
    """Somebody with an account."""

    uid: UUID
    name: str
    name_en: str
    email: str
    phone: str
    language: str
    region: str
    outlet: str
    manager: UUID | None
    posts: list[HoldingOut]
    is_active: bool
    last_login: datetime | None

    @staticmethod
    def of(row: Person) -> "PersonOut":
        """From a row with place and posts."""
        held = [
            HoldingOut(post=each.post.code, region=each.region.code if each.region else "")
            for each in row.holdings.all()
        ]
        return PersonOut(
            uid=row.uid, name=row.name, name_en=row.name_en, email=row.email, phone=row.phone, language=row.language,
            region=row.region.code if row.region else "", outlet=row.outlet.code if row.outlet else "",
            manager=row.manager.uid if row.manager else None, posts=held, is_active=row.is_active,
            last_login=row.last_login,
        )  # fmt: skip


class PeopleOut(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next: str


class LineOfAccountOut(BaseModel):
    """What happened to an account."""

    kind: str
    at: datetime
    who: str
    sentence: str

    @staticmethod
    def of(line: Line) -> "LineOfAccountOut":
        """From a line of its history."""
        return LineOfAccountOut(kind=line.kind, at=line.at, who=line.who, sentence=line.sentence)


class PersonDetailOut(BaseModel):
    """An account and the newest of what happened to it."""

    person: PersonOut
    history: list[LineOfAccountOut]


class MeOut(BaseModel):
    """Who calls, and what they may do."""

    person: PersonOut
    permissions: list[str]


class PersonIn(BaseModel):
    """An account to open. The password is chosen by the person, with a link."""

    name: Name
    email: Email
    posts: Annotated[list[HoldingIn], Field(min_length=1, max_length=50)]
    name_en: English = ""
    phone: Phone = ""
    language: Spoken = "zh-hans"
    region: SlugOrNone = ""
    outlet: SlugOrNone = ""
    manager: UUID | None = None


class PersonChangeIn(Changes):
    """What changes; what is left out stays. `posts` replaces all posts."""

    name: Name = ""
    email: Email = ""
    posts: Annotated[list[HoldingIn], Field(min_length=1, max_length=50)] = []
    name_en: English = ""
    phone: Phone = ""
    language: Spoken = "zh-hans"
    region: SlugOrNone = ""
    outlet: SlugOrNone = ""
    manager: UUID | None = None


class OwnIn(Changes):
    """What changes of oneself; what is left out stays."""

    language: Spoken = "zh-hans"
    phone: Phone = ""
    name_en: English = ""


class OwnEmailIn(BaseModel):
    """Another address, confirmed by the present password."""

    email: Email
    password: Annotated[str, Field(min_length=1, max_length=200)]


class PasswordLinkOut(BaseModel):
    """A link with which the person chooses a password; it ends when used."""

    url: str


class TokenIn(BaseModel):
    """An API key to make: what it is for, what it may do of what its owner may, and when it ends."""

    label: Name
    bundles: Annotated[list[Bundle], Field(min_length=1, max_length=len(Bundle))] = [Bundle.EVERYTHING]
    expires_at: Moment | None = None


class TokenOut(BaseModel):
    """An API key. `fingerprint` is the beginning of the SHA-256 of its secret and names it."""

    fingerprint: str
    label: str
    bundles: list[Bundle]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @staticmethod
    def of(row: ApiToken) -> "TokenOut":
        """From a row."""
        return TokenOut(
            fingerprint=row.digest[:16], label=row.label, created_at=row.created_at, expires_at=row.expires_at,
            revoked_at=row.revoked_at, bundles=[Bundle(each) for each in row.bundles],
            last_used_at=row.use.last_at if hasattr(row, "use") else None,
        )  # fmt: skip


class TokensOut(BaseModel):
    """A page of API keys."""

    items: list[TokenOut]
    next: str


class IssuedOut(BaseModel):
    """A new API key; the secret is answered here only."""

    token: TokenOut
    secret: str


class PostOut(BaseModel):
    """A post and what it may do."""

    code: str
    name_zh: str
    name_en: str
    reach: Reach
    permissions: list[str]

    @staticmethod
    def of(row: Post) -> "PostOut":
        """From a row."""
        return PostOut(
            code=row.code, name_zh=row.name_zh, name_en=row.name_en, reach=Reach(row.reach),
            permissions=sorted(row.permissions),
        )  # fmt: skip


class PostsOut(BaseModel):
    """A page of posts."""

    items: list[PostOut]
    next: str


class PostChangeIn(BaseModel):
    """All that a post may do from now on."""

    permissions: Annotated[list[Annotated[Text, Field(max_length=64)]], Field(max_length=500)]


class RegionOut(BaseModel):
    """A region. Without a time zone it has the company's."""

    code: str
    name_zh: str
    name_en: str
    time_zone: str

    @staticmethod
    def of(row: Region) -> "RegionOut":
        """From a row."""
        return RegionOut(code=row.code, name_zh=row.name_zh, name_en=row.name_en, time_zone=row.time_zone)


class RegionsOut(BaseModel):
    """A page of regions."""

    items: list[RegionOut]
    next: str


class RegionIn(BaseModel):
    """A region to add; its code stays."""

    code: Slug
    name_zh: Name
    name_en: Name
    time_zone: Zone = ""


class RegionChangeIn(Changes):
    """What changes; what is left out stays."""

    name_zh: Name = ""
    name_en: Name = ""
    time_zone: Zone = ""


class OutletOut(BaseModel):
    """An outlet of a region: our own or a partner's."""

    code: str
    region: str
    name_zh: str
    name_en: str
    is_partner: bool

    @staticmethod
    def of(row: Outlet) -> "OutletOut":
        """From a row with its region."""
        return OutletOut(
            code=row.code, region=row.region.code, name_zh=row.name_zh, name_en=row.name_en, is_partner=row.is_partner
        )


class OutletsOut(BaseModel):
    """A page of outlets."""

    items: list[OutletOut]
    next: str


class OutletIn(BaseModel):
    """An outlet to add; its code stays."""

    code: Slug
    region: Slug
    name_zh: Name
    name_en: Name
    is_partner: bool = False


class OutletChangeIn(Changes):
    """What changes; what is left out stays."""

    region: Slug = ""
    name_zh: Name = ""
    name_en: Name = ""
    is_partner: bool = False
