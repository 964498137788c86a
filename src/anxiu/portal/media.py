"""Photos and videos that come with a form: each looked at, the good ones kept, the others explained by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anxiu.files.choices import Family
from anxiu.files.intake import Prepared, prepare
from anxiu.files.rules import family_of
from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import explain
from anxiu.orders.actions.customer import MOST_FILES

TAKEN = frozenset({Family.IMAGE, Family.VIDEO})


@dataclass(frozen=True, slots=True)
class Uploads:
    """What came: files that may be kept, and for each other one its name and why not."""

    good: tuple[Prepared, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What makes two posts the same."""
        return " ".join(each.received_digest for each in self.good)


def received(files: Sequence[Any]) -> Uploads:
    """Check every file of a form. More than a report may have are not even looked at."""
    good: list[Prepared] = []
    refused: list[str] = []
    for file in files[:MOST_FILES]:
        try:
            made = prepare(file)
            if family_of(made.media_type) not in TAKEN:
                raise Invalid("files.wrong_family", field="file")
        except Invalid as refusal:
            refused.append(f"{file.name}: {explain(refusal)}")
        else:
            good.append(made)
    if len(files) > MOST_FILES:
        refused.append(explain(Invalid("orders.media_too_many", limit=MOST_FILES)))
    return Uploads(tuple(good), tuple(refused))
