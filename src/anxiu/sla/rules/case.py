"""What a clock is started for: all that the regulation's figures depend on, without the thing itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from anxiu.customers.choices import Tier
from anxiu.kernel.actor import Subject
from anxiu.regulation.choices import Severity


@dataclass(frozen=True, slots=True)
class Case:
    """`tier` None: the customer is not known (yet) and is served as standard. `time_zone`: the site's."""

    subject: Subject
    region_id: int
    severity: Severity
    tier: Tier | None
    version_id: int
    owner_id: int | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What the regulation promises for one kind of clock. `working`: only working hours count."""

    value_key: str
    target: timedelta
    working: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """A promise that hangs on another instant (`before_at`), as "prepared two hours before departure"."""

    value_key: str
    before_at: datetime
    lead: timedelta
    at_least: timedelta

    def promise(self, started_at: datetime) -> Promise:
        """The time from the start to the deadline; never less than `at_least`, however late the visit was booked."""
        return Promise(self.value_key, max(self.before_at - self.lead - started_at, self.at_least), working=False)
