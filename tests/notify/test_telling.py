"""Who is told of what, from the report to the rating, through the real verbs, reactors and a real mail server."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from anxiu import notify
from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Link
from anxiu.accounts.queries import actor_of, digest, link_by_secret
from anxiu.customers.actions import change_contact, erase_contact
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.models import EventRow, Position
from anxiu.kernel.subscribers import react
from anxiu.kernel.time import moved_to
from anxiu.notify.choices import Kind, Medium, State
from anxiu.notify.models import Notice
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, Signing
from anxiu.orders.choices import EntryKind, SignOffMeans
from anxiu.orders.models import Entry
from anxiu.orders.queries import document_to_sign
from anxiu.sla.tasks import tick
from tests.given.assets import a_contact, a_person
from tests.given.orders import MONDAY, Walk, a_company, an_engineer, opened, react_all
from tests.given.regulated import regulated
from tests.notify.conftest import mails, pages, send_all

pytestmark = pytest.mark.django_db


def played(company, step, at=MONDAY):
    """An order taken to a step, the reactors run after each as they would be."""
    walk = Walk(company, opened(company, at), at)
    with moved_to(walk.at):
        react_all()
    for name in Walk.STEPS[: Walk.STEPS.index(step) + 1]:
        getattr(walk, name)()
        with moved_to(walk.at):
            react_all()
    return walk


def kinds_to_customer():
    return [each.kind for each in mails(person=None)]


@pytest.mark.requirement("INT-06")
def test_a_report_is_receipted_at_once_with_deadline_and_a_link_that_needs_no_account(mailbox):
    company = a_company()
    order = opened(company)
    with moved_to(MONDAY):
        react_all()
        assert send_all() == ["sent"]
    [message] = mailbox.taken
    text = message.get_body(("plain",)).get_content()
    assert mailbox.recipients == ["wang@example.com"]
    assert order.number in message["Subject"]
    assert "5月11日 11:00" in text  # normal: answered within 2 hours of 09:00
    secret = re.search(r"/p/t/([\w-]+)/", text)[1]
    assert link_by_secret(secret, LinkPurpose.TRACK, MONDAY).subject_id == order.pk
    html = message.get_body(("html",)).get_content()
    assert f"/p/t/{secret}/" in html


@pytest.mark.requirement("ORD-10", "FB-01")
def test_the_customer_is_told_of_every_step_without_asking(mailbox):
    company = a_company()
    walk = played(company, "archived")
    assert kinds_to_customer() == [
        Kind.RECEIPT, Kind.VISIT_CONFIRMED, Kind.DEPARTED, Kind.ARRIVED, Kind.SIGN_REQUEST, Kind.RATING_REQUEST,
        Kind.REPORT_READY,
    ]  # fmt: skip
    with moved_to(walk.at):
        assert set(send_all()) == {"sent"}
        react_all()
    assert {each["To"] for each in mailbox.taken} >= {"wang@example.com"}
    told = EventRow.objects.filter(kind="notify.customer_told", subject_id=walk.order.pk)
    assert told.count() == 7


def test_the_signing_link_opens_only_the_signature_and_the_rating_link_only_the_rating(mailbox):
    played(a_company(), "signed")
    bodies = {each.kind: each.body for each in mails(person=None)}
    sign = re.search(r"/p/s/([\w-]+)/", bodies[Kind.SIGN_REQUEST])[1]
    rate = re.search(r"/p/rate/([\w-]+)/", bodies[Kind.RATING_REQUEST])[1]
    at = MONDAY + timedelta(hours=1)
    assert Link.objects.get(digest=digest(sign)).revoked_at  # signed on screen
    assert link_by_secret(rate, LinkPurpose.RATE, at).contact_id
    assert "/p/rate/" not in "".join(body for kind, body in bodies.items() if kind != Kind.RATING_REQUEST)


def test_the_rating_link_goes_only_to_the_contacts_own_address(mailbox):
    company = a_company()
    with moved_to(MONDAY):
        change_contact(actor=SYSTEM, at=MONDAY, contact_id=company.contact.pk, changes={"email": ""})
    walk = Walk(company, opened(company, caller_email="caller@example.com"))
    walk.to("signed")
    with moved_to(walk.at):
        react_all()
    told = mails(person=None)
    assert {each.address for each in told} == {"caller@example.com"}
    assert Kind.RATING_REQUEST not in {each.kind for each in told}
    assert not Link.objects.filter(purpose=LinkPurpose.RATE).exists()


def test_suspension_its_end_and_a_cancelled_order_are_told(mailbox):
    company = a_company()
    walk = Walk(company, opened(company))
    walk.contacted()
    with moved_to(walk.later()):
        until = walk.at + timedelta(days=1)
        actions.suspend(
            actor=company.dispatcher, at=walk.at, order_uid=walk.order.uid, reason="parts_on_order", until=until, note=""
        )
    with moved_to(walk.later()):
        actions.resume(actor=company.dispatcher, at=walk.at, order_uid=walk.order.uid)
    with moved_to(walk.later()):
        actions.cancel(actor=company.agent, at=walk.at, order_uid=walk.order.uid, reason="customer_withdrew", note="")
        react_all()
    assert kinds_to_customer() == [Kind.RECEIPT, Kind.SUSPENDED, Kind.RESUMED, Kind.CANCELLED]
    assert "5月12日" in mails(kind=Kind.SUSPENDED)[0].body


def test_a_question_goes_to_the_owner_and_its_answer_to_the_customer(mailbox):
    company = a_company()
    order = opened(company)
    at = MONDAY + timedelta(minutes=5)
    with moved_to(at):
        asked = actions.ask_question(actor=company.supervisor, at=at, order_uid=order.uid, text="几点能到？")
        react_all()
        [notice] = pages(kind=Kind.QUESTION)
        assert (notice.person_id, "几点能到" in notice.body) == (order.owner_id, True)
        actions.answer_question(actor=company.agent, at=at, question_uid=asked.uid, text="今天十点前到。")
        react_all()
    [answer] = mails(kind=Kind.ANSWERED)
    assert "今天十点前到。" in answer.body


def test_the_engineer_is_asked_by_page_and_email_and_one_who_is_replaced_knows(mailbox):
    company = a_company()
    other = an_engineer(company.region)
    walk = Walk(company, opened(company)).contacted().booked()
    with moved_to(walk.later()):
        react_all()
        starts = walk.at + timedelta(hours=5)
        actions.reschedule(
            actor=company.dispatcher, at=walk.at, order_uid=walk.order.uid, starts_at=starts,
            ends_at=starts + timedelta(hours=2), engineer_id=other.pk, reason="engineer_unavailable",
        )  # fmt: skip
        react_all()
    found = [(each.kind, each.person_id, each.medium) for each in Notice.objects.filter(
        kind__in=[Kind.VISIT_OFFERED, Kind.VISIT_TAKEN_AWAY]).order_by("id")]
    first, second = company.engineer.person_id, other.person_id
    assert found == [
        (Kind.VISIT_OFFERED, first, "inapp"), (Kind.VISIT_OFFERED, first, "email"),
        (Kind.VISIT_OFFERED, second, "inapp"), (Kind.VISIT_OFFERED, second, "email"),
        (Kind.VISIT_TAKEN_AWAY, first, "inapp"), (Kind.VISIT_TAKEN_AWAY, first, "email"),
    ]  # fmt: skip


def test_nobody_is_told_of_what_they_did_themselves(mailbox):
    company = a_company()
    order = opened(company)
    with moved_to(MONDAY):
        react_all()
    assert order.owner_id == company.agent.person_id
    assert pages(kind=Kind.NEW_ORDER) == []


@pytest.mark.requirement("PF-03")
def test_an_escalation_reaches_the_named_person_in_their_language_on_page_and_by_email(mailbox):
    company = a_company()
    order = opened(company)
    late = MONDAY + timedelta(hours=3)
    with moved_to(late):
        tick(0)
        react_all()
        send_all()
    called = EventRow.objects.filter(kind="sla.escalated", subject_id=order.pk).first()
    assert called is not None
    assert {each.person_id for each in pages(kind=Kind.ESCALATED)} == {each.person_id for each in mails(kind=Kind.ESCALATED)}
    assert pages(kind=Kind.WARNING) + pages(kind=Kind.ESCALATED)


def test_a_hand_over_is_asked_and_answered(mailbox):
    company = a_company()
    order, at = opened(company), MONDAY + timedelta(minutes=5)
    other = a_person("agent", company.region)
    with moved_to(at):
        actions.propose_hand_over(actor=company.agent, at=at, order_uid=order.uid, to_person_id=other.pk, reason="轮休")
        react_all()
        [asked] = pages(kind=Kind.HAND_OVER_ASKED)
        assert (asked.person_id, "轮休" in asked.body) == (other.pk, True)
        actions.accept_hand_over(actor=actor_of(other), at=at, order_uid=order.uid)
        react_all()
    [taken] = pages(kind=Kind.HAND_OVER_TAKEN)
    assert taken.person_id == company.agent.person_id


@pytest.mark.requirement("PF-03")
def test_each_is_told_in_their_own_language(mailbox):
    company = a_company()
    english = a_contact(company.customer, name="John Smith", email="john@example.com", language="en")
    opened(company, contact_id=english.pk)
    with moved_to(MONDAY):
        react_all()
    [receipt] = mails(person=None)
    assert receipt.language == "en"
    assert receipt.title.startswith("We have your request")
    assert "First response by: 11 May 11:00" in receipt.body


def test_a_reactor_that_runs_twice_tells_once(mailbox):
    company = a_company()
    opened(company)
    with moved_to(MONDAY):
        react_all()
        before = Notice.objects.count()
        position = Position.objects.get(event__kind="orders.opened").position
        assert react("notify.receipt", position) is False
        react_all()
    assert Notice.objects.count() == before


def test_nobody_is_written_to_about_what_is_long_past(mailbox):
    company = a_company()
    walk = Walk(company, opened(company))
    walk.to("accepted")
    with moved_to(walk.at + timedelta(hours=25)):
        react_all()
    assert mails() == []
    assert not Link.objects.exclude(purpose=LinkPurpose.TRACK).exists()
    assert [each.kind for each in pages()] == [Kind.VISIT_OFFERED]


def test_how_old_is_too_old_is_what_the_regulation_says(mailbox):
    regulated(MONDAY, notify__too_old="48 h")
    opened(a_company())
    with moved_to(MONDAY + timedelta(hours=25)):
        react_all()
    assert kinds_to_customer() == [Kind.RECEIPT]


@pytest.mark.parametrize("unread", [False, True])
def test_while_it_is_quiet_nothing_leaves_and_pages_are_read_already(mailbox, unread):
    company = a_company()
    walk = Walk(company, opened(company))
    walk.to("accepted")
    with moved_to(walk.at), notify.quiet(unread=unread):
        react_all()
    assert mails() == []
    assert [each.read_at is None for each in pages()] == [unread]


def test_an_erased_contact_leaves_nothing_in_notices(mailbox):
    company = a_company()
    order = opened(company)
    with moved_to(MONDAY):
        react_all()
        assert mails()[0].address == "wang@example.com"
        actions.cancel(actor=company.agent, at=MONDAY, order_uid=order.uid, reason="customer_withdrew", note="")
        erase_contact(actor=SYSTEM, at=MONDAY, contact_id=company.contact.pk)
        react_all()
        assert send_all() == [""]
    [notice] = mails()
    assert (notice.state, notice.address, notice.title, notice.body) == (State.CANCELLED, "", "", "")
    assert mailbox.taken == []


def test_after_erasure_nothing_more_is_written_even_to_the_address_of_the_report(mailbox):
    company = a_company()
    order = opened(company, caller_email="wang@example.com")
    at = MONDAY + timedelta(minutes=5)
    with moved_to(at):
        actions.cancel(actor=company.agent, at=at, order_uid=order.uid, reason="customer_withdrew", note="")
        erase_contact(actor=SYSTEM, at=at, contact_id=company.contact.pk)
        react_all()
    assert [each for each in mails() if each.address] == []


def test_tables_of_pages_and_mail_agree(mailbox):
    played(a_company(), "archived")
    inapp = Notice.objects.filter(medium=Medium.INAPP)
    assert not inapp.exclude(state=State.SENT).exists()
    told = EventRow.objects.filter(kind="notify.person_told")
    assert told.count() == inapp.count()


@pytest.mark.requirement("FB-01")
def test_a_rating_is_asked_once_and_only_for_work_that_was_done(mailbox):
    company = a_company()
    walk = Walk(company, opened(company))
    with moved_to(walk.later()):
        checked = ("identity_confirmed", "safe_to_guide")
        actions.solve_remotely(
            actor=company.agent, at=walk.at, order_uid=walk.order.uid, cause="参数", solution="恢复参数", checked=checked
        )
    walk.order.refresh_from_db()
    signing = Signing(SignOffMeans.SCREEN, sha256(document_to_sign(walk.order).encode()).hexdigest())
    with moved_to(walk.later()):
        actions.refuse_sign_off(
            actor=company.agent, at=walk.at, order_uid=walk.order.uid, signing=signing, reason="not_repaired"
        )
        react_all()
    assert Kind.RATING_REQUEST not in kinds_to_customer()
    walk.order.refresh_from_db()
    walk.to("signed")
    with moved_to(walk.at):
        react_all()
    assert kinds_to_customer().count(Kind.RATING_REQUEST) == 1
    line = Entry.objects.get(order=walk.order, kind=EntryKind.LABOUR, corrections=None)
    right = NewEntry(EntryKind.LABOUR, minutes=30, corrects_uid=line.uid, reason="工时记多了")
    walk._mine("add_entry", entry=right)
    walk.signed()
    with moved_to(walk.at):
        react_all()
    assert kinds_to_customer().count(Kind.RATING_REQUEST) == 1


@pytest.mark.requirement("ORD-11", "INT-06")
def test_a_customer_is_asked_to_sign_again_after_a_correction(mailbox):
    company = a_company()
    walk = played(company, "signed")
    labour = Entry.objects.get(order=walk.order, kind=EntryKind.LABOUR, corrections=None)
    walk._mine("add_entry", entry=NewEntry(EntryKind.LABOUR, minutes=30, corrects_uid=labour.uid, reason="工时记多了"))
    with moved_to(walk.at):
        react_all()
        send_all()
    [told] = [each for each in mails(person=None) if each.kind == Kind.SIGN_AGAIN]
    assert "工时记多了" in told.body
    assert "/p/s/" in told.body
    assert walk.order.number in told.title
