"""What an installation starts with, and what a new release brings to versions that are there."""

import logging
from datetime import datetime

from anxiu.kernel import values
from anxiu.kernel.action import in_transaction
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.regulation.actions.moves import adopted, begin, held_figures, new_version, tell, write
from anxiu.regulation.choices import HELD, UNDER_WAY, Origin
from anxiu.regulation.events import AddendumAdded
from anxiu.regulation.models import Version
from anxiu.regulation.queries import preset, presets
from anxiu.regulation.rules.preset import Held, addendum, content, known_part

log = logging.getLogger(__name__)

FIRST = "default"


def install() -> None:
    """Put the default regulation in force on a new installation, and add to the others what a new release brings.

    Run after every migration.
    """
    in_transaction(_install)


def _install() -> None:
    at = now()
    if not Version.objects.exists():
        known = known_part(preset(FIRST), values.REGISTRY)
        if missing := sorted(values.REGISTRY.keys() - known.figures.keys()):
            log.error("values without a figure in the default regulation: %s", ", ".join(missing))
        version = new_version(known, actor=SYSTEM, at=at)
        version.save(force_insert=True)
        write(version, content(known, {key: values.REGISTRY[key] for key in known.figures}, {}), None)
        begin(version, None)
        tell(version, adopted(version, {}, ""), actor=SYSTEM, at=at)
        return
    # Orders stay with the version they were opened under, also when it was withdrawn since.
    for version in Version.objects.select_for_update().filter(state__in=sorted(HELD | UNDER_WAY)):
        _add_addendum(version, at)


def _add_addendum(version: Version, at: datetime) -> None:
    source = presets().get(version.preset)
    if source is None:
        log.error("regulation %s came from preset %s, which this release does not have", version.code, version.preset)
        return
    held = held_figures(version)
    numbers = frozenset(version.clauses.values_list("number", flat=True))
    asked = frozenset(version.questions.values_list("code", flat=True))
    own = {key: raw for key, (raw, origin) in held.items() if origin is Origin.COMPANY}
    gone = {key: raw for key, raw in own.items() if key not in values.REGISTRY}
    there = Held(frozenset(held), numbers, asked, gone)
    new = addendum(known_part(source, values.REGISTRY), there, values.REGISTRY)
    if new.figures:
        write(version, new, at)
        values.forget(version.pk)
        tell(version, AddendumAdded(version.code, tuple(sorted(new.figures))), actor=SYSTEM, at=at)
