"""Changing a draft: a figure by its controls, a clause by its form, and taking a change of the log back."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.figures import FigureForm
from anxiu.console.pages import DONE, REFUSED, Verb, VerbForm, dialog, leave, page, refuse, show
from anxiu.console.versions.forms import ClauseForm, WhyForm, area, free_keys
from anxiu.console.versions.verbs import one, to_draft
from anxiu.console.versions.words import ADDED, UNDONE, entry, language, name_of
from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound, Refusal
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.time import now
from anxiu.kernel.values import Words
from anxiu.regulation import actions
from anxiu.regulation.choices import Control
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import Change, clause_about, figures, log, terms

Values = dict[str, Any]


class EditForm(FigureForm):
    """A new figure of a draft, and why."""

    why = forms.CharField(
        label=_("Reason"), max_length=4000, widget=area(2), help_text=_("Kept in the change log.")
    )

    def __init__(self, data: Any, **figure: Any) -> None:
        super().__init__(data, **figure)
        self.order_fields([*(name for name in self.fields if name != "why"), "why"])


@page("regulation.set_figure")
def set_figure(request: HttpRequest, actor: Actor, uid: UUID, key: str) -> HttpResponse:
    """Set a figure; rows come and go by the form's own buttons, so that no script is needed."""
    version = one(actor, uid)
    held = figures(version.pk)
    if key not in values.REGISTRY or key not in held:
        raise NotFound("kernel.not_found")
    clause = Clause.objects.filter(version=version, value_keys__contains=[key]).first()
    number = clause.number if clause else ""
    form = EditForm(
        request.POST or None, value=values.REGISTRY[key], raw=held[key], terms=terms(), language=language(),
        number=number,
    )  # fmt: skip

    def run(given: Values) -> object:
        return actions.set_figure(
            actor=actor, at=now(), version_id=version.pk, key=key, raw=form.figure(given), why=given["why"]
        )

    context = {
        "title": clause_about(version.pk, key, language()) or key, "context_line": version.code, "key": key,
        "version": version, "name": name_of(version), "form": form, "number": number,
    }  # fmt: skip
    return edited(request, actor, form, run, "console/versions/figure.html", context)


def edited(
    request: HttpRequest, actor: Actor, form: VerbForm, run: Any, template: str, context: dict[str, Any]
) -> HttpResponse:
    """The page of a form, or what it does: nothing typed is lost, whatever is refused."""
    version: Version = context["version"]
    back = context.get("back") or to_draft(version) + (f"#k{context['number']}" if context.get("number") else "")
    status = 200
    if request.method == "POST" and not getattr(form, "order", ""):
        status = REFUSED
        if form.is_valid():
            given = {**form.cleaned_data}
            key = str(given.pop("key", "") or uuid4().hex)

            def perform() -> Answer:
                run(given)
                return Answer(DONE, "")

            try:
                sent = f"{request.path}?{request.POST.urlencode()}".encode()
                once(principal=actor.key, key=key, request=sent, perform=perform)
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                return leave(request, back)
    context |= {"back": back}
    if "HX-Request" in request.headers:
        return render(request, template.replace(".html", "_form.html"), context, status=status)
    answer = show(request, template, context)
    answer.status_code = status
    return answer


def _clause(version: Version, number: str) -> Clause:
    found = Clause.objects.filter(version=version, number=number).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


@page("regulation.write_clause")
def write_clause(request: HttpRequest, actor: Actor, uid: UUID, number: str) -> HttpResponse:
    """Word a clause anew, or say what holds it."""
    version = one(actor, uid)
    clause = _clause(version, number)
    form = ClauseForm(unix(request), clause=clause, offered=free_keys(version, clause))

    def run(given: Values) -> object:
        return actions.write_clause(
            actor=actor, at=now(), version_id=version.pk, number=number, wording=form.wording(), why=given["why"]
        )

    context = {
        "title": _("Clause {number}").format(number=number), "context_line": version.code, "version": version,
        "name": name_of(version), "form": form, "number": number,
    }  # fmt: skip
    return edited(request, actor, form, run, "console/versions/clause.html", context)


@page("regulation.add_clause")
def add_clause(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Add a clause under a free number."""
    version = one(actor, uid)
    form = ClauseForm(unix(request), clause=None, offered=free_keys(version, None))

    def run(given: Values) -> object:
        return actions.add_clause(
            actor=actor, at=now(), version_id=version.pk, number=given["number"].strip(), wording=form.wording(),
            why=given["why"], chapter=Words(given["chapter_zh"], given["chapter_en"]),
        )  # fmt: skip

    context = {
        "title": _("Add a clause"), "context_line": version.code, "version": version, "name": name_of(version),
        "form": form, "number": "",
    }  # fmt: skip
    return edited(request, actor, form, run, "console/versions/clause.html", context)


def unix(request: HttpRequest) -> Any:
    """What was sent, with the line ends that presets use: browsers send others."""
    if not request.POST:
        return None
    sent = request.POST.copy()
    for name in sent:
        sent.setlist(name, [_lines(str(each)) for each in sent.getlist(name)])
    return sent


# ---- taking a change back --------------------------------------------------------------------------------------------
@page("regulation.set_figure")
def undo(request: HttpRequest, actor: Actor, uid: UUID, change: int) -> HttpResponse:
    """Put back what a change of the log replaced: another change, with its own reason."""
    version = one(actor, uid)
    found = next((each for each in log(actor, version.pk) if each.id == change and each.kind in UNDONE), None)
    if found is None:
        raise NotFound("kernel.not_found")

    def run(given: Values) -> object:
        if found.old is None and found.kind not in ADDED:
            raise NotFound("kernel.not_found")  # what stood there was erased since
        _take_back(actor, version, found, given["why"])
        return version

    verb = Verb(
        _("Take this change back"), _("Take back"), run, document=entry(found, may_undo=False).text,
        go=lambda _done: reverse("version_log", args=[uid]), done=_("The change is taken back."),
    )  # fmt: skip
    return dialog(request, actor, WhyForm(request.POST or None), verb)


def _take_back(actor: Actor, version: Version, change: Change, why: str) -> None:
    """The verb that undoes a change."""
    shared: dict[str, Any] = {"actor": actor, "at": now(), "version_id": version.pk, "why": why}
    number = str(change.body.get("number", ""))
    match change.kind:
        case "regulation.figure_set":
            actions.set_figure(**shared, key=change.body["key"], raw=change.old)
        case "regulation.clause_written":
            actions.write_clause(**shared, number=number, wording=_wording(change.old))
        case "regulation.clause_added":
            actions.remove_clause(**shared, number=number)
        case "regulation.clause_removed":
            chapter = Words(**change.old["chapter"])
            actions.add_clause(**shared, number=number, wording=_wording(change.old), chapter=chapter)
        case "regulation.question_written":
            actions.write_question(**shared, situation=_situation(change.old))
        case "regulation.question_added":
            actions.remove_question(**shared, code=change.body["question"])
        case "regulation.question_removed":
            actions.add_question(**shared, situation=_situation(change.old))


def _situation(written: Any) -> actions.Situation:
    choices = tuple(actions.Choice(Words(**each["words"]), each["right"]) for each in written["choices"])
    return actions.Situation(
        written["code"], written["number"], Words(**written["situation"]), choices, Words(**written["why"]),
        tuple(written["posts"]),
    )  # fmt: skip


def _wording(written: Any) -> actions.Wording:
    return actions.Wording(
        Words(**written["title"]), Words(**written["text"]), Control(written["control"]), tuple(written["values"]),
        tuple(written["enforced_by"]), tuple(written["indicators"]), Words(**written["manual"]),
    )  # fmt: skip


