"""Any list of the console as a file: the address of the page with `export=csv` or `export=xlsx`.

The view is asked as ever, only for longer pages, one after the other while the file is being sent: filters, scope and
masking are the page's own, and there is never more than one page in memory. Every page leaves a row that says who took
which rows along, before they leave. A list too long to wait for is made by a job in the same way (`console/tasks.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any, Final, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anxiu.console.sheets import BOM, Table, tables, together, written
from anxiu.console.templatetags._words import in_full
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.time import now
from anxiu.trace.choices import Format
from anxiu.trace.queries import EXPORT_LISTS

ASKED, AFTER = "export", "after"
TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
AT_ONCE: Final = 500  # source: measured; longer pages gain nothing
# source: own choice; some ten seconds of one thread. A workbook is sent when it is whole: fewer. More is a job.
MOST: Final = {Format.CSV: 10_000, Format.XLSX: 2_000}
PIECE: Final = 1 << 18
Ask = Callable[[], HttpResponseBase]
Lines = Sequence[Sequence[str]]


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
    return request.method == "GET" and request.GET.get(ASKED) in TYPES


def pending(request: HttpRequest) -> Pass | None:
    """The part of a file that is being put together, if one is."""
    return getattr(request, "anxiu_pass", None)


def answer(request: HttpRequest, who: Actor, ask: Ask) -> HttpResponseBase:
    """The list as a file; a long one is to be made by a job, which is offered on the page of files."""
    who.require(EXPORT_LISTS)
    wanted = Format(request.GET[ASKED])
    _go_to(request, request.GET)
    first = _passed(request, ask)
    if not first.is_taken:
        raise NotFound("kernel.not_found")
    most = MOST[wanted]
    if first.next_url and first.rows is not None and first.rows[: most + 1].count() > most:
        address = request.path + (f"?{request.GET.urlencode()}" if request.GET else "")
        return redirect(reverse("exports") + "?" + urlencode({"of": address, "format": wanted}))
    name = request.resolver_match.url_name if request.resolver_match else ""
    parts = _parts(request, who, ask, first, name or "list")
    headers = {
        "Content-Disposition": f'attachment; filename="{_file(name or "list", wanted)}"',
        "Cache-Control": "no-store",
    }
    if wanted is Format.CSV:
        body = (part.encode() for part in _csv(parts))
        return StreamingHttpResponse(body, content_type=TYPES[wanted], headers=headers)
    file = TemporaryFile(prefix="anxiu-export-")  # noqa: SIM115 -- closed when it is sent
    _workbook(parts, file)
    return StreamingHttpResponse(_sent(file), content_type=TYPES[wanted], headers=headers)


def _file(name: str, wanted: Format) -> str:
    return f"anxiu-{name}-{timezone.localtime(now()):%Y%m%d-%H%M}.{wanted}"


def _csv(parts: Iterator[Lines]) -> Iterator[str]:
    yield BOM
    for lines in parts:
        yield written(lines)


def _workbook(parts: Iterator[Lines], file: IO[bytes]) -> None:
    from anxiu.console.workbooks import Book  # openpyxl is large, and few ask for a workbook

    book = Book()
    for lines in parts:
        book.add(lines)
    book.save(file)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _parts(request: HttpRequest, who: Actor, ask: Ask, page: Pass, name: str) -> Iterator[Lines]:
    """The file, page by page, in the language and time zone in which it was asked for."""
    language, zone = translation.get_language() or "", timezone.get_current_timezone()
    lines: Lines = together(page.found, _("Section")) if page.found else []
    came_by = ""
    while True:
        kind = (page.rows.model._meta.model_name if page.rows is not None else "") or name
        keys = [each.pk if hasattr(each, "pk") else each.id for each in page.shown]
        note_access(who, AccessKind.EXPORT, kind, keys, now())
        yield lines
        if not page.next_url:
            return
        if page.next_url == came_by:  # a place that is not read leads to the first page: never around and around
            raise RuntimeError(f"{name}: the page behind this one is this one")
        came_by = page.next_url
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


# ---- by a job --------------------------------------------------------------------------------------------------------
def _page_at(path: str) -> ResolverMatch:
    try:
        match = resolve(path)
    except Resolver404:
        raise NotFound("trace.unknown_list") from None
    if not getattr(match.func, "is_console_page", False):
        raise NotFound("trace.unknown_list")
    return match


def named(path: str, wanted: str) -> tuple[str, str]:
    """What the list at an address is called, and the file of it."""
    if wanted not in TYPES:
        raise Invalid("kernel.not_a_choice", field="format", given=wanted)
    name = _page_at(path).url_name or "list"
    return name, _file(name, Format(wanted))


def write_list(
    request: HttpRequest, who: Actor, wanted: Format, file: IO[bytes], tell: Callable[[int, int | None], None]
) -> None:
    """Write the list at the request's address, telling after each page how far it is."""
    match = _page_at(request.path)
    request.resolver_match = match

    def ask() -> HttpResponseBase:
        try:
            return cast("HttpResponseBase", match.func(request, *match.args, **match.kwargs))
        except (Http404, PermissionDenied):
            raise NotFound("trace.unknown_list") from None

    _go_to(request, request.GET)
    first = _passed(request, ask)
    if not first.is_taken:
        raise NotFound("trace.unknown_list")
    total = first.rows.count() if first.rows is not None else None

    def told() -> Iterator[Lines]:
        done = -1  # the heading is no row
        for lines in _parts(request, who, ask, first, match.url_name or "list"):
            done += len(lines)
            yield lines
            tell(max(done, 0), total)

    if wanted is Format.CSV:
        for part in _csv(told()):
            file.write(part.encode())
    else:
        _workbook(told(), file)
