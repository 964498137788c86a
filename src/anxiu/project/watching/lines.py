"""Lines of the log: JSON for machines, plain text on a terminal; both carry the id of the request they belong to."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from anxiu.project.watching.blotting import blotted

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What a line says beside its message: `extra={"fields": {...}}` of whoever wrote it."""
    fields = dict(getattr(record, "fields", {}))
    if (request_id := REQUEST_ID.get()) and "request_id" not in fields:
        fields["request_id"] = request_id
    return fields


class Text(logging.Formatter):
    """For people at a terminal."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        head, newline, rest = super().format(record).partition("\n")
        return blotted(f"{head}{fields}{newline}{rest}")


class Json(logging.Formatter):
    """For programs that collect logs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": blotted(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info:
            line["trace"] = blotted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def formatter(wanted: str) -> str:
    """The class of lines for this process: as the settings say, or by whether a person may be looking."""
    plain = wanted == "text" or is_watched(wanted)
    return f"{__name__}.{'Text' if plain else 'Json'}"


def is_watched(wanted: str) -> bool:
    """Whether lines go to a terminal by themselves. Then a line a request would hide what `anxiu run` says there."""
    return wanted == "auto" and sys.stderr.isatty()
