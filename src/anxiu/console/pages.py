"""How a console page is made: who asks, list by keyset, page or fragment at one address, form in a dialog.

A view is `@page("app.view_x")`; it gets the actor. A list is `keyset` + `listing`; a verb is `dialog`, which shows the
form, runs one action once however often the button is pressed, and turns a refusal into the form's own message.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.console import exports
from anxiu.console.shell import shell
from anxiu.kernel import given, refused
from anxiu.kernel.action import VERBS
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, Refusal
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.messages import REFUSALS, explain

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]

LISTING: Final = "console/parts/listing.html"
PAGE: Final = 50  # source: own choice; two screens of rows, and a page below 100 ms at a million
DONE: Final = 204
BIGGEST: Final = 2**63  # of the database's integers
REFUSED: Final = 422
SET_UP: Final = "set_up"


def actor(request: HttpRequest) -> Actor:
    """Who asks; worked out once a request."""
    if not hasattr(request, "anxiu_actor"):
        request.anxiu_actor = actor_of(cast("Person", request.user))  # type: ignore[attr-defined]
    return cast("Actor", request.anxiu_actor)  # type: ignore[attr-defined]


def page(permission: str = "") -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A console page: login, the permission to see it, and refusals as the error pages people know."""

    def declare(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            who = actor(request)
            try:
                if permission:
                    who.require(permission)
                if exports.pending(request):  # a job asks for the pages of a long list
                    return view(request, who, *args, **kwargs)
                if exports.is_wanted(request):
                    return exports.answer(request, who, lambda: view(request, who, *args, **kwargs))
                return view(request, who, *args, **kwargs)
            except NotFound as refusal:
                raise Http404(explain(refusal)) from refusal
            except NotAllowed as refusal:
                _note(request, who, refusal, kwargs)
                raise PermissionDenied(explain(refusal)) from refusal

        asked = login_required(wrapped)
        asked.is_console_page = True  # type: ignore[attr-defined]  # `exports` makes files of these only
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", asked)

    return declare


def _note(request: HttpRequest, who: Actor, refusal: NotAllowed, named: Mapping[str, object]) -> None:
    """Keep that somebody opened the page of a verb they may not use."""
    verb, match = str(refusal.params.get("permission", "")), request.resolver_match
    if verb not in VERBS:
        return
    is_order = match is not None and (match.url_name or "").startswith("order")
    refused.note(who, verb, refusal, {"order_uid": named.get("uid")} if is_order else {})


def show(request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "") -> HttpResponse:
    """The whole page, or only `fragment` when htmx asks for a part of it; same address, same context.

    Where a file is asked for it is the tables of the list, or of the page if it has none, that are taken.
    """
    if asked := exports.pending(request):
        part = LISTING if "listing" in context else fragment or template
        whole = {**context, "shell": shell(request, actor(request))} if part == template else context
        return exports.taken(request, asked, part, whole)
    partial = getattr(request, "htmx", None)
    if fragment and partial and not partial.boosted and not partial.history_restore_request:
        return render(request, fragment, context)
    return render(request, template, {**context, "shell": shell(request, actor(request))})


Found = Callable[[QuerySet[Any, Any], int, int | None], list[Any]]


# ---- lists ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Listing:
    """What `console/parts/listing.html` shows."""

    id: str
    rows: Sequence[Any]
    columns: Sequence[dict[str, Any]]
    row_template: str
    keeps_rows: bool = False  # rows are values: all that the template shows, and nothing that changes
    title: object = ""
    next_url: str = ""
    first_url: str = ""
    count: int | None = None
    tabs: Sequence[dict[str, Any]] = ()
    search: dict[str, Any] | None = None
    filters: Sequence[dict[str, Any]] = ()
    hidden: Sequence[tuple[str, str]] = ()
    actions: Sequence[dict[str, Any]] = ()
    picks: Sequence[dict[str, Any]] = ()
    live: str = ""
    is_filtered: bool = False
    empty: dict[str, Any] = field(default_factory=dict)


def columns(*labels: object) -> list[dict[str, Any]]:
    """Plain columns by their labels."""
    return [{"label": label} for label in labels]


def address(request: HttpRequest, **changes: object) -> str:
    """The present address with some keys of its query set, or taken out when empty; always from the first page."""
    query = request.GET.copy()
    query.pop("after", None)
    query.pop(exports.ASKED, None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def keyset(
    request: HttpRequest, rows: QuerySet[M, R], order: Sequence[str], found_by: Found | None = None
) -> tuple[list[R], str]:
    """One page of rows after the one the address names, and the address of the next page; one statement.

    `order` lists columns, `-` for descending; the last must be unique. Null never occurs in them. What is found by
    words has a way of its own to its first rows: `found_by` is given the rows, how many, and the key they come before.
    """
    asked = exports.pending(request)
    size = exports.AT_ONCE if asked else PAGE
    page = rows
    if after := _position(request.GET.get("after", ""), rows.model, order):
        page = rows.filter(_beyond(order, after))
    if found_by and not asked:
        found = found_by(page, size + 1, cast("int", after[0]) if after else None)
    else:
        found = list(page.order_by(*order)[: size + 1])
    if asked:
        asked.seen(rows, found[:size])
    if len(found) <= size:
        return found, ""
    last = found[size - 1]
    values = [getattr(last, name.lstrip("-")) for name in order]
    text = json.dumps([each.isoformat() if isinstance(each, date) else each for each in values])
    return found[:size], address(request, after=base64.urlsafe_b64encode(text.encode()).decode())


def _beyond(order: Sequence[str], after: Sequence[object]) -> Q:
    """Rows behind a position: the same up to some column, and further in the next."""
    found, same = Q(), Q()
    for name, value in zip(order, after, strict=True):
        plain = name.lstrip("-")
        found |= same & Q(**{f"{plain}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{plain: value})
    return found


def _position(text: str, model: type[models.Model], order: Sequence[str]) -> list[object]:
    """The position an address names; a garbled one means the first page."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(text.encode()).decode()) if text else []
    except ValueError:
        return []
    if not isinstance(raw, list) or len(raw) != len(order):
        return []
    values: list[object] = []
    for name, part in zip(order, raw, strict=True):
        value = _read(model._meta.get_field(name.lstrip("-")), part)
        if value is None:
            return []
        values.append(value)
    return values


def _read(column: object, value: object) -> object:
    """One part of a position as its column holds it; None when it cannot be."""
    if isinstance(column, models.DateTimeField):
        return given.moment(str(value))
    if isinstance(column, models.DateField):
        return given.date_of(str(value))
    if isinstance(column, models.IntegerField | models.ForeignKey):
        return value if type(value) is int and abs(value) < BIGGEST else None
    return value if isinstance(value, str) and given.is_text(value) else None


# ---- forms ---------------------------------------------------------------------------------------------------------
class VerbForm(forms.Form):
    """The form of a verb. `key` makes pressing twice the same as pressing once."""

    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: uuid4().hex, max_length=64)

    def clean(self) -> dict[str, Any]:
        """A day of some other age is a slip of the hand, unless it stood there before: an import may bring one."""
        values = super().clean() or self.cleaned_data
        for name, value in list(values.items()):
            if isinstance(value, date) and not given.is_near(value) and name in self.changed_data:
                years = {"first": given.FIRST_YEAR, "last": given.LAST_YEAR}
                self.add_error(name, gettext("The year must be between %(first)s and %(last)s.") % years)
        return values


@dataclass(frozen=True)
class Verb:
    """How a verb looks in a dialog, and what it does with a valid form."""

    title: object
    submit: object
    run: Callable[[dict[str, Any]], object]
    lead: object = ""
    danger: bool = False
    done: object = ""
    keep: str = ""
    go: Callable[[object], str] | None = None
    warn: Callable[[object], object] = lambda _result: ""
    document: str = ""
    fields: str = ""
    notes: Sequence[object] = ()


def require_there(rows: models.QuerySet[Any], key: int) -> None:
    """What an address names by its key is among the rows the actor sees; else the answer is as if it were not."""
    if key >= BIGGEST or not rows.filter(pk=key).exists():
        raise NotFound("kernel.not_found")


def dialog(request: HttpRequest, who: Actor, form: forms.Form, verb: Verb) -> HttpResponse:
    """Show a verb's form, or carry it out: 204 with a notice when done, the form again with 422 when refused.

    A done verb answers `HX-Refresh` so that the page behind shows what changed, or goes to `verb.go(result)`.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid() and (done := _carried_out(request, who, form, verb)):
            return done
        status = REFUSED
    context = {
        "title": verb.title, "form": form, "post_url": request.get_full_path(), "lead": verb.lead,
        "submit": verb.submit, "danger": verb.danger, "keep": verb.keep, "document": verb.document,
        "fields": verb.fields,
        "notes": verb.notes,
    }  # fmt: skip
    return render(request, "console/parts/form_dialog.html", context, status=status)


def _carried_out(request: HttpRequest, who: Actor, form: forms.Form, verb: Verb) -> HttpResponse | None:
    values = dict(form.cleaned_data)
    key = str(values.pop("key", "") or uuid4().hex)
    warnings: list[object] = []

    def perform() -> Answer:
        result = verb.run(values)
        warnings.extend(filter(None, [verb.warn(result)]))
        return Answer(DONE, _then(request, verb, result))

    try:
        answer = once(principal=who.key, key=key, request=_fingerprint(request, values), perform=perform)
    except Refusal as refusal:
        refuse(form, refusal)
        return None
    if verb.done and not answer.repeated:
        messages.success(request, str(verb.done))
    for warning in warnings:
        messages.warning(request, str(warning))
    response = HttpResponse(status=DONE)
    if answer.body:
        response["HX-Redirect"] = answer.body
    else:
        response["HX-Refresh"] = "true"
    return response


def _then(request: HttpRequest, verb: Verb, result: object) -> str:
    """Where a done verb leads: to its own page, or back to the guide that opened the dialog."""
    if request.GET.get("back") == SET_UP:
        return reverse(SET_UP)
    return verb.go(result) if verb.go else ""


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """Go on to another page, whether the page's script posted a form or the browser did."""
    return HttpResponse(status=DONE, headers={"HX-Redirect": url}) if "HX-Request" in request.headers else redirect(url)


def _fingerprint(request: HttpRequest, values: dict[str, Any]) -> bytes:
    """What makes two posts the same request: address and fields; files by name and size."""
    plain = {
        name: f"{value.name}:{value.size}" if hasattr(value, "size") and hasattr(value, "name") else str(value)
        for name, value in values.items()
    }
    return json.dumps([request.path, sorted(plain.items())]).encode()


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal into a form: at its field where there is one, else above the form, each missing thing named."""
    if isinstance(refusal, NotFound):
        form.add_error(None, explain(refusal))
        return
    several = refusal.errors if isinstance(refusal, Invalid) else ()
    for each in several or (refusal,):
        field_name = each.field if each.field in form.fields else None
        if isinstance(each, GateShut):
            form.add_error(None, str(REFUSALS[each.code]).format(**each.params))
            for missing in each.missing:
                form.add_error(None, explain(missing))
        else:
            form.add_error(field_name, explain(each))


def local(at: datetime | None) -> str:
    """A moment as a `datetime-local` field holds it."""
    from django.utils import timezone

    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""
