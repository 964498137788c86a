"""Reading what people say of clauses."""

from django.db.models import Q, QuerySet

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.uptake.choices import RemarkState
from anxiu.uptake.models import Remark

VIEW_REMARKS = view("uptake.view_remarks", posts={"supervisor", "management", "administrator"})
VIEW_NAMES = view("uptake.view_remark_names", posts={"supervisor", "management", "administrator"})


def remarks(actor: Actor) -> QuerySet[Remark]:
    """One's own remarks; for who may see them all, those of the regions they see."""
    rows = Remark.objects.select_related("version", "author", "draft", "settled_by", "region")
    own = Q(author=actor.person_id) if actor.person_id is not None else Q(pk=None)
    if not actor.may(VIEW_REMARKS):
        return rows.filter(own)
    return rows if actor.regions is None else rows.filter(own | Q(region__in=actor.regions))


def remarks_on(actor: Actor, version_id: int) -> list[Remark]:
    """What the actor may see of what was said of a version's clauses, and what its draft took up; one statement.

    The working group of a draft reads what was taken up into it, whoever said it.
    """
    taken = Remark.objects.filter(draft=version_id, state=RemarkState.TAKEN_UP)
    asked = Q(pk__in=remarks(actor).filter(version=version_id).values("pk")) | Q(pk__in=taken.values("pk"))
    return list(Remark.objects.filter(asked).select_related("author", "draft").order_by("pk"))


def author_of(actor: Actor, remark: Remark) -> str:
    """Who said it, where the actor may know; nothing otherwise."""
    return remark.author.name if actor.may(VIEW_NAMES) or remark.author_id == actor.person_id else ""
