"""Machines, strangers and worse: what is set aside, what is read in spite of its labels, and what no mail can do."""

from email.message import EmailMessage

import pytest

from anxiu.mail.choices import MailState, Reason
from anxiu.mail.models import Mail, Raw
from anxiu.mail.reading import MOST_BYTES, MOST_PARTS, read
from anxiu.notify.choices import Reason as Undelivered
from anxiu.notify.choices import State as Sent
from anxiu.notify.models import Notice
from anxiu.orders.models import Order
from tests.given.orders import a_picture
from tests.mail.conftest import Post, a_mail

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("INT-09")
@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto-Submitted": "auto-replied"}, Reason.AUTOMATIC), ({"X-Auto-Response-Suppress": "All"}, Reason.AUTOMATIC),
        ({"Precedence": "auto_reply"}, Reason.AUTOMATIC), ({"Return-Path": "<>"}, Reason.AUTOMATIC),
        ({"X-Autoreply": "yes"}, Reason.AUTOMATIC), ({"Precedence": "bulk"}, Reason.BULK),
        ({"List-Id": "<news.example.com>"}, Reason.BULK), ({"From": "MAILER-DAEMON@example.com"}, Reason.BOUNCE),
        ({"From": "service@anxiu.test"}, Reason.OWN), ({"Auto-Submitted": "no", "Precedence": "normal"}, None),
    ],
)  # fmt: skip
def test_what_no_person_wrote_is_set_aside_with_its_reason_and_never_answered(post: Post, headers, reason):
    mail = post.comes(a_mail(**headers))
    if reason is None:
        assert mail.state == MailState.OPENED
        return
    assert (mail.state, mail.reason, mail.order) == (MailState.ASIDE, reason, None)
    assert (Order.objects.count(), post.sent) == (0, [])
    assert Raw.objects.filter(mail=mail).exists()


def test_our_own_notice_that_comes_back_is_no_report(post: Post):
    post.comes(a_mail())
    back = post.sent[-1]
    mail = post.comes(a_mail("x", Message_ID=back["Message-ID"].strip()))
    assert (mail.state, mail.reason) == (MailState.ASIDE, Reason.OWN)


def test_an_absence_note_is_no_answer_to_our_question(post: Post):
    order = post.comes(a_mail()).order
    note = a_mail("I am away.", In_Reply_To=post.sent[-1]["Message-ID"], Auto_Submitted="auto-replied")
    mail = post.comes(note)
    assert (mail.state, mail.reason, mail.order) == (MailState.ASIDE, Reason.AUTOMATIC, order)
    assert len(post.sent) == 1


def test_two_machines_that_answer_each_other_stop(post: Post):
    type(post.row).objects.update(most_an_hour=3)
    states = [post.comes(a_mail(f"again {each}")).state for each in range(5)]
    assert states == [MailState.OPENED] * 3 + [MailState.ASIDE] * 2
    assert Mail.objects.latest("pk").reason == Reason.TOO_MANY
    assert len(post.sent) == 3


def bounce(back: EmailMessage, action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nReturn-Path: <>\r\nTo: service@anxiu.test\r\nSubject: Undelivered\r\n"
        f"Message-ID: <b{action}@mx.example.com>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nno such user\r\n"
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {back['Message-ID']}\r\n\r\n--B--\r\n"
    ).encode()


def test_a_bounce_fails_the_notice_it_is_about_and_a_delay_does_not(post: Post):
    order = post.comes(a_mail()).order
    receipt = Notice.objects.get(kind="receipt")
    post.comes(bounce(post.sent[-1], "delayed"))
    receipt.refresh_from_db()
    assert receipt.state == Sent.SENT
    mail = post.comes(bounce(post.sent[-1]))
    receipt.refresh_from_db()
    assert (receipt.state, receipt.reason) == (Sent.FAILED, Undelivered.BOUNCED)
    assert (mail.state, mail.reason, mail.order) == (MailState.ASIDE, Reason.BOUNCE, order)


def test_a_forged_bounce_fails_nothing(post: Post):
    post.comes(a_mail())
    receipt = Notice.objects.get(kind="receipt")
    forged = a_mail()
    forged.replace_header("Message-ID", f"<{receipt.uid}.o{receipt.subject_id}.{'a' * 24}@anxiu.test>")
    post.comes(bounce(forged))
    receipt.refresh_from_db()
    assert receipt.state == Sent.SENT


def test_of_a_mail_too_large_only_the_headers_are_read(post: Post, monkeypatch):
    monkeypatch.setattr("anxiu.mail.fetching.MOST_BYTES", 2000)
    mail = post.comes(a_mail("x" * 5000, Subject="huge"))
    assert (mail.state, mail.reason, mail.subject, mail.text) == (MailState.ASIDE, Reason.TOO_LARGE, "huge", "")
    assert mail.size > 5000
    assert len(bytes(mail.raw.content)) < 2000
    assert MOST_BYTES == 25_000_000


def raw(body: bytes, **headers: str) -> bytes:
    given = {"From": "wang@example.com", "Subject": "x", "Message-ID": "<a@b>", **headers}
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items()).encode() + b"\r\n" + body


def parts(count: int) -> bytes:
    body = b"".join(b"--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n" for _ in range(count)) + b"--B--\r\n"
    return raw(body, MIME_Version="1.0", Content_Type='multipart/mixed; boundary="B"')


def nested(depth: int) -> bytes:
    opening = b"".join(
        b"--B%d\r\nContent-Type: multipart/mixed; boundary=B%d\r\n\r\n" % (each, each + 1) for each in range(depth)
    )
    return raw(opening + b"--B%d\r\n\r\nhi\r\n" % depth, MIME_Version="1.0", Content_Type="multipart/mixed; boundary=B0")


@pytest.mark.parametrize("made", [parts(MOST_PARTS + 5), nested(40), nested(3000)], ids=["many", "deep", "abyss"])
def test_more_parts_than_a_person_sends_are_not_read(made):
    assert read(made).reason in (Reason.TOO_MANY_PARTS, Reason.BROKEN)
    assert read(parts(3)).words.new == "hi\n\nhi\n\nhi" or read(parts(3)).words.new.split() == ["hi"] * 3


@pytest.mark.parametrize(
    ("label", "data", "said"),
    [
        ("gb2312", "镕基电梯停了".encode("gb18030"), "镕基电梯停了"), ("gbk", "电梯停了".encode("gbk"), "电梯停了"),
        ("us-ascii", "电梯停了".encode(), "电梯停了"), ("us-ascii", "电梯停了".encode("gb18030"), "电梯停了"),
        ("no-such-charset", "停了".encode(), "停了"), ("big5", "電梯停了".encode("big5"), "電梯停了"),
        ("utf-8", b"caf\xe9 \xff\x00", "caf"),
    ],
)  # fmt: skip
def test_characters_are_read_whatever_their_label_says(label, data, said):
    found = read(raw(data, MIME_Version="1.0", Content_Type=f"text/plain; charset={label}", Content_Transfer_Encoding="8bit"))
    assert found.words.new.startswith(said)
    assert "\x00" not in found.words.new


def test_subjects_and_names_are_read_whatever_their_label_says():
    import base64

    coded = base64.b64encode("镕字电梯".encode("gb18030")).decode()
    found = read(raw(b"x", Subject=f"=?gb2312?B?{coded}?=", From=f"=?gb2312?B?{coded}?= <wang@example.com>"))
    assert (found.subject, found.sender_name, found.sender) == ("镕字电梯", "镕字电梯", "wang@example.com")


def test_html_is_read_as_text_and_nothing_of_it_runs():
    page = (
        b"<html><head><style>p{}</style><title>t</title></head><body><script>alert(1)</script><p>Lift &amp; door</p>"
        b"<p onclick='x()'>stuck<br>again</p><img src=http://spy.example/x.gif><blockquote>old words</blockquote></body></html>"
    )
    found = read(raw(page, MIME_Version="1.0", Content_Type="text/html; charset=utf-8"))
    assert found.words.new.strip() == "Lift & door\nstuck\nagain"
    assert "> old words" in found.words.rest


@pytest.mark.parametrize("sender", ["", "not an address", "a@b@c", '"x"\r\n <>', "<>"])
def test_a_mail_that_cannot_be_answered_is_broken(sender):
    assert read(raw(b"x", From=sender)).reason is Reason.BROKEN


@pytest.mark.parametrize("made", [b"", b"\x00\xff" * 500, b"From: \xff\xfe@\x80\r\n\r\n", b"\r\n\r\n", b"Content-Type: multipart/mixed\r\n\r\nx"])
def test_rubbish_is_broken_and_fails_nothing(made):
    assert read(made).reason is Reason.BROKEN


def test_header_injection_reaches_no_mail_of_ours(post: Post):
    coded = "=?utf-8?Q?hello=0D=0ABcc:_victim@example.com?="
    mail = post.comes(a_mail("x", Subject="plain").as_bytes().replace(b"Subject: plain", f"Subject: {coded}".encode()))
    assert mail.subject == "hello Bcc: victim@example.com"
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import moved_to
    from anxiu.mail.actions import reply_by_mail

    with moved_to(post.at):
        reply_by_mail(actor=SYSTEM, at=post.at, order_uid=mail.order.uid, text="ok")
    post.settle()
    assert post.sent[-1]["Bcc"] is None
    assert "Bcc: victim" in post.sent[-1]["Subject"]


def test_files_pass_the_checks_of_all_uploads_and_the_rest_is_named(post: Post):
    made = a_mail("see")
    made.add_attachment(a_picture().content.read(), maintype="image", subtype="jpeg", filename="../../door.jpg")
    made.add_attachment(b"MZ" + b"\0" * 500, maintype="image", subtype="jpeg", filename="virus.jpg")
    made.add_attachment(b"x", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    made.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="invite.ics")
    made.add_attachment(b"PK\x03\x04" + b"\0" * 100, maintype="application", subtype="zip", filename="bomb.zip")
    inner = EmailMessage()
    inner.set_content("inside")
    made.add_attachment(inner)
    mail = post.comes(made)
    assert (mail.state, len(mail.files)) == (MailState.OPENED, 1)
    names = {each["name"] for each in mail.left_out}
    assert names == {"virus.jpg", "winmail.dat", "invite.ics", "bomb.zip", "message/rfc822"}


def test_one_mail_nobody_thought_of_does_not_hold_up_those_behind_it(post: Post, monkeypatch):
    from anxiu.mail.actions import taking

    real = taking.open_by

    def fails(*args, **kwargs):
        if args[2].subject == "poison":
            raise RuntimeError("never thought of")
        return real(*args, **kwargs)

    monkeypatch.setattr(taking, "open_by", fails)
    post.put(a_mail(Subject="poison"))
    post.put(a_mail(Subject="fine"))
    assert post.read() == 2
    assert list(Mail.objects.order_by("pk").values_list("state", "reason")) == [("aside", "broken"), ("opened", "")]
