"""What proves that the engineer is on site."""

from dataclasses import dataclass

from anxiu.kernel.geo import Place, distance_metres
from anxiu.orders.choices import ArrivalProof


@dataclass(frozen=True, slots=True)
class Arrival:
    """The kind of proof, the distance to the site in metres when both places are known, and a flag when it is weak."""

    proof: ArrivalProof
    distance_metres: int | None
    flag: str
    value_keys: tuple[str, ...] = ("orders.arrival_radius", "orders.arrival_accuracy")


def arrival(
    fix: Place | None, site: Place | None, *, radius_metres: int, accuracy_metres: int, label_scanned: bool
) -> Arrival:
    """A good fix within the radius proves it; else the machine's label does; else it is a flagged statement.

    The arrival itself is a fact and is never refused.
    """
    distance = distance_metres(fix, site) if fix and site else None
    if fix is None:
        flag = "no_place"
    elif site is None:
        flag = "site_unplaced"
    elif fix.accuracy_metres is None or fix.accuracy_metres > accuracy_metres:
        flag = "poor_fix"
    elif distance is not None and distance > radius_metres:
        flag = "far_away"
    else:
        return Arrival(ArrivalProof.PLACE, distance, "")
    if label_scanned:
        return Arrival(ArrivalProof.MACHINE_LABEL, distance, "" if flag != "far_away" else flag)
    return Arrival(ArrivalProof.STATEMENT, distance, flag)
