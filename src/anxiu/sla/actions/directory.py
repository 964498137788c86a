"""Who can be called at an instant: the owner, who is on the roster, or else whoever holds the post; never an absentee.

Made for one batch of the tick: every question is asked of the database once.
"""

from collections.abc import Collection
from datetime import datetime

from anxiu.accounts.models import Person
from anxiu.accounts.queries import holders
from anxiu.sla import ports, rules
from anxiu.sla.actions.reckoning import OWNER
from anxiu.sla.choices import DutyReason
from anxiu.sla.models import Clock, DutyEntry
from anxiu.sla.rules import Duty


class Directory:
    """Answers who is called for a post, as of one instant."""

    def __init__(self, clocks: Collection[Clock], at: datetime) -> None:
        self._at = at
        self._away: dict[int, bool] = {}
        self._roster: list[rules.DutyEntry] | None = None
        self._posts: dict[tuple[str, int], Duty] = {}
        self._look_up({clock.owner_id for clock in clocks if clock.owner_id is not None})

    def find(self, post: str, clock: Clock) -> Duty:
        """The person to call for a rung of this clock's ladder, or nobody and why."""
        if post != OWNER:
            key = (post, clock.region_id)
            if key not in self._posts:
                self._posts[key] = self._of_post(post, clock.region_id)
            return self._posts[key]
        if clock.owner_id is None:
            return Duty(None, DutyReason.NOBODY_ON_DUTY)
        if self._away[clock.owner_id]:
            return Duty(None, DutyReason.ABSENT, (rules.Skipped(clock.owner_id, DutyReason.ABSENT),))
        return Duty(clock.owner_id, DutyReason.OWNER)

    def _of_post(self, post: str, region_id: int) -> Duty:
        if self._roster is None:
            self._roster = self._read_roster()
        away = {person for person, is_away in self._away.items() if is_away}
        duty = rules.on_duty(self._roster, post, [region_id], self._at, away)
        if duty.person is not None:
            return duty
        people = list(holders(post, region_id).values_list("pk", flat=True))
        self._look_up(people)
        present = next((person for person in people if not self._away[person]), None)
        if present is not None:
            return Duty(present, DutyReason.POST_HOLDER, duty.skipped)
        return Duty(None, DutyReason.ALL_ABSENT if people else duty.because, duty.skipped)

    def _read_roster(self) -> list[rules.DutyEntry]:
        serving = DutyEntry.objects.filter(removed_at=None, from_at__lte=self._at, until_at__gt=self._at)
        rows = list(serving)
        self._look_up({row.person_id for row in rows})
        return [
            rules.DutyEntry(row.person_id, row.post, row.region_id, row.from_at, row.until_at, row.rank) for row in rows
        ]

    def _look_up(self, people: Collection[int]) -> None:
        """Learn who of these is away, or has left altogether."""
        new = set(people) - self._away.keys()
        if not new:
            return
        here = set(Person.objects.filter(pk__in=new, is_active=True).values_list("pk", flat=True))
        absent = ports.who_is_absent(here, self._at)
        self._away |= {person: person not in here or person in absent for person in new}
