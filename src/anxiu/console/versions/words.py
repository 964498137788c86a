"""How versions, their controls and their changes are named to people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.console.accounts.words import words as permission_words
from anxiu.kernel import values
from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.values import Words
from anxiu.regulation.choices import Control, GroupRole, OrderType, VersionState
from anxiu.regulation.messages import STATES
from anxiu.regulation.models import Version
from anxiu.regulation.queries import Change, order_type_in_words, terms
from anxiu.regulation.rules.compare import Piece, differing_lines, words_differing
from anxiu.regulation.rules.controls import GUARDS, INDICATORS
from anxiu.regulation.rules.quiz import Unfit
from anxiu.regulation.rules.readiness import Lack
from anxiu.regulation.rules.words import lines_of

TONES: Final[Mapping[str, str]] = {
    VersionState.DRAFT: "amber", VersionState.IN_REVIEW: "violet", VersionState.APPROVED: "teal",
    VersionState.ON_TRIAL: "violet",
    VersionState.IN_FORCE: "green", VersionState.WITHDRAWN: "grey", VersionState.DISCARDED: "grey",
}  # fmt: skip
ROLES: Final[Mapping[str, Promise]] = {GroupRole.LEAD: _("Lead"), GroupRole.MEMBER: _("Member")}
CONTROL_NAMES: Final[Mapping[str, Promise]] = {
    Control.VALUE: _("By its figures"), Control.GATE: _("By the system"), Control.INDICATOR: _("By an indicator"),
    Control.MANUAL: _("By a named person"),
}  # fmt: skip
LACKS: Final[Mapping[str, Promise]] = {
    Lack.VALUE: _("No figure is named that enforces it."),
    Lack.FIGURE: _("A figure it names is missing."),
    Lack.GATE: _("No verb or gate is named that enforces it."),
    Lack.UNKNOWN_GATE: _("It names what this system does not have."),
    Lack.INDICATOR: _("No indicator is named that measures it."),
    Lack.UNKNOWN_INDICATOR: _("It names an indicator that this system does not measure."),
    Lack.MANUAL: _("It is not said who checks what, in both languages."),
}
UNFIT: Final[Mapping[str, Promise]] = {
    Unfit.CLAUSE: _("The clause it is about is not there any more."),
    Unfit.FIGURE: _("A figure it says is missing."),
    Unfit.ALIKE: _("A wrong choice says the same as a right one."),
}
GATES: Final[Mapping[str, Promise]] = {
    "orders.evidence": _("Gate: photos and labour before work counts as complete"),
    "orders.file": _("Gate: report and answers before the file is closed"),
    "kpi.pilot_indicators": _("Gate: a pilot is compared by what can be compared"),
    "equipment.machines_there": _("Gate: no machine is left at a site that closes"),
}
PARTS: Final[Mapping[str, Promise]] = {
    "title": _("Title"), "text": _("Text"), "values": _("Figures it governs"), "control": _("Held"),
    "enforced_by": _("Enforced by"), "indicators": _("Measured by"), "manual": _("Who checks what"),
    "name": _("Name"), "purpose": _("Purpose"), "scope": _("Scope"), "principles": _("Principles"),
}  # fmt: skip
SYMBOLS: Final[Mapping[str, tuple[str, str]]] = {
    "regulation.draft_started": ("file-plus", "blue"), "regulation.figure_set": ("adjustments", "blue"),
    "regulation.clause_written": ("pencil", "blue"), "regulation.clause_added": ("plus", "green"),
    "regulation.clause_removed": ("trash", "red"), "regulation.question_added": ("plus", "green"),
    "regulation.question_written": ("pencil", "blue"), "regulation.question_removed": ("trash", "red"),
    "regulation.question_moved": ("arrows-sort", "blue"), "regulation.draft_described": ("pencil", "blue"),
    "regulation.group_named": ("users-group", "violet"), "regulation.submitted": ("send", "violet"),
    "regulation.commented": ("message", "violet"), "regulation.comment_settled": ("message-circle", "violet"),
    "regulation.returned": ("arrow-back-up", "amber"), "regulation.approved": ("circle-check", "green"),
    "regulation.adopted": ("scale", "green"), "regulation.withdrawn": ("archive", "grey"),
    "regulation.pilot_started": ("test-pipe", "violet"), "regulation.pilot_rolled_out": ("scale", "green"),
    "regulation.pilot_withdrawn": ("arrow-back-up", "grey"),
    "regulation.draft_discarded": ("x", "grey"), "regulation.addendum_added": ("file-import", "amber"),
}  # fmt: skip


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def zh() -> bool:
    """Whether the reader reads Chinese."""
    return language().startswith("zh")


def name_of(version: Version) -> str:
    """What a version is called."""
    return version.name_zh if zh() else version.name_en


def scope_of(version: Version) -> str:
    """To whom it applies, in a few words; nothing when to everybody."""
    parts = []
    if version.region:
        parts.append(version.region.name_zh if zh() else version.region.name_en)
    if version.order_type:
        parts.append(order_type_in_words(OrderType(version.order_type), language()))
    return " · ".join(parts)


def shown_about(version: Version) -> list[tuple[Promise, str]]:
    """Purpose, scope and principles, each with its heading."""
    return [
        (PARTS["purpose"], version.purpose_zh if zh() else version.purpose_en),
        (PARTS["scope"], version.scope_zh if zh() else version.scope_en),
        (PARTS["principles"], version.principles_zh if zh() else version.principles_en),
    ]


def state_of(version: Version, at: datetime) -> tuple[str, str]:
    """Where a version stands, in words and as a tone."""
    state = VersionState(version.state)
    if state is VersionState.IN_FORCE and version.in_force_from and version.in_force_from > at:
        return str(_("Takes effect later")), "blue"
    return str(STATES[state]), TONES[state]


def control_words(code: str) -> str:
    """A verb, right, gate, guard or indicator that holds a clause, in words."""
    if code in GUARDS:
        return GUARDS[code].words.in_language(language())
    if code in INDICATORS:
        return INDICATORS[code].in_language(language())
    return str(GATES[code]) if code in GATES else permission_words(code)


def figure_name(key: str) -> str:
    """What a figure is called."""
    return terms().figure(key, language())


# ---- the change log --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Detail:
    """What changed of one part: pieces of words, or lines old and new."""

    label: str
    pieces: tuple[Piece, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log as people read it."""

    change: Change
    text: str
    symbol: str
    tone: str
    details: tuple[Detail, ...]
    undo: bool


UNDONE: Final = frozenset(
    {
        "regulation.figure_set", "regulation.clause_written", "regulation.clause_added", "regulation.clause_removed",
        "regulation.question_written", "regulation.question_added", "regulation.question_removed",
    }
)  # fmt: skip
ADDED: Final = frozenset({"regulation.clause_added", "regulation.question_added"})


def entry(change: Change, *, may_undo: bool) -> Entry:
    """A change in words."""
    symbol, tone = SYMBOLS.get(change.kind, ("point", "grey"))
    parts = {"code": "", "source": "", "number": "", "key": "", "keys": "", "question": "", "place": "", **change.body}
    text = str(SENTENCES[change.kind]).format(**{key: _plain(key, each) for key, each in parts.items()})
    undo = may_undo and change.kind in UNDONE and (change.old is not None or change.kind in ADDED)
    return Entry(change, text, symbol, tone, tuple(_details(change)), undo)


def _plain(part: str, value: Any) -> Any:
    if part in ("key", "keys"):
        return ", ".join(map(figure_name, value if isinstance(value, list) else [value]))
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _details(change: Change) -> list[Detail]:
    if change.kind == "regulation.figure_set":
        return [Detail("", lines=figure_lines(change.body["key"], change.old, change.new))]
    old, new = change.old or {}, change.new or {}
    if change.kind == "regulation.draft_described":
        return [
            Detail(str(PARTS[part.rpartition("_")[0]]), words_differing(str(old.get(part, "")), str(new.get(part, ""))))
            for part in sorted(new)
            if part.endswith("_zh") == zh() or f"{part[:-3]}_{'zh' if zh() else 'en'}" not in new
        ]
    if change.kind == "regulation.comment_settled":
        return [Detail(str(_("taken up") if change.body.get("taken_up") else _("not taken up")))]
    if change.kind.startswith("regulation.question_") and (change.old or change.new):
        return [Detail("", lines=differing_lines(_question(change.old), _question(change.new)))]
    if not change.kind.startswith("regulation.clause_"):
        return []
    found = (_part(part, old.get(part), new.get(part)) for part in PARTS if old.get(part) != new.get(part))
    return [each for each in found if each]


def _question(written: Any) -> Sequence[str]:
    """A question as it was written, line by line."""
    if not written:
        return ()
    said = "zh" if zh() else "en"
    choices = [f"{'✓' if each['right'] else '✗'} {each['words'][said]}" for each in written["choices"]]
    return (written["situation"][said], *choices, written["why"][said], ", ".join(written["posts"]))


def _part(part: str, old: Any, new: Any) -> Detail | None:
    before, after = _said(part, old), _said(part, new)
    if before == after and isinstance(old, dict) and isinstance(new, dict):  # only the other language was changed
        other = "en" if zh() else "zh"
        before, after = str(old.get(other, "")), str(new.get(other, ""))
    return Detail(str(PARTS[part]), words_differing(before, after)) if before != after else None


def _said(part: str, value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("zh" if zh() else "en", ""))
    if part == "control" and value in set(Control):
        return str(CONTROL_NAMES[value])
    if isinstance(value, list):
        return ", ".join(control_words(each) if part != "values" else each for each in value)
    return str(value or "")


def figure_lines(key: str, old: Any, new: Any) -> tuple[tuple[str, str], ...]:
    """What of a figure changed, in words: lines that went (`-`) and came (`+`)."""
    return differing_lines(figure_words(key, old), figure_words(key, new))


def figure_words(key: str, raw: Any) -> Sequence[str]:
    """A figure in words, a line a row; as it is written where nothing reads it any more."""
    if raw is None:
        return ()
    if key not in values.REGISTRY:
        return (str(raw),)
    kind = values.REGISTRY[key].kind
    try:
        return lines_of(kind, kind.parse(raw), language(), terms())
    except Invalid:
        return (str(raw),)


def both(words: Words) -> str:
    """Words in the reader's language."""
    return words.in_language(language())
