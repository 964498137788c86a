"""By which channel somebody is told, and how a notice goes on to the next one: once, and never twice by the same."""

from datetime import timedelta

import pytest

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.notify.actions import (
    choose_channels,
    set_contact_address,
    set_person_addresses,
    sweep_waiting,
)  # fmt: skip
from anxiu.notify.choices import AddressKind, Carries, Kind, Medium, Reason, State
from anxiu.notify.models import Address, Notice
from anxiu.notify.queries import not_delivered
from tests.given.assets import acting
from tests.given.channels import reached, set_up, tried
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all
from tests.given.regulated import regulated
from tests.notify.conftest import mails
from tests.notify.test_gathering import burst

pytestmark = pytest.mark.django_db
WAIT = timedelta(minutes=10)


@pytest.fixture
def boss():
    return acting("administrator")


@pytest.fixture
def company():
    return a_company()


def supervisor(company) -> Person:
    row = Person.objects.get(pk=company.supervisor.person_id)
    row.phone = "13800138000"
    row.save(update_fields=["phone"])
    return row


def called(company, boss, shop) -> Notice:
    """An escalation to the supervisor on its way by WeCom; behind it stand text messages for what is urgent."""
    with moved_to(MONDAY):
        set_up(boss, Medium.WECOM, shop.url, place=1)
        set_up(boss, Medium.ALIYUN_SMS, shop.url, place=2, use=Carries.URGENT)
        reached(boss, supervisor(company), wecom="sup")
    burst(company, 1)
    [row] = Notice.objects.filter(person=company.supervisor.person_id, medium=Medium.WECOM, kind=Kind.ESCALATED)
    return row


def chain(row: Notice) -> list[tuple[str, str, str]]:
    return [(each.medium, each.state, each.reason) for each in Notice.objects.filter(first=row).order_by("id")]


@pytest.mark.requirement("PF-03", "SLA-07")
def test_what_wecom_refuses_for_good_goes_by_text_message_at_once_and_never_again_by_wecom(boss, company, shop, mailbox):
    row = called(company, boss, shop)
    shop.answers = [{"errcode": 81013, "errmsg": "user & party & tag all invalid"}]
    with moved_to(row.gathers_until):
        assert tried(row).reason == Reason.BAD_ADDRESS
        [following] = Notice.objects.filter(first=row)
        assert (following.medium, following.address) == (Medium.ALIYUN_SMS, "13800138000")
        assert tried(following).state == State.SENT
        assert not not_delivered(boss).filter(pk=row.pk).exists()
    assert [call.path for call in shop.sent] == ["/cgi-bin/message/send", "/"]
    assert not EventRow.objects.filter(kind="notify.delivery_failed", subject_id=row.subject_id).exists()


def test_what_has_not_left_in_time_goes_by_the_next_channel_once(boss, company, shop, mailbox):
    row = called(company, boss, shop)
    shop.answers = [{"errcode": 45009, "errmsg": "freq out of limit"}]
    with moved_to(row.gathers_until):
        assert tried(row).state == State.QUEUED
    assert sweep_waiting(row.created_at + WAIT - timedelta(seconds=1)) == 0
    assert sweep_waiting(row.created_at + WAIT) == 1
    assert sweep_waiting(row.created_at + WAIT) == 0
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.CANCELLED, Reason.FELL_BACK)
    assert chain(row) == [(Medium.ALIYUN_SMS, State.QUEUED, "")]


def test_the_wait_is_the_regulations(boss, company, shop, mailbox):
    regulated(MONDAY - timedelta(hours=1), notify__fall_back_after="3 min")
    row = called(company, boss, shop)
    assert row.falls_at == row.created_at + timedelta(minutes=3)


def test_where_every_channel_refused_a_person_has_to_look(boss, company, shop, mailbox):
    row = called(company, boss, shop)
    shop.answers = [{"errcode": 81013, "errmsg": "no"}, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "no"}]
    with moved_to(row.gathers_until):
        tried(row)
        [following] = Notice.objects.filter(first=row)
        tried(following)
        [mail] = Notice.objects.filter(first=row, medium=Medium.EMAIL)
        mailbox.to_recipient = ["550 no"]
        tried(mail)
        assert list(not_delivered(boss).values_list("pk", flat=True)) == [mail.pk]
    assert EventRow.objects.filter(kind="notify.delivery_failed").count() == 1


def test_nobody_gets_more_text_messages_a_day_than_the_regulation_allows(boss, company, shop, mailbox):
    regulated(MONDAY - timedelta(hours=1), notify__sms_per_person=0)
    row = called(company, boss, shop)
    shop.answers = [{"errcode": 81013, "errmsg": "no"}]
    with moved_to(row.gathers_until):
        tried(row)
        sms = tried(Notice.objects.get(first=row))
        assert (sms.state, sms.reason, len(shop.sent)) == (State.FAILED, Reason.PERSON_LIMIT, 1)
        assert [each[0] for each in chain(row)] == [Medium.ALIYUN_SMS, Medium.EMAIL]


def test_text_messages_for_what_is_urgent_carry_nothing_else(boss, company, shop, mailbox):
    with moved_to(MONDAY):
        set_up(boss, Medium.ALIYUN_SMS, shop.url, place=1, use=Carries.URGENT)
    Person.objects.filter(pk=company.engineer.person_id).update(phone="13800138000")
    walk = Walk(company, opened(company), MONDAY)
    walk.to("booked")
    with moved_to(walk.at):
        react_all()
    [notice] = Notice.objects.filter(person=company.engineer.person_id).exclude(medium=Medium.INAPP)
    assert notice.medium == Medium.EMAIL


# ---- customers -------------------------------------------------------------------------------------------------------
def test_a_customer_who_follows_us_is_told_by_wechat_and_by_email_if_they_left(boss, company, shop, mailbox):
    with moved_to(MONDAY):
        set_up(boss, Medium.WECHAT, shop.url, to_customers=True, templates={"receipt": "T9 thing1=title character_string2=number"})
        set_contact_address(actor=company.agent, at=MONDAY, contact_uid=company.contact.uid, open_id="oAbc")
    shop.answers = [{"errcode": 43004, "errmsg": "require subscribe"}]
    order = opened(company)
    with moved_to(MONDAY):
        react_all()
        [notice] = Notice.objects.filter(contact=company.contact)
        assert tried(notice).reason == Reason.NOT_SUBSCRIBED
    assert shop.sent[0].body["data"]["character_string2"] == {"value": order.number}
    assert [each.address for each in mails(first=notice)] == ["wang@example.com"]


def test_an_address_is_proven_by_what_arrives_and_erased_with_the_person(boss, company, shop, mailbox):
    from anxiu.notify.actions import erase_contact

    with moved_to(MONDAY):
        set_up(boss, Medium.WECHAT, shop.url, to_customers=True)
        set_contact_address(actor=company.agent, at=MONDAY, contact_uid=company.contact.uid, open_id="oAbc")
        opened(company)
        react_all()
        assert Address.objects.get().verified_at is None
        tried(Notice.objects.get(contact=company.contact))
    assert Address.objects.get().verified_at == MONDAY
    erase_contact([company.contact.pk], [])
    assert not Address.objects.exists()


# ---- whose choice ----------------------------------------------------------------------------------------------------
def test_what_somebody_chose_comes_first_and_their_own_page_only_where_no_deadline_breaks(boss, company, shop, mailbox):
    with moved_to(MONDAY):
        set_up(boss, Medium.WECOM, shop.url, place=1)
        engineer = Person.objects.get(pk=company.engineer.person_id)
        reached(boss, engineer, wecom="eng")
        own = actor_of(engineer)
        choose_channels(actor=own, at=MONDAY, chosen={Kind.VISIT_OFFERED: Medium.EMAIL})
    walk = Walk(company, opened(company), MONDAY)
    walk.to("booked")
    with moved_to(walk.at):
        react_all()
    rows = Notice.objects.filter(person=engineer, kind=Kind.VISIT_OFFERED).exclude(medium=Medium.INAPP)
    assert [each.medium for each in rows] == [Medium.EMAIL]
    assert choose_channels(actor=own, at=MONDAY, chosen={Kind.VISIT_OFFERED: ""}) == 1
    assert choose_channels(actor=own, at=MONDAY, chosen={Kind.VISIT_OFFERED: ""}) == 0
    with pytest.raises(Invalid) as refused:
        choose_channels(actor=own, at=MONDAY, chosen={Kind.ESCALATED: ""})
    assert refused.value.code == "notify.must_be_told"


def test_who_may_not_set_addresses_is_refused(boss, company):
    person = Person.objects.get(pk=company.engineer.person_id)
    given = {AddressKind.WECOM: "x"}
    with pytest.raises(NotAllowed):
        set_person_addresses(actor=company.agent, at=MONDAY, person_uid=person.uid, addresses=given)
    with pytest.raises(NotAllowed):
        set_contact_address(actor=acting("engineer"), at=MONDAY, contact_uid=company.contact.uid, open_id="x")
    with pytest.raises(NotFound):
        set_contact_address(actor=a_company().agent, at=MONDAY, contact_uid=company.contact.uid, open_id="x")
    with pytest.raises(Invalid):
        set_person_addresses(actor=boss, at=MONDAY, person_uid=person.uid, addresses={AddressKind.WECHAT: "x"})
