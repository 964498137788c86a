"""Who acts: a person with posts, a customer holding a link, a service account, or the system itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from anxiu.kernel.errors import NotAllowed, NotFound


class ActorKind(StrEnum):
    """What stands behind an actor's id."""

    PERSON = "person"
    LINK = "link"
    SERVICE = "service"
    SYSTEM = "system"


# Behind both stands an account, whose name histories show.
ACCOUNTS: Final = frozenset({ActorKind.PERSON, ActorKind.SERVICE})


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing an event, a clock, a file or a link is about: its kind and its inside key."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose request this is, what they may do (`permissions`) and whose rows they see (`regions`, `subject`).

    `regions` None means every region; an empty set means only rows that name the person.
    A link sees nothing but its `subject`.
    """

    kind: ActorKind
    id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    regions: frozenset[int] | None = field(default_factory=frozenset)
    subject: Subject | None = None
    everything: bool = False

    @property
    def person_id(self) -> int | None:
        """The account that is acting, a person's or a program's own."""
        return self.id if self.kind in ACCOUNTS else None

    @property
    def is_system(self) -> bool:
        """Whether the system itself acts: a clock, a reactor, a simulation."""
        return self.kind == ActorKind.SYSTEM

    @property
    def key(self) -> str:
        """One text per principal, for idempotency keys and rate limits."""
        return f"{self.kind}:{self.id or 0}"

    def may(self, permission: str) -> bool:
        """Whether the actor holds a permission."""
        return self.everything or permission in self.permissions

    def require(self, permission: str) -> None:
        """Refuse unless the actor holds a permission."""
        if not self.may(permission):
            raise NotAllowed("kernel.not_allowed", permission=permission)

    def sees_region(self, region_id: int) -> bool:
        """Whether rows of a region are the actor's to see."""
        return self.regions is None or region_id in self.regions

    def require_region(self, region_id: int) -> None:
        """Refuse to act in a region the actor cannot see; indistinguishable from one that is not there."""
        if not self.sees_region(region_id):
            raise NotFound("kernel.not_found")


SYSTEM: Final = Actor(kind=ActorKind.SYSTEM, regions=None, everything=True)
