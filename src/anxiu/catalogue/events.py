"""What happens to the catalogue."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, event


@event("catalogue.family_added")
@dataclass(frozen=True)
class FamilyAdded(Event):
    """A product family was added."""

    code: str


@event("catalogue.family_changed")
@dataclass(frozen=True)
class FamilyChanged(Event):
    """A product family was changed."""

    code: str
    fields: tuple[str, ...]


@event("catalogue.family_retired")
@dataclass(frozen=True)
class FamilyRetired(Event):
    """A product family is sold and serviced no longer."""

    code: str


@event("catalogue.model_added")
@dataclass(frozen=True)
class ModelAdded(Event):
    """A model was added to a family."""

    code: str
    family_id: int


@event("catalogue.model_changed")
@dataclass(frozen=True)
class ModelChanged(Event):
    """A model was changed."""

    code: str
    fields: tuple[str, ...]


@event("catalogue.model_retired")
@dataclass(frozen=True)
class ModelRetired(Event):
    """A model is no longer added to the installed base."""

    code: str


@event("catalogue.fault_class_added")
@dataclass(frozen=True)
class FaultClassAdded(Event):
    """A class of faults was added."""

    code: str
    family_id: int | None


@event("catalogue.fault_class_changed")
@dataclass(frozen=True)
class FaultClassChanged(Event):
    """A class of faults was changed."""

    code: str
    fields: tuple[str, ...]


@event("catalogue.fault_class_retired")
@dataclass(frozen=True)
class FaultClassRetired(Event):
    """A class of faults is used no longer."""

    code: str


@event("catalogue.part_added")
@dataclass(frozen=True)
class PartAdded(Event):
    """A part was added."""

    number: str
    price_minor: int
    currency: str


@event("catalogue.part_changed")
@dataclass(frozen=True)
class PartChanged(Event):
    """A part was changed; its list price afterwards stands in the event."""

    number: str
    fields: tuple[str, ...]
    price_minor: int
    currency: str


@event("catalogue.part_retired")
@dataclass(frozen=True)
class PartRetired(Event):
    """A part is used no longer."""

    number: str
