"""An order's history as people read it: one entry for what somebody did, what followed from it beneath."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from anxiu.console.looks import HISTORY
from anxiu.orders.queries import Line

CLOCKS: Final = frozenset({"sla.clocks_started", "sla.clocks_stopped", "sla.clocks_paused", "sla.clocks_resumed"})
ATTACHED: Final = "files.file_attached"  # the entry or document that came with it says it already


def timeline(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Entries for the timeline, newest first, out of events, newest first."""
    together = groupby(lines, key=lambda line: (line.at, line.who))
    return [entry for _key, group in together for entry in _entries(list(group))]


def _entries(group: Sequence[Line]) -> list[dict[str, Any]]:
    """What one person did at one moment: an entry for each kind of act, the clocks under the first of them."""
    told = [line for line in group if line.kind != ATTACHED] or list(group[:1])
    acts = [line for line in told if line.kind not in CLOCKS]
    if not acts:
        return [_entry(told[:1], told[1:])]
    kinds = [list(each) for _kind, each in groupby(acts, key=lambda line: line.kind)]
    clocks = [line for line in told if line.kind in CLOCKS]
    return [_entry(same, clocks if same is kinds[-1] else ()) for same in kinds]


def _entry(same: Sequence[Line], followed: Sequence[Line]) -> dict[str, Any]:
    first, *others = reversed(same)  # as they were done
    symbol, tone = HISTORY.get(first.kind, ("point", ""))
    beneath = [" · ".join(filter(None, (line.sentence, _words(line)))) for line in (*others, *reversed(followed))]
    return {
        "text": first.sentence, "by": first.who, "at": first.at, "symbol": symbol, "tone": tone,
        "detail": _words(first), "beneath": beneath,
    }  # fmt: skip


def _words(line: Line) -> str:
    return _("(erased)") if line.erased else " · ".join(line.words)
