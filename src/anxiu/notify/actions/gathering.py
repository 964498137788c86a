"""What comes thick and fast: one message a person and channel, which grows until it leaves or is read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from anxiu.accounts.models import Person
from anxiu.kernel.values import reading
from anxiu.notify.choices import Kind
from anxiu.notify.links import escalations_address
from anxiu.notify.models import Gathered, Notice
from anxiu.notify.texts import render
from anxiu.notify.values import GATHER
from anxiu.regulation.queries import in_force

if TYPE_CHECKING:
    from django.db.models import QuerySet

URGED: Final = {Kind.ESCALATED: "late", Kind.WARNING: "near", Kind.NOBODY_TO_CALL: "uncalled"}
LISTED: Final = 20  # source: own choice; a screenful, the rest is on the page the message leads to


def gather_for(kind: Kind, at: datetime) -> timedelta:
    """How long a message of this kind waits for others; no time where it does not."""
    return reading(in_force(None, "", at).pk)(GATHER) if kind in URGED else timedelta(0)


def open_message(person: Person, medium: str, at: datetime) -> Notice | None:
    """The message to a person that still grows, locked; two reactors never open two."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    rows = Notice.objects.select_for_update().filter(person=person, medium=medium, gathers_until__gt=at)
    return rows.order_by("-id").first()


def keep(notice: Notice, entry: Notice) -> None:
    """Note that one message tells what another would have told alone."""
    Gathered.objects.create(
        notice=notice, key=entry.key, kind=entry.kind, title=entry.title, subject_kind=entry.subject_kind,
        subject_id=entry.subject_id, occurred_at=entry.occurred_at,
    )  # fmt: skip


def join(notice: Notice, entry: Notice, zone: object) -> None:
    """Let a message that still grows tell this as well: it becomes a digest."""
    keep(notice, entry)
    rows = Gathered.objects.filter(notice=notice).order_by("id")
    kinds = list(rows.values_list("kind", flat=True))
    notice.kind, notice.subject_kind, notice.subject_id = Kind.DIGEST, "person", notice.person_id or 0
    if notice.region_id != entry.region_id:
        notice.region = None  # whoever sees one of the regions only does not read of the others
    text = render(Kind.DIGEST, notice.language, zone, _context(notice, rows.values_list("title", flat=True), kinds))
    notice.title, notice.body, notice.told = text.title, text.body, len(kinds)
    notice.save(update_fields=["kind", "subject_kind", "subject_id", "region", "title", "body", "told"])


def _context(notice: Notice, titles: "QuerySet[Gathered, str]", kinds: list[str]) -> Mapping[str, object]:
    chinese = notice.language.startswith("zh")
    return {
        "count": len(kinds), "titles": list(titles[:LISTED]), "more": max(len(kinds) - LISTED, 0),
        **{name: kinds.count(kind) for kind, name in URGED.items()}, "url": escalations_address(),
        "company": settings.ENV.company_zh if chinese else settings.ENV.company_en,
    }  # fmt: skip
