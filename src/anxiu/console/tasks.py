"""Jobs of the console: long lists as files."""

from typing import IO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone, translation

from anxiu.accounts.queries import asking
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.jobs import job
from anxiu.trace.actions import make
from anxiu.trace.actions.making import Tell
from anxiu.trace.choices import Format
from anxiu.trace.models import Export
from anxiu.trace.queries import EXPORT_LISTS


@job("trace.make_list")
def make_list(export_id: int) -> None:
    """Make a long list into a file: the pages people see are asked for one after the other, as the person who asked."""
    make(export_id, _written)


def _written(row: Export, actor: Actor, file: IO[bytes], tell: Tell) -> None:
    from anxiu.console.exports import write_list  # what pages need is only loaded where pages are made

    with translation.override(row.language), timezone.override(ZoneInfo(row.time_zone)):
        write_list(_request(row, actor), actor, Format(row.format), file, tell)


def _request(row: Export, actor: Actor) -> HttpRequest:
    """The request of a browser that asks for the page."""
    person = asking(row.person_id or 0)
    if person is None:
        raise NotAllowed("kernel.not_allowed", permission=EXPORT_LISTS)
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", row.asked["path"], row.asked["path"]
    host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
    request.META = {"SERVER_NAME": host, "SERVER_PORT": "80"}
    request.GET = QueryDict(row.asked["query"])
    request.user = person
    request.session = {}  # type: ignore[assignment]  # nobody's: there is no browser
    request.anxiu_actor = actor  # type: ignore[attr-defined]
    return request
