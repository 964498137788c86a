"""An order at any step, made by playing the real verbs as the people whose part it is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from anxiu.accounts.actions import NewPerson
from anxiu.accounts.models import Region
from anxiu.accounts.queries import actor_of
from anxiu.catalogue.actions import NewFaultClass, add_fault_class
from anxiu.catalogue.models import FaultClass
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.models import Machine
from anxiu.files.intake import Prepared, prepare
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.geo import Place
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.subscribers import REACTORS, react
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, Report, Signing
from anxiu.orders.choices import Channel, ContactResult, EntryKind, SignOffMeans, State
from anxiu.orders.models import Order
from anxiu.orders.queries import document_to_sign, items_at
from anxiu.workforce.actions import (
    Hours,
    NewEngineer,
    NewQualification,
    add_engineer,
    add_qualification,
    set_shift_pattern,
)  # fmt: skip
from anxiu.workforce.choices import Difficulty, QualificationKind
from anxiu.workforce.models import Engineer
from tests.given.assets import a_contact, a_customer, a_family, a_machine, a_model, a_region, a_site, acting

MONDAY = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, an ordinary working Monday
LONG_AGO = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
PLACE = Place(31.2304, 121.4737, 20, "gps")
_count = count(1)


@dataclass(frozen=True)
class Company:
    """A region with everybody a repair needs."""

    region: Region
    agent: Actor
    dispatcher: Actor
    supervisor: Actor
    management: Actor
    engineer: Engineer
    hands: Actor
    customer: Customer
    site: Site
    contact: Contact
    machine: Machine
    fault: FaultClass

    def report(self, **more: object) -> Report:
        """A report about the company's machine by phone."""
        said = {
            "channel": Channel.PHONE, "words": "电梯停梯，报警灯亮", "caller_name": "王小明", "caller_phone": "13812345678",
            "machine_id": self.machine.pk, "contact_id": self.contact.pk, "fault_class_id": self.fault.pk,
        }  # fmt: skip
        return Report(**{**said, **more})  # type: ignore[arg-type]


def an_engineer(region: Region, *, grade: str = "senior", name: str = "") -> Engineer:
    """Somebody who may work round the clock: inducted, all skills of the grade."""
    number = next(_count)
    person = NewPerson(
        name=name or f"师傅{number}", email=f"e{number}@example.com", posts=(("engineer", None),), region_id=region.pk
    )
    made = add_engineer(
        actor=SYSTEM, at=LONG_AGO, new=NewEngineer(person, region.pk, grade, started_date=date(2024, 1, 1))
    )
    inducted = NewQualification(QualificationKind.INDUCTION, date(2024, 1, 5))
    add_qualification(actor=SYSTEM, at=LONG_AGO, engineer_id=made.pk, new=inducted)
    week = [Hours(day, time(0), time(0)) for day in range(1, 8)]
    set_shift_pattern(actor=SYSTEM, at=LONG_AGO, engineer_id=made.pk, hours=week, valid_from=date(2024, 1, 1))
    return made


def a_company() -> Company:
    """One region of a company, complete."""
    region = a_region()
    customer = a_customer(region)
    site = a_site(customer, place=PLACE)
    contact = a_contact(customer, site_id=site.pk, email="wang@example.com")
    family = a_family()
    machine = a_machine(site, a_model(family), serial=f"AT-2025-{next(_count):04}", installed_on=date(2025, 6, 1))
    code = f"door{next(_count)}"
    fault = add_fault_class(
        actor=SYSTEM, at=LONG_AGO,
        new=NewFaultClass(code=code, name_zh="门机故障", name_en="Door operator", difficulty=Difficulty.BASIC, family_id=family.pk),
    )  # fmt: skip
    engineer = an_engineer(region)
    return Company(
        region, acting("agent", region), acting("dispatcher", region), acting("supervisor", region),
        acting("management"), engineer, actor_of(engineer.person), customer, site, contact, machine, fault,
    )  # fmt: skip


def a_picture(colour: str = "steelblue") -> Prepared:
    """A photo as a phone sends it."""
    kept = BytesIO()
    Image.new("RGB", (320, 240), colour).save(kept, "JPEG")
    return prepare(SimpleUploadedFile("photo.jpg", kept.getvalue(), "image/jpeg"))


def a_film(mark: bytes = b"\7") -> Prepared:
    """A video as a phone sends it: a header, what is in it, and the pictures."""
    boxes = ((b"ftyp", b"mp42\0\0\0\0mp42"), (b"moov", b"\0" * 64), (b"mdat", mark * 500))
    data = b"".join((len(body) + 8).to_bytes(4, "big") + name + body for name, body in boxes)
    return prepare(SimpleUploadedFile("machine.mp4", data, "video/mp4"))


def a_signature() -> Prepared:
    """A signature as a pad draws it."""
    kept, picture = BytesIO(), Image.new("RGBA", (300, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 80), (90, 20), (150, 90), (280, 40)], fill=(20, 30, 60, 255), width=4)
    picture.save(kept, "PNG")
    return prepare(SimpleUploadedFile("signature.png", kept.getvalue(), "image/png"))


def opened(company: Company, at: datetime = MONDAY, **more: object) -> Order:
    with moved_to(at):
        return actions.open_order(actor=company.agent, at=at, report=company.report(**more)).order


class Walk:
    """Takes an order through the steps, each some minutes after the one before."""

    def __init__(self, company: Company, order: Order, at: datetime = MONDAY) -> None:
        self.company, self.order, self.at = company, order, at

    def later(self, minutes: int = 5) -> datetime:
        self.at += timedelta(minutes=minutes)
        return self.at

    def contacted(self) -> "Walk":
        at = self.later()
        with moved_to(at):
            actions.contact_customer(
                actor=self.company.agent, at=at, order_uid=self.order.uid, result=ContactResult.REACHED, note="已致电"
            )
        return self

    def booked(self, hours: int = 3) -> "Walk":
        at = self.later()
        with moved_to(at):
            actions.book_visit(
                actor=self.company.dispatcher, at=at, order_uid=self.order.uid, engineer_id=self.company.engineer.pk,
                starts_at=at + timedelta(hours=hours), ends_at=at + timedelta(hours=hours + 2),
            )  # fmt: skip
        return self

    def _mine(self, verb: str, minutes: int = 5, **more: object) -> "Walk":
        at = self.later(minutes)
        with moved_to(at):
            getattr(actions, verb)(actor=self.company.hands, at=at, order_uid=self.order.uid, **more)
        return self

    def accepted(self) -> "Walk":
        return self._mine("accept_visit")

    def prepared(self) -> "Walk":
        items = items_at(self.order, State.PREPARING)
        return self._mine("prepare", checked=tuple(each.code for each in items if each.mandatory))

    def departed(self) -> "Walk":
        return self._mine("depart")

    def arrived(self) -> "Walk":
        return self._mine("arrive", place=PLACE)

    def assessed(self) -> "Walk":
        return self._mine("assess", finding="门机皮带断裂")

    def worked(self) -> "Walk":
        for colour in ("steelblue", "seagreen"):
            self._mine("add_entry", entry=NewEntry(EntryKind.PHOTO, photo=a_picture(colour), place=PLACE))
        self._mine("add_entry", entry=NewEntry(EntryKind.READING, text="门机电流", value=Decimal("1.8"), unit="A"))
        return self._mine("add_entry", entry=NewEntry(EntryKind.LABOUR, minutes=45))

    def replaced(self, part_id: int) -> "Walk":
        """A part goes into the machine."""
        return self._mine("add_entry", entry=NewEntry(EntryKind.PART, part_id=part_id, value=Decimal(1)))

    def completed(self) -> "Walk":
        return self._mine("complete_repair", resolved=True, cause="皮带老化", solution="更换皮带并试运行")

    def signed(self) -> "Walk":
        self.order.refresh_from_db()
        digest = sha256(document_to_sign(self.order).encode()).hexdigest()
        signing = Signing(SignOffMeans.SCREEN, digest, signer="王小明", place=PLACE)
        return self._mine("sign_off", signing=signing, signature=a_signature())

    def followed_up(self) -> "Walk":
        at = self.later(60)
        with moved_to(at):
            react_all()
            actions.follow_up(actor=self.company.agent, at=at, order_uid=self.order.uid, result="all_good")
        return self

    def archived(self) -> "Walk":
        at = self.later()
        with moved_to(at):
            actions.archive(actor=self.company.agent, at=at, order_uid=self.order.uid)
        return self

    STEPS = (
        "contacted", "booked", "accepted", "prepared", "departed", "arrived", "assessed", "worked", "completed",
        "signed", "followed_up", "archived",
    )  # fmt: skip

    def to(self, step: str) -> Order:
        """Play every step up to and with this one."""
        for name in self.STEPS[: self.STEPS.index(step) + 1]:
            getattr(self, name)()
        self.order.refresh_from_db()
        return self.order


def react_all() -> int:
    """Sequence and project what was recorded, and run every reactor that has not acted yet, as the worker would."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    catch_up()
    ran = 0
    for job in list(ProcrastinateJob.objects.filter(task_name="kernel.react", status="todo").order_by("id")):
        assert job.args["name"] in REACTORS
        ran += react(job.args["name"], job.args["position"])
    catch_up()
    return ran
