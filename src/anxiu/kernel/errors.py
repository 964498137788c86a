"""Refusals: the few ways in which a request is turned down, the same in console, phone, portal and API.

A refusal carries a code, never a sentence; `anxiu.kernel.messages` turns it into the reader's language.
"""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """A request that is turned down. `code` names the reason, `params` fill its sentence, `field` points at input.

    Of the params `value_key` is the value of the regulation that turned it down, where one did; it fills no sentence.
    """

    status: ClassVar[int] = 422

    def __init__(self, code: str, *, field: str = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.value_key = str(params.pop("value_key", ""))
        self.noted = False
        self.params: Mapping[str, object] = params


class NotFound(Refusal):
    """The thing is not there, or not for this actor: the two are told apart by nobody."""

    status = 404


class NotAllowed(Refusal):
    """The actor may see it but not do this."""

    status = 403


class WrongState(Refusal):
    """The verb does not exist from the state the thing is in."""

    status = 409


class GateShut(Refusal):
    """Something that must be there first is missing; `missing` names each thing."""

    status = 409

    def __init__(self, code: str, *, missing: tuple["Refusal", ...] = (), field: str = "", **params: object) -> None:
        super().__init__(code, field=field, **params)
        self.missing = missing


class Stale(Refusal):
    """Somebody else changed it meanwhile, in a way that matters to this verb."""

    status = 409


class Invalid(Refusal):
    """The input is wrong; `errors` lists each field's refusal."""

    status = 422

    def __init__(self, code: str, *, field: str = "", errors: tuple["Refusal", ...] = (), **params: object) -> None:
        super().__init__(code, field=field, **params)
        self.errors = errors or ((self,) if field else ())
