"""Keeping the list of who has to read what: those who came, those it binds no more, reminders, what is overdue."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from anxiu.accounts.models import Holding, Person
from anxiu.duties.actions import NewDuty, close_duty, open_duties
from anxiu.duties.models import Duty
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.events import Fact, record_many
from anxiu.kernel.models import EventRow
from anxiu.kernel.values import reading as figures_of
from anxiu.regulation.choices import VersionState
from anxiu.regulation.models import Version
from anxiu.regulation.queries.reading import trials
from anxiu.uptake.choices import ReadingState
from anxiu.uptake.events import ReadingAssigned, ReadingLifted, ReadingReminded, ReadingsOverdue
from anxiu.uptake.messages import TO_READ
from anxiu.uptake.models import Reading
from anxiu.uptake.rules.reading import Standing, due_at, owed, reminder
from anxiu.uptake.values import DUE, POSTS, REMINDERS

_DAY: Final = timedelta(days=1)


@action(posts=set())
def keep_readings(*, actor: Actor, at: datetime) -> int:
    """Give everybody whom a version binds its reading, lift what binds no more, remind, and note what is overdue.

    Records: ReadingAssigned, ReadingLifted, ReadingReminded, ReadingsOverdue. How many facts that were.
    """
    tried = list(trials(at).select_related("pilot"))
    asked = Q(state=VersionState.IN_FORCE) | Q(pk__in=[each.pilot.version_id for each in tried])
    versions = list(Version.objects.filter(asked).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    standing = [
        Standing(each.pk, each.region_id, each.order_type, each.in_force_from)
        for each in versions if each.state == VersionState.IN_FORCE
    ]  # fmt: skip
    standing += [
        Standing(each.pilot.version_id, each.region_id, each.order_type, each.pilot.starts_at, on_trial=True)
        for each in tried
    ]
    people = Person.objects.filter(is_active=True, is_service=False)
    homes = list(people.order_by().values_list("region_id", flat=True).distinct())
    bound: dict[int, set[int | None]] = defaultdict(set)
    for home in homes:
        for version_id in owed(standing, home, at):
            bound[version_id].add(home)
    told = _lift(Reading.objects.exclude(version_id__in=bound), actor, at)
    for version in versions:
        if version.pk in bound:
            binds = _bound_by(version, bound[version.pk])
            told += _lift(Reading.objects.filter(version=version).exclude(person__in=binds), actor, at)
            told += _assign(version, binds, actor, at)
            told += _remind(version, actor, at)
            told += _overdue(version, actor, at)
    return told


def _bound_by(version: Version, homes: Collection[int | None]) -> QuerySet[Person]:
    """The people of these home regions who hold one of the posts that the version is for."""
    at_home = Q(region__in=[each for each in homes if each is not None])
    if None in homes:
        at_home |= Q(region=None)
    held = Holding.objects.filter(post__code__in=figures_of(version.pk)(POSTS), post__retired_at=None)
    return Person.objects.filter(at_home, is_active=True, is_service=False, pk__in=held.values("person"))


def _assign(version: Version, binds: QuerySet[Person], actor: Actor, at: datetime) -> int:
    figures = figures_of(version.pk)
    posts, due = figures(POSTS), due_at(version.in_force_from, at, figures(DUE))
    there = Reading.objects.filter(version=version).exclude(state=ReadingState.LIFTED)
    new = list(binds.exclude(pk__in=there.values("person")).order_by("pk"))
    if not new:
        return 0
    held: dict[int, set[str]] = defaultdict(set)
    for person, post in Holding.objects.filter(person__in=new).values_list("person_id", "post__code"):
        held[person].add(post)
    made = Reading.objects.bulk_create(
        [
            Reading(
                version=version, person=each, opened_at=at, due_at=due,
                post=next(code for code in posts if code in held[each.pk]),
            )
            for each in new
        ]
    )  # fmt: skip
    facts = [
        Fact(ReadingAssigned(each.pk, version.code, each.person_id, due), about(each), each.person.region_id, at)
        for each in made
    ]
    record_many(facts, actor=actor)
    open_duties(
        kind=TO_READ, actor=actor, at=at,
        new=[NewDuty(about(each), each.person.region_id, each.person_id, due) for each in made],
    )  # fmt: skip
    return len(made)


def _lift(rows: QuerySet[Reading], actor: Actor, at: datetime) -> int:
    """End what binds no more, and its to-do."""
    open_ones = rows.filter(state=ReadingState.OPEN).select_related("version", "person").order_by("pk")
    found = list(open_ones.select_for_update(of=("self",)))
    if not found:
        return 0
    for each in found:
        each.state = ReadingState.LIFTED
    Reading.objects.bulk_update(found, ["state"])
    facts = [
        Fact(ReadingLifted(each.pk, each.version.code, each.person_id), about(each), each.person.region_id, at)
        for each in found
    ]
    told = record_many(facts, actor=actor)
    _close(found, told, actor, at)
    return len(found)


def _close(found: Sequence[Reading], told: Sequence[EventRow], actor: Actor, at: datetime) -> None:
    facts = {each.pk: fact for each, fact in zip(found, told, strict=True)}
    rows = Duty.objects.select_for_update().filter(kind=TO_READ, subject_kind="reading", closed_at=None)
    for duty in rows.filter(subject_id__in=facts).order_by("pk"):
        close_duty(duty, by=facts[duty.subject_id], outcome=ReadingState.LIFTED, actor=actor, at=at)


def _remind(version: Version, actor: Actor, at: datetime) -> int:
    days = figures_of(version.pk)(REMINDERS)
    if not days:
        return 0
    rows = Reading.objects.filter(version=version, state=ReadingState.OPEN, due_at__gt=at)
    near = rows.filter(due_at__lte=at + max(days) * _DAY).select_related("person").order_by("pk")
    found = []
    for each in near:
        now_due = reminder(each.due_at, at, days, each.reminded_days)
        if now_due is not None:
            each.reminded_days = now_due
            found.append(each)
    Reading.objects.bulk_update(found, ["reminded_days"])
    facts = [
        Fact(
            ReadingReminded(each.pk, version.code, each.person_id, each.reminded_days or 0, REMINDERS.key),
            about(each), each.person.region_id, at,
        )
        for each in found
    ]  # fmt: skip
    if facts:
        record_many(facts, actor=actor)
    return len(found)


def _overdue(version: Version, actor: Actor, at: datetime) -> int:
    """One fact a region: whoever answers for it is told of all at once."""
    rows = Reading.objects.filter(version=version, state=ReadingState.OPEN, due_at__lte=at, overdue_at=None)
    of_region: dict[int | None, list[int]] = defaultdict(list)
    for reading_id, region_id in rows.order_by("pk").values_list("pk", "person__region_id"):
        of_region[region_id].append(reading_id)
    facts = [
        Fact(ReadingsOverdue(version.code, tuple(ids), DUE.key), Subject("regulation", version.pk), region_id, at)
        for region_id, ids in of_region.items()
    ]
    if facts:
        record_many(facts, actor=actor)
        rows.update(overdue_at=at)
    return len(facts)


def about(row: Reading) -> Subject:
    """What facts about a reading are about."""
    return Subject("reading", row.pk)
