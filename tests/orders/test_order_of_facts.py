"""Facts come one after the other: none may be dated before what it follows; an empty sheet is no signature."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anxiu.files.intake import prepare
from anxiu.kernel.errors import Invalid
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import Signing
from anxiu.orders.choices import SignOffMeans
from anxiu.orders.queries import document_to_sign
from tests.given.orders import Company, Walk, a_company, opened

pytestmark = pytest.mark.requirement("ORD-11", "ORD-14")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def test_an_arrival_before_the_departure_is_refused(company):
    walk = Walk(company, opened(company))
    order = walk.to("departed")
    with moved_to(walk.later()), pytest.raises(Invalid, match="before_last_step"):
        actions.arrive(actor=company.hands, at=order.opened_at, order_uid=order.uid)
    walk.arrived()


def test_a_signature_before_the_work_was_done_is_refused(company):
    walk = Walk(company, opened(company))
    order = walk.to("completed")
    order.refresh_from_db()
    before = order.completed_at - timedelta(minutes=1)
    signing = Signing(SignOffMeans.SCREEN, sha256(document_to_sign(order).encode()).hexdigest(), signer="王小明")
    with moved_to(walk.later()), pytest.raises(Invalid, match="before_last_step"):
        actions.sign_off(actor=company.hands, at=before, order_uid=order.uid, signing=signing)


def test_an_empty_sheet_is_no_signature(company):
    walk = Walk(company, opened(company))
    order = walk.to("completed")
    order.refresh_from_db()
    kept = BytesIO()
    Image.new("RGB", (300, 120), "white").save(kept, "PNG")
    sheet = prepare(SimpleUploadedFile("signature.png", kept.getvalue(), "image/png"))
    signing = Signing(SignOffMeans.SCREEN, sha256(document_to_sign(order).encode()).hexdigest(), signer="王小明")
    at = walk.later()
    with moved_to(at), pytest.raises(Invalid, match="signature_blank"):
        actions.sign_off(actor=company.hands, at=at, order_uid=order.uid, signing=signing, signature=sheet)
