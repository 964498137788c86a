"""What is needed for a contract, and its row before it is saved; for the verbs and for import."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from anxiu.contracts.choices import CoverLevel
from anxiu.contracts.models import Contract
from anxiu.customers.actions import OURS, Source
from anxiu.customers.models import Customer
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.grams import code_key, grams
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

VISITS_MOST: Final = 365  # source: own choice; one a day, beyond which a number was meant for something else
AMOUNT_MOST: Final = 10**15  # source: own choice; minor units, beyond which a number was meant for something else


@dataclass(frozen=True, slots=True)
class NewContract:
    """What is agreed; both days belong to it. Without sites and machines it covers all the customer has."""

    number: str
    customer_id: int
    level: CoverLevel
    starts_on: date
    ends_on: date
    parts_limit: Money | None = None
    value: Money | None = None
    order_types: tuple[OrderType, ...] = ()
    visits_per_year: int = 0
    site_ids: tuple[int, ...] = ()
    machine_ids: tuple[int, ...] = ()
    origin: Source = OURS


def contract_row(new: NewContract, customer: Customer, at: datetime) -> Contract:
    """A contract's row, with what it is found by, not yet saved."""
    require_one_currency((new.value, new.parts_limit))
    money = new.value or new.parts_limit
    row = Contract(
        number=new.number.strip(), customer=customer, region_id=customer.region_id, level=new.level,
        starts_on=new.starts_on, ends_on=new.ends_on, agreed_until=new.ends_on,
        parts_limit_minor=new.parts_limit.minor if new.parts_limit else None,
        value_minor=new.value.minor if new.value else None, order_types=ordered(new.order_types),
        visits_per_year=new.visits_per_year, covers_all=not (new.site_ids or new.machine_ids),
        source=new.origin.source, source_id=new.origin.source_id, created_at=at,
    )  # fmt: skip
    if money is not None:
        row.currency = money.currency
    index_contract(row)
    require_sound(row)
    return row


def ordered(types: "tuple[OrderType, ...] | list[str]") -> list[str]:
    """Types of order in their usual order, each once; all of them are the same as none.

    One that is none stays, to be refused: without it the others, or all of them, would be meant.
    """
    found = [each.value for each in OrderType if each in types]
    unknown = [each for each in types if each not in set(OrderType)]
    return [] if len(found) == len(OrderType) and not unknown else found + unknown


def require_one_currency(amounts: Iterable[Money | None]) -> None:
    """Refuse amounts in several currencies: a contract is kept in one, and nothing is converted by itself."""
    if len({each.currency for each in amounts if each is not None}) > 1:
        raise Invalid("contracts.one_currency", field="value")


def index_contract(row: Contract) -> None:
    """Set what a contract is found by: its number as written, and without signs."""
    words = dict.fromkeys((row.number.lower(), code_key(row.number).lower()))
    row.search_text = "\n".join(filter(None, words))
    row.grams = grams(row.search_text)


def require_sound(row: Contract) -> None:
    """Refuse terms that do not fit together; all that is wrong at once."""
    require_fitting(row)
    wrong: list[Refusal] = []
    if row.ends_on < row.starts_on:
        wrong.append(Invalid("contracts.ends_before_it_starts", field="ends_on"))
    if row.level == CoverLevel.LIMITED and row.parts_limit_minor is None:
        wrong.append(Invalid("contracts.limit_needed", field="parts_limit"))
    if row.level != CoverLevel.LIMITED and row.parts_limit_minor is not None:
        wrong.append(Invalid("contracts.limit_not_meant", field="parts_limit"))
    wrong += [
        Invalid("contracts.not_an_amount", field=name)
        for name in ("parts_limit", "value") if not 0 <= (getattr(row, f"{name}_minor") or 0) <= AMOUNT_MOST
    ]  # fmt: skip
    if not 0 <= row.visits_per_year <= VISITS_MOST:
        wrong.append(Invalid("contracts.too_many_visits", field="visits_per_year", limit=VISITS_MOST))
    if unknown := set(row.order_types) - set(OrderType):
        wrong.append(Invalid("kernel.not_a_choice", field="order_types", given=min(unknown)))
    if wrong:
        raise Invalid(wrong[0].code, field=wrong[0].field, errors=tuple(wrong), **wrong[0].params)
