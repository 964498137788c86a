"""Mail on the console's pages and over the API: mailboxes, what lies aside, the thread of an order."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.actions import issue_token
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.mail.models import Mail, Mailbox, Reply
from anxiu.orders.models import Order
from tests.given.assets import acting
from tests.given.browsing import browser
from tests.mail.conftest import PASSWORD, USER, Post, a_mail

pytestmark = pytest.mark.django_db


def posted(client: Client, name: str, args: list[object], **given: object):
    return client.post(reverse(name, args=args), {"key": uuid4().hex, **given})


def test_a_mailbox_is_named_tried_changed_and_switched_on_its_pages(post: Post):
    client = browser(acting("administrator"))
    given = {
        "address": "help@anxiu.test", "host": "localhost", "port": post.server.port, "security": "none", "login": USER,
        "password": PASSWORD, "folder": post.folder, "region_id": post.company.region.pk, "order_type": "repair",
        "strangers": "aside", "most_an_hour": 5,
    }  # fmt: skip
    assert posted(client, "add_mailbox", [], **given).status_code == 204
    row = Mailbox.objects.get(address="help@anxiu.test")
    assert posted(client, "add_mailbox", [], **given).status_code == 422  # there is one with this address
    assert posted(client, "try_mailbox", [row.uid]).status_code == 204
    assert posted(client, "change_mailbox", [row.uid], **{**given, "password": "", "folder": "Nowhere"}).status_code == 204
    posted(client, "try_mailbox", [row.uid])
    page = client.get(reverse("mailbox", args=[row.uid])).content.decode()
    assert "There is no such folder" in page
    assert PASSWORD not in page
    for verb in ("switch_mailbox_off", "switch_mailbox_on"):
        assert posted(client, verb, [row.uid]).status_code == 204
    assert row.address in client.get(reverse("mailboxes")).content.decode()


@pytest.mark.requirement("INT-09")
def test_what_lies_aside_is_listed_with_its_reason_read_and_taken_in(post: Post):
    Mailbox.objects.update(strangers="aside")
    mail = post.comes(a_mail("<script>alert(1)</script> help", From="New <new@elsewhere.example>", Subject="Lift <b>3</b>"))
    client = browser(post.company.agent)
    page = client.get(reverse("mails")).content.decode()
    assert "The address is not known" in page
    assert "new@elsewhere.example" not in page  # masked in the list
    shown = client.get(reverse("mail", args=[mail.uid])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; help" in shown
    assert "<script>alert" not in shown
    answer = posted(client, "take_mail_in", [mail.uid])
    order = Order.objects.get()
    assert answer["HX-Redirect"] == reverse("order", args=[order.uid])
    assert "No mails here" in client.get(reverse("mails")).content.decode()
    assert order.number in client.get(reverse("mails"), {"tab": "taken"}).content.decode()


@pytest.mark.requirement("INT-09")
def test_the_thread_stands_on_the_orders_page_and_is_answered_from_there(post: Post):
    order = post.comes(a_mail("三楼电梯停了")).order
    client = browser(post.company.agent)
    url = reverse("order", args=[order.uid])
    assert "三楼电梯停了" in client.get(url).content.decode()
    dialog = client.get(reverse("reply_by_mail", args=[order.uid])).content.decode()
    assert "w***@example.com" in dialog or "@example.com" in dialog
    assert posted(client, "reply_by_mail", [order.uid], text=" ").status_code == 422
    assert posted(client, "reply_by_mail", [order.uid], text="马上到").status_code == 204
    post.settle()
    assert "马上到" in post.sent[-1].get_body(("plain",)).get_content()
    page = client.get(url).content.decode()
    assert "马上到" in page
    assert "Answered by mail" in page


class Caller:
    def __init__(self, actor: Actor) -> None:
        _, secret = issue_token(actor=SYSTEM, at=Mailbox.objects.latest("pk").created_at, person_id=actor.person_id, label="t")
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    def get(self, path: str):
        return self.client.get(f"/api/v1{path}")

    def post(self, path: str, **body: object):
        headers = {"Idempotency-Key": uuid4().hex}
        return self.client.post(f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)


def test_mailboxes_over_the_api(post: Post):
    caller = Caller(acting("administrator"))
    body = {
        "address": "api@anxiu.test", "host": "localhost", "port": post.server.port, "security": "none", "login": USER,
        "password": PASSWORD, "folder": post.folder, "region": post.company.region.code,
    }  # fmt: skip
    made = caller.post("/mailboxes", **body)
    assert made.status_code == 201, made.content
    uid = made.json()["uid"]
    assert "password" not in made.json()
    act = f"/mailboxes/{uid}/actions"
    assert caller.post(f"{act}/try_mailbox").json()["fault"] == ""
    assert caller.post(f"{act}/change_mailbox", folder="Nowhere").json()["folder"] == "Nowhere"
    assert caller.post(f"{act}/try_mailbox").json()["fault"] == "folder"
    assert caller.post(f"{act}/switch_mailbox_off").json()["off_at"]
    assert caller.post(f"{act}/switch_mailbox_off").status_code == 409
    assert caller.post(f"{act}/switch_mailbox_on").json()["off_at"] is None
    assert {each["address"] for each in caller.get("/mailboxes").json()["items"]} == {post.row.address, "api@anxiu.test"}
    assert caller.get(f"/mailboxes/{uid}").json()["address"] == "api@anxiu.test"
    assert Caller(post.company.agent).get("/mailboxes").status_code == 403


def test_mails_and_threads_over_the_api(post: Post):
    Mailbox.objects.update(strangers="aside")
    caller = Caller(post.company.agent)
    first, second = (post.comes(a_mail(f"no {each}", From=f"n{each}@elsewhere.example")) for each in range(2))
    assert [each["uid"] for each in caller.get("/mails?state=aside").json()["items"]] == [str(second.uid), str(first.uid)]
    assert caller.get(f"/mails/{first.uid}").json()["text"] == "no 0"
    taken = caller.post(f"/mails/{first.uid}/actions/take_mail_in")
    assert taken.status_code == 200, taken.content
    assert caller.post(f"/mails/{second.uid}/actions/dismiss_mail").json()["state"] == "dismissed"
    order = taken.json()["order"]
    said = caller.post(f"/orders/{order}/actions/reply_by_mail", text="soon")
    assert said.status_code == 201, said.content
    thread = caller.get(f"/orders/{order}/mails").json()
    assert ([each["text"] for each in thread["mails"]], [each["text"] for each in thread["replies"]]) == (["no 0"], ["soon"])
    assert (Mail.objects.count(), Reply.objects.count()) == (2, 1)
    assert Caller(acting("finance")).post(f"/orders/{order}/actions/reply_by_mail", text="x").status_code == 403
