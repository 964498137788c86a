"""A version tried in some places: drafted, reviewed and approved by the verbs, then put on trial."""

from datetime import date, datetime, timedelta

from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.time import moved_to
from anxiu.regulation import actions
from anxiu.regulation.choices import GroupRole
from anxiu.regulation.models import Pilot, Version

DAYS = 90
FASTER = {"urgent": "20 min", "normal": "2 h", "minor": "8 working h"}


def approved(at: datetime, member_id: int, **figures: object) -> Version:
    """A version for everybody with these figures by key (dots written as two underscores), ready to take effect."""
    with moved_to(at):
        act = {"actor": SYSTEM, "at": at, "why": "更快响应"}
        version = actions.start_draft(source=actions.Source("default"), **act)
        for key, raw in (figures or {"sla__first_response": FASTER}).items():
            actions.set_figure(version_id=version.pk, key=key.replace("__", "."), raw=raw, **act)
        actions.name_working_group(version_id=version.pk, members=[(member_id, GroupRole.LEAD)], **act)
        actions.submit_for_review(version_id=version.pk, **act)
        decider = Actor(kind=ActorKind.PERSON, id=member_id, regions=None, everything=True)
        actions.approve_version(version_id=version.pk, **{**act, "actor": decider})
    return Version.objects.get(pk=version.pk)


def trial(leader_id: int, **more: object) -> actions.Trial:
    """A trial of some months, unless said otherwise."""
    given = {
        "regions": (), "order_types": (), "until_date": date(2027, 2, 1), "indicators": ("first_fix", "response"),
        "purpose": "看首次响应能否更快", "leader_id": leader_id, **more,
    }  # fmt: skip
    return actions.Trial(**given)


def started(
    at: datetime, leader_id: int, version: Version | None = None, starts_at: datetime | None = None, **more: object
) -> Pilot:
    """A pilot that begins at once, or at another moment."""
    version = version or approved(at, leader_id)
    more.setdefault("until_date", (at + timedelta(days=DAYS)).date())
    with moved_to(at):
        return actions.start_pilot(
            actor=SYSTEM, at=at, version_id=version.pk, trial=trial(leader_id, **more), starts_at=starts_at or at
        )
