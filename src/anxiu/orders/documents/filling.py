"""Fills the shapes of an order's documents from its rows, in one language."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from anxiu.accounts.models import Person
from anxiu.contracts.choices import Basis
from anxiu.contracts.queries import entitlements
from anxiu.contracts.rules import Entitlement
from anxiu.files.content import open_content
from anxiu.files.documents import Picture, Style
from anxiu.files.models import Attachment
from anxiu.files.pictures import printable
from anxiu.files.queries import of_subject
from anxiu.kernel.actor import Subject
from anxiu.kernel.models import Position
from anxiu.kernel.values import reading
from anxiu.orders import messages
from anxiu.orders.choices import ABOUT_FAULTS, SUMMARY, EntryKind, SignOffOutcome
from anxiu.orders.documents import shapes
from anxiu.orders.models import Entry, Order, SignOff, Superseded, Visit
from anxiu.orders.queries import line_in_words, standing_entries
from anxiu.orders.values import REFUSAL_REASONS
from anxiu.regulation.choices import OrderType
from anxiu.sla.models import Clock
from anxiu.sla.queries import clocks_of, took
from anxiu.workforce.queries import zone_of

MOST_PHOTOS: Final = 12  # source: own choice; two printed pages, the rest stays in the file


def style_of(order: Order, language: str) -> Style:
    """How documents of this order are written."""
    return Style(language, str(zone_of(order.region)))


def report(order: Order, language: str, at: datetime) -> shapes.Report:
    """The service report of an order as it stands."""
    with translation.override(language):
        entries = list(standing_entries([order]).select_related("author", "part", "corrects"))
        visits = list(Visit.objects.filter(order=order).select_related("engineer__person").order_by("number"))
        files = {each.uid: each for each in of_subject(Subject("order", order.pk))}
        said = SignOff.objects.filter(order=order, superseded=None).select_related("witnessed_by")
        signed = said.order_by("-number").first()
        labour = [each for each in entries if each.kind == EntryKind.LABOUR]
        return shapes.Report(
            company=_company(language), number=order.number, order_type=str(messages.TYPES[order.order_type]),
            severity=str(messages.SEVERITIES[order.severity]), issued_at=at, customer=_customer(order),
            machine=_machine(order, language), fault=order.request.words,
            fault_class=_named(order.fault_class, language),
            finding=next((each.text for each in entries if each.code == "finding"), ""),
            cause=order.cause, solution=order.solution,
            result=_result(order),
            engineers=tuple(
                dict.fromkeys(_worker(each.engineer.person, language) for each in visits if each.arrived_at)
            ),
            moments=tuple(_moment(each) for each in clocks_of(Subject("order", order.pk)) if each.stopped_at),
            entries=tuple(
                _line(each, language, order) for each in entries
                if each.kind in (EntryKind.NOTE, EntryKind.CHECK) and each.code != SUMMARY  # our own lesson
            ),
            parts=tuple(_part(each, language) for each in entries if each.part),
            labour=tuple(_labour(each, language) for each in labour),
            labour_total=timedelta(minutes=sum(each.minutes or 0 for each in labour)) if labour else None,
            measurements=tuple(_measurement(each) for each in entries if each.kind == EntryKind.READING),
            photos=_photos(entries, files), videos=_videos(entries, files, language), free_because=_free(order),
            points=_points(order), sign_off=_sign_off(order, signed, files, language),
            guarantee=_promise(order), receipt=_receipt(),
        )  # fmt: skip


def guarantee(order: Order, language: str, at: datetime) -> shapes.Guarantee:
    """The guarantee certificate of an order that has one."""
    with translation.override(language):
        given = order.guarantee
        entries = standing_entries([order]).filter(part__isnull=False).select_related("part")
        return shapes.Guarantee(
            company=_company(language), number=given.number, order_number=order.number, customer=_customer(order),
            machine=_machine(order, language), repaired=order.solution,
            parts=tuple(_part(each, language).name for each in entries), from_date=given.from_date,
            until_date=given.until_date, days=given.days, issued_at=at, issued_by=_company(language).name,
            statutory=_("The period is the statutory minimum of this class of product.")
            if given.because == "statutory" else "", receipt=_receipt(),
        )  # fmt: skip


def _company(language: str) -> shapes.Company:
    env = settings.ENV
    return shapes.Company(env.company_zh if language.startswith("zh") else env.company_en, env.company_phone)


def _customer(order: Order) -> shapes.Customer:
    request, site = order.request, order.site
    if order.customer is None:
        return shapes.Customer(request.caller_name or "–", address=request.place, phone=request.caller_phone)
    return shapes.Customer(
        order.customer.name, site.name if site else "", site.address if site else request.place,
        order.contact.name if order.contact else request.caller_name,
        order.contact.masked_phone if order.contact else "",
    )  # fmt: skip


def _machine(order: Order, language: str) -> shapes.Machine | None:
    machine = order.machine
    if machine is None:
        product = order.request.product
        return shapes.Machine(product) if product else None
    on = order.opened_at.astimezone(zone_of(order.region)).date()
    words = _pays(entitlements([machine], OrderType(order.order_type), on)[machine.pk])
    return shapes.Machine(
        _named(machine.model.family, language), f"{machine.model.maker} {machine.model.name}", machine.serial,
        machine.name, words,
    )  # fmt: skip


def _pays(found: Entitlement) -> str:
    if found.basis == Basis.WARRANTY:
        return _("Under warranty until {date}").format(date=found.until)
    if found.basis == Basis.CONTRACT and found.terms:
        return _("Contract {number}, until {date}").format(number=found.terms.number, date=found.until)
    return _("Out of warranty")


def _named(row: object | None, language: str) -> str:
    """The name of a row that has one in both languages."""
    if row is None:
        return ""
    return str(getattr(row, "name_zh" if language.startswith("zh") else "name_en"))


def _worker(person: Person | None, language: str) -> str:
    if person is None:
        return _("System")
    return person.name if language.startswith("zh") else person.name_en or person.name


def _moment(clock: Clock) -> shapes.Moment:
    outcome = shapes.Outcome(clock.outcome) if clock.outcome in {each.value for each in shapes.Outcome} else None
    lasted = took(clock)
    return shapes.Moment(
        str(messages.CLOCKS[clock.kind]), clock.due_at, clock.stopped_at, lasted.gross if lasted else None, outcome,
        net=lasted.net if lasted else None,
    )  # fmt: skip


def _result(order: Order) -> str:
    if order.order_type in ABOUT_FAULTS:
        return _("The fault is resolved.") if order.resolved else _("The fault is not resolved yet.")
    return _("The work is complete.") if order.resolved else _("The work is not complete yet.")


def _line(entry: Entry, language: str, order: Order) -> shapes.Entry:
    who = _("Customer") if entry.by_customer else _worker(entry.author, language)
    return shapes.Entry(entry.at, who, line_in_words(entry, order, language) or entry.text)


def _part(entry: Entry, language: str) -> shapes.Part:
    quantity = f"{entry.value.normalize():f}" if entry.value is not None else ""
    unit = entry.part.unit if entry.part else ""
    number = entry.part.number if entry.part else ""
    return shapes.Part(number, _named(entry.part, language), f"{quantity} {unit}".strip())


def _labour(entry: Entry, language: str) -> shapes.Labour:
    return shapes.Labour(_worker(entry.author, language), entry.text, timedelta(minutes=entry.minutes or 0))


def _measurement(entry: Entry) -> shapes.Measurement:
    return shapes.Measurement(entry.text, f"{entry.value.normalize():f}" if entry.value is not None else "", entry.unit)


def _photos(entries: Sequence[Entry], files: dict[UUID, Attachment]) -> tuple[shapes.Photo, ...]:
    found = _with_files(entries, EntryKind.PHOTO, files)[:MOST_PHOTOS]
    return tuple(shapes.Photo(_picture(file), entry.text, entry.at) for entry, file in found)


def _videos(entries: Sequence[Entry], files: dict[UUID, Attachment], language: str) -> tuple[shapes.Video, ...]:
    return tuple(
        shapes.Video(entry.at, _worker(entry.author, language), file.name, file.blob.digest, entry.text)
        for entry, file in _with_files(entries, EntryKind.VIDEO, files)
    )


def _with_files(
    entries: Sequence[Entry], kind: EntryKind, files: dict[UUID, Attachment]
) -> list[tuple[Entry, Attachment]]:
    """The lines of a kind with the file of each; a file that was taken off is not there any more."""
    return [
        (each, files[each.attachment_uid]) for each in entries if each.kind == kind and each.attachment_uid in files
    ]


def _picture(file: Attachment) -> Picture:
    content = open_content(file.blob)
    with content.file:
        return Picture(printable(content.file, file.blob.media_type))


def _free(order: Order) -> str:
    return _("Free of charge under our repair guarantee.") if order.is_free else ""


def _points(order: Order) -> tuple[shapes.Point, ...]:
    waiting = order.questions.filter(answered_at=None).select_related("owner")
    return tuple(shapes.Point(each.text, each.owner.name) for each in waiting)


def _sign_off(
    order: Order, signed: SignOff | None, files: dict[UUID, Attachment], language: str
) -> shapes.SignOff | None:
    if signed is None:
        return None
    because = ""
    if signed.outcome == SignOffOutcome.REFUSED:
        listed = {each.code: each.words for each in reading(order.version_id)(REFUSAL_REASONS)}
        words = listed.get(signed.refusal_reason)
        because = words.in_language(language) if words else signed.refusal_reason
    signature = files.get(signed.signature_uid) if signed.signature_uid else None
    return shapes.SignOff(
        signed.signer, signed.at, _picture(signature) if signature else None, str(messages.MEANS[signed.means]),
        remarks=signed.remarks, refused_because=because, document_digest=signed.document_digest,
        witness=_worker(signed.witnessed_by, language) if signed.witnessed_by else "", replaces=_replaced(order),
    )  # fmt: skip


def _replaced(order: Order) -> str:
    """Which record this one replaces and why, where it was corrected after it was signed."""
    former = Superseded.objects.filter(sign_off__order=order).select_related("sign_off").order_by("id").last()
    if former is None:
        return ""
    was = former.sign_off.at.astimezone(zone_of(order.region))
    return _("the record of {at}: {reason}").format(at=f"{was:%Y-%m-%d %H:%M}", reason=former.reason)


def _promise(order: Order) -> str:
    given = getattr(order, "guarantee", None)
    if given is None:
        return ""
    return _("Quality guarantee {number}: {days} days, until {date}.").format(
        number=given.number, days=given.days, date=given.until_date
    )


def _receipt() -> shapes.Receipt | None:
    """Where the chain stood: printed outside our reach, it ties everything before it."""
    last = Position.objects.select_related("event").order_by("-position").first()
    return shapes.Receipt(last.position, bytes(last.hash).hex(), last.event.recorded_at) if last else None
