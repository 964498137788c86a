"""How events of older releases are read, whose shape changed without their version."""

from typing import Any

from anxiu.kernel.events import upcast


# The first release's events of these kinds do not say it; those of a few days after it do, under the same version.
@upcast("orders.guarantee_claimed", 1)
def _repeats_nothing(body: dict[str, Any]) -> dict[str, Any]:
    return {"repeat_of": None, **body}


@upcast("orders.machine_identified", 1)
def _found_nothing_earlier(body: dict[str, Any]) -> dict[str, Any]:
    return {"repeat_of": None, "guarantee_id": None, **body}


@upcast("orders.repeat_unlinked", 1)
def _ended_no_guarantee(body: dict[str, Any]) -> dict[str, Any]:
    return {"guarantee_id": None, **body}
