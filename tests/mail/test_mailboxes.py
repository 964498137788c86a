"""Mailboxes: who names them, where they may be, what fails in words, and what is not kept."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.accounts.models import Person
from anxiu.customers.actions import erase_contact
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.models import SealedText
from anxiu.kernel.time import moved_to
from anxiu.mail import actions
from anxiu.mail.actions import NewMailbox, claim, reply_by_mail, settle
from anxiu.mail.actions.polling import CLAIM, LONGEST_PAUSE, PAUSE
from anxiu.mail.choices import Fault, MailState, Reason, Security
from anxiu.mail.fetching import modified_utf7, probe
from anxiu.mail.models import Mail, Mailbox, Raw, Reply
from anxiu.mail.rules import may_connect
from anxiu.mail.sealing import opened
from anxiu.notify.choices import Kind
from anxiu.notify.models import Notice
from anxiu.orders.actions import cancel
from anxiu.orders.models import Order
from anxiu.privacy.actions import keep_within
from anxiu.privacy.choices import Data
from tests.given.assets import a_region, acting
from tests.given.regulated import regulated
from tests.mail.conftest import MONDAY, PASSWORD, Post, a_mail

pytestmark = pytest.mark.django_db


def new(region, **more) -> NewMailbox:
    given = {"address": "help@anxiu.test", "host": "imap.example.com", "port": 993, "login": "x", "password": "sesame", "region_id": region.pk}
    return NewMailbox(**{**given, **more})


def test_who_may_name_change_and_switch_mailboxes():
    region = a_region()
    administrator, agent = acting("administrator"), acting("agent", region)
    with pytest.raises(NotAllowed):
        actions.add_mailbox(actor=agent, at=MONDAY, new=new(region))
    row = actions.add_mailbox(actor=administrator, at=MONDAY, new=new(region))
    assert "sesame" not in row.password
    assert opened(row.password, row.uid) == "sesame"
    given = {"at": MONDAY, "mailbox_uid": row.uid}
    row = actions.change_mailbox(actor=administrator, changes={"most_an_hour": 3}, **given)
    assert (row.most_an_hour, opened(row.password, row.uid)) == (3, "sesame")
    with pytest.raises(Invalid) as refused:  # the password is told to no other server
        actions.change_mailbox(actor=administrator, changes={"host": "evil.example.com"}, **given)
    assert refused.value.code == "mail.password_missing"
    actions.switch_mailbox_off(actor=administrator, **given)
    with pytest.raises(WrongState):
        actions.switch_mailbox_off(actor=administrator, **given)
    assert claim(MONDAY) == 0
    actions.switch_mailbox_on(actor=administrator, **given)
    for verb in (actions.switch_mailbox_off, actions.switch_mailbox_on):
        with pytest.raises(NotAllowed):
            verb(actor=agent, **given)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"host": "a b"}, "mail.bad_host"), ({"login": "a\r\nb"}, "mail.bad_login"), ({"password": ""}, "mail.password_missing"),
     ({"security": Security.NONE}, "mail.no_tls"), ({"region_id": 0}, "mail.unknown_region"), ({"folder": ""}, "kernel.required")],
)  # fmt: skip
def test_what_a_mailbox_cannot_be(more, code):
    with pytest.raises(Invalid) as refused:
        actions.add_mailbox(actor=SYSTEM, at=MONDAY, new=new(a_region(), **more))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("ip", "outside_only", "inside_too"),
    [("93.184.216.34", True, True), ("10.1.2.3", False, True), ("127.0.0.1", False, True), ("::1", False, True),
     ("169.254.169.254", False, False), ("::ffff:169.254.169.254", False, False), ("168.63.129.16", False, False),
     ("0.0.0.0", False, False), ("224.0.0.1", False, False)],
)  # fmt: skip
def test_which_servers_are_asked(ip, outside_only, inside_too):
    assert may_connect(ip, to_inside=False) is outside_only
    assert may_connect(ip, to_inside=True) is inside_too


def test_a_trial_says_what_fails(post: Post, settings):
    row = post.row
    assert (probe(row).fault, probe(row).count) == ("", 0)
    for changes, fault in (
        ({"login": "nobody"}, Fault.LOGIN), ({"folder": "Nowhere"}, Fault.FOLDER), ({"port": 1}, Fault.UNREACHABLE),
        ({"security": Security.STARTTLS}, Fault.NO_TLS), ({"security": Security.TLS}, Fault.UNREACHABLE),
        ({"host": "no-such-name.invalid"}, Fault.UNKNOWN_HOST), ({"password": ""}, Fault.NO_SECRET),
    ):  # fmt: skip
        for name, value in {**{name: getattr(row, name) for name in changes}, **changes}.items():
            setattr(row, name, value)
        assert probe(row).fault == fault, changes
        row.refresh_from_db()
    settings.MAIL_SERVERS_INSIDE = False
    assert probe(row).fault == Fault.NO_TLS
    row.security = Security.TLS
    assert probe(row).fault == Fault.INSIDE
    came = probe(row)
    actions.try_mailbox(actor=SYSTEM, at=MONDAY, mailbox_uid=row.uid, came=came)
    row.refresh_from_db()
    assert (row.fault, row.tried_at) == (Fault.INSIDE, MONDAY)
    assert PASSWORD not in row.error


def test_a_mailbox_that_fails_is_asked_ever_less_often_and_somebody_is_told(post: Post):
    chief = acting("administrator")
    Person.objects.filter(pk=chief.person_id).update(language="en")
    assert claim(MONDAY) == 1
    assert claim(MONDAY) == 0  # another worker has it
    assert ProcrastinateJob.objects.filter(task_name="mail.read").count() == 1
    assert claim(MONDAY + CLAIM) == 1  # that worker was killed
    Mailbox.objects.update(folder="Nowhere")
    assert post.read() == 0
    post.row.refresh_from_db()
    assert (post.row.fault, post.row.failing_since, post.row.next_poll_at) == (Fault.FOLDER, MONDAY, MONDAY + PAUSE)
    settle(post.row.pk, MONDAY + timedelta(days=1), fault=Fault.FOLDER)
    post.row.refresh_from_db()
    assert post.row.next_poll_at == MONDAY + timedelta(days=1) + LONGEST_PAUSE
    settle(post.row.pk, MONDAY + timedelta(days=2), fault=Fault.FOLDER)
    with moved_to(MONDAY + timedelta(days=1)):
        post.settle()
    told = Notice.objects.filter(kind=Kind.MAILBOX_FAILING)  # once, by both ways
    assert set(told.values_list("person_id", "medium")) == {(chief.person_id, "inapp"), (chief.person_id, "email")}
    assert "There is no such folder" in told[0].body
    Mailbox.objects.update(folder=post.folder)
    post.comes(a_mail())
    post.row.refresh_from_db()
    assert (post.row.fault, post.row.failing_since, post.row.told_at, post.row.read_at) == ("", None, None, MONDAY)


def test_what_lay_there_before_is_left_alone(post: Post):
    post.at = MONDAY - timedelta(hours=1)
    post.put(a_mail("old"))
    post.at = MONDAY
    post.put(a_mail("new"))
    assert post.read() == 2
    assert [each.text for each in Mail.objects.all()] == ["new"]


def test_folders_are_named_as_imap_writes_them():
    assert (modified_utf7("INBOX"), modified_utf7("收件箱"), modified_utf7("A&B")) == ("INBOX", "&ZTZO9nux-", "A&-B")


def test_a_mail_that_lies_aside_is_taken_in_by_hand_or_dismissed(post: Post):
    Mailbox.objects.update(strangers="aside")
    agent, elsewhere = post.company.agent, acting("agent", a_region())
    mails = [post.comes(a_mail(f"no {each}", From=f"x{each}@elsewhere.example")) for each in range(3)]
    with moved_to(MONDAY):
        with pytest.raises(NotAllowed):
            actions.take_mail_in(actor=acting("finance"), at=MONDAY, mail_uid=mails[0].uid)
        with pytest.raises(NotFound):
            actions.take_mail_in(actor=elsewhere, at=MONDAY, mail_uid=mails[0].uid)
        order = actions.take_mail_in(actor=agent, at=MONDAY, mail_uid=mails[0].uid)
        assert order.request.caller_email == "x0@elsewhere.example"
        assert actions.take_mail_in(actor=agent, at=MONDAY, mail_uid=mails[1].uid, number=order.number.lower()) == order
        with pytest.raises(Invalid):
            actions.take_mail_in(actor=agent, at=MONDAY, mail_uid=mails[2].uid, number="WX0")
        with pytest.raises(NotAllowed):
            actions.dismiss_mail(actor=acting("finance"), at=MONDAY, mail_uid=mails[2].uid)
        actions.dismiss_mail(actor=agent, at=MONDAY, mail_uid=mails[2].uid)
        with pytest.raises(WrongState):
            actions.dismiss_mail(actor=agent, at=MONDAY, mail_uid=mails[2].uid)
    assert list(Mail.objects.order_by("pk").values_list("state", flat=True)) == [MailState.OPENED, MailState.JOINED, MailState.DISMISSED]
    assert not Raw.objects.exists()


def test_raw_mails_and_quoted_history_are_not_kept(post: Post):
    taken = post.comes(a_mail("三楼。\n\n> 几楼？"))
    aside = post.comes(a_mail(Precedence="bulk"))
    kept = timedelta(days=20)
    assert keep_within(MONDAY + kept)[Data.MAILS] == 0
    regulated(MONDAY, privacy__keep_mails="20 d")
    assert keep_within(MONDAY + kept)[Data.MAILS] == 0
    assert keep_within(MONDAY + kept + timedelta(seconds=1))[Data.MAILS] == 2
    taken.refresh_from_db()
    aside.refresh_from_db()
    assert (taken.text, taken.quoted, taken.state) == ("三楼。", "", MailState.OPENED)
    assert (aside.sender, aside.subject, aside.text, aside.state) == ("", "", "", MailState.DISMISSED)
    assert not Raw.objects.exists()
    assert keep_within(MONDAY + kept + timedelta(days=1))[Data.MAILS] == 0


def test_what_a_person_wrote_is_erased_with_the_person(post: Post):
    order = post.comes(a_mail()).order
    post.comes(a_mail("geheim", Subject=order.number))
    with moved_to(MONDAY):
        reply_by_mail(actor=SYSTEM, at=MONDAY, order_uid=order.uid, text="geheim")
        cancel(actor=SYSTEM, at=MONDAY, order_uid=order.uid, reason="customer_withdrew")
        erase_contact(actor=SYSTEM, at=MONDAY, contact_id=post.company.contact.pk)
    post.settle()
    assert not Mail.objects.exclude(sender="", text="", subject="").exists()
    assert not Reply.objects.exclude(address="", text="").exists()
    assert not SealedText.objects.filter(event__kind__startswith="mail.").exists()
    assert Mail.objects.filter(reason=Reason.BROKEN).count() == 0


WORKER = """
import os, signal, sys, django
django.setup()
from django.conf import settings
settings.MAIL_SERVERS_INSIDE = True
from anxiu.mail.actions import taking
real = taking.open_by
def killed(*given):
    real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
taking.open_by = killed
from anxiu.mail.tasks import read_mailbox
read_mailbox(int(sys.argv[1]))
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_takes_a_mail_in_takes_it_in_once(post: Post):
    post.put(a_mail())
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={known['HOST']}&port={known['PORT']}"
    process = subprocess.run(
        [sys.executable, "-c", WORKER, str(post.row.pk)], check=False,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "anxiu.project.settings"},
    )  # fmt: skip
    assert process.returncode == -signal.SIGKILL
    assert (Mail.objects.count(), Order.objects.count()) == (0, 0)
    assert post.read() == 1
    assert post.read() == 0
    assert (Mail.objects.count(), Order.objects.count()) == (1, 1)
