"""Suspending an engineer from orders, and ending it: dispatch obeys at once."""

from datetime import datetime

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record
from anxiu.workforce.actions.locking import locked, subject
from anxiu.workforce.choices import BarReason
from anxiu.workforce.events import BarLifted, EngineerBarred
from anxiu.workforce.models import Standing


@action(posts={"hr", "supervisor"})
def bar(
    *, actor: Actor, at: datetime, engineer_id: int, barred_from: datetime, barred_until: datetime | None,
    reason: BarReason, note: str,
) -> Standing:  # fmt: skip
    """Suspend an engineer from orders, until a moment or until it is lifted.

    Records: EngineerBarred. Refuses: an end that is not after the start or already over.
    """
    engineer = locked(actor, engineer_id)
    if barred_until is not None and barred_until <= max(barred_from, at):
        raise Invalid("workforce.ends_before_start", field="barred_until")
    row = Standing.objects.create(
        engineer=engineer, barred_from=barred_from, barred_until=barred_until, reason=reason, note=note, created_at=at
    )
    record(
        EngineerBarred(row.pk, reason, barred_from, barred_until, Sealed(note)),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"hr", "supervisor"})
def lift_bar(*, actor: Actor, at: datetime, standing_id: int, reason: str) -> Standing:
    """End a suspension early.

    Records: BarLifted. Refuses: one that was lifted or is over.
    """
    row = Standing.objects.filter(pk=standing_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    engineer = locked(actor, row.engineer_id)
    row.refresh_from_db()
    if row.ended_at is not None:
        raise WrongState("workforce.already_lifted")
    if row.barred_until is not None and row.barred_until <= at:
        raise WrongState("workforce.bar_over")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(
        BarLifted(row.pk, Sealed(reason)),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row
