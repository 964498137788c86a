"""The page of the guide, what is put off, and the test notice to oneself."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anxiu.accounts.queries import SET_UP
from anxiu.console.pages import page, show
from anxiu.console.setup import company, work
from anxiu.console.setup.later import ALL, put_off_by, remember
from anxiu.console.setup.shapes import Step
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

STEPS: tuple[Callable[[Actor, datetime], Step], ...] = (
    company.company,
    company.places,
    company.regulation,
    company.calendar,
    company.products,
    work.office,
    work.hands,
    work.duty,
    work.base,
    company.mail,
    work.labels,
    work.first,
)
CODES = frozenset(step.__name__ for step in STEPS)  # a step's code is its function's name
OWN = "anxiu run --own you@example.com"


@page(SET_UP)
def set_up(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every step with its state as the data say; on the demo company, how to leave it."""
    at, later = now(), put_off_by(request)
    steps = [step(actor, at) for step in STEPS]
    done = sum(each.is_done for each in steps)
    current = next((each.code for each in steps if not each.is_done and each.code not in later), "")
    context: dict[str, Any] = {
        "title": _("Set up"),
        "steps": steps,
        "later": later,
        "done": done,
        "number": len(steps),
        "percent": round(100 * done / len(steps)),
        "current": current,
        "is_put_aside": ALL in later,
        "is_demo": settings.ENV.demo,
        "command": OWN,
        "make_command": f'make run ARGS="{OWN.removeprefix("anxiu run ")}"',
        "is_clone": (Path.cwd() / "Makefile").exists(),
    }
    return show(request, "console/setup/setup.html", context)


@page(SET_UP)
@require_POST
def put_off(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put a step off or take it up again; `all` is the guide as a whole, which is then no longer the first page."""
    later, code = put_off_by(request), request.POST.get("step", "")
    known = {ALL, *CODES}
    response = redirect("set_up" if code != ALL or ALL in later else "desk")
    remember(response, frozenset(later ^ {code}) & known)
    return response
