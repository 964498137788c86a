"""Any list of the console as a file: the address of the page with `export=csv`.

The view is asked as ever, only for longer pages, one after the other while the file is being sent: filters, scope and
masking are the page's own, and there is never more than one page in memory. Every page leaves a row that says who took
which rows along, before they leave.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anxiu.console.sheets import BOM, Table, tables, together, written
from anxiu.console.templatetags._words import in_full
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.trace.queries import EXPORT_LISTS

ASKED, CSV, AFTER = "export", "csv", "after"
AT_ONCE: Final = 500  # source: measured; longer pages gain nothing
MOST: Final = 10_000  # source: own choice; some ten seconds of one thread. More is a job (issue 4)
Ask = Callable[[], HttpResponseBase]


@dataclass(slots=True)
class Pass:
    """What a view leaves when it is asked for a part of a file instead of a page."""

    rows: QuerySet[Any] | None = None
    shown: Sequence[Any] = ()
    found: list[Table] = field(default_factory=list)
    next_url: str = ""
    is_taken: bool = False

    def seen(self, rows: QuerySet[Any], shown: Sequence[Any]) -> None:
        """Which rows the list is of, and which of them this page shows."""
        self.rows, self.shown = rows, shown

    def take(self, request: HttpRequest, template: str, context: dict[str, Any]) -> None:
        """Keep the tables of the page, and where it goes on."""
        self.found = tables(render_to_string(template, context, request))
        self.next_url = getattr(context.get("listing"), "next_url", "")
        self.is_taken = True


def is_wanted(request: HttpRequest) -> bool:
    """Whether the address asks for a file."""
    return request.method == "GET" and request.GET.get(ASKED) == CSV


def pending(request: HttpRequest) -> Pass | None:
    """The part of a file that is being put together, if one is."""
    return getattr(request, "anxiu_pass", None)


def answer(request: HttpRequest, who: Actor, ask: Ask) -> HttpResponseBase:
    """The list as a file; too long a one is refused with a word, never cut short."""
    who.require(EXPORT_LISTS)
    _go_to(request, request.GET)
    first = _passed(request, ask)
    if not first.is_taken:
        raise NotFound("kernel.not_found")
    if first.next_url and first.rows is not None and first.rows[: MOST + 1].count() > MOST:
        words = _("The list has more than {n} rows and cannot be exported at once. Narrow it by the filters.")
        messages.error(request, words.format(n=f"{MOST:,}"))
        return redirect(request.get_full_path_info().partition("?")[0] + f"?{request.GET.urlencode()}")
    name = request.resolver_match.url_name if request.resolver_match else ""
    at = timezone.localtime(now())
    return StreamingHttpResponse(
        (part.encode() for part in _parts(request, who, ask, first, name or "list")),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="anxiu-{name}-{at:%Y%m%d-%H%M}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _parts(request: HttpRequest, who: Actor, ask: Ask, page: Pass, name: str) -> Iterator[str]:
    """The file, page by page, in the language and time zone in which it was asked for."""
    language, zone = translation.get_language() or "", timezone.get_current_timezone()
    lines = together(page.found, _("Section")) if page.found else []
    yield BOM
    while True:
        kind = (page.rows.model._meta.model_name if page.rows is not None else "") or name
        keys = [each.pk if hasattr(each, "pk") else each.id for each in page.shown]
        note_access(who, AccessKind.EXPORT, kind, keys, now())
        yield written(lines)
        if not page.next_url:
            return
        _go_to(request, QueryDict(page.next_url.partition("?")[2]))
        with ExitStack() as stack:
            stack.enter_context(translation.override(language))
            stack.enter_context(timezone.override(zone))
            page = _passed(request, ask)
        lines = [row for each in page.found for row in each.rows]


def _go_to(request: HttpRequest, query: QueryDict) -> None:
    """Ask the view for another page; only the first is not asked for by its place."""
    asked = query.copy()
    asked.pop(ASKED, None)
    if pending(request) is None:
        asked.pop(AFTER, None)
    request.GET = cast("Any", asked)


def _passed(request: HttpRequest, ask: Ask) -> Pass:
    request.anxiu_pass = one = Pass()  # type: ignore[attr-defined]
    with in_full():  # also what the view itself puts into words
        ask()
    return one


def taken(request: HttpRequest, asked: Pass, template: str, context: dict[str, Any]) -> HttpResponse:
    """Instead of a page: its tables are kept, and there is nothing to be sent."""
    asked.take(request, template, context)
    return HttpResponse()
