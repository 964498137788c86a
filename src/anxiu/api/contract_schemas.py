"""What the API says and takes about contracts and what a machine is entitled to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from anxiu.api.catalogue_schemas import Currency, Price
from anxiu.api.doing import Changes, Text
from anxiu.contracts.choices import Basis, Because, ContractState, CoverLevel, EndReason
from anxiu.contracts.messages import REASONS
from anxiu.contracts.models import Contract
from anxiu.contracts.queries import state_of
from anxiu.contracts.rules import Entitlement
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

Number = Annotated[Text, Field(min_length=1, max_length=40)]
Visits = Annotated[int, Field(ge=0, le=10_000)]
Types = Annotated[list[OrderType], Field(max_length=20)]
Named = Annotated[list[UUID], Field(max_length=2000)]


def _shown(row: Contract, today: date, *, sees_value: bool) -> dict[str, Any]:
    names = (
        "uid", "number", "parts_limit_minor", "currency", "starts_on", "ends_on", "agreed_until", "visits_per_year",
        "covers_all", "created_at",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names}, "customer": row.customer.uid, "region": row.region.code,
        "level": CoverLevel(row.level), "value_minor": row.value_minor if sees_value else None,
        "order_types": [OrderType(each) for each in row.order_types], "state": state_of(row, today),
        "end_reason": EndReason(row.end_reason) if row.end_reason else None,
    }  # fmt: skip


class ContractOut(BaseModel):
    """A contract with its state of today; both days belong to it. Without order types it is for all of them.

    Amounts are in minor units; `value_minor` is null for who does not see values. Of one that was ended early `ends_on`
    is the day it ended and `agreed_until` the day it would have.
    """

    uid: UUID
    number: str
    customer: UUID
    region: str
    state: ContractState
    level: CoverLevel
    parts_limit_minor: int | None
    value_minor: int | None
    currency: str
    starts_on: date
    ends_on: date
    agreed_until: date
    end_reason: EndReason | None
    order_types: list[OrderType]
    visits_per_year: int
    covers_all: bool
    created_at: datetime

    @staticmethod
    def of(row: Contract, today: date, *, sees_value: bool) -> "ContractOut":
        """From a row with its customer and region."""
        return ContractOut(**_shown(row, today, sees_value=sees_value))


class ContractsOut(BaseModel):
    """A page of contracts."""

    items: list[ContractOut]
    next: str


class ContractDetailOut(ContractOut):
    """A contract with the sites and machines it names, none of one for all the customer has; what it renews, and what
    renews it.
    """

    sites: list[UUID]
    machines: list[UUID]
    renews: UUID | None
    renewed_by: UUID | None

    @staticmethod
    def detailed(
        row: Contract, today: date, covers: tuple[list[UUID], list[UUID]], *, sees_value: bool
    ) -> "ContractDetailOut":
        """From a row with what it names."""
        follower: Contract | None = getattr(row, "renewed_by", None)
        return ContractDetailOut(
            **_shown(row, today, sees_value=sees_value), sites=covers[0], machines=covers[1],
            renews=row.renews.uid if row.renews else None, renewed_by=follower.uid if follower else None,
        )  # fmt: skip


class ContractIn(BaseModel):
    """A contract to put on the books. Without sites and machines it covers all the customer has.

    A limit for parts belongs to the level `limited` and to no other; a value is said by who sees values.
    """

    number: Number
    customer: UUID
    level: CoverLevel
    starts_on: date
    ends_on: date
    parts_limit_minor: Price | None = None
    value_minor: Price | None = None
    currency: Currency = "CNY"
    order_types: Types = []
    visits_per_year: Visits = 0
    sites: Named = []
    machines: Named = []


class ContractChangeIn(Changes):
    """What changes; what is left out stays. Another currency is that of both amounts."""

    number: Number = ""
    level: CoverLevel = CoverLevel.LABOUR
    starts_on: date = date.min
    ends_on: date = date.min
    parts_limit_minor: Price | None = None
    value_minor: Price | None = None
    currency: Currency = "CNY"
    order_types: Types = []
    visits_per_year: Visits = 0


class ContractCoverIn(BaseModel):
    """What a contract covers from now on: all the customer has, or these and no others."""

    covers_all: bool = False
    sites: Named = []
    machines: Named = []


class ContractEndIn(BaseModel):
    """The last day of a contract that ends early, and why; the day before its first makes it one that never was."""

    ends_on: date
    reason: EndReason


class RenewalIn(BaseModel):
    """What is agreed anew; all else stays as it was. The value is in the old one's currency."""

    number: Number
    starts_on: date
    ends_on: date
    value_minor: Price | None = None


class EntitlementOut(BaseModel):
    """Who pays for a service to a machine on a day, the last day that holds, and what it follows from, as code and in
    words. Number, level and limit are those of the contract it was judged by; `contract` is null for who does not see
    contracts.
    """

    basis: Basis
    because: Because
    text: str
    until: date | None
    contract: UUID | None
    contract_number: str
    level: CoverLevel | None
    parts_limit_minor: int | None
    currency: str

    @staticmethod
    def of(found: Entitlement, contract: UUID | None) -> "EntitlementOut":
        """From what was judged."""
        terms = found.terms
        limit: Money | None = terms.parts_limit if terms else None
        said: Mapping[str, object] = {"number": terms.number if terms else "", "until": found.until}
        return EntitlementOut(
            basis=found.basis, because=found.because, text=str(REASONS[found.because]).format_map(said),
            until=found.until, contract=contract, contract_number=terms.number if terms else "",
            level=terms.level if terms else None, parts_limit_minor=limit.minor if limit else None,
            currency=limit.currency if limit else "",
        )  # fmt: skip
