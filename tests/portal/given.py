"""A company as customers meet it: pumps with their symptoms, a label, an engineer with a face and certificates."""

from datetime import date, datetime
from io import BytesIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from anxiu.accounts.queries import actor_of
from anxiu.catalogue.actions import NewFaultClass, add_fault_class
from anxiu.equipment.queries import actor_of_label
from anxiu.files.actions import store
from anxiu.files.intake import prepare
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import Report
from anxiu.orders.choices import Channel
from anxiu.orders.models import Order
from anxiu.workforce.actions import NewQualification, add_qualification
from anxiu.workforce.choices import Difficulty, QualificationKind
from tests.given.assets import a_contact, a_customer, a_family, a_machine, a_model, a_region, a_site, acting
from tests.given.orders import LONG_AGO, PLACE, Company, an_engineer

_count = count(1)
SYMPTOMS = (
    ("不启动", "Does not start"), ("异响振动", "Noise or vibration"), ("漏水", "Leaks"), ("面板报警", "Alarm on the panel"),
    ("压力不足", "Too little pressure"),
)  # fmt: skip


def a_face() -> SimpleUploadedFile:
    """A portrait: a head and shoulders."""
    picture, kept = Image.new("RGB", (240, 240), "#cfe3f5"), BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.ellipse((78, 46, 162, 140), fill="#e8b98f")
    pen.ellipse((40, 150, 200, 330), fill="#2f5d8a")
    pen.pieslice((74, 34, 166, 120), 180, 360, fill="#2b2320")
    picture.save(kept, "JPEG")
    return SimpleUploadedFile("face.jpg", kept.getvalue(), "image/jpeg")


def a_shop() -> Company:
    """Everybody a repair needs, with names as customers see them."""
    number = next(_count)
    region = a_region(f"shanghai{number}")
    region.name_zh, region.name_en = "上海", "Shanghai"
    region.save()
    customer = a_customer(region, "宝山钢铁厂")
    site = a_site(customer, "2 号泵房", address="宝山区富锦路 885 号 3 号门", place=PLACE)
    contact = a_contact(customer, "周女士", "138 1234 5678", site_id=site.pk)
    family = a_family(f"PUMP{number}")
    machine = a_machine(
        site, a_model(family, "GRUNDFOS", f"CR45-{number}"), serial=f"GF-45-2023{number:04}",
        installed_on=date(2026, 6, 1), position="二楼东侧",
    )  # fmt: skip
    faults = [
        add_fault_class(
            actor=SYSTEM, at=LONG_AGO,
            new=NewFaultClass(f"pump{number}_{each}", zh, en, Difficulty.BASIC, family_id=family.pk),
        )
        for each, (zh, en) in enumerate(SYMPTOMS)
    ]  # fmt: skip
    engineer = an_engineer(region, name="吴海涛")
    with transaction.atomic():
        engineer.person.photo_digest = store(prepare(a_face()), at=LONG_AGO).digest
    engineer.person.name_en = "Wu Haitao"
    engineer.person.save()
    for code in ("low_voltage_work", "height_work"):
        new = NewQualification(QualificationKind.CERTIFICATE, date(2025, 1, 1), code=code, valid_to=date(2028, 12, 31))
        add_qualification(actor=SYSTEM, at=LONG_AGO, engineer_id=engineer.pk, new=new)
    return Company(
        region, acting("agent", region), acting("dispatcher", region), acting("supervisor", region),
        acting("management"), engineer, actor_of(engineer.person), customer, site, contact, machine, faults[3],
    )  # fmt: skip


def reported(company: Company, at: datetime, channel: Channel = Channel.H5, **more: object) -> tuple[Order, str]:
    """An order the customer opened by themselves, and the secret of their tracking link."""
    said = {
        "channel": channel, "words": "变频器报 F07，自动停机", "caller_name": "周女士", "caller_phone": "13812345678",
        "machine_id": company.machine.pk, "fault_class_id": company.fault.pk, "language": "zh-hans", **more,
    }  # fmt: skip
    with moved_to(at):
        opened = actions.open_order(actor=actor_of_label(company.machine), at=at, report=Report(**said))  # type: ignore[arg-type]
    return opened.order, opened.tracking_secret

