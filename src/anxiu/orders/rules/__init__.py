"""Pure decisions about an order, each with its reason."""

from anxiu.orders.rules.arrival import Arrival, arrival
from anxiu.orders.rules.guarantee import Claim, Terms, claim, guarantee_terms
from anxiu.orders.rules.intake import Earlier, Proposal, proposed_severity, repeat_of
from anxiu.orders.rules.plan import Judged, Reach, authority, judged
from anxiu.orders.rules.process import Move, Process, move, process
from anxiu.orders.rules.promises import promised

__all__ = [
    "Arrival", "Claim", "Earlier", "Judged", "Move", "Process", "Proposal", "Reach", "Terms", "arrival", "authority",
    "claim", "guarantee_terms", "judged", "move", "process", "promised", "proposed_severity", "repeat_of",
]  # fmt: skip
