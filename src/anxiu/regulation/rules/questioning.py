"""What may be written as a question: complete in both languages, about what is there, with a right choice."""

from collections.abc import Collection, Iterable
from typing import Final

from anxiu.kernel.errors import Invalid
from anxiu.regulation.rules.drafting import Around, unsayable
from anxiu.regulation.rules.quiz import CODE, FEWEST, MOST, Situation
from anxiu.regulation.rules.text import Placeholder, pieces, placed, stray_braces

CODE_LENGTH: Final = 32  # source: the column's width
LONGEST: Final = 2000  # source: own choice; a situation is a paragraph


def require_situation(asked: Situation, around: Around, numbers: Collection[str], posts: Collection[str]) -> None:
    """Refuse a question that is not well written, naming every field that is wrong."""
    faults = [*_faults_of_frame(asked, numbers, posts), *_faults_of_words(asked, around)]
    if faults:
        raise Invalid(faults[0].code, field=faults[0].field, errors=tuple(faults), **faults[0].params)


def _faults_of_frame(asked: Situation, numbers: Collection[str], posts: Collection[str]) -> Iterable[Invalid]:
    if not CODE.fullmatch(asked.code) or len(asked.code) > CODE_LENGTH:
        yield Invalid("regulation.question_code_wrong", field="code", given=asked.code)
    if asked.number not in numbers:
        yield Invalid("regulation.no_such_clause", field="number", number=asked.number)
    if unknown := sorted(set(asked.posts) - set(posts)):
        yield Invalid("kernel.not_a_choice", field="posts", given=", ".join(unknown))
    right = sum(each.right for each in asked.choices)
    if not FEWEST <= len(asked.choices) <= MOST or not 0 < right < len(asked.choices):
        yield Invalid("regulation.question_choices", field="choice1_zh", least=FEWEST, most=MOST)


def _faults_of_words(asked: Situation, around: Around) -> Iterable[Invalid]:
    for name, words in asked.texts:
        for language, said in (("zh", words.zh), ("en", words.en)):
            field = f"{name}_{language}"
            if not said.strip():
                yield Invalid("kernel.required", field=field)
            elif len(said) > LONGEST:
                yield Invalid("kernel.too_long", field=field, limit=LONGEST)
            elif stray_braces(said):
                yield Invalid("regulation.stray_brace", field=field)
            elif unknown := sorted(placed(said) - around.figures.keys()):
                yield Invalid("regulation.figures_unknown", field=field, keys=", ".join(unknown))
            elif wrong := [each for each in pieces(said) if isinstance(each, Placeholder) and unsayable(each, around)]:
                yield Invalid("regulation.row_unknown", field=field, rows=", ".join(each.written for each in wrong))
        if differing := sorted(placed(words.zh) ^ placed(words.en)):
            yield Invalid("regulation.languages_differ", field=f"{name}_en", keys=", ".join(differing))
