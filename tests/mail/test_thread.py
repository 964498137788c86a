"""One thread by mail, through a real IMAP server and a real SMTP server: report, receipt, question, answer, reply."""

from datetime import timedelta

import pytest

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import NotAllowed, NotFound
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.mail.actions import reply_by_mail
from anxiu.mail.choices import MailState, Reason
from anxiu.mail.models import Mail
from anxiu.notify.choices import Kind
from anxiu.notify.models import Notice
from anxiu.orders.actions import ask_reporter
from anxiu.orders.choices import Channel
from anxiu.orders.models import Inquiry
from tests.given.assets import a_region, acting
from tests.given.orders import a_picture
from tests.mail.conftest import MONDAY, Post, a_mail

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("INT-09")
def test_a_mail_of_a_contact_becomes_a_request_and_its_answers_join_the_thread(post: Post):
    photo = a_picture().content.read()
    report = a_mail("三号电梯停梯，门打不开。\n\n--\n王小明 华东机电")
    report.add_attachment(photo, maintype="image", subtype="jpeg", filename="door.jpg")
    first = post.comes(report)

    [order] = post.orders
    assert (first.state, first.order, first.is_known, len(first.files)) == (MailState.OPENED, order, True, 1)
    assert (order.customer, order.contact) == (post.company.customer, post.company.contact)
    assert order.request.channel == Channel.EMAIL
    assert order.request.words.startswith("电梯故障\n\n三号电梯停梯，门打不开。")

    [receipt] = post.sent
    assert order.number in receipt["Subject"]
    assert receipt["To"] == "wang@example.com"
    assert receipt["In-Reply-To"] == report["Message-ID"]
    assert "/p/t/" in receipt.get_body(("plain",)).get_content()
    assert receipt["Reply-To"] == post.row.address

    with moved_to(MONDAY):
        until = MONDAY + timedelta(hours=2)
        ask_reporter(actor=post.company.agent, at=MONDAY, order_uid=order.uid, text="几楼？", until=until)
    post.settle()
    order.refresh_from_db()
    assert order.is_suspended
    question = post.sent[-1]
    post.at = MONDAY + timedelta(minutes=20)
    answer = a_mail(
        "三楼。\n\n在 2026年5月11日，安修 写道：\n> 几楼？", Subject=f"回复：{question['Subject']}",
        In_Reply_To=question["Message-ID"], References=question["References"],
    )  # fmt: skip
    second = post.comes(answer)
    assert (second.state, second.order, second.text) == (MailState.JOINED, order, "三楼。")
    assert "> 几楼？" in second.quoted
    order.refresh_from_db()
    assert not order.is_suspended
    assert Inquiry.objects.get().answer == "三楼。"
    assert len(post.orders) == 1

    with moved_to(post.at):
        reply_by_mail(actor=post.company.agent, at=post.at, order_uid=order.uid, text="收到。\n\n工程师下午到。")
    post.settle()
    reply = post.sent[-1]
    assert reply["In-Reply-To"] == answer["Message-ID"]
    assert reply["Subject"].strip().startswith("Re: ")
    assert reply["Auto-Submitted"] is None
    assert "收到。\n\n工程师下午到。" in reply.get_body(("plain",)).get_content().replace("\r\n", "\n")

    thanks = a_mail("谢谢", Subject="thanks", In_Reply_To=reply["Message-ID"])
    third = post.comes(thanks)
    assert (third.state, third.order) == (MailState.JOINED, order)
    told = Notice.objects.filter(kind=Kind.MAIL_CAME)
    assert {each.person_id for each in told} == {order.owner_id}


def test_a_mail_is_taken_in_once_however_often_it_is_read(post: Post):
    post.comes(a_mail())
    post.row.refresh_from_db()
    assert post.read() == 0
    type(post.row).objects.update(last_uid=0, uid_validity=1)  # the server numbered its mails anew
    assert post.read() == 1
    assert (Mail.objects.count(), len(post.orders)) == (1, 1)


def test_a_stranger_becomes_an_order_without_a_customer_or_is_set_aside(post: Post):
    taken = post.comes(a_mail(From="Somebody <new@elsewhere.example>"))
    assert (taken.state, taken.order.customer, taken.order.request.caller_email) == (
        MailState.OPENED, None, "new@elsewhere.example",
    )  # fmt: skip
    assert post.sent[-1]["To"] == "new@elsewhere.example"
    type(post.row).objects.update(strangers="aside")
    aside = post.comes(a_mail(From="Somebody <newer@elsewhere.example>"))
    assert (aside.state, aside.reason, aside.order) == (MailState.ASIDE, Reason.STRANGER, None)
    assert len(post.orders) == 1


def test_an_order_number_in_the_subject_counts_for_those_it_concerns_only(post: Post):
    order = post.comes(a_mail()).order
    theirs = post.comes(a_mail("还是不行", Subject=f"Fwd: {order.number.lower()}"))
    assert (theirs.state, theirs.order) == (MailState.JOINED, order)
    other = post.comes(a_mail("spy", From="spy@elsewhere.example", Subject=order.number))
    assert other.order != order


def test_a_forged_token_joins_nothing(post: Post):
    order = post.comes(a_mail()).order
    forged = f"<o{order.pk}.{'a' * 24}@anxiu.test>"
    other = post.comes(a_mail("x", From="spy@elsewhere.example", In_Reply_To=forged))
    assert other.order != order


def test_an_address_with_a_tag_finds_its_order(post: Post):
    type(post.row).objects.update(plus_tags=True)
    order = post.comes(a_mail()).order
    address = post.sent[-1]["Reply-To"]
    assert address.startswith("service+o")
    mail = post.comes(a_mail("neu", From="colleague@example.com", To=address, Subject="other"))
    assert (mail.order, mail.is_known) == (order, False)


def test_who_may_answer_by_mail(post: Post):
    order = post.comes(a_mail()).order
    given = {"at": MONDAY, "order_uid": order.uid, "text": "x"}
    with moved_to(MONDAY), pytest.raises(NotAllowed):
        reply_by_mail(actor=acting("finance"), **given)
    with moved_to(MONDAY), pytest.raises(NotFound):
        reply_by_mail(actor=acting("agent", a_region()), **given)
    with moved_to(MONDAY):
        reply_by_mail(actor=SYSTEM, **given)
    assert EventRow.objects.filter(kind="mail.replied", subject_id=order.pk).count() == 1
