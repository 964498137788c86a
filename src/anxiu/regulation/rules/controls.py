"""What can hold a clause beside its figures: guards of the database, and indicators that a higher app measures.

Verbs and gates are known by themselves. Whoever puts a guard into the database or measures something says so here, when
it is loaded; a clause may then name it.
"""

from dataclasses import dataclass
from typing import Final

from anxiu.kernel.values import Words


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger or constraint, by its name in the database, that holds whatever the program does."""

    code: str
    database_name: str
    words: Words


GUARDS: Final[dict[str, Guard]] = {}
INDICATORS: Final[dict[str, Words]] = {}


def guard(code: str, database_name: str, words: Words) -> Guard:
    """Name a guard of the database, so that clauses may rest on it."""
    if code in GUARDS:
        raise ValueError(f"guard {code} is declared twice")
    GUARDS[code] = Guard(code, database_name, words)
    return GUARDS[code]


def indicator(code: str, words: Words) -> None:
    """Name something that is measured, so that clauses may be controlled by it."""
    if code in INDICATORS:
        raise ValueError(f"indicator {code} is declared twice")
    INDICATORS[code] = words


guard(
    "regulation.version_stays", "regulation_version_stays",
    Words("数据库触发器：进入评审后的版本不得改动", "Database trigger: a version is not changed from its review on"),
)  # fmt: skip
guard(
    "kernel.append_only", "kernel_event_append_only",
    Words("数据库触发器：凭据链只能追加", "Database trigger: the chain of evidence only grows"),
)  # fmt: skip
guard(
    "kernel.refused_counts", "kernel_refused_counts",
    Words(
        "数据库触发器：被拒绝的操作只计次数、不得改写", "Database trigger: of a refused attempt only the count grows"
    ),
)  # fmt: skip
