"""What the API says and takes about customers, their sites and contacts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from anxiu.api.doing import Changes, MaybeEmail, Slug, SlugOrNone, Text
from anxiu.customers.choices import ConsentMeans, EraseReason, Language, Tier, Use
from anxiu.customers.models import Consent, Contact, Customer, Site
from anxiu.kernel.geo import Place


class SpotIn(BaseModel):
    """A place in WGS-84."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy_metres: Annotated[int, Field(ge=0, le=100_000)] | None = None

    def place(self) -> Place:
        """The place as the product keeps it."""
        return Place(self.latitude, self.longitude, self.accuracy_metres)


class SpotOut(BaseModel):
    """A place in WGS-84."""

    latitude: float
    longitude: float
    accuracy_metres: int | None


class CustomerOut(BaseModel):
    """A customer."""

    uid: UUID
    code: str
    name: str
    tier: Tier
    region: str
    own_agent: UUID | None
    language: Language
    created_at: datetime
    retired_at: datetime | None

    @staticmethod
    def of(row: Customer) -> "CustomerOut":
        """From a row with its region and agent."""
        return CustomerOut(
            uid=row.uid, code=row.code, name=row.name, tier=Tier(row.tier), region=row.region.code,
            own_agent=row.own_agent.uid if row.own_agent else None, language=Language(row.language),
            created_at=row.created_at, retired_at=row.retired_at,
        )  # fmt: skip


class CustomersOut(BaseModel):
    """A page of customers."""

    items: list[CustomerOut]
    next: str


class CustomerIn(BaseModel):
    """A customer to take on; without a code one is made."""

    name: Annotated[Text, Field(min_length=1, max_length=120)]
    region: Slug
    code: Annotated[Text, Field(max_length=32)] = ""
    tier: Tier = Tier.STANDARD
    language: Language = Language.CHINESE


class CustomerChangeIn(Changes):
    """What changes; what is left out stays."""

    name: Annotated[Text, Field(min_length=1, max_length=120)] = ""
    region: Slug = ""
    code: Annotated[Text, Field(min_length=1, max_length=32)] = ""
    tier: Tier = Tier.STANDARD
    language: Language = Language.CHINESE


class AgentIn(BaseModel):
    """The agent of a key customer; none takes the agent back."""

    person: UUID | None


class SiteOut(BaseModel):
    """A site of a customer."""

    uid: UUID
    customer: UUID
    name: str
    address: str
    region: str
    outlet: str
    place: SpotOut | None
    retired_at: datetime | None

    @staticmethod
    def of(row: Site) -> "SiteOut":
        """From a row with its customer, region and outlet."""
        place = row.place
        spot = SpotOut(
            latitude=place.latitude, longitude=place.longitude, accuracy_metres=place.accuracy_metres
        ) if place else None  # fmt: skip
        return SiteOut(
            uid=row.uid, customer=row.customer.uid, name=row.name, address=row.address, region=row.region.code,
            outlet=row.outlet.code if row.outlet else "", place=spot, retired_at=row.retired_at,
        )  # fmt: skip


class SitesOut(BaseModel):
    """A page of sites."""

    items: list[SiteOut]
    next: str


class SiteIn(BaseModel):
    """A site to add; without a region it is the customer's."""

    name: Annotated[Text, Field(min_length=1, max_length=120)]
    address: Annotated[Text, Field(max_length=240)] = ""
    region: SlugOrNone = ""
    outlet: SlugOrNone = ""
    place: SpotIn | None = None


class SiteChangeIn(Changes):
    """What changes; what is left out stays."""

    name: Annotated[Text, Field(min_length=1, max_length=120)] = ""
    address: Annotated[Text, Field(max_length=240)] = ""
    region: Slug = ""
    outlet: SlugOrNone = ""
    place: SpotIn | None = None


class ContactOut(BaseModel):
    """Somebody at a customer; number and address with their middle hidden."""

    uid: UUID
    customer: UUID
    site: UUID | None
    name: str
    phone: str
    email: str
    role: str
    language: Language
    erased_at: datetime | None
    retired_at: datetime | None

    @staticmethod
    def of(row: Contact) -> "ContactOut":
        """From a row with its customer and site."""
        return ContactOut(
            uid=row.uid, customer=row.customer.uid, site=row.site.uid if row.site else None, name=row.name,
            phone=row.masked_phone, email=row.masked_email, role=row.role, language=Language(row.language),
            erased_at=row.erased_at, retired_at=row.retired_at,
        )  # fmt: skip


class EraseIn(BaseModel):
    """Why somebody's personal data is erased, and whether photos and videos they sent go as well."""

    why: EraseReason
    photos: bool = False


class ConsentIn(BaseModel):
    """What a contact said; what is left out stays as it is."""

    progress: bool | None = None
    survey: bool | None = None
    means: ConsentMeans


class ConsentOut(BaseModel):
    """The last word on a use of somebody's data, and which version of the wording it answered."""

    use: Use
    given: bool
    at: datetime
    means: ConsentMeans
    wording: int

    @staticmethod
    def of(row: Consent) -> "ConsentOut":
        """From its row."""
        return ConsentOut(
            use=Use(row.use), given=row.given, at=row.at, means=ConsentMeans(row.means), wording=row.wording
        )


class ConsentsOut(BaseModel):
    """The last word on each use of a contact's data; a use nobody asked about is missing."""

    items: list[ConsentOut]


class ContactsOut(BaseModel):
    """A page of contacts."""

    items: list[ContactOut]
    next: str


class ReachOut(BaseModel):
    """A contact's number and address in full."""

    phone: str
    email: str


class NewContactIn(BaseModel):
    """Somebody to add at a customer; without a site they speak for all."""

    name: Annotated[Text, Field(min_length=1, max_length=80)]
    phone: Annotated[Text, Field(max_length=40)] = ""
    email: MaybeEmail = ""
    role: Annotated[Text, Field(max_length=40)] = ""
    site: UUID | None = None
    language: Language = Language.CHINESE


class ContactChangeIn(Changes):
    """What changes; what is left out stays."""

    name: Annotated[Text, Field(min_length=1, max_length=80)] = ""
    phone: Annotated[Text, Field(max_length=40)] = ""
    email: MaybeEmail = ""
    role: Annotated[Text, Field(max_length=40)] = ""
    site: UUID | None = None
    language: Language = Language.CHINESE
