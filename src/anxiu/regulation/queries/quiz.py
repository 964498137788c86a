"""Reading the questions of a version: as they are written, said in words, and which of them cannot be asked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from anxiu.kernel import values
from anxiu.kernel.errors import Invalid
from anxiu.kernel.values import Words
from anxiu.regulation.models import Clause, Question, Version
from anxiu.regulation.queries.reading import stored_figures, terms
from anxiu.regulation.rules.document import Reader, Stored
from anxiu.regulation.rules.quiz import Choice, Situation, unfit
from anxiu.regulation.rules.readiness import UnfitLine
from anxiu.regulation.rules.text import placed


def situation_of(row: Question) -> Situation:
    """A stored question as it is written."""
    choices = tuple(Choice(Words(each["zh"], each["en"]), each["right"]) for each in row.options)
    return Situation(
        row.code, row.number, Words(row.situation_zh, row.situation_en), choices, Words(row.why_zh, row.why_en),
        tuple(row.posts),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says texts with a version's figures in words."""

    stored: Mapping[str, Stored]

    def in_language(self, language: str) -> Callable[[str], str]:
        """A text in words; as it is written where a figure is missing or cannot be read."""
        reader = Reader(self.stored, values.REGISTRY, terms(), language)

        def say(text: str) -> str:
            if placed(text) - self.stored.keys():
                return text
            try:
                return "".join(each.text for each in reader.sentence(text))
            except (Invalid, KeyError):
                return text

        return say


def speaker(version_id: int) -> Speaker:
    """What says a version's figures as it is read; two statements, four for a part of the company."""
    return Speaker(stored_figures(Version.objects.get(pk=version_id)))


def unfit_of(version_id: int) -> tuple[UnfitLine, ...]:
    """The questions of a version that nobody can be asked, and why, four statements."""
    numbers = set(Clause.objects.filter(version_id=version_id).values_list("number", flat=True))
    rows = Question.objects.filter(version_id=version_id).order_by("position", "id")
    return unfit_among(map(situation_of, rows), numbers, speaker(version_id))


def unfit_among(asked: Iterable[Situation], numbers: set[str], said: Speaker) -> tuple[UnfitLine, ...]:
    """As `unfit_of`, for what was read already."""
    keys = said.stored.keys() & values.REGISTRY.keys()
    judged = ((each, unfit(each, numbers, keys, said.in_language)) for each in asked)
    return tuple(UnfitLine(each.code, each.number, why) for each, why in judged if why)


def fit_of(version_id: int) -> tuple[list[Situation], Speaker]:
    """The questions that can be asked, in order, and what says them, four statements."""
    numbers = set(Clause.objects.filter(version_id=version_id).values_list("number", flat=True))
    rows = Question.objects.filter(version_id=version_id).order_by("position", "id")
    asked, said = [situation_of(each) for each in rows], speaker(version_id)
    wrong = {each.code for each in unfit_among(asked, numbers, said)}
    return [each for each in asked if each.code not in wrong], said


def quiz_lines(asked: Situation, language: str, say: Callable[[str], str]) -> tuple[str, ...]:
    """A question as lines of words: the situation, each choice with a mark, why."""
    choices = (f"{'✓' if each.right else '✗'} {say(each.words.in_language(language))}" for each in asked.choices)
    return (say(asked.situation.in_language(language)), *choices, say(asked.why.in_language(language)))
