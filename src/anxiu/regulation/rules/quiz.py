"""Questions about situations: data of a version, written beside its clauses, with figures taken from the version.

A question is fit while its clause is there, its figures are, and no wrong choice reads like a right one; one that an
edited figure made unfit is named on the readiness list, and nobody is asked it meanwhile.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from anxiu.kernel.values import Words
from anxiu.regulation.rules.text import placed, stray_braces

CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Speak = Callable[[str], Callable[[str], str]]
FEWEST, MOST = 2, 6  # source: own choice; fewer is no choice, more is no situation but a list


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody might do in the situation, and whether it is right."""

    words: Words
    right: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A question as it is written: about which clause, for which posts (none: for all), what is right and why."""

    code: str
    number: str
    situation: Words
    choices: tuple[Choice, ...]
    why: Words
    posts: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[tuple[str, Words], ...]:
        """Every text of it, by the field it is written in."""
        choices = ((f"choice{place}", each.words) for place, each in enumerate(self.choices, 1))
        return (("situation", self.situation), *choices, ("why", self.why))

    @property
    def keys(self) -> frozenset[str]:
        """The figures it says."""
        return frozenset(key for _, words in self.texts for key in placed(words.zh) | placed(words.en))

    @property
    def several(self) -> bool:
        """Whether more than one choice is right."""
        return sum(each.right for each in self.choices) > 1


class Unfit(StrEnum):
    """Why nobody can be asked a question."""

    CLAUSE = "clause"
    FIGURE = "figure"
    ALIKE = "alike"


# ---- whether it can be asked -----------------------------------------------------------------------------------------
def unfit(asked: Situation, numbers: Collection[str], keys: Collection[str], speak: Speak) -> Unfit | None:
    """Why nobody can be asked it now, or nothing; `speak` gives what says a text in a language."""
    if asked.number not in numbers:
        return Unfit.CLAUSE
    if asked.keys - set(keys):
        return Unfit.FIGURE
    for language in ("zh", "en"):
        say = speak(language)
        right, wrong = (
            {say(each.words.in_language(language)) for each in asked.choices if each.right is side}
            for side in (True, False)
        )
        if right & wrong:
            return Unfit.ALIKE
    return None


# ---- asking ----------------------------------------------------------------------------------------------------------
def draw(
    asked: Sequence[Situation], posts: Collection[str], count: int, seed: str, first: Collection[str] = ()
) -> tuple[Situation, ...]:
    """The questions of one sitting for somebody's posts: about the clauses of `first` before the others.

    The same seed draws the same ones in the same order.
    """
    theirs = [each for each in asked if not each.posts or set(each.posts) & set(posts)]
    drawn = sorted(theirs, key=lambda each: (each.number not in first, _lot(seed, each.code)))[:count]
    return tuple(sorted(drawn, key=lambda each: _lot(seed, each.code)))


def shuffled(asked: Situation, seed: str) -> tuple[int, ...]:
    """In which order its choices are shown, by their place in what is written."""
    return tuple(sorted(range(len(asked.choices)), key=lambda place: _lot(seed, f"{asked.code}:{place}")))


def is_right(asked: Situation, chosen: Collection[int]) -> bool:
    """Whether exactly the right choices were made, by their place in what is written."""
    return {place for place, each in enumerate(asked.choices) if each.right} == set(chosen)


def _lot(seed: str, name: str) -> str:
    return sha256(f"{seed}:{name}".encode()).hexdigest()


# ---- presets ---------------------------------------------------------------------------------------------------------
class QuestionFault(ValueError):
    """A question of a preset is not well written; says which."""


def read_questions(
    written: Mapping[str, Any], base: Sequence[Situation], numbers: Collection[str]
) -> tuple[Situation, ...]:
    """The questions of a preset laid over its base's: one with the same code takes its place, the others join.

    `without_questions` names those of the base that are not true here.
    """
    own = [_question(each) for each in written.get("question", ())]
    gone = {*(each.code for each in own), *written.get("without_questions", ())}
    if unknown := set(written.get("without_questions", ())) - {each.code for each in base}:
        raise QuestionFault(f"there is no question {sorted(unknown)} to be without")
    if len({each.code for each in own}) != len(own):
        raise QuestionFault("a code of a question is used twice")
    if lost := sorted(each.code for each in own if each.number not in numbers):
        raise QuestionFault(f"questions about clauses that are not there: {lost}")
    return (*(each for each in base if each.code not in gone and each.number in numbers), *own)


def _question(written: Mapping[str, Any]) -> Situation:
    code = str(written["code"])
    choices = tuple(Choice(_both(each, code), bool(each.get("right"))) for each in written["choices"])
    made = Situation(
        code, str(written["clause"]), _both(written["situation"], code), choices, _both(written["why"], code),
        tuple(written.get("posts", ())),
    )  # fmt: skip
    if not CODE.fullmatch(code) or not 0 < sum(each.right for each in choices) < len(choices) <= MOST:
        raise QuestionFault(f"question {code}: its code or its choices cannot be so")
    for _, words in made.texts:
        if placed(words.zh) != placed(words.en) or stray_braces(words.zh) or stray_braces(words.en):
            raise QuestionFault(f"question {code}: the languages say different figures, or a brace is stray")
    return made


def _both(written: Mapping[str, Any], code: str) -> Words:
    words = Words(str(written.get("zh", "")).strip(), str(written.get("en", "")).strip())
    if not words.zh or not words.en:
        raise QuestionFault(f"question {code}: both languages are needed")
    return words
