"""Delivery by a real mail server: retries, refusals, no second message, nothing lost when a process is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from anxiu.kernel.errors import NotAllowed, NotFound, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to, now
from anxiu.mail.sealing import token
from anxiu.notify import tasks
from anxiu.notify.actions import claim, resend, sweep
from anxiu.notify.actions.delivering import CLAIM, RETRY_AFTER
from anxiu.notify.actions.writing import LEASE
from anxiu.notify.choices import Kind, Reason, State
from anxiu.notify.models import Notice
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, a_company, opened, react_all
from tests.notify.conftest import mails, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(mailbox) -> Notice:
    """One email to a customer, queued."""
    opened(a_company())
    with moved_to(MONDAY):
        react_all()
    [notice] = mails()
    assert (notice.kind, notice.state) == (Kind.RECEIPT, State.QUEUED)
    return notice


def delivered(notice: Notice, at=MONDAY) -> Notice:
    with moved_to(at):
        tasks.deliver(notice.pk)
    notice.refresh_from_db()
    return notice


@pytest.mark.requirement("PF-03")
def test_a_message_says_who_writes_in_which_language_and_belongs_to_its_thread(receipt, mailbox):
    sent = delivered(receipt)
    [message] = mailbox.taken
    assert (sent.state, sent.attempts, sent.sent_at) == (State.SENT, 1, MONDAY)
    assert message["Message-ID"].strip() == f"<{receipt.uid}.{token(receipt.subject_id)}@anxiu.test>"
    assert message["References"] == f"<{token(receipt.subject_id)}@anxiu.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh-CN"
    assert message["From"] == "安修 <service@anxiu.test>"
    assert message["Subject"] == receipt.title
    assert message.get_body(("plain",)).get_content().startswith("尊敬的客户：")


def test_what_was_delivered_keeps_no_secret(receipt):
    assert "/p/t/…/" not in receipt.body
    assert "/p/t/…/" in delivered(receipt).body


def test_a_notice_that_left_does_not_leave_again(receipt, mailbox):
    delivered(receipt)
    delivered(receipt)
    assert len(mailbox.taken) == 1


@pytest.mark.requirement("PF-03")
def test_a_busy_server_is_asked_again_later_and_the_second_message_carries_the_same_id(receipt, mailbox):
    mailbox.answers = ["451 try again later", "250 taken"]
    held = delivered(receipt)
    assert (held.state, held.reason, held.next_at) == (State.QUEUED, Reason.SERVER_BUSY, MONDAY + RETRY_AFTER[0])
    assert "451 try again later" in held.error
    assert sweep(MONDAY + RETRY_AFTER[0] - timedelta(seconds=1)) == 0
    assert sweep(MONDAY + RETRY_AFTER[0]) == 1
    again = delivered(receipt, MONDAY + RETRY_AFTER[0])
    assert (again.state, again.attempts, again.reason, again.error) == (State.SENT, 2, "", "")
    assert [each["Message-ID"].strip() for each in mailbox.taken] == [f"<{receipt.uid}.{token(receipt.subject_id)}@anxiu.test>"]


@pytest.mark.parametrize(
    ("recipient", "answer", "reason"),
    [("550 no such user", "", Reason.BAD_ADDRESS), ("", "554 looks like spam", Reason.REFUSED)],
)
def test_a_refusal_for_good_is_not_tried_again_and_is_on_record(receipt, mailbox, recipient, answer, reason):
    mailbox.to_recipient, mailbox.answers = [recipient] if recipient else [], [answer] if answer else []
    failed = delivered(receipt)
    assert (failed.state, failed.reason, failed.next_at) == (State.FAILED, reason, None)
    assert sweep(MONDAY + timedelta(days=2)) == 0
    assert EventRow.objects.filter(kind="notify.delivery_failed", subject_id=receipt.subject_id).count() == 1


def test_greylisting_of_the_recipient_is_not_a_bad_address(receipt, mailbox):
    mailbox.to_recipient = ["450 greylisted"]
    assert delivered(receipt).state == State.QUEUED


def test_after_the_last_retry_a_person_has_to_look(receipt, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    at = MONDAY
    for wait in RETRY_AFTER:
        assert delivered(receipt, at).next_at == at + wait
        at += wait
        assert sweep(at) == 1
    failed = delivered(receipt, at)
    assert (failed.state, failed.reason, failed.attempts) == (State.FAILED, Reason.UNREACHABLE, len(RETRY_AFTER) + 1)


def test_without_a_mail_server_email_waits_with_its_reason_and_leaves_once_there_is_one(settings, mailbox):
    settings.EMAIL_HOST = ""
    opened(a_company())
    with moved_to(MONDAY):
        react_all()
        assert send_all() == []
    [notice] = mails()
    assert (notice.state, notice.reason) == (State.HELD, Reason.NO_SERVER)
    assert sweep(MONDAY + timedelta(hours=1)) == 0
    settings.EMAIL_HOST = "127.0.0.1"
    assert sweep(MONDAY + timedelta(hours=1)) == 1
    with moved_to(MONDAY + timedelta(hours=1)):
        assert send_all() == ["sent"]
    assert len(mailbox.taken) == 1


def test_a_server_that_went_away_holds_what_is_queued(receipt, settings):
    settings.EMAIL_HOST = ""
    held = delivered(receipt)
    assert (held.state, held.reason, held.attempts) == (State.HELD, Reason.NO_SERVER, 0)


def test_what_waited_too_long_goes_only_by_hand(receipt, settings, mailbox):
    settings.EMAIL_HOST = ""
    delivered(receipt)
    settings.EMAIL_HOST = "127.0.0.1"
    late = MONDAY + timedelta(hours=25)
    assert sweep(late) == 0
    receipt.refresh_from_db()
    assert (receipt.state, receipt.reason) == (State.HELD, Reason.WAITED_TOO_LONG)
    with moved_to(late):
        resend(actor=acting("administrator"), at=late, notice_uid=receipt.uid)
        assert send_all() == ["sent"] or mailbox.taken
    assert len(mailbox.taken) == 1


def test_of_two_workers_one_sends(receipt):
    assert claim(receipt.pk, MONDAY) is not None
    assert claim(receipt.pk, MONDAY) is None
    assert sweep(MONDAY + CLAIM - timedelta(seconds=1)) == 0
    assert sweep(MONDAY + CLAIM) == 1
    assert claim(receipt.pk, MONDAY + CLAIM) is not None


def test_a_job_that_never_came_is_deferred_again(receipt):
    assert sweep(MONDAY + LEASE) == 1


def test_a_notice_that_kills_its_worker_every_time_is_given_up(receipt):
    at = MONDAY
    for _ in range(len(RETRY_AFTER) + 1):
        assert claim(receipt.pk, at) is not None
        at += CLAIM
        sweep(at)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.reason) == (State.FAILED, Reason.INTERRUPTED)


# ---- by hand ---------------------------------------------------------------------------------------------------------
def test_a_supervisor_of_the_region_sends_a_failed_notice_again_to_the_corrected_address(mailbox):
    company = a_company()
    opened(company)
    with moved_to(MONDAY):
        react_all()
    [notice] = mails()
    mailbox.to_recipient = ["550 no such user"]
    delivered(notice)
    company.contact.email = "right@example.com"
    company.contact.save(update_fields=["email"])
    with moved_to(MONDAY):
        resend(actor=company.supervisor, at=MONDAY, notice_uid=notice.uid)
    delivered(notice)
    assert (notice.state, mailbox.recipients) == (State.SENT, ["right@example.com"])
    assert EventRow.objects.filter(kind="notify.resent", subject_id=notice.subject_id).count() == 1


def test_who_may_not_resend_is_refused(receipt):
    with pytest.raises(NotAllowed):
        resend(actor=acting("agent"), at=MONDAY, notice_uid=receipt.uid)
    with pytest.raises(NotFound):
        resend(actor=acting("supervisor", a_region()), at=MONDAY, notice_uid=receipt.uid)


def test_only_what_failed_is_sent_again(receipt, settings, mailbox):
    administrator = acting("administrator")
    with pytest.raises(WrongState) as refused:
        resend(actor=administrator, at=MONDAY, notice_uid=receipt.uid)
    assert refused.value.code == "notify.not_failed"
    mailbox.answers = ["554 no"]
    delivered(receipt)
    settings.EMAIL_HOST = ""
    with pytest.raises(WrongState) as refused:
        resend(actor=administrator, at=MONDAY, notice_uid=receipt.uid)
    assert refused.value.code == "notify.no_server"


# ---- with real processes and threads ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_eight_workers_that_get_the_same_notice_send_one_message(mailbox):
    opened(a_company(), now() - timedelta(minutes=1))
    react_all()
    [notice] = mails()

    def work() -> None:
        tasks.deliver(notice.pk)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(mailbox.taken) == 1


WORKER = """
import sys, django
django.setup()
from django.conf import settings
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
from anxiu.notify.tasks import deliver
deliver(int(sys.argv[1]))
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_loses_nothing(mailbox, settings):
    opened(a_company(), now() - timedelta(minutes=1))
    react_all()
    [notice] = mails()
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={known['HOST']}&port={known['PORT']}"
    asked, answer = threading.Event(), threading.Event()
    mailbox.before_answer = lambda: (asked.set(), answer.wait(30))
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(notice.pk), str(settings.EMAIL_PORT)],
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "anxiu.project.settings"},
    )
    assert asked.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    mailbox.before_answer = None
    answer.set()
    time.sleep(0.2)  # the server notices that the other side is gone
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, mailbox.taken) == (State.SENDING, 1, [])
    assert tasks.deliver(notice.pk) == ""
    at = now() + CLAIM
    assert sweep(at) == 1
    assert tasks.deliver(notice.pk) == "sent"
    assert len(mailbox.taken) == 1
