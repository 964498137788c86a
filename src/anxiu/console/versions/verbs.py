"""The verbs that move a version on, as dialogs."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import Verb, dialog, page
from anxiu.console.versions.forms import (
    DESCRIBED,
    BeginForm,
    CommentForm,
    DescribeForm,
    SettleForm,
    StartForm,
    WhyForm,
)
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.gates import ask
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now
from anxiu.regulation import actions
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import comments, versions

Values = dict[str, Any]


def one(actor: Actor, uid: UUID) -> Version:
    """A version the actor may read."""
    found = versions(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def to_draft(version: object) -> str:
    """The address of a version's own page."""
    return reverse("version", args=[cast("Version", version).uid])


@page("regulation.start_draft")
def start_draft(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a draft from a preset or from a version."""
    form = StartForm(request.POST or None, actor=actor, source=request.GET.get("from", ""))

    def run(given: Values) -> object:
        return actions.start_draft(
            actor=actor, at=now(), source=form.begins(), why=given["why"], region_id=given["region_id"],
            order_type=given["order_type"],
        )  # fmt: skip

    verb = Verb(
        _("Begin a draft"), _("Begin"), run, go=to_draft, done=_("The draft is begun."), keep="start_draft",
        lead=_("A draft holds nothing until it was reviewed, approved and put in force."),
    )  # fmt: skip
    return dialog(request, actor, form, verb)


@page("regulation.describe_draft")
def describe_draft(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Write name, purpose, scope and principles."""
    version = one(actor, uid)

    def run(given: Values) -> object:
        said = actions.Description(**{name: given[name].replace("\r\n", "\n") for name in DESCRIBED})
        return actions.describe_draft(
            actor=actor, at=now(), version_id=version.pk, description=said, why=given["why"]
        )

    verb = Verb(_("Name, purpose, scope, principles"), _("Save"), run, done=_("Saved."), keep=f"describe-{uid}")
    return dialog(request, actor, DescribeForm(request.POST or None, version=version), verb)


@page("regulation.comment_on_clause")
def comment_on_clause(request: HttpRequest, actor: Actor, uid: UUID, number: str = "") -> HttpResponse:
    """Say something of a clause under review, or of the whole."""
    version = one(actor, uid)
    clause = Clause.objects.filter(version=version, number=number).first()

    def run(given: Values) -> object:
        return actions.comment_on_clause(
            actor=actor, at=now(), version_id=version.pk, number=number, text=given["text"]
        )

    title = _("Comment on clause {number}").format(number=number) if clause else _("Comment on the whole")
    verb = Verb(title, _("Comment"), run, done=_("Your comment stands beside it."), keep=f"comment-{uid}-{number}")
    return dialog(request, actor, CommentForm(request.POST or None), verb)


@page("regulation.settle_comment")
def settle_comment(request: HttpRequest, actor: Actor, uid: UUID, comment: UUID) -> HttpResponse:
    """Say what became of a comment."""
    version = one(actor, uid)
    found = comments(actor, version.pk).filter(uid=comment).first()
    if found is None:
        raise NotFound("kernel.not_found")

    def run(given: Values) -> object:
        return actions.settle_comment(
            actor=actor, at=now(), version_id=version.pk, comment_id=found.pk, taken_up=given["taken_up"],
            answer=given["answer"],
        )  # fmt: skip

    said = f"{found.author.name}: {found.text}"
    verb = Verb(_("Settle the comment"), _("Settle"), run, document=said, done=_("Settled."))
    return dialog(request, actor, SettleForm(request.POST or None), verb)


def _moves(act: Callable[..., object], title: object, done: object, lead: object = "", *, danger: bool = False) -> Any:
    """A dialog that asks the reason and moves a version on."""

    @page(f"regulation.{act.__name__}")
    def view(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
        version = one(actor, uid)

        def run(given: Values) -> object:
            return act(actor=actor, at=now(), version_id=version.pk, why=given["why"])

        verb = Verb(title, title, run, lead=lead, danger=danger, done=done)
        return dialog(request, actor, WhyForm(request.POST or None), verb)

    return view


submit_for_review = _moves(
    actions.submit_for_review, _("Submit for review"), _("The working group has it."),
    _("The text stays as it is during the review."),
)  # fmt: skip
return_to_draft = _moves(
    actions.return_to_draft, _("Return to draft"), _("It may be changed again."),
    _("The review and its comments stay; the version is submitted again afterwards."),
)  # fmt: skip
approve_version = _moves(
    actions.approve_version, _("Approve"), _("The version is approved."),
    _("It takes effect only when it is put in force. Who alone wrote it does not approve it."),
)  # fmt: skip
discard_draft = _moves(
    actions.discard_draft, _("Give up"), _("The draft is given up; it stays on record."), danger=True
)
withdraw_version = _moves(
    actions.withdraw_version, _("Withdraw"), _("The version is withdrawn."),
    _("The next wider or earlier version takes its place. What was judged by it stays as it is."), danger=True,
)  # fmt: skip


@page("regulation.put_in_force")
def put_in_force(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Let an approved version hold, at once or later."""
    version = one(actor, uid)

    def run(given: Values) -> object:
        at = now()
        return actions.put_in_force(
            actor=actor, at=at, version_id=version.pk, in_force_from=given["in_force_from"] or at, why=given["why"],
            despite=bool(given.get("despite")),
        )  # fmt: skip

    shut = ask([version], "put_in_force", actor, now())[version.pk]
    against = [explain(each) for verdict in shut for each in verdict.missing]
    verb = Verb(
        _("Put in force"), _("Put in force"), run, go=to_draft, done=_("It is put in force."), notes=against,
        lead=_("Orders already open keep the version they were opened under."),
    )  # fmt: skip
    yields = bool(shut) and all(each.yields for each in shut)
    return dialog(request, actor, BeginForm(request.POST or None, against=yields), verb)


@page("regulation.remove_clause")
def remove_clause(request: HttpRequest, actor: Actor, uid: UUID, number: str) -> HttpResponse:
    """Take a clause out of a draft."""
    version = one(actor, uid)

    def run(given: Values) -> object:
        actions.remove_clause(actor=actor, at=now(), version_id=version.pk, number=number, why=given["why"])
        return version

    verb = Verb(
        _("Take clause {number} out").format(number=number), _("Take out"), run, danger=True, go=to_draft,
        done=_("The clause is taken out."),
        lead=_("The figures it governed stay in the version, until another clause governs them."),
    )  # fmt: skip
    return dialog(request, actor, WhyForm(request.POST or None), verb)
