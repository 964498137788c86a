"""What the tests of the customer pages share."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.actor import Subject
from anxiu.orders.models import Order
from tests.given.orders import MONDAY, Company, Walk, a_company
from tests.portal.given import reported

SAID = {
    "words": "早上九点突然停机，面板显示 F07", "caller_name": "周女士", "caller_phone": "138 1234 5678",
    "caller_email": "zhou@example.com", "consent": "on",
}  # fmt: skip


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def client() -> Client:
    """A visitor whose browser speaks English, at an address of their own."""
    return Client(headers={"accept-language": "en"}, REMOTE_ADDR="203.0.113.7")


def a_photo(colour: str = "steelblue", name: str = "photo.jpg") -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (320, 240), colour).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def a_video(name: str = "clip.mp4") -> SimpleUploadedFile:
    """The least that is a film: a type box and an empty movie box."""
    kind = (24).to_bytes(4, "big") + b"ftypisom" + bytes(4) + b"isommp41"
    return SimpleUploadedFile(name, kind + (8).to_bytes(4, "big") + b"moov", "video/mp4")


def label_of(company: Company) -> str:
    return f"/p/r/{company.machine.label_code}/"


def key_of(page: Any) -> str:
    found = re.search(r'name="key" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


@pytest.fixture
def sent(client: Client) -> Callable[..., Any]:
    """Open a form's page, fill it in, send it."""

    def send(path: str, **more: Any) -> Any:
        key = more.pop("key", None) or key_of(client.get(path))
        return client.post(path, {**SAID, "key": key, **more})

    return send


def walked(company: Company, step: str, **more: Any) -> tuple[Order, str]:
    order, secret = reported(company, MONDAY, **more)
    return Walk(company, order).to(step), secret


def link_to(order: Order, purpose: LinkPurpose, at: Any = MONDAY, lasts: timedelta | None = timedelta(days=3650)) -> str:
    return make_link(purpose=purpose, subject=Subject("order", order.pk), at=at, lasts=lasts)
