"""Many deadlines at once are one message a person and channel."""

from datetime import timedelta

import pytest

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.time import moved_to
from anxiu.notify.actions import mark_read, sweep
from anxiu.notify.choices import Kind, Medium
from anxiu.notify.models import Gathered, Notice
from anxiu.orders.models import Order
from anxiu.regulation.choices import Severity
from anxiu.sla.actions import tick_all
from tests.given.orders import MONDAY, a_company, opened, react_all
from tests.given.regulated import regulated
from tests.notify.conftest import send_all

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATE = MONDAY + 31 * MINUTE
KINDS = [Kind.ESCALATED, Kind.DIGEST]


def burst(company, number, at=MONDAY):
    """So many urgent orders at once, and half an hour later as many calls to whoever is on duty."""
    for _each in range(number):
        opened(company, at, severity=Severity.URGENT, severity_reason="有人")
    late = at + 31 * MINUTE
    with moved_to(late):
        tick_all(late)
        react_all()


def told(person, medium):
    return list(Notice.objects.filter(person=person, medium=medium, kind__in=KINDS).order_by("id"))


@pytest.mark.requirement("SLA-07")
def test_many_breaches_at_once_are_one_message_a_person(mailbox):
    company = a_company()
    supervisor = Person.objects.get(pk=company.supervisor.person_id)
    burst(company, 60)
    [page], [mail] = told(supervisor, Medium.INAPP), told(supervisor, Medium.EMAIL)
    assert (page.kind, page.told, page.title) == (Kind.DIGEST, 60, "60 项时限等您处理：60 项上报")
    assert page.body.count("WX") == 20
    assert "另有 40 项" in page.body
    assert Gathered.objects.filter(notice=mail).count() == 60
    with moved_to(LATE + MINUTE):
        sweep(LATE + MINUTE)
        assert set(send_all()) <= {"sent", ""}
    to_supervisor = [each for each in mailbox.taken if each["To"] == supervisor.email and "60" in each["Subject"]]
    assert len(to_supervisor) == 1


def test_one_breach_says_which_it_is_and_leaves_after_the_gathering_time(mailbox):
    company = a_company()
    supervisor = Person.objects.get(pk=company.supervisor.person_id)
    burst(company, 1)
    [mail] = told(supervisor, Medium.EMAIL)
    assert (mail.kind, mail.told, mail.next_at) == (Kind.ESCALATED, 1, LATE + MINUTE)
    with moved_to(LATE):
        sweep(LATE)
        assert mail.pk not in {each.pk for each in Notice.objects.filter(state="sent", medium=Medium.EMAIL)}
    with moved_to(LATE + MINUTE):
        sweep(LATE + MINUTE)
        send_all()
    assert Order.objects.get().number in [each for each in mailbox.taken if each["To"] == supervisor.email][-1]["Subject"]


def test_what_comes_after_the_gathering_time_is_a_message_of_its_own(mailbox):
    company = a_company()
    supervisor = Person.objects.get(pk=company.supervisor.person_id)
    burst(company, 2)
    burst(company, 3, MONDAY + 2 * MINUTE)
    assert [each.told for each in told(supervisor, Medium.INAPP)] == [2, 3]


def test_what_comes_after_a_message_was_read_is_news_again(mailbox):
    company = a_company()
    supervisor = Person.objects.get(pk=company.supervisor.person_id)
    burst(company, 2)
    mark_read(actor=actor_of(supervisor), at=LATE, notice_uids=None)
    burst(company, 1)
    assert [(each.told, each.read_at) for each in told(supervisor, Medium.INAPP)] == [(2, LATE), (1, None)]


@pytest.mark.requirement("REG-02")
def test_without_a_gathering_time_each_breach_is_a_message_at_once(mailbox):
    regulated(MONDAY, notify__gather="0 min")
    company = a_company()
    supervisor = Person.objects.get(pk=company.supervisor.person_id)
    burst(company, 3)
    assert [each.told for each in told(supervisor, Medium.INAPP)] == [1, 1, 1]
    with moved_to(LATE):
        assert send_all().count("sent") >= 3
