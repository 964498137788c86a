"""Taking effect, ending, and giving up."""

from datetime import datetime

from django.db.models import QuerySet

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.events import Sealed
from anxiu.regulation.actions.moves import (
    adopted,
    locked,
    own_figures,
    require_free_moment,
    require_said,
    take_effect,
    tell,
)
from anxiu.regulation.choices import UNDER_WAY, VersionState
from anxiu.regulation.events import DraftDiscarded, RegulationWithdrawn
from anxiu.regulation.models import Version


@action(posts={"administrator", "management"})
def put_in_force(
    *, actor: Actor, at: datetime, version_id: int, in_force_from: datetime, why: str, despite: bool = False
) -> Version:
    """Let an approved version hold from a moment on; orders that are open keep theirs.

    `despite` does it knowing what speaks against it.

    Records: RegulationAdopted. Refuses: no reason, a version that is not approved, a clause that nothing holds (each is
    named with what it lacks), a missing figure, a beginning in the past or taken, what a gate has against it.
    """
    version = locked(actor, version_id, VersionState.APPROVED)
    why = require_said(why, "why")
    require_free_moment(version, in_force_from, at)
    take_effect(version, in_force_from, actor, at, despite=despite)
    tell(version, adopted(version, own_figures(version), why), actor=actor, at=at)
    return version


@action(posts={"administrator", "management"})
def withdraw_version(*, actor: Actor, at: datetime, version_id: int, why: str = "") -> None:
    """End a version, or take back one that would hold later; what was judged by it stays as it is.

    Records: RegulationWithdrawn. Refuses: a version not in force, the last one that holds for everybody.
    """
    version = locked(actor, version_id, VersionState.IN_FORCE)
    for_all = version.region_id is None and not version.order_type
    # Locked, so that of two withdrawals at once the later one sees the other.
    if for_all and {each.pk for each in _for_all_at(at).order_by("pk").select_for_update(of=("self",))} <= {version.pk}:
        raise WrongState("regulation.last_one")
    version.state, version.withdrawn_at = VersionState.WITHDRAWN, at
    version.save(update_fields=["state", "withdrawn_at"])
    tell(version, RegulationWithdrawn(version.code, Sealed(why)), actor=actor, at=at)


@action(posts={"administrator", "management", "supervisor"})
def discard_draft(*, actor: Actor, at: datetime, version_id: int, why: str) -> Version:
    """Give up a version that never held; it stays on record with its comments.

    Records: DraftDiscarded. Refuses: no reason, a version that holds, held or was given up already.
    """
    version = locked(actor, version_id, *UNDER_WAY)
    why = require_said(why, "why")
    version.state = VersionState.DISCARDED
    version.save(update_fields=["state"])
    tell(version, DraftDiscarded(version.code, Sealed(why)), actor=actor, at=at)
    return version


def _for_all_at(at: datetime) -> QuerySet[Version]:
    return Version.objects.filter(state=VersionState.IN_FORCE, region=None, order_type="").exclude(in_force_from__gt=at)
