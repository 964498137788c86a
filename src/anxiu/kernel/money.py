"""Money: integer minor units with their currency, exact everywhere, rounded by one stated policy."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Self

# source: ISO 4217, minor units; only currencies that a company here invoices in
MINOR_UNITS: Final = {"CNY": 2, "HKD": 2, "USD": 2, "EUR": 2, "JPY": 0}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount. `minor` is fen for CNY. Adding two currencies is an error, never a guess."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if self.currency not in MINOR_UNITS:
            raise ValueError(f"unknown currency {self.currency!r}")

    @classmethod
    def of(cls, amount: Decimal | str, currency: str = "CNY") -> Self:
        """From a decimal amount; half a minor unit rounds away from zero."""
        scaled = Decimal(amount).scaleb(MINOR_UNITS[currency])
        return cls(int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency)

    @property
    def amount(self) -> Decimal:
        """The decimal amount in major units."""
        return Decimal(self.minor).scaleb(-MINOR_UNITS[self.currency])

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def times(self, factor: Decimal | int) -> "Money":
        """A multiple, rounded half up to the minor unit."""
        return Money(
            int((Decimal(self.minor) * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency
        )
