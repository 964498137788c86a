"""Facts, folded from events and rebuilt from them at will: nothing here is known that no event says.

Foreign keys are not constraints: facts are written in bulk behind the rows they speak of, which are never deleted.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxiu.kernel.fields import choices
from anxiu.kpi.choices import Answer, Verdict
from anxiu.kpi.rules.indicators import HOURS, SUMMED
from anxiu.regulation.choices import OrderType


def _about(to: str, **more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", **more)


class OrderFact(models.Model):
    """One order, measured: when each thing happened first, who did it, what came of it.

    The lower half is what it adds to each indicator (`rules/measures.py`), empty where it does not count.
    `remote_at`: when it was solved from afar; `followed_by`: the order whose visit showed that it was not.
    `weekday` (Monday 1) and `hour` are those of the request in the company's time zone.
    """

    order = models.OneToOneField(
        "orders.Order", on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="fact"
    )
    version = _about("regulation.Version")
    region = _about("accounts.Region")
    order_type = models.CharField(max_length=16, default=OrderType.REPAIR)
    channel = models.CharField(max_length=16)
    severity = models.CharField(max_length=16)
    out_of_hours = models.BooleanField(default=False)
    customer = _about("customers.Customer", null=True)
    machine = _about("equipment.Machine", null=True)
    family = _about("catalogue.Family", null=True)
    fault_class = _about("catalogue.FaultClass", null=True)
    owner = _about("accounts.Person")
    engineer = _about("workforce.Engineer", null=True)
    opened_at = models.DateTimeField()
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    responded_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    merged_at = models.DateTimeField(null=True)
    remote_at = models.DateTimeField(null=True)
    followed_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    rated_at = models.DateTimeField(null=True)
    pauses = ArrayField(models.DateTimeField(), default=list)
    arrivals = models.PositiveSmallIntegerField(default=0)
    resolved = models.BooleanField(null=True)
    repeat_of = models.BigIntegerField(null=True)
    repeats = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField(null=True)
    scale = models.PositiveSmallIntegerField(null=True)
    recommends = models.PositiveSmallIntegerField(null=True)
    is_bad = models.BooleanField(null=True)

    response_seconds = models.BigIntegerField(null=True)
    response_net_seconds = models.BigIntegerField(null=True)
    wait_seconds = models.BigIntegerField(null=True)
    wait_net_seconds = models.BigIntegerField(null=True)
    handling_seconds = models.BigIntegerField(null=True)
    handling_net_seconds = models.BigIntegerField(null=True)
    completion = models.SmallIntegerField(null=True)
    resolution = models.SmallIntegerField(null=True)
    first_fix = models.SmallIntegerField(null=True)
    repeat = models.SmallIntegerField(null=True)
    remote = models.SmallIntegerField(null=True)
    satisfaction = models.SmallIntegerField(null=True)
    satisfied = models.SmallIntegerField(null=True)
    nps = models.SmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["opened_at"], name="fact_opened_told",
                include=["region", "family", "severity", "engineer", "fault_class", "weekday", "hour"],
            ),
            models.Index(fields=["region", "opened_at"], name="fact_region_opened"),
            models.Index(fields=["completed_at"], name="fact_completed", condition=Q(completed_at__isnull=False)),
            models.Index(fields=["responded_at"], name="fact_responded", condition=Q(responded_at__isnull=False)),
            models.Index(fields=["arrived_at"], name="fact_arrived", condition=Q(arrived_at__isnull=False)),
            models.Index(fields=["ended_at"], name="fact_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["remote_at"], name="fact_remote", condition=Q(remote_at__isnull=False)),
            models.Index(fields=["machine"], name="fact_remote_machine", condition=Q(remote_at__isnull=False)),
            models.Index(fields=["rated_at"], name="fact_rated", condition=Q(rated_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class VisitFact(models.Model):
    """One visit that an engineer was asked for: the answer, and whether the arrival was on time."""

    visit = models.OneToOneField(
        "orders.Visit", on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="fact"
    )
    order = _about("orders.Order")
    region = _about("accounts.Region")
    severity = models.CharField(max_length=16)
    family = _about("catalogue.Family", null=True)
    engineer = _about("workforce.Engineer")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=choices(Answer), default=Answer.WAITING)
    is_overdue = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)

    acceptance_seconds = models.BigIntegerField(null=True)
    accepted = models.SmallIntegerField(null=True)
    on_time = models.SmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["answered_at"], name="visit_fact_answered"),
            models.Index(fields=["arrived_at"], name="visit_fact_arrived"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseFact(models.Model):
    """One case under one value of the regulation: kept, broken or exempt, with the event that says so.

    `week` is the Monday of its week in the company's time zone: boards group by it, a million rows at a time.
    """

    source = models.CharField(max_length=80, unique=True)
    order = _about("orders.Order")
    version = _about("regulation.Version")
    region = _about("accounts.Region")
    person = _about("accounts.Person", null=True)
    severity = models.CharField(max_length=16)
    family = _about("catalogue.Family", null=True)
    value_key = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=choices(Verdict))
    because = models.CharField(max_length=48, blank=True, default="")
    at = models.DateTimeField()
    week = models.DateField()
    net = models.DurationField(null=True)
    gross = models.DurationField(null=True)
    position = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["value_key", "at"], name="case_value_told", include=["region", "week", "verdict"]),
            models.Index(fields=["order"], name="case_order"),
        ]

    def __str__(self) -> str:
        return self.source


class DayCell(models.Model):
    """The sums of a day (of the company's time zone), region, product family (0: not known) and severity.

    Those of all families have the family -1, those of all severities none (`rules/adding.py`): a page reads the one
    cell a day and region that it asks for. Of each column of `SUMMED` it holds how much it adds up to and, behind `_n`,
    over how many cases; kept up with the facts.
    """

    day = models.DateField()
    region = _about("accounts.Region")
    family = models.BigIntegerField(default=0)
    severity = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "severity", "day", "region"], name="one_cell_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.region_id} {self.family} {self.severity}"


for _column in SUMMED:
    _kind = models.BigIntegerField if _column.endswith("_seconds") else models.IntegerField
    DayCell.add_to_class(_column, _kind(default=0))
    DayCell.add_to_class(f"{_column}_n", models.IntegerField(default=0))


class DayHours(models.Model):
    """The requests of a day by hour (of the company's time zone), region and severity; one of all severities has none.

    Of families there are none here: a page that asks for one counts its facts, which are few.
    """

    day = models.DateField()
    region = _about("accounts.Region")
    severity = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["severity", "day", "region"], name="one_row_of_hours_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.region_id} {self.severity}"


for _hour in HOURS:
    DayHours.add_to_class(_hour, models.IntegerField(default=0))


class DayCase(models.Model):
    """The cases of a day under one value of the regulation, by region and version: what the board adds up."""

    day = models.DateField()
    region = _about("accounts.Region")
    value_key = models.CharField(max_length=64)
    version = _about("regulation.Version")
    kept = models.IntegerField(default=0)
    broken = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "region", "value_key", "version"], name="one_count_of_cases_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.region_id} {self.value_key}"


class DayFault(models.Model):
    """The requests of a day by class of fault (0: none was named), region and severity, as with hours."""

    day = models.DateField()
    region = _about("accounts.Region")
    severity = models.CharField(max_length=16)
    fault = models.BigIntegerField()
    number = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["severity", "day", "region", "fault"], name="one_count_of_a_fault_a_day", include=["number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.region_id} {self.severity} {self.fault}"
