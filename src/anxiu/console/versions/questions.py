"""The questions of a version: read with their figures in words; in a draft added, worded anew, ordered, taken out."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Post
from anxiu.accounts.queries import posts
from anxiu.console.pages import Verb, dialog, page, show
from anxiu.console.versions.editing import edited, unix
from anxiu.console.versions.forms import WhyForm, area
from anxiu.console.versions.pages import frame
from anxiu.console.versions.verbs import one
from anxiu.console.versions.words import UNFIT, both, language, name_of, zh
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.kernel.values import Words
from anxiu.regulation import actions
from anxiu.regulation.models import Clause, Question, Version
from anxiu.regulation.queries import VIEW_DRAFTS, questions, situation_of, speaker

CHOICES = range(1, 7)
TEXT = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A question in words: choices with whether each is right, the posts it is asked of, what makes it unfit."""

    row: Question
    situation: str
    choices: tuple[tuple[str, bool], ...]
    why: str
    posts: tuple[str, ...]
    unfit: str


@page(VIEW_DRAFTS)
def quiz(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The questions of a version, as people are asked them."""
    version = one(actor, uid)
    context = frame(actor, version, "quiz")
    say, names = speaker(version.pk).in_language(language()), _post_names()
    unfit = {each.code: str(UNFIT[each.unfit]) for each in context["ready"].unfit}
    found = []
    for row in questions(actor, version.pk):
        asked = situation_of(row)
        found.append(
            Shown(
                row, say(both(asked.situation)), tuple((say(both(each.words)), each.right) for each in asked.choices),
                say(both(asked.why)), tuple(names.get(each, each) for each in asked.posts), unfit.get(row.code, ""),
            )
        )  # fmt: skip
    return show(request, "console/versions/quiz.html", {**context, "questions": found})


def _post_names() -> dict[str, str]:
    return {each.code: _named(each) for each in posts()}


def _named(post: Post) -> str:
    return post.name_zh if zh() else post.name_en


class QuestionForm(WhyForm):
    """A situation, its choices, and why the right ones are right; in both languages."""

    code = forms.SlugField(label=_("Code"), max_length=32, help_text=_("Names it for good, such as first-contact."))
    number = forms.ChoiceField(label=_("Clause"))
    posts = forms.MultipleChoiceField(
        label=_("Asked of"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Of all when none is ticked."),
    )  # fmt: skip
    situation_zh = forms.CharField(label=_("Situation · Chinese"), widget=area(3), max_length=TEXT)
    situation_en = forms.CharField(
        label=_("Situation · English"), widget=area(3), max_length=TEXT,
        help_text=_("{app.key} says a figure, {app.key:row} one row of it: it stays right when the figure is changed."),
    )  # fmt: skip

    def __init__(self, data: Any, *, version: Version, row: Question | None) -> None:
        super().__init__(data, initial=_initial(row) if row else None)
        for place in CHOICES:
            for said, label in (("zh", _("Choice {n} · Chinese")), ("en", _("Choice {n} · English"))):
                self.fields[f"choice{place}_{said}"] = forms.CharField(
                    label=str(label).format(n=place), required=False, max_length=TEXT
                )
            self.fields[f"right{place}"] = forms.BooleanField(
                label=str(_("Choice {n} is right")).format(n=place), required=False
            )
        for said, label in (("zh", _("Why · Chinese")), ("en", _("Why · English"))):
            self.fields[f"why_{said}"] = forms.CharField(label=label, widget=area(2), max_length=TEXT)
        clauses = Clause.objects.filter(version=version)
        numbers = [(each.number, f"{each.number} {each.title_zh if zh() else each.title_en}") for each in clauses]
        self.fields["number"] = forms.ChoiceField(label=_("Clause"), choices=[("", _("Please choose")), *numbers])
        self.fields["posts"].choices = list(_post_names().items())  # type: ignore[attr-defined]  # a choice field
        if row:
            del self.fields["code"]
        self.last()

    def situation(self, code: str) -> actions.Situation:
        """The question as the verb takes it; choices without any words are left out."""
        given = self.cleaned_data

        def words(name: str) -> Words:
            return Words(given.get(f"{name}_zh", ""), given.get(f"{name}_en", ""))

        choices = ((words(f"choice{place}"), bool(given.get(f"right{place}"))) for place in CHOICES)
        return actions.Situation(
            code, given["number"], words("situation"),
            tuple(actions.Choice(said, right) for said, right in choices if said.zh or said.en), words("why"),
            tuple(given["posts"]),
        )  # fmt: skip


def _initial(row: Question) -> dict[str, Any]:
    asked = situation_of(row)
    given: dict[str, Any] = {"number": row.number, "posts": list(row.posts)}
    for name, words in asked.texts:
        given |= {f"{name}_zh": words.zh, f"{name}_en": words.en}
    return given | {f"right{place}": each.right for place, each in enumerate(asked.choices, 1)}


def _context(version: Version, form: QuestionForm, title: object) -> dict[str, Any]:
    return {
        "title": title, "context_line": version.code, "version": version, "name": name_of(version), "form": form,
        "number": "", "back": reverse("version_quiz", args=[version.uid]),
    }  # fmt: skip


@page("regulation.add_question")
def add_question(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Add a question about a situation."""
    version = one(actor, uid)
    form = QuestionForm(unix(request), version=version, row=None)

    def run(given: dict[str, Any]) -> object:
        made = form.situation(given["code"])
        return actions.add_question(actor=actor, at=now(), version_id=version.pk, situation=made, why=given["why"])

    context = _context(version, form, _("Add a question"))
    return edited(request, actor, form, run, "console/versions/clause.html", context)


@page("regulation.write_question")
def write_question(request: HttpRequest, actor: Actor, uid: UUID, code: str) -> HttpResponse:
    """Word a question anew."""
    version = one(actor, uid)
    form = QuestionForm(unix(request), version=version, row=_question(actor, version, code))

    def run(given: dict[str, Any]) -> object:
        made = form.situation(code)
        return actions.write_question(actor=actor, at=now(), version_id=version.pk, situation=made, why=given["why"])

    context = _context(version, form, _("Question {code}").format(code=code))
    return edited(request, actor, form, run, "console/versions/clause.html", context)


def _question(actor: Actor, version: Version, code: str) -> Question:
    row = questions(actor, version.pk).filter(code=code).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


@page("regulation.remove_question")
def remove_question(request: HttpRequest, actor: Actor, uid: UUID, code: str) -> HttpResponse:
    """Take a question out of a draft."""
    version = one(actor, uid)
    _question(actor, version, code)

    def run(given: dict[str, Any]) -> object:
        return actions.remove_question(actor=actor, at=now(), version_id=version.pk, code=code, why=given["why"])

    title = _("Take question {code} out").format(code=code)
    verb = Verb(title, _("Take out"), run, danger=True, done=_("The question is taken out."))
    return dialog(request, actor, WhyForm(request.POST or None), verb)


class MoveForm(WhyForm):
    """At which place a question stands."""

    place = forms.IntegerField(label=_("Place"), min_value=1, help_text=_("Counted from 1."))

    def __init__(self, data: Any, *, place: int) -> None:
        super().__init__(data, initial={"place": place})
        self.last()


@page("regulation.move_question")
def move_question(request: HttpRequest, actor: Actor, uid: UUID, code: str) -> HttpResponse:
    """Put a question at another place."""
    version = one(actor, uid)
    row = _question(actor, version, code)

    def run(given: dict[str, Any]) -> object:
        return actions.move_question(
            actor=actor, at=now(), version_id=version.pk, code=code, place=given["place"], why=given["why"]
        )

    verb = Verb(_("Move question {code}").format(code=code), _("Move"), run, done=_("The question is moved."))
    return dialog(request, actor, MoveForm(request.POST or None, place=row.position), verb)


