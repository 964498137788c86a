"""What happens to the data of persons as such."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, event
from anxiu.privacy.choices import Data


@event("privacy.person_exported")
@dataclass(frozen=True)
class PersonExported(Event):
    """Everything held about a person was asked for as a file."""

    export_id: int


@event("privacy.let_go")
@dataclass(frozen=True)
class LetGo(Event):
    """Some of a class of data was blanked or deleted: the time the regulation keeps it for was over."""

    data: Data
    count: int
    value_key: str
