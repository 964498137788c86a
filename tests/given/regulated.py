"""A regulation with other figures, put in force by the verb."""

from datetime import datetime

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.models import Version


def regulated(at: datetime, **figures: object) -> Version:
    """The default regulation from `at` on, with these figures by key; dots written as two underscores."""
    changes = {key.replace("__", "."): raw for key, raw in figures.items()}
    with moved_to(at):
        return adopt_preset(actor=SYSTEM, at=at, preset_code="default", in_force_from=at, changes=changes)
