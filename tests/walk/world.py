"""Two regions alike in everything, each with words of its own in every text: what one may read, the other may not.

Built once for all walks, by playing the real verbs. Whatever names, numbers, words, keys and addresses a region has are
in its `marks`; a page that holds one of another region's has told too much.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model

from anxiu.accounts.actions import (
    BUILT_IN,
    NewPerson,
    add_client,
    add_client_secret,
    add_outlet,
    add_person,
    add_region,
    add_service,
    change_person,
    issue_token,
    make_link,
)
from anxiu.accounts.choices import Bundle, LinkPurpose, PostCode, Reach
from anxiu.accounts.models import ApiToken, Outlet, Person, Post, Region
from anxiu.accounts.queries import actor_of
from anxiu.catalogue.actions import NewFaultClass, NewPart, add_fault_class, add_part
from anxiu.catalogue.models import FaultClass, Part
from anxiu.catalogue.models import Model as MachineModel
from anxiu.customers.choices import Tier
from anxiu.duties.models import Duty
from anxiu.equipment.actions import NewFile, add_document, import_batch, open_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import Table, head_of
from anxiu.equipment.models import ImportBatch, ImportFile
from anxiu.feedback.actions import rate
from anxiu.files.intake import prepare
from anxiu.files.models import Attachment
from anxiu.hooks.actions import NewTarget, add_target, send_test
from anxiu.kernel.action import default_posts
from anxiu.kernel.actor import SYSTEM, Actor, Subject
from anxiu.kernel.models import EventRow
from anxiu.kernel.money import Money
from anxiu.kernel.time import moved_to
from anxiu.mail.actions import Arrival, NewMailbox, add_mailbox, take_in
from anxiu.mail.models import Mail, Mailbox
from anxiu.mail.reading import read
from anxiu.notify.models import Notice
from anxiu.orders import actions
from anxiu.orders.models import Document, Order, Question
from anxiu.privacy.actions import export_person, make_export
from anxiu.privacy.choices import Who
from anxiu.regulation import actions as regulation
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.choices import GroupRole
from anxiu.regulation.models import Version
from anxiu.regulation.queries import in_force
from anxiu.regulation.rules.quiz import is_right
from anxiu.sla.actions import NewDuty, set_duty, tick_all
from anxiu.sla.models import Clock, DutyEntry, Escalation
from anxiu.trace.actions import EvidenceAsked, export_evidence, make
from anxiu.trace.models import Export
from anxiu.uptake.actions import NewSession, keep_readings, record_session, remark_on_clause, take_quiz
from anxiu.uptake.choices import RemarkKind
from anxiu.uptake.models import Reading, Review
from anxiu.uptake.queries import sitting
from anxiu.workforce.actions import NewQualification, add_qualification, add_shift, bar, book_leave
from anxiu.workforce.choices import BarReason, Difficulty, LeaveKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Leave, Qualification, Shift, Standing
from tests.given.assets import a_contact, a_contract, a_customer, a_family, a_machine, a_model, a_site
from tests.given.orders import LONG_AGO, MONDAY, PLACE, Company, Walk, a_picture, an_engineer, opened, react_all
from tests.given.piloted import started

NOW = MONDAY + timedelta(days=4, hours=2)
ALL = "everything"  # a post of a region with every permission there is: only the row scope stands between
PURPOSES = (LinkPurpose.TRACK, LinkPurpose.SIGN, LinkPurpose.RATE, LinkPurpose.DOCUMENT)


@dataclass(frozen=True)
class Shared:
    """What belongs to the whole company: the catalogue."""

    model: MachineModel
    fault: FaultClass
    part: Part


@dataclass
class Half:
    """One region with one of everything an address can name, and the people of every post there."""

    mark: str
    phone: str
    company: Company
    outlet: Outlet
    people: Mapping[str, Person]
    open: Order
    signing: Order
    done: Order
    question: Question
    links: dict[LinkPurpose, str]
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def region(self) -> Region:
        return self.company.region

    @property
    def _locals(self) -> list[Person]:
        return [each for each in self.people.values() if each.region_id]

    @property
    def place_marks(self) -> set[str]:
        """What only says that the region is there: people who see none of its rows may still live in it."""
        return {self.region.name_zh, self.region.name_en, self.region.code}

    @property
    def marks(self) -> set[str]:
        """Everything that tells something about this region."""
        rows = [self.open, self.signing, self.done, self.question, self.company.customer, self.company.site]
        rows += [self.company.contact, self.company.machine, self.company.engineer, *self._locals]
        rows += [each for name, each in self.things.items() if name not in ("part", "review") and hasattr(each, "uid")]
        numbers = {each.number for each in (self.open, self.signing, self.done, self.company.engineer)}
        customer, machine = self.company.customer, self.company.machine
        return {
            self.mark, self.phone[3:], *numbers, *(str(each.uid) for each in rows), customer.code, machine.label_code,
            *self.links.values(),
        }  # fmt: skip


@dataclass(frozen=True)
class World:
    """The company: `there` is what must not be seen, `here` is where those who look belong."""

    shared: Shared
    there: Half
    here: Half
    stranger: Person  # an engineer of `there` whom no order names
    nobody: Person  # lives in `there` and holds no post
    administrator: Person


def build() -> World:
    """The whole world, as of `NOW`. Its keys are numbers that stand nowhere else in a page."""
    with connection.cursor() as cursor:
        for number, table in enumerate(
            ("accounts_region", "customers_customer", "customers_contact", "equipment_machine")
        ):
            cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, 771_100_000 + 1000 * number])
    with moved_to(MONDAY):
        shared = _shared()
        there = _half("qx7forbidden", "13977665544", shared)
        here = _half("vn4allowed", "13911223344", shared)
        stranger = an_engineer(there.region, name="无关的工程师").person
        nobody = add_person(
            actor=SYSTEM, at=MONDAY, new=NewPerson("没有岗位的人", "nobody@example.com", (), region_id=there.region.pk)
        )
        admin = NewPerson("管理员", "admin@example.com", ((PostCode.ADMINISTRATOR, None),))
        administrator = add_person(actor=SYSTEM, at=MONDAY, new=admin)
    with moved_to(NOW):
        tick_all(NOW)
        keep_readings(actor=SYSTEM, at=NOW)
        react_all()
    for half in (there, here):
        _found_afterwards(half)
    return World(shared, there, here, stranger, nobody, administrator)


def _shared() -> Shared:
    Post.objects.create(
        code=ALL, name_zh="全权", name_en="Everything", reach=Reach.REGION, permissions=sorted(default_posts()),
        known=sorted(default_posts()),
    )  # fmt: skip
    add_region(actor=SYSTEM, at=LONG_AGO, code="elsewhere", name_zh="别处", name_en="Elsewhere")  # no pilot holds there
    family = a_family("LIFT")
    fault = add_fault_class(
        actor=SYSTEM,
        at=LONG_AGO,
        new=NewFaultClass("door", "门机故障", "Door operator", Difficulty.BASIC, family_id=family.pk),
    )
    part = add_part(actor=SYSTEM, at=LONG_AGO, new=NewPart("P-1", "皮带", "Belt", "条", price=Money(1200, "CNY")))
    return Shared(a_model(family), fault, part)


def _half(mark: str, phone: str, shared: Shared) -> Half:
    region = add_region(actor=SYSTEM, at=LONG_AGO, code=f"{mark}-r", name_zh=f"{mark}区", name_en=f"{mark} area")
    outlet = add_outlet(
        actor=SYSTEM,
        at=LONG_AGO,
        region_id=region.pk,
        code=f"{mark}-o",
        name_zh=f"{mark}网点",
        name_en=f"{mark} outlet",
    )
    people = {post: _person(mark, post, region, outlet, phone) for post in (*PostCode, ALL)}
    company = _company(mark, phone, region, people, shared)
    done = Walk(company, opened(company, MONDAY, words=f"{mark}停梯")).to("signed")
    _rated(done, company, mark)
    tuesday = MONDAY + timedelta(days=1)
    signing = Walk(company, opened(company, tuesday, words=f"{mark}异响"), tuesday).to("completed")
    wednesday = MONDAY + timedelta(days=2)
    latest = opened(company, wednesday, words=f"{mark}困人", media=(a_picture("seagreen"),))
    with moved_to(wednesday):
        question = actions.ask_question(actor=company.agent, at=wednesday, order_uid=latest.uid, text=f"{mark}几时到")
    half = Half(mark, phone, company, outlet, people, latest, signing, done, question, {}, {"part": shared.part})
    for purpose in PURPOSES:
        order = signing if purpose is LinkPurpose.SIGN else done
        half.links[purpose] = make_link(
            purpose=purpose, subject=Subject("order", order.pk), at=MONDAY, lasts=timedelta(days=30)
        )
    with moved_to(NOW - timedelta(hours=1)):
        _more(half, shared)
    return half


def _person(mark: str, post: str, region: Region, outlet: Outlet, phone: str) -> Person:
    """Somebody of the region; who sees the whole company belongs to none, and is named in every one."""
    if post in BUILT_IN and BUILT_IN[PostCode(post)][2] is Reach.COMPANY:
        new = NewPerson(post, f"{post}{Person.objects.count()}@example.com", ((post, None),))
    else:
        new = NewPerson(
            f"{mark}{post}", f"{post}@{mark}.example.com", _posts(post), phone=phone, region_id=region.pk,
            outlet_id=outlet.pk,
        )  # fmt: skip
    return add_person(actor=SYSTEM, at=LONG_AGO, new=new)


def _posts(post: str) -> tuple[tuple[str, None], ...]:
    """Who may do everything holds a post of the regulation as well, and so has it to read."""
    return ((post, None), ("warehouse", None)) if post == ALL else ((post, None),)


def _company(mark: str, phone: str, region: Region, people: Mapping[str, Person], shared: Shared) -> Company:
    customer = a_customer(region, f"{mark}客户", code=f"{mark}-c", tier=Tier.KEY)
    site = a_site(customer, f"{mark}厂房", address=f"{mark}路一号", place=PLACE)
    contact = a_contact(customer, f"{mark}联系人", phone, site_id=site.pk, email=f"contact@{mark}.example.com")
    machine = a_machine(
        site,
        shared.model,
        serial=f"{mark}-SN",
        name=f"{mark}一号梯",
        position=f"{mark}大厅",
        installed_on=date(2025, 6, 1),
    )
    engineer = an_engineer(region, name=f"{mark}工程师")
    change_person(actor=SYSTEM, at=LONG_AGO, person_id=engineer.person_id, changes={"phone": phone})
    engineer.person.refresh_from_db()
    acting = {post: actor_of(people[post]) for post in ("agent", "dispatcher", "supervisor", "management")}
    return _Marked(
        region, acting["agent"], acting["dispatcher"], acting["supervisor"], acting["management"], engineer,
        actor_of(engineer.person), customer, site, contact, machine, shared.fault,
    )  # fmt: skip


class _Marked(Company):
    """A company whose callers give their own name and number."""

    def report(self, **more: object) -> actions.Report:
        return super().report(caller_name=self.contact.name, caller_phone=self.contact.phone, **more)


def _rated(order: Order, company: Company, mark: str) -> None:
    """A rating so low that somebody has to make it good."""
    at = MONDAY + timedelta(hours=6)
    with moved_to(at):
        rate(actor=company.agent, at=at, order_uid=order.uid, score=1, words=f"{mark}不满意")
        while react_all():
            pass


def _more(half: Half, shared: Shared) -> None:
    """What stands around the orders."""
    at, engineer, region = NOW - timedelta(hours=1), half.company.engineer, half.region
    things, supervisor = half.things, half.company.supervisor
    manual = prepare(
        SimpleUploadedFile(f"{half.mark}.pdf", f"%PDF-1.7\n% {half.mark}\n%%EOF\n".encode(), "application/pdf")
    )
    things["contract"] = a_contract(
        half.company.customer, half.company.site, half.company.machine, number=f"{half.mark}-HT", value=Money(880_000)
    )
    things["manual"] = add_document(actor=SYSTEM, at=at, machine_id=half.company.machine.pk, content=manual)
    certificate = NewQualification(
        QualificationKind.CERTIFICATE, date(2025, 1, 1), code="height_work", number=f"{half.mark}-T"
    )
    add_qualification(actor=SYSTEM, at=at, engineer_id=engineer.pk, new=certificate)
    soon = NOW + timedelta(days=30)
    bar(
        actor=SYSTEM, at=at, engineer_id=engineer.pk, barred_from=soon, barred_until=soon + timedelta(days=1),
        reason=BarReason.SAFETY, note=f"{half.mark}缘由",
    )  # fmt: skip
    add_shift(
        actor=SYSTEM, at=at, engineer_id=engineer.pk, starts_at=soon, ends_at=soon + timedelta(hours=8),
        kind=ShiftKind.WORK,
    )  # fmt: skip
    book_leave(
        actor=SYSTEM, at=at, engineer_id=engineer.pk, starts_at=soon + timedelta(days=2),
        ends_at=soon + timedelta(days=3), kind=next(iter(LeaveKind)), note=f"{half.mark}假",
    )  # fmt: skip
    agent = half.people["agent"]
    things["on_duty"] = set_duty(
        actor=SYSTEM, at=at, new=NewDuty(agent.pk, "supervisor", at, NOW + timedelta(days=2), region.pk)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{half.mark}.csv"
        rows = f"客户编号,客户名称,区域,站点\n{half.mark}-2,{half.mark}进口客户,{region.code},{half.mark}二号厂房\n"
        path.write_text(rows, encoding="utf-8")
        table = Table(path, Layout(ImportKind.CUSTOMERS), "CNY")
        import_batch(
            actor=supervisor, at=at, kind=ImportKind.CUSTOMERS, source=half.mark, file=table.facts(), lines=table
        )
        things["import_file"] = _opened(half, path, actor_of(half.people[ALL]), at)
    things["version"] = adopt_preset(
        actor=SYSTEM, at=at, preset_code="default", in_force_from=soon, region_id=region.pk
    )
    things["reviewed"] = _reviewed(half, at)
    things["pilot"] = started(
        at, agent.pk, starts_at=soon - timedelta(days=10), regions=(region.pk,), order_types=("repair",),
        indicators=("wait",), purpose=f"{half.mark}试点",
    )  # fmt: skip
    _spoken_of(half, at)
    target, _ = add_target(
        actor=SYSTEM, at=at,
        new=NewTarget(f"https://{half.mark}.example.com/x", f"{half.mark}推送", ("orders.cancelled",), (region.pk,)),
    )  # fmt: skip
    things["hook"], things["hook_delivery"] = target, send_test(actor=SYSTEM, at=at, target_uid=target.uid)
    things["person_export"] = export_person(actor=SYSTEM, at=at, kind=Who.CUSTOMER, uid=half.company.customer.uid)
    make_export(things["person_export"].pk, at)
    things["export"] = _exported(half, at)
    things["mailbox"], things["mail"] = _mailed(half, at)
    things["token"], _ = issue_token(actor=SYSTEM, at=at, person_id=agent.pk, label=f"{half.mark}钥匙")
    _program_of(half, at)


def _program_of(half: Half, at: datetime) -> None:
    """A service account with a client that has two secrets."""
    things, region = half.things, half.region.pk
    service = add_service(
        actor=SYSTEM, at=at, name=f"{half.mark}程序", posts=(("agent", None),), region_id=region
    )
    client, _ = add_client(
        actor=SYSTEM, at=at, service_id=service.pk, label=f"{half.mark}客户端", bundles=[Bundle.READ]
    )
    add_client_secret(actor=SYSTEM, at=at, client_id=client.client_id)
    things.update(service=service, client=client, secret=client.secrets.order_by("pk")[0])


def _exported(half: Half, at: datetime) -> Export:
    """The evidence of an order, ready to be fetched by who may do everything here."""
    asked = EvidenceAsked(half.done.uid, "en", "Asia/Shanghai")
    row = export_evidence(actor=actor_of(half.people[ALL]), at=at, asked=asked)
    make(row.pk, lambda _row, _actor, file, _tell: file.write(half.mark.encode()))
    row.refresh_from_db()
    return row


def _mailed(half: Half, at: datetime) -> tuple[Mailbox, Mail]:
    """A mailbox, and a mail from a stranger that lies aside."""
    new = NewMailbox(
        f"service@{half.mark}.example.com", f"imap.{half.mark}.example.com", 993, f"{half.mark}", "sesame", half.region.pk
    )
    box = add_mailbox(actor=SYSTEM, at=at, new=new)
    raw = f"From: x@{half.mark}.example.com\r\nSubject: {half.mark}\r\nMessage-ID: <{half.mark}@x>\r\n\r\nhelp\r\n".encode()
    mail = take_in(actor=SYSTEM, at=at, mailbox_id=box.pk, arrival=Arrival(1, 1, raw), letter=read(raw))
    assert mail is not None
    return box, mail


def _spoken_of(half: Half, at: datetime) -> None:
    """A remark on a clause, a session about it, and the company's review."""
    agent, version = half.people["agent"], in_force(None, "", at)
    half.things["remark"] = remark_on_clause(
        actor=actor_of(agent), at=at, version_id=version.pk, number="3.1", kind=RemarkKind.PROPOSAL,
        text=f"{half.mark}太短",
    )  # fmt: skip
    new = NewSession(at, f"{half.mark}会议室", f"{half.mark}案例", (agent.pk,))
    half.things["session"] = record_session(actor=SYSTEM, at=at, version_id=version.pk, new=new)
    owner = Person.objects.filter(region=None).order_by("pk")[0]
    half.things["review"] = Review.objects.first() or Review.objects.create(
        since=at, opened_at=at, due_at=NOW, owner=owner
    )


def _opened(half: Half, path: Path, actor: Actor, at: datetime) -> ImportFile:
    """A file that somebody of the region has begun to bring in."""
    head = head_of(path, 3)
    with path.open("rb") as content:
        new = NewFile(
            ImportKind.CUSTOMERS, half.mark, path.name, "0" * 64, path.stat().st_size, content, head.header, head.rows
        )
        return open_import(actor=actor, at=at, new=new)


def _reviewed(half: Half, at: datetime) -> Version:
    """A version for the region that its people are reviewing, with a comment."""
    mark, agent = half.mark, half.people["agent"]
    draft = regulation.start_draft(
        actor=SYSTEM, at=at, source=regulation.Source("default"), why=f"{mark}评审", region_id=half.region.pk
    )
    said = regulation.Description(name_zh=f"{mark}制度", name_en=f"{mark} rules")
    regulation.describe_draft(actor=SYSTEM, at=at, version_id=draft.pk, description=said, why=f"{mark}改名")
    regulation.set_figure(actor=SYSTEM, at=at, version_id=draft.pk, key="sla.warning_share", raw=60, why=f"{mark}早些")
    half.things["change"] = EventRow.objects.get(kind="regulation.figure_set", subject_id=draft.pk)
    members = [(agent.pk, GroupRole.MEMBER)]
    regulation.name_working_group(actor=SYSTEM, at=at, version_id=draft.pk, members=members, why=f"{mark}组")
    regulation.submit_for_review(actor=SYSTEM, at=at, version_id=draft.pk, why=f"{mark}请看")
    half.things["comment"] = regulation.comment_on_clause(
        actor=actor_of(agent), at=at, version_id=draft.pk, number="3.1", text=f"{mark}太短"
    )
    return draft


def _sat(half: Half) -> Reading:
    """Somebody's reading, with a sitting that was not passed."""
    reader = half.people[ALL]
    row = Reading.objects.filter(person=reader, version__region=None).get()
    # Always the first choice would be right often enough to pass, once in a while.
    wrong = {each.code: [0, 1] if is_right(each, [0]) else [0] for each in sitting(row).drawn}
    take_quiz(actor=actor_of(reader), at=NOW, reading_uid=row.uid, answers=wrong)
    row.refresh_from_db()
    return row


def _found_afterwards(half: Half) -> None:
    """What came of itself: calls, to-dos, notices, documents, files."""
    things, region, engineer = half.things, half.region, half.company.engineer
    clock = Clock.objects.filter(region=region, subject_kind="order", subject_id=half.open.pk).order_by("id").first()
    assert clock
    Clock.objects.filter(pk=clock.pk).update(failed_at=NOW, error=f"{half.mark} error")
    of_open = {"subject_kind": "order", "subject_id": half.open.pk}
    found: dict[str, Model | None] = {
        "clock": clock,
        "call": Escalation.objects.filter(clock__region=region, acknowledged_at=None).order_by("-id").first(),
        "duty": Duty.objects.filter(region=region, subject_kind="order").first(),
        "reading": _sat(half),
        "notice": Notice.objects.filter(region=region, contact__isnull=False).first(),
        "page": Notice.objects.filter(region=region, person__isnull=False, medium="inapp").first(),
        "batch": ImportBatch.objects.get(source=half.mark),
        "document": Document.objects.filter(order=half.done).first(),
        "photo": Attachment.objects.filter(**of_open).first(),
        "evidence": Attachment.objects.filter(subject_kind="order", subject_id=half.done.pk).first(),
        "qualification": Qualification.objects.filter(engineer=engineer).first(),
        "bar": Standing.objects.get(engineer=engineer),
        "shift": Shift.objects.get(engineer=engineer),
        "leave": Leave.objects.get(engineer=engineer),
    }
    assert not [name for name, row in found.items() if row is None], found
    things |= found


__all__ = ["ALL", "NOW", "PURPOSES", "ApiToken", "DutyEntry", "Engineer", "Half", "Version", "World", "build"]
