"""The pages about channels: set up with nothing shown again, tested in words, addresses and choices."""

from uuid import uuid4

import pytest
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.time import now
from anxiu.notify import tasks
from anxiu.notify.choices import Kind, Medium, Reason, State
from anxiu.notify.models import Address, Notice, Preference, Setup
from tests.given.assets import acting
from tests.given.browsing import browser
from tests.given.channels import set_up
from tests.given.orders import a_company
from tests.notify.conftest import shop

pytestmark = pytest.mark.django_db
__all__ = ["shop"]


@pytest.fixture
def administrator():
    return acting("administrator")


def given(shop, **more):
    return {
        "key": uuid4().hex, "is_on": "on", "place": "5", "use": "everything", "of_corp_id": "ww1", "of_agent_id": "1000002",
        "of_secret": "s3cr3t-of-ours", "base_url": shop.url, **more,
    }  # fmt: skip


@pytest.mark.requirement("PF-03")
def test_a_channel_is_set_up_tested_and_says_in_words_what_is_wrong(administrator, shop):
    client, medium = browser(administrator), [Medium.WECOM]
    assert client.post(reverse("set_up_channel", args=medium), given(shop)).status_code == 204
    assert "s3cr3t" not in Setup.objects.get().secret
    for name, args in (("channels", []), ("channel", medium), ("set_up_channel", medium), ("test_channel", medium)):
        page = client.get(reverse(name, args=args))
        assert page.status_code == 200
        assert "s3cr3t-of-ours" not in page.content.decode()
    shop.answers = [{"errcode": 60020, "errmsg": "not allow to access from your ip"}, {"errcode": 0, "errmsg": "ok"}]
    for _ in range(2):
        test = client.post(reverse("test_channel", args=medium), {"key": uuid4().hex, "address": "zhangsan"})
        assert test.status_code == 204
        tasks.deliver(Notice.objects.latest("id").pk)
    bad, good = Notice.objects.order_by("id")
    assert (bad.state, bad.reason, good.state) == (State.FAILED, Reason.SETTINGS, State.SENT)
    page = client.get(reverse("channel", args=medium)).content.decode()
    assert "The vendor does not accept the settings or permissions of this channel" in page
    assert "60020 not allow to access from your ip" in page
    kept = client.post(reverse("set_up_channel", args=medium), given(shop, of_secret="", place="7"))
    assert (kept.status_code, Setup.objects.get().place) == (204, 7)
    client.post(reverse("test_channel", args=medium), {"key": uuid4().hex, "address": "zhangsan"})
    tasks.deliver(Notice.objects.latest("id").pk)
    assert Notice.objects.latest("id").state == State.SENT
    assert {call.query["corpsecret"] for call in shop.calls if "corpsecret" in call.query} == {"s3cr3t-of-ours"}


def test_what_is_missing_is_asked_for_and_a_bad_template_is_named(administrator, shop):
    client = browser(administrator)
    answer = client.post(reverse("set_up_channel", args=[Medium.WECOM]), given(shop, of_corp_id=""))
    assert answer.status_code == 422
    sms = {
        "key": uuid4().hex, "is_on": "on", "place": "5", "use": "urgent", "of_key_id": "k", "of_secret": "s", "of_sign": "安修",
        "says_escalated": "SMS_1 colour",
    }  # fmt: skip
    answer = client.post(reverse("set_up_channel", args=[Medium.ALIYUN_SMS]), sms)
    assert answer.status_code == 422
    assert "colour" in answer.content.decode()
    assert not Setup.objects.exists()


def test_the_daily_limit_warns_on_the_page(administrator, shop):
    set_up(administrator, Medium.ALIYUN_SMS, shop.url, daily_most=0)
    page = browser(administrator).get(reverse("channels")).content.decode()
    assert "Daily limit near" in page


def test_addresses_and_choices_have_their_dialogs(administrator, shop):
    set_up(administrator, Medium.WECOM, shop.url)
    company, client = a_company(), browser(administrator)
    person = Person.objects.get(pk=company.engineer.person_id)
    where = reverse("set_person_addresses", args=[person.uid])
    assert client.get(where).status_code == 200
    assert client.post(where, {"key": uuid4().hex, "wecom": "zhangsan"}).status_code == 204
    assert Address.objects.get(person=person).value == "zhangsan"
    agent = browser(company.agent)
    where = reverse("set_contact_address", args=[company.contact.uid])
    assert agent.post(where, {"key": uuid4().hex, "wechat": "oAbc"}).status_code == 204
    assert Address.objects.get(contact=company.contact).value == "oAbc"
    own = browser(actor_of(person))
    where = reverse("choose_channels")
    assert "WeCom" in own.get(where).content.decode() or "企业微信" in own.get(where).content.decode()
    chosen = {"key": uuid4().hex, "visit_offered": "own", "escalated": "wecom", "warning": "-"}
    assert own.post(where, chosen).status_code == 204
    assert dict(Preference.objects.values_list("kind", "medium")) == {Kind.VISIT_OFFERED: "", Kind.ESCALATED: "wecom"}


def test_who_may_not_see_channels_is_refused(shop):
    client = browser(acting("agent"))
    for name, args in (("channels", []), ("channel", [Medium.WECOM]), ("set_up_channel", [Medium.WECOM])):
        assert client.get(reverse(name, args=args)).status_code == 403
    assert browser(acting("administrator")).get(reverse("channel", args=["inapp"])).status_code == 404


def test_a_log_of_many_costs_no_more_statements(administrator, shop, django_assert_max_num_queries):
    set_up(administrator, Medium.WECOM, shop.url)
    from anxiu.notify.actions import test_channel as send

    for _ in range(12):
        send(actor=administrator, at=now(), medium=Medium.WECOM, address="x")
    client = browser(administrator)
    with django_assert_max_num_queries(24):
        client.get(reverse("channel", args=[Medium.WECOM]))
