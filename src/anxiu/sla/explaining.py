"""Why a deadline is what it is: what decided it, in the order in which that decides, what lost, what stood still."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anxiu.kernel.values import reading
from anxiu.regulation.choices import OrderType, Severity
from anxiu.regulation.models import Version
from anxiu.regulation.queries import clause_about, contenders, figure_in_words, order_type_in_words, terms
from anxiu.regulation.rules.words import duration_in_words
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock, ClockPause
from anxiu.sla.rules.case import Case
from anxiu.sla.rules.promise import TARGETS, Decides, Limit, limit
from anxiu.sla.values import PREPARE_AT_LEAST, PREPARE_BEFORE, TIER_SHARE, WORKING_HOURS


@dataclass(frozen=True, slots=True)
class Lead:
    """A promise that hangs on another instant: so long before it, but never less than `at_least` from the start."""

    before_at: datetime
    lead: timedelta
    at_least: timedelta


@dataclass(frozen=True, slots=True)
class Stood:
    """Time that did not count."""

    from_at: datetime
    until_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a clock's deadline follows from. `lost`: versions that held as well and were less specific."""

    clock: Clock
    version: Version
    lost: Sequence[Version]
    limit: Limit | None
    lead: Lead | None
    pauses: Sequence[Stood]

    @property
    def decided(self) -> tuple[Decides, ...]:
        """What had a say, the first first."""
        return tuple(Decides) if self.limit else (Decides.VERSION, Decides.SEVERITY)

    @property
    def is_as_now(self) -> bool:
        """Whether the same figures would give the same deadline today: the customer's tier may have changed since."""
        return self.limit is None or self.limit.target == self.clock.target


def explain(clock: Clock, case: Case, order_type: str, opened_at: datetime) -> Explanation:
    """Why a clock is due when it is; three statements."""
    version = Version.objects.select_related("region").get(pk=clock.version_id)
    held = contenders(case.region_id, order_type, opened_at)
    figures, severity = reading(clock.version_id), Severity(clock.severity)
    lead = found = None
    if clock.before_at is not None:
        lead = Lead(clock.before_at, figures(PREPARE_BEFORE)[severity], figures(PREPARE_AT_LEAST))
    elif (kind := ClockKind(clock.kind)) in TARGETS:
        then = Case(
            case.subject, case.region_id, severity, case.tier, clock.version_id, case.owner_id, case.time_zone
        )
        found = limit(then, kind, figures)
    rows = ClockPause.objects.filter(clock=clock).order_by("from_at")
    told = rows.values_list("from_at", Coalesce("until_at", "expected_until"), "reason")
    lost = [each for each in held if each.pk != version.pk]
    return Explanation(clock, version, lost, found, lead, [Stood(*each) for each in told])


@dataclass(frozen=True, slots=True)
class Said:
    """One part of the explanation: what it is about, what it says, which clause says so, and what lost against it."""

    about: str
    text: str
    clause: str = ""
    lost: tuple[str, ...] = ()


def in_words(found: Explanation, reason_of: Callable[[str], str], language: str) -> list[Said]:
    """The explanation as a dispatcher reads it, in the order in which things decide."""
    with translation.override(language):
        parts = [_version(found, language), *_figure(found, language), _counts(found, language)]
        parts.append(Said(_("Began"), _at(found.clock.started_at)))
        parts.append(Said(_("Stood still"), _paused(found, reason_of)))
        due = found.clock.due_at
        parts.append(Said(_("Due"), _at(due) if due else _("open: the time stands still without an end")))
        return parts


def _version(found: Explanation, language: str) -> Said:
    lost = tuple(f"{_name(each, language)} · {_scope(each, language)}" for each in found.lost)
    return Said(_("Regulation"), f"{_name(found.version, language)} · {_scope(found.version, language)}", "", lost)


def _name(version: Version, language: str) -> str:
    return version.name_zh if language.startswith("zh") else version.name_en


def _scope(version: Version, language: str) -> str:
    """For whom a version holds."""
    parts = []
    if version.region:
        parts.append(version.region.name_zh if language.startswith("zh") else version.region.name_en)
    if version.order_type:
        parts.append(order_type_in_words(OrderType(version.order_type), language))
    return _("for {scope}").format(scope=", ".join(parts)) if parts else _("for all regions and kinds of service")


def _figure(found: Explanation, language: str) -> list[Said]:
    clock = found.clock
    if found.lead is not None:
        ahead, least = (duration_in_words(each, language) for each in (found.lead.lead, found.lead.at_least))
        text = _("{ahead} before {when}, but at least {least} from the start")
        said = text.format(ahead=ahead, when=_at(found.lead.before_at), least=least)
        return [Said(_("Limit"), said, clause_about(clock.version_id, clock.value_key, language))]
    if found.limit is None:
        return []
    severity = terms().of(found.limit.severity, language)
    own = duration_in_words(found.limit.figure, language, working=found.limit.working)
    about = _("{limit} at severity “{severity}”").format(limit=own, severity=severity)
    return [
        Said(_("Limit"), about, clause_about(clock.version_id, clock.value_key, language)),
        Said(
            _("Customer's tier"), _tier(found, found.limit, language),
            clause_about(clock.version_id, TIER_SHARE.key, language),
        ),
    ]  # fmt: skip


def _tier(found: Explanation, limit: Limit, language: str) -> str:
    left = duration_in_words(found.clock.target, language, working=limit.working)
    if not found.is_as_now:
        return _("The tier was another one when the limit was set; it stays at {left}.").format(left=left)
    known = terms().of(limit.tier, language) if limit.tier else _("customer not identified, served as others")
    if limit.target == limit.figure:
        return _("{tier}: nothing is shortened").format(tier=known)
    return _("{tier}: {share} % of it, that is {left}").format(tier=known, share=limit.share, left=left)


def _counts(found: Explanation, language: str) -> Said:
    """By which calendar time counts."""
    clock = found.clock
    if clock.round_the_clock:
        return Said(_("Time counts"), _("round the clock"), clause_about(clock.version_id, WORKING_HOURS.key, language))
    hours = figure_in_words(WORKING_HOURS.key, reading(clock.version_id)(WORKING_HOURS), language)
    text = _("in working hours: {hours}; not on public holidays ({zone})").format(hours=hours, zone=clock.time_zone)
    return Said(_("Time counts"), text, clause_about(clock.version_id, WORKING_HOURS.key, language))


def _paused(found: Explanation, reason_of: Callable[[str], str]) -> str:
    if not found.pauses:
        return _("never")
    spans = [
        _("{since} to {until}: {reason}").format(
            since=_at(each.from_at), until=_at(each.until_at) if each.until_at else _("now"),
            reason=reason_of(each.reason),
        )
        for each in found.pauses
    ]  # fmt: skip
    return "; ".join(spans)


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
