"""What a link opens, and what it does not: one purpose, one order, until its end; never kept, never found, never guessed."""

from datetime import timedelta

import pytest

from anxiu.accounts.actions import make_link, revoke_links
from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.actor import Subject
from anxiu.kernel.models import Access
from anxiu.kernel.time import moved_to
from anxiu.orders.models import Document, Question
from tests.given.orders import MONDAY, a_company, react_all
from tests.portal.conftest import link_to, walked

AT = MONDAY + timedelta(hours=3)
PLACES = {
    LinkPurpose.TRACK: "/p/t/{}/",
    LinkPurpose.SIGN: "/p/s/{}/",
    LinkPurpose.RATE: "/p/rate/{}/",
    LinkPurpose.DOCUMENT: "/p/d/{}/",
}
BEHIND_TRACKING = ("receipt/", "photo/", "documents/1/")


@pytest.fixture(autouse=True)
def afternoon():
    with moved_to(AT):
        yield


@pytest.fixture
def order(company):
    return walked(company, "completed")[0]


@pytest.mark.parametrize("purpose", PLACES)
@pytest.mark.parametrize("place", PLACES)
def test_a_link_opens_the_page_of_its_purpose_only(client, order, purpose, place):
    if place == LinkPurpose.RATE:
        order.state = "following_up"
        order.save()
    answer = client.get(PLACES[place].format(link_to(order, purpose)))
    opened = 409 if place == LinkPurpose.SIGN and order.state != "signing" else 200
    assert answer.status_code == (opened if place == purpose else 404)


@pytest.mark.parametrize("purpose", PLACES)
def test_an_expired_link_says_so_with_a_way_on(client, order, purpose, settings):
    settings.ENV.company_phone = "400-800-1234"
    secret = link_to(order, purpose, lasts=timedelta(hours=1))
    answer = client.get(PLACES[purpose].format(secret))
    assert answer.status_code == 410
    assert "This link has expired" in answer.content.decode()
    assert "tel:400-800-1234" in answer.content.decode()
    assert order.number not in answer.content.decode()
    settings.ENV.company_phone = ""


@pytest.mark.parametrize("purpose", PLACES)
def test_a_revoked_link_is_closed(client, order, purpose):
    secret = link_to(order, purpose)
    revoke_links(subject=Subject("order", order.pk), purpose=purpose, at=AT)
    answer = client.get(PLACES[purpose].format(secret))
    assert answer.status_code == 410
    assert order.number not in answer.content.decode()


@pytest.mark.parametrize("purpose", PLACES)
def test_a_guessed_link_opens_nothing(client, order, purpose):
    for guess in ("x", link_to(order, purpose)[:-1], str(order.uid), order.number):
        assert client.get(PLACES[purpose].format(guess)).status_code == 404


@pytest.mark.parametrize("rest", BEHIND_TRACKING)
def test_nothing_behind_a_tracking_page_opens_without_its_link(client, order, rest):
    for secret in ("x", link_to(order, LinkPurpose.RATE), link_to(order, LinkPurpose.DOCUMENT)):
        assert client.get(f"/p/t/{secret}/{rest}").status_code == 404
    for secret in ("x", link_to(order, LinkPurpose.SIGN)):
        for verb in ("ask", "media", "sign", "rate"):
            assert client.post(f"/p/t/{secret}/{verb}/", {"key": "0" * 32, "text": "?"}).status_code == 404
    assert not Question.objects.exists()


def test_a_link_to_another_kind_of_thing_opens_no_order(client, order):
    secret = make_link(purpose=LinkPurpose.TRACK, subject=Subject("machine", order.pk), at=MONDAY, lasts=None)
    assert client.get(f"/p/t/{secret}/").status_code == 404


def test_files_and_documents_of_another_order_stay_closed(client, company):
    _, mine = walked(company, "signed")
    other = a_company()
    theirs, _ = walked(other, "signed")
    react_all()
    document = Document.objects.filter(order=theirs).first()
    assert client.get(f"/p/t/{mine}/documents/{document.pk}/").status_code == 404
    assert client.get(f"/p/t/{mine}/files/{document.attachment_uid}/").status_code == 404
    own = link_to(theirs, LinkPurpose.DOCUMENT)
    assert client.get(f"/p/d/{own}/{document.pk}/").status_code == 200


def test_work_photos_of_the_engineer_are_not_opened_by_the_tracking_link(client, company):
    order, secret = walked(company, "worked")
    photo = order.entries.filter(kind="photo").first()
    assert client.get(f"/p/t/{secret}/files/{photo.attachment_uid}/").status_code == 404


def test_the_document_link_gives_the_bytes_as_issued(client, company):
    order, _ = walked(company, "signed")
    react_all()
    secret = link_to(order, LinkPurpose.DOCUMENT)
    shown = client.get(f"/p/d/{secret}/").content.decode()
    for each in Document.objects.filter(order=order):
        assert f"/p/d/{secret}/{each.pk}/" in shown
        pdf = client.get(f"/p/d/{secret}/{each.pk}/")
        assert pdf["Content-Type"] == "application/pdf"
        assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert Access.objects.filter(purpose="export").count() == 2


def test_documents_that_are_still_being_made_say_so(client, company):
    order, _ = walked(company, "signed")
    answer = client.get(f"/p/d/{link_to(order, LinkPurpose.DOCUMENT)}/")
    assert "still being made" in answer.content.decode()


def test_pages_of_links_are_not_kept_not_found_and_not_named_to_others(client, company, order):
    tracking = link_to(order, LinkPurpose.TRACK)
    paths = [place.format(link_to(order, purpose)) for purpose, place in PLACES.items()]
    paths += [f"/p/t/{tracking}/receipt/", "/p/t/nothing/", f"/p/r/{company.machine.label_code}/", "/p/report/"]
    for path in paths:
        answer = client.get(path)
        assert answer["Cache-Control"] == "no-store, private", path
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive", path
        assert answer["Referrer-Policy"] == "same-origin", path
        assert "script-src 'self'" in answer["Content-Security-Policy"], path
        assert answer["X-Frame-Options"] == "DENY", path
        assert "anxiu_session" not in answer.cookies, path


def test_only_looking_is_done_by_get(client, order):
    secret = link_to(order, LinkPurpose.TRACK)
    for verb in ("ask", "media", "sign", "rate"):
        assert client.get(f"/p/t/{secret}/{verb}/").status_code == 405
    assert client.post(f"/p/t/{secret}/").status_code == 405


def test_other_addresses_have_an_error_page_in_the_same_look(client, db):
    answer = client.get("/p/no/such/page/")
    assert answer.status_code == 404
    assert "portal" in answer.content.decode()
    assert "There is nothing here" in answer.content.decode()


def test_whoever_tries_many_addresses_is_asked_to_wait(client, db):
    codes = [client.get(f"/p/t/guess{number}/").status_code for number in range(31)]
    assert codes == [404] * 30 + [429]
