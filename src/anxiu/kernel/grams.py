"""Search without an extension: names and numbers are cut into overlapping pieces that a GIN index on an array finds.

Letters and digits are cut into threes, Chinese characters into twos. A search first asks the index for rows that hold
all pieces of what was typed, then compares the text itself, so that pieces in the wrong order are not found.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
LETTERS, CHARACTERS = 3, 2  # source: own choice; two letters are in too many rows, three Chinese characters too long

SPELLED_KEPT: Final = 1024  # source: own choice; a file of machines names its models and families in every row


def folded(text: str) -> str:
    """Text as it is compared: full-width forms made narrow, lower case, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def grams(text: str) -> list[str]:
    """The pieces of a text, each once, sorted; a word shorter than a piece has none."""
    pieces: set[str] = set()
    for word in _WORD.findall(folded(text)):
        size = LETTERS if word.isascii() else CHARACTERS
        pieces.update(word[start : start + size] for start in range(len(word) - size + 1))
    return sorted(pieces)


@lru_cache(maxsize=SPELLED_KEPT)
def spelled(name: str) -> str:
    """A name as people type it: itself, its pinyin in one word, and the initials of its pinyin; one a line."""
    from pypinyin import Style, lazy_pinyin  # 60 MB and 0.6 s: only where a name is written

    clean = folded(name)
    whole = "".join(lazy_pinyin(clean)).replace(" ", "")
    initials = "".join(lazy_pinyin(clean, style=Style.FIRST_LETTER)).replace(" ", "")
    return "\n".join(dict.fromkeys(filter(None, [clean, whole, initials])))


def code_key(text: str) -> str:
    """A serial or part number as it is compared: letters and digits only, upper case."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each.isalnum())
