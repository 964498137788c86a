"""Signing by link: the very document, its digest, the signature or the refusal; once."""

import base64
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from anxiu.accounts.choices import LinkPurpose
from anxiu.files.models import Attachment
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.orders.actions import send_link
from anxiu.orders.models import Order, SignOff
from anxiu.orders.queries import document_to_sign
from tests.given.orders import MONDAY, a_company
from tests.orders.test_process import ruled, step
from tests.portal.conftest import link_to, walked

AT = MONDAY + timedelta(hours=3)


def a_drawing(*, blank: bool = False) -> bytes:
    kept, picture = BytesIO(), Image.new("RGB", (300, 120), "white")
    if not blank:
        ImageDraw.Draw(picture).line([(20, 80), (90, 20), (150, 90), (280, 40)], fill="#10203f", width=3)
    picture.save(kept, "PNG")
    return kept.getvalue()


def drawn(*, blank: bool = False) -> str:
    return "data:image/png;base64," + base64.b64encode(a_drawing(blank=blank)).decode()


@pytest.fixture
def waiting(company):
    """An order that waits for the signature, and the path of its signing link."""
    order, _ = walked(company, "completed")
    return order, f"/p/s/{link_to(order, LinkPurpose.SIGN)}/"


@pytest.fixture(autouse=True)
def afternoon():
    with moved_to(AT):
        yield


def digest_of(order: Order) -> str:
    return sha256(document_to_sign(Order.objects.get(pk=order.pk)).encode()).hexdigest()


@pytest.mark.requirement("ORD-11")
def test_the_page_shows_the_very_document_and_its_digest(client, waiting):
    order, path = waiting
    answer = client.get(path)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert document_to_sign(order) in shown
    assert digest_of(order) in shown
    assert 'lang="zh-CN"' in shown


@pytest.mark.requirement("ORD-11")
def test_a_drawn_signature_is_kept_with_signer_time_and_place(client, waiting):
    order, path = waiting
    form = {
        "digest": digest_of(order), "signer": "周女士", "drawn": drawn(), "remarks": "谢谢", "latitude": "31.2304",
        "longitude": "121.4737", "accuracy": "18.4",
    }  # fmt: skip
    assert client.post(path, form).status_code == 302
    signed = SignOff.objects.get()
    assert (signed.outcome, signed.means, signed.signer, signed.remarks) == ("signed", "link", "周女士", "谢谢")
    assert (signed.latitude, signed.longitude, signed.accuracy_metres) == (31.2304, 121.4737, 18)
    assert signed.at == AT
    assert signed.document_digest == sha256(signed.document.encode()).hexdigest()
    assert Attachment.objects.get(uid=signed.signature_uid).purpose == "signature"
    result = client.get(path)
    assert result.status_code == 200
    assert "Signed, thank you" in result.content.decode()
    assert signed.document_digest in result.content.decode()


@pytest.mark.requirement("ORD-11")
def test_without_script_a_photo_of_the_signature_is_taken(client, waiting):
    order, path = waiting
    photo = SimpleUploadedFile("signature.png", a_drawing(), "image/png")
    answer = client.post(path, {"digest": digest_of(order), "signer": "周女士", "photo": photo})
    assert answer.status_code == 302
    assert SignOff.objects.get().outcome == "signed"


@pytest.mark.requirement("ORD-11")
def test_a_refusal_is_an_outcome_with_its_reason(client, waiting):
    order, path = waiting
    form = {"refuse": "1", "no-digest": digest_of(order), "no-reason": "not_repaired", "no-remarks": "还是报警"}
    assert client.post(path, form).status_code == 302
    signed = SignOff.objects.get()
    assert (signed.outcome, signed.refusal_reason, signed.remarks) == ("refused", "not_repaired", "还是报警")
    shown = client.get(path).content.decode()
    assert "You did not sign" in shown
    assert "The fault is not gone" in shown


def test_a_refusal_needs_a_listed_reason(client, waiting):
    order, path = waiting
    for reason in ({}, {"no-reason": "bad_mood"}):
        answer = client.post(path, {"refuse": "1", "no-digest": digest_of(order), **reason})
        assert answer.status_code == 422
    assert not SignOff.objects.exists()


WRONG = [
    ({"drawn": ""}, "The signature is missing."),
    ({"drawn": drawn(blank=True)}, "The signature is empty."),
    ({"drawn": "data:image/png;base64,@@@"}, "The signature is not a picture we can read."),
    ({"drawn": "data:image/svg+xml;base64,AAAA"}, "The signature is not a picture we can read."),
    ({"drawn": "data:image/png;base64," + base64.b64encode(b"no picture").decode()}, "This kind of file is not taken."),
    ({"signer": ""}, "required"),
]


@pytest.mark.parametrize(("wrong", "because"), WRONG)
def test_what_is_no_signature_is_refused(client, waiting, wrong, because):
    order, path = waiting
    answer = client.post(path, {"digest": digest_of(order), "signer": "周女士", "drawn": drawn(), **wrong})
    assert answer.status_code == 422
    assert because in answer.content.decode()
    assert not SignOff.objects.exists()


@pytest.mark.requirement("ORD-11")
def test_a_document_that_changed_is_shown_again_with_an_explanation(client, waiting):
    order, path = waiting
    before = digest_of(order)
    Order.objects.filter(pk=order.pk).update(solution="更换皮带与轴承")
    answer = client.post(path, {"digest": before, "signer": "周女士", "drawn": drawn(), "remarks": "谢谢"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "The record was changed after you opened it." in shown
    assert "更换皮带与轴承" in shown
    assert digest_of(order) in shown
    assert before not in shown
    assert "谢谢" in shown
    assert not SignOff.objects.exists()
    assert client.post(path, {"digest": digest_of(order), "signer": "周女士", "drawn": drawn()}).status_code == 302


def test_a_link_signs_once(client, waiting):
    order, path = waiting
    form = {"digest": digest_of(order), "signer": "周女士", "drawn": drawn()}
    client.post(path, form)
    again = client.post(path, {**form, "signer": "别人"})
    assert again.status_code == 200
    assert SignOff.objects.get().signer == "周女士"


def test_a_newer_link_closes_the_older(client, waiting, company):
    order, path = waiting
    secret = send_link(actor=company.agent, at=AT, order_uid=order.uid, purpose=LinkPurpose.SIGN)
    assert client.get(path).status_code == 410
    assert client.get(f"/p/s/{secret}/").status_code == 200


def test_reading_changes_nothing(client, waiting):
    _, path = waiting
    before = EventRow.objects.count()
    client.get(path)
    client.head(path)
    assert EventRow.objects.count() == before


def test_a_signature_from_another_site_is_refused(waiting):
    order, path = waiting
    answer = Client(enforce_csrf_checks=True).post(path, {"digest": digest_of(order), "signer": "x", "drawn": drawn()})
    assert answer.status_code == 403
    assert not SignOff.objects.exists()


@pytest.mark.requirement("ORD-11")
def test_who_refused_can_sign_after_all_by_a_new_link_but_not_refuse_again(client, db):
    ruled(lambda all_: step(all_, "repair", "follow_up")["gates"].append("signed"))
    company = a_company()
    order, track = walked(company, "completed")
    first = f"/p/s/{link_to(order, LinkPurpose.SIGN)}/"
    refusal = {"refuse": "1", "no-digest": digest_of(order), "no-reason": "not_repaired"}
    assert client.post(first, refusal).status_code == 302
    assert "Please read and sign" not in client.get(first).content.decode()
    path = f"/p/s/{send_link(actor=company.agent, at=AT, order_uid=order.uid, purpose=LinkPurpose.SIGN)}/"
    shown = client.get(path).content.decode()
    assert "Please read and sign" in shown
    assert "I do not sign" not in shown
    assert client.get(f"/p/t/{track}/").context["signs"]
    client.post(path, refusal)
    assert SignOff.objects.count() == 1
    form = {"digest": digest_of(order), "signer": "周女士", "drawn": drawn()}
    assert client.post(path, form).status_code == 302
    assert Order.objects.get(pk=order.pk).sign_off.outcome == "signed"
