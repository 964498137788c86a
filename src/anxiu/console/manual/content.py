"""What stands in a post's manual: the steps with the post's own verbs, limits and clauses, and what binds all.

Nothing here is written by hand but which figure belongs to which step: steps and verbs come from the service order,
rights from the post, words and figures from the version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from anxiu.accounts.models import Post
from anxiu.console.accounts.words import APPS, PERMISSIONS, words
from anxiu.console.versions.words import language, name_of, scope_of, zh
from anxiu.kernel import values
from anxiu.kernel.action import VERBS
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import TableKind
from anxiu.orders import values as figures_of_orders
from anxiu.orders.choices import FORWARD, TRANSITIONS, State
from anxiu.orders.processes import ProcessStep
from anxiu.regulation.choices import Control, OrderType, Severity
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import document, figure_in_words, figures, terms
from anxiu.regulation.rules.document import ClauseText, Document
from anxiu.regulation.rules.words import duration_in_words, row_in_words
from anxiu.sla import values as figures_of_time
from anxiu.sla.choices import ClockKind
from anxiu.workforce import values as figures_of_people

ORDERS: Final = "orders."
# The figure of each clock, and what else figures say about the states of an order.
LIMITS: Final[Mapping[ClockKind, str]] = {
    ClockKind.FIRST_RESPONSE: figures_of_time.FIRST_RESPONSE.key,
    ClockKind.HAND_OVER: figures_of_time.HAND_OVER.key,
    ClockKind.ACCEPTANCE: figures_of_time.ACCEPTANCE.key,
    ClockKind.PREPARE: figures_of_time.PREPARE_BEFORE.key,
    ClockKind.ARRIVAL: figures_of_time.ARRIVAL.key,
    ClockKind.APPROVAL: figures_of_time.APPROVAL.key,
    ClockKind.RESOLUTION: figures_of_time.RESOLUTION.key,
    ClockKind.SIGN_OFF: figures_of_time.SIGN_OFF.key,
    ClockKind.FOLLOW_UP: figures_of_time.FOLLOW_UP.key,
    ClockKind.ARCHIVE: figures_of_time.ARCHIVE.key,
    ClockKind.ANSWER: figures_of_time.ANSWER.key,
}
RULES: Final[Mapping[State, tuple[str, ...]]] = {
    State.ACCEPTED: (
        figures_of_orders.SEVERITY_CRITERIA.key, figures_of_orders.SEVERITY_DEFAULT.key,
        figures_of_orders.DUPLICATE_WINDOW.key, figures_of_orders.REPEAT_WINDOW.key,
        figures_of_orders.DECLINE_REASONS.key, figures_of_orders.VISIT_LENGTH.key,
        figures_of_people.ON_CALL_SEVERITIES.key,
    ),
    State.PREPARING: (figures_of_time.PREPARE_AT_LEAST.key, figures_of_orders.CHECKLISTS.key),
    State.TRAVELLING: (figures_of_orders.ARRIVAL_RADIUS.key, figures_of_orders.ARRIVAL_ACCURACY.key),
    State.APPROVING: (figures_of_orders.HIGH_RISK_WORK.key, figures_of_orders.APPROVAL_LIMITS.key),
    State.REPAIRING: (figures_of_orders.PROCESSES.key,),
    State.SIGNING: (
        figures_of_orders.SIGNING_LINK_LIFE.key, figures_of_orders.REFUSAL_REASONS.key,
        figures_of_orders.GUARANTEE_DAYS.key,
    ),
    State.FOLLOWING_UP: (figures_of_orders.FOLLOW_UP_RESULTS.key,),
    State.CLOSING: (figures_of_orders.UNRESOLVED_REASONS.key,),
}  # fmt: skip
ANY_TIME: Final = (
    figures_of_orders.RESCHEDULE_REASONS.key, figures_of_orders.SUSPEND_REASONS.key,
    figures_of_orders.CANCEL_REASONS.key, figures_of_time.ANSWER.key,
)  # fmt: skip
TIME: Final = (
    figures_of_time.WORKING_HOURS.key, figures_of_time.TIER_SHARE.key, figures_of_time.WARNING_SHARE.key,
)  # fmt: skip
ESCALATION: Final = (figures_of_time.LADDER.key,)
APPROVAL: Final = (figures_of_people.GRADES.key,)


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit by severity; `mine` when it runs in a step of the post."""

    step: str
    clause: str
    cells: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class StepOf:
    """A step of the process as one post meets it."""

    number: int
    label: str
    mine: bool
    verbs: tuple[str, ...]
    posts: tuple[str, ...]
    limit: str
    clauses: tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses under a heading."""

    key: str
    clauses: tuple[ClauseText, ...]
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of the ladder by severity: after how long, who is called, within what it is acknowledged."""

    severity: str
    after: str
    to: str
    within: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Manual:
    """The whole manual."""

    post: str
    post_name: str
    version: Version
    name: str
    scope: str
    steps: tuple[StepOf, ...]
    severities: tuple[str, ...]
    limits: tuple[Limit, ...]
    ladder: tuple[Rung, ...]
    sections: tuple[Section, ...]
    other: tuple[tuple[str, tuple[str, ...]], ...]


def manual(actor: Actor, version: Version, post: Post) -> Manual:
    """The manual of a post under a version, in the reader's language."""
    maker = _Maker(document(actor, version.pk, language()), version, post, _names())
    return Manual(
        post.code, post.name_zh if zh() else post.name_en, version, name_of(version), scope_of(version),
        tuple(maker.step(at, step) for at, step in enumerate(maker.steps, start=1)),
        tuple(terms().of(each, language()) for each in Severity), tuple(maker.limits()), tuple(maker.ladder()),
        tuple(maker.sections()), tuple(maker.other()),
    )  # fmt: skip


def _names() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Every post with its name and what it may do."""
    rows = Post.objects.filter(retired_at=None).order_by("pk")
    return {each.code: (each.name_zh if zh() else each.name_en, frozenset(each.permissions)) for each in rows}


def state_of(verb: str) -> State | None:
    """The state of an order that a verb is for; none for what may be done at any time."""
    if verb == "open_order":
        return State.ACCEPTED
    if verb in FORWARD:
        return FORWARD[verb]
    sources = TRANSITIONS[verb][0] if verb in TRANSITIONS else frozenset()
    return next(iter(sources)) if len(sources) == 1 else None


class _Maker:
    """Puts the manual of one post together."""

    def __init__(
        self, text: Document, version: Version, post: Post, posts: Mapping[str, tuple[str, frozenset[str]]]
    ) -> None:
        self.clauses = {each.number: each for chapter in text.chapters for each in chapter.clauses}
        self.held = {each.number: each for each in Clause.objects.filter(version=version)}
        self.figures = figures(version.pk)
        key = figures_of_orders.PROCESSES.key
        processes: Mapping[OrderType, tuple[ProcessStep, ...]] = values.REGISTRY[key].kind.parse(self.figures[key])
        self.steps = processes[OrderType(version.order_type or OrderType.REPAIR)]
        self.told: set[str] = set()
        self.post, self.posts = post, posts
        self.rights = frozenset(post.permissions)
        self.own = [name for name in VERBS if name in self.rights and name.startswith(ORDERS)]

    def about(self, keys: Iterable[str], verbs: Iterable[str] = ()) -> tuple[ClauseText, ...]:
        """The clauses that govern figures or are enforced by verbs, in the order of the document; each one once."""
        wanted, doing = set(keys), set(verbs)
        found = tuple(
            text
            for number, text in self.clauses.items()
            if number not in self.told and (wanted & set(text.keys) or doing & set(self.held[number].enforced_by))
        )
        self.told |= {each.number for each in found}
        return found

    def doing(self, step: ProcessStep | None) -> list[str]:
        """The post's own verbs of a step, or those of no step."""
        return [name for name in self.own if self._of(name, step)]

    def _of(self, name: str, step: ProcessStep | None) -> bool:
        state = state_of(name.removeprefix(ORDERS))
        return state is None if step is None else state in step.states

    def step(self, number: int, step: ProcessStep) -> StepOf:
        """A step as the post meets it."""
        mine = self.doing(step)
        all_of = {name for name in VERBS if name.startswith(ORDERS) and self._of(name, step)}
        posts = tuple(name for name, rights in self.posts.values() if rights & all_of)
        limits = tuple(LIMITS[each] for each in step.clocks)
        states = {state_of(each.removeprefix(ORDERS)) for each in mine}
        rules = tuple(key for state in step.states if state in states for key in RULES.get(state, ()))
        return StepOf(
            number, step.words.in_language(language()), bool(mine), tuple(words(each) for each in mine), posts,
            self.brief(limits), self.about((*limits, *rules), mine) if mine else (),
        )  # fmt: skip

    def brief(self, keys: tuple[str, ...]) -> str:
        """The last limit of a step at its most urgent, for the flow chart."""
        return self.cells(keys[-1])[0] if keys and keys[-1] in self.figures else ""

    def cells(self, key: str) -> tuple[str, ...]:
        """A limit at each severity, in words."""
        kind = values.REGISTRY[key].kind
        if not isinstance(kind, TableKind):
            return (figure_in_words(key, kind.parse(self.figures[key]), language()),)
        parsed = kind.parse(self.figures[key])
        return tuple(row_in_words(kind, parsed, each.value, language(), terms()) for each in Severity)

    def limits(self) -> Iterable[Limit]:
        """Every time limit, those of the post's own steps marked."""
        for step in self.steps:
            for key in (LIMITS[each] for each in step.clocks):
                clause = next((each for each in self.clauses.values() if key in each.keys), None)
                title = "".join(said.text for said in clause.title) if clause else key
                yield Limit(step.words.in_language(language()), title, self.cells(key), bool(self.doing(step)))

    def ladder(self) -> Iterable[Rung]:
        """Whom a broken limit is reported to, the post's own rungs marked."""
        key = figures_of_time.LADDER.key
        ladder: Mapping[Severity, tuple[Any, ...]] = values.REGISTRY[key].kind.parse(self.figures[key])
        for severity, rungs in ladder.items():
            for rung in rungs:
                name = self.posts[rung.to][0] if rung.to in self.posts else terms().data(rung.to, language())
                after, within = (duration_in_words(each, language()) for each in (rung.after, rung.acknowledge_within))
                yield Rung(terms().of(severity, language()), after, name, within, rung.to == self.post.code)

    def sections(self) -> Iterable[Section]:
        """What is not of one step: at any time, counting time, escalation, approval, and what binds everybody."""
        any_time = self.doing(None)
        if any_time:
            verbs = tuple(words(each) for each in any_time)
            yield Section("any_time", self.about(ANY_TIME, any_time), verbs)
        if self.own:
            yield Section("time", self.about(TIME))
            yield Section("escalation", self.about(ESCALATION))
        yield Section("approval", self.about(APPROVAL))
        others = [name for name in VERBS if name in self.rights and not name.startswith(ORDERS)]
        if rest := self.about((), others):
            yield Section("others", rest)
        by_people = [text for number, text in self.clauses.items() if self.held[number].control == Control.MANUAL]
        yield Section("people", tuple(by_people))

    def other(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        """What else the post may do, by part of the system."""
        found: dict[str, list[str]] = {}
        for name in PERMISSIONS:
            if name in self.rights and name in VERBS and not name.startswith(ORDERS):
                found.setdefault(str(APPS.get(name.partition(".")[0], name)), []).append(words(name))
        return [(app, tuple(listed)) for app, listed in found.items()]
