"""What is asked before a pilot starts: that it is compared by what can be compared."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid
from anxiu.kernel.gates import Verdict, gate
from anxiu.kpi.rules.piloting import COMPARED
from anxiu.regulation.models import Pilot


@gate("kpi.pilot_indicators")
def indicators_known(pilots: Sequence[Pilot], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """An indicator that is a mean, a share or a score can be compared; no statement."""
    if step != "start_pilot":
        return {}
    return {each.pk: _verdict(each) for each in pilots}


def _verdict(pilot: Pilot) -> Verdict:
    unknown = sorted(set(pilot.indicators) - set(COMPARED))
    if not unknown:
        return Verdict()
    return Verdict((Invalid("kpi.not_compared", field="indicators", codes=", ".join(unknown)),))
