"""The tracking page: the same progress as staff see, who comes, questions with an owner and a clock."""

import re
from datetime import timedelta

import pytest

from anxiu.accounts.choices import LinkPurpose
from anxiu.feedback.actions import rate
from anxiu.files.models import Attachment
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.models import Access, EventRow
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.choices import Channel
from anxiu.orders.models import Question
from anxiu.sla.models import Clock
from tests.given.orders import MONDAY, Walk, a_company, react_all
from tests.portal.conftest import a_photo, a_video, key_of, link_to, walked
from tests.portal.given import a_shop, reported


def seen(client, secret, at=MONDAY + timedelta(hours=3)):
    with moved_to(at):
        answer = client.get(f"/p/t/{secret}/")
    assert answer.status_code == 200
    return answer.content.decode()


HEROES = {
    "contacted": "We are looking for a time",
    "booked": "An engineer is being booked",
    "accepted": "The engineer comes today",
    "prepared": "The engineer comes today",
    "departed": "The engineer is on the way",
    "arrived": "The engineer is with you",
    "assessed": "The repair is under way",
    "completed": "The repair is done",
    "signed": "How was it?",
    "followed_up": "All done",
    "archived": "All done",
}


@pytest.mark.requirement("ORD-10")
@pytest.mark.parametrize(("step", "line"), HEROES.items())
def test_the_page_says_the_one_thing_at_every_step(company, client, step, line):
    order, secret = walked(company, step)
    shown = seen(client, secret)
    assert line in shown
    assert order.number in shown


def test_a_new_report_shows_when_somebody_calls_and_honestly_when_that_is_late(company, client):
    _, secret = reported(company, MONDAY)
    assert "A person calls you by today 11:00." in seen(client, secret, MONDAY + timedelta(minutes=5))
    assert "Our call is late" in seen(client, secret, MONDAY + timedelta(hours=3))


@pytest.mark.requirement("ORD-10")
def test_progress_has_the_times_of_the_steps(company, client):
    _, secret = walked(company, "departed")
    shown = " ".join(seen(client, secret).split())
    for label, time in (("Report received", "09:00"), ("Engineer booked", "09:15"), ("On the way to you", "09:25")):
        assert label in shown
        assert f"Today {time}" in shown
    assert '<li class="current" aria-current="step">' in shown
    assert "The engineer is on the way" in shown


def test_a_suspension_says_why_and_until_when(company, client):
    order, secret = walked(company, "assessed")
    at = MONDAY + timedelta(hours=2)
    with moved_to(at):
        actions.suspend(
            actor=company.dispatcher, at=at, order_uid=order.uid, reason="parts_on_order", until=at + timedelta(days=2),
            note="内部备注",
        )  # fmt: skip
    shown = seen(client, secret)
    assert "The work is interrupted" in shown
    assert "Special parts are on order. We go on by 05-13 Wed 11:00." in shown
    assert "内部备注" not in shown


def test_a_cancelled_order_says_why(company, client):
    order, secret = walked(company, "booked")
    at = MONDAY + timedelta(hours=2)
    with moved_to(at):
        actions.cancel(actor=company.dispatcher, at=at, order_uid=order.uid, reason="customer_withdrew")
    shown = seen(client, secret)
    assert "This order was cancelled" in shown
    assert "The customer withdrew the request" in shown


# ---- who comes -------------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-17")
def test_who_comes_is_shown_once_they_said_they_will(db, client):
    shop = a_shop()
    order, secret = reported(shop, MONDAY)
    walk = Walk(shop, order)
    walk.to("booked")
    assert shop.engineer.number not in seen(client, secret)
    with moved_to(MONDAY + timedelta(hours=3)):
        assert client.get(f"/p/t/{secret}/photo/").status_code == 404
    walk.accepted()
    shown = seen(client, secret)
    for known in ("Wu Haitao", "Senior engineer", "Low-voltage electrician permit", "Work-at-height permit"):
        assert known in shown
    assert shop.engineer.number in shown
    with moved_to(MONDAY + timedelta(hours=3)):
        photo = client.get(f"/p/t/{secret}/photo/")
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(photo.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.requirement("ORD-17")
def test_a_lapsed_certificate_is_not_shown(db, client):
    from anxiu.workforce.models import Qualification

    shop = a_shop()
    order, secret = reported(shop, MONDAY)
    Walk(shop, order).to("accepted")
    Qualification.objects.filter(code="height_work").update(valid_to="2026-05-10")
    assert "Work-at-height permit" not in seen(client, secret)


def test_the_rating_of_the_engineer_is_shown_from_the_fifth_on(db, client):
    shop = a_shop()
    for number in range(5):
        order, secret = reported(shop, MONDAY + timedelta(minutes=number))
        walk = Walk(shop, order, MONDAY + timedelta(days=number))
        walk.to("signed")
        if number == 4:
            assert "star-filled" not in seen(client, secret, walk.at)
        with moved_to(walk.at):
            rate(actor=SYSTEM, at=walk.at, order_uid=order.uid, score=5 if number else 4)
    assert "4.8" in seen(client, secret, walk.at)


# ---- asking and adding -----------------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-10")
def test_a_question_gets_an_owner_and_a_clock_and_its_answer_is_shown(company, client):
    order, secret = reported(company, MONDAY)
    at = MONDAY + timedelta(minutes=10)
    with moved_to(at):
        key = key_of(client.get(f"/p/t/{secret}/"))
        answer = client.post(f"/p/t/{secret}/ask/", {"key": key, "text": "When do you come?"})
        again = client.post(f"/p/t/{secret}/ask/", {"key": key, "text": "When do you come?"})
    assert (answer.status_code, again.status_code) == (302, 302)
    asked = Question.objects.get()
    assert asked.owner_id == order.owner_id
    assert Clock.objects.get(subject_kind="order", subject_id=order.pk, kind="answer").due_at > at
    assert f"{order.owner.name} answers this." in seen(client, secret)
    with moved_to(at):
        actions.answer_question(actor=company.agent, at=at, question_uid=asked.uid, text="Tomorrow at nine.")
    shown = seen(client, secret)
    assert "When do you come?" in shown
    assert "Tomorrow at nine." in shown


def test_an_empty_question_is_refused_on_the_page(company, client):
    _, secret = reported(company, MONDAY)
    with moved_to(MONDAY + timedelta(minutes=10)):
        answer = client.post(f"/p/t/{secret}/ask/", {"key": "0" * 32, "text": " "})
    assert answer.status_code == 422
    assert not Question.objects.exists()


@pytest.mark.requirement("INT-08")
def test_photos_and_video_can_be_added_and_are_shown(company, client):
    _, secret = reported(company, MONDAY)
    with moved_to(MONDAY + timedelta(minutes=10)):
        key = key_of(client.get(f"/p/t/{secret}/"))
        files = {"media": [a_photo(), a_video(), a_photo(name="bad.png")]}
        answer = client.post(f"/p/t/{secret}/media/", {"key": key, **files})
        assert answer.status_code == 422
        assert "bad.png" in answer.content.decode()
        assert [each.purpose for each in Attachment.objects.order_by("id")] == ["intake_photo", "intake_video"]
        file = Attachment.objects.first()
        bytes_of_it = client.get(f"/p/t/{secret}/files/{file.uid}/")
    assert (bytes_of_it.status_code, bytes_of_it["Content-Type"]) == (200, "image/jpeg")
    assert str(file.uid) in seen(client, secret)


def test_nothing_can_be_added_to_finished_work(company, client):
    _, secret = walked(company, "completed")
    with moved_to(MONDAY + timedelta(hours=3)):
        answer = client.post(f"/p/t/{secret}/media/", {"key": "0" * 32, "media": [a_photo()]})
    assert answer.status_code == 422
    assert not Attachment.objects.filter(purpose="intake_photo").exists()
    assert 'id="media"' not in seen(client, secret)


def test_one_link_says_so_much_an_hour(company, client):
    _, secret = reported(company, MONDAY)
    with moved_to(MONDAY + timedelta(minutes=10)):
        for number in range(21):
            answer = client.post(f"/p/t/{secret}/ask/", {"key": f"{number:032}", "text": f"Question {number}"})
    assert answer.status_code == 422
    assert "too many messages" in answer.content.decode()
    assert Question.objects.count() == 20


# ---- on to signing and rating ------------------------------------------------------------------------------------------------
def test_ones_own_tracking_link_leads_on_to_signing_and_rating(company, client):
    order, secret = walked(company, "completed")
    at = MONDAY + timedelta(hours=3)
    company.contact.email = ""
    assert "Read and sign" in seen(client, secret)
    with moved_to(at):
        answer = client.post(f"/p/t/{secret}/sign/")
        assert answer.status_code == 302
        assert client.get(answer.url).status_code == 200
    Walk(company, order, at).signed()
    with moved_to(at + timedelta(hours=1)):
        rating = client.post(f"/p/t/{secret}/rate/")
        assert client.get(rating.url).status_code == 200
        assert client.get(rating.url.replace("/rate/", "/s/")).status_code == 404


def test_a_later_or_a_contacts_tracking_link_does_not(company, client):
    order, _ = walked(company, "completed")
    later = link_to(order, LinkPurpose.TRACK, MONDAY + timedelta(minutes=1))
    with moved_to(MONDAY + timedelta(hours=3)):
        assert client.post(f"/p/t/{later}/sign/").status_code == 409
    _, secret = reported(a_company(), MONDAY, channel=Channel.PHONE)
    with moved_to(MONDAY + timedelta(hours=3)):
        assert client.post(f"/p/t/{secret}/rate/").status_code == 409
    company2 = a_company()
    known, own = reported(company2, MONDAY)
    known.contact = company2.contact
    known.save()
    Walk(company2, known).to("completed")
    shown = seen(client, own)
    assert "w***@example.com" in shown
    with moved_to(MONDAY + timedelta(hours=3)):
        assert client.post(f"/p/t/{own}/sign/").status_code == 409


# ---- documents, traces -------------------------------------------------------------------------------------------------------
def test_issued_documents_are_downloaded_from_the_page(company, client):
    _, secret = walked(company, "signed")
    with moved_to(MONDAY + timedelta(hours=3)):
        react_all()
        shown = client.get(f"/p/t/{secret}/").content.decode()
        assert "Service report" in shown
        assert "Guarantee certificate" in shown
        number = shown.split(f"/p/t/{secret}/documents/")[1].split("/")[0]
        pdf = client.get(f"/p/t/{secret}/documents/{number}/")
        assert client.get(f"/p/t/{secret}/documents/999999/").status_code == 404
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert Access.objects.filter(purpose="export").count() == 2


def test_looking_is_traced_and_changes_nothing(company, client):
    order, secret = walked(company, "departed")
    events, traces = EventRow.objects.count(), Access.objects.count()
    seen(client, secret)
    assert EventRow.objects.count() == events
    traced = Access.objects.order_by("-id").first()
    assert Access.objects.count() == traces + 1
    assert (traced.actor_kind, traced.purpose, traced.subject_kind, traced.subject_ids) == (
        "link", "detail", "order", [order.pk],
    )  # fmt: skip


def test_a_tracking_page_costs_few_statements(company, client, django_assert_max_num_queries):
    _, secret = walked(company, "departed")
    seen(client, secret)
    with django_assert_max_num_queries(24):
        seen(client, secret)


def test_the_page_speaks_both_languages(company, client):
    _, secret = walked(company, "departed")
    with moved_to(MONDAY + timedelta(hours=3)):
        chinese = client.get(f"/p/t/{secret}/", headers={"accept-language": "zh-CN"}).content.decode()
    assert '<html lang="zh-CN">' in chinese
    assert "服务进度" in chinese


def merged(company, **more):
    """Two reports of one machine by different people; the later one merged into the earlier."""
    first, _ = reported(company, MONDAY)
    second, secret = reported(company, MONDAY + timedelta(minutes=10), **more)
    at = MONDAY + timedelta(minutes=20)
    with moved_to(at):
        actions.merge_order(actor=company.agent, at=at, order_uid=second.uid, into_uid=first.uid, reason="重复")
    return first, second, secret


@pytest.mark.requirement("INT-11")
def test_the_link_of_a_merged_report_shows_how_the_other_goes_on_and_nobody_elses_name(client, db):
    company = a_shop()
    first, second, secret = merged(company, words="二楼的泵又响了", caller_name="赵先生", caller_phone="139 0000 1111")
    page = seen(client, secret)
    assert f"Your report {second.number} and report {first.number} are the same matter" in page
    assert "二楼的泵又响了" in page
    walk = Walk(company, first, MONDAY + timedelta(minutes=25))
    for step in ("contacted", "booked", "accepted", "prepared", "departed", "arrived", "assessed", "worked", "completed", "signed"):
        getattr(walk, step)()
    page = seen(client, secret, walk.at)
    assert "Signed" in page
    for name in ("王小明", first.request.caller_name, "/documents/"):
        assert name not in page
    with moved_to(walk.at):
        assert client.get(f"/p/t/{secret}/documents/1/").status_code == 404


@pytest.mark.requirement("INT-11", "SLA-03")
def test_the_customer_sees_our_question_until_when_we_wait_and_answers_it(client, db):
    company = a_shop()
    order, secret = reported(company, MONDAY)
    at, until = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=9)
    with moved_to(at):
        actions.ask_reporter(actor=company.agent, at=at, order_uid=order.uid, text="铭牌上的型号是？", until=until)
    page = seen(client, secret, at)
    assert "We have a question" in page
    assert "铭牌上的型号是？" in page
    assert "18:00" in page
    with moved_to(at + timedelta(minutes=5)):
        opened_page = client.get(f"/p/t/{secret}/")
        client.post(f"/p/t/{secret}/reply/", {"key": key_of(opened_page), "text": "CR45-2"})
        late = client.post(f"/p/t/{secret}/reply/", {"key": "k" * 32, "text": "or rather CR45-3"})
    assert late.status_code == 422
    assert "or rather CR45-3" in late.content.decode()
    page = seen(client, secret, at + timedelta(minutes=6))
    assert "CR45-2" in page
    assert "We have a question" not in page


def test_an_answer_that_cannot_be_taken_is_still_in_its_field(client, db):
    company = a_shop()
    order, secret = reported(company, MONDAY)
    at = MONDAY + timedelta(hours=1)
    with moved_to(at):
        actions.ask_reporter(
            actor=company.agent, at=at, order_uid=order.uid, text="铭牌上的型号是？", until=MONDAY + timedelta(hours=9)
        )
        empty = client.post(f"/p/t/{secret}/reply/", {"key": "k" * 32, "text": " "})
        long = client.post(f"/p/t/{secret}/reply/", {"key": "k" * 32, "text": "CR45" * 600})
    assert (empty.status_code, long.status_code) == (422, 422)
    assert "This field is required." in empty.content.decode()
    assert "CR45" * 600 in long.content.decode()
    ids = re.findall(r'\bid="([^"]+)"', long.content.decode())
    assert len(ids) == len(set(ids))
