"""The demo company is whole, and everything in it came about by the real verbs."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.db.models import Count, F, Q

from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.customers.models import Customer, Site
from anxiu.demo import quarter
from anxiu.demo.company import has_data, logins, play
from anxiu.duties.models import Duty
from anxiu.equipment.models import Machine
from anxiu.feedback.models import Rating
from anxiu.kernel.errors import Invalid
from anxiu.kernel.models import Cursor, EventRow, PendingEvent, Position
from anxiu.kernel.subscribers import PROJECTORS, rebuild
from anxiu.kpi.queries import Asked, Span, Wanted, compliance, sheet
from anxiu.notify.choices import Medium
from anxiu.notify.models import Notice
from anxiu.orders.choices import ENDED, HandOverState, SignOffOutcome, State, VisitState
from anxiu.orders.models import HandOver, Order, Question, SignOff, Visit
from anxiu.regulation.choices import OrderType
from anxiu.regulation.models import Version
from anxiu.sla.models import Clock, DutyEntry, Escalation
from anxiu.sla.queries import open_escalations
from anxiu.trace.verify import verify
from anxiu.workforce.models import Engineer
from tests.demo.conftest import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("played")]


@pytest.mark.requirement("PF-06")
def test_the_company_has_its_size():
    sizes = [each.objects.count() for each in (Region, Engineer, Customer, Machine, Order)]
    assert sizes == [4, 40, 300, 1200, 60 + quarter.ORDERS]
    assert set(Order.objects.values_list("order_type", flat=True)) == set(OrderType)


@pytest.mark.requirement("PF-06")
def test_an_order_stands_at_every_step():
    assert set(Order.objects.values_list("state", flat=True)) == set(State) - {State.MERGED}  # nobody reports twice there yet
    assert Order.objects.exclude(suspended_at=None).count() == 1


def test_names_and_addresses_are_told_apart():
    assert Customer.objects.values("name").distinct().count() == 300
    assert Site.objects.values("name").distinct().count() == Site.objects.count() == 360
    twice = Machine.objects.values("site", "name").annotate(number=Count("id")).filter(number__gt=1)
    assert not twice.exists()
    assert set(Customer.objects.values_list("region__code").annotate(Count("id"))) == {
        (code, 75) for code in ("pudong", "puxi", "south", "north")
    }


def test_promises_break_and_people_are_called():
    broken = Clock.objects.exclude(breached_at=None)
    assert broken.filter(outcome="broken").exists()
    assert Order.objects.filter(breached=True, ended_at=None).exists()
    calls = Escalation.objects.filter(acknowledge_by__isnull=False)
    assert calls.exclude(acknowledged_at=None).exists()
    assert calls.filter(acknowledged_at=None).exists()
    waiting = open_escalations(actor_of(Person.objects.get(email="supervisor@demo.anxiu.example")))
    assert {each.person.email for each in waiting} >= {"supervisor@demo.anxiu.example"}
    assert not Clock.objects.exclude(failed_at=None).exists()
    assert DutyEntry.objects.count() >= 20


def test_repeats_are_linked_and_free():
    repeats = Order.objects.exclude(repeat_of=None)
    assert repeats.count() >= 3
    for each in repeats.select_related("repeat_of"):
        assert (each.machine_id, each.fault_class_id) == (each.repeat_of.machine_id, each.repeat_of.fault_class_id)
    assert repeats.filter(is_free=True, under_guarantee__order=F("repeat_of")).count() >= 3


def test_low_ratings_are_made_good_or_still_to_be():
    low = Rating.objects.filter(score__lte=3).values_list("order_id", flat=True)
    duties = Duty.objects.filter(kind="recovery")
    assert sorted(duties.values_list("subject_id", flat=True)) == sorted(low)
    assert {each.is_open for each in duties} == {True, False}
    assert Rating.objects.filter(score__gte=4).count() > 10


def test_what_goes_otherwise_than_planned_is_there():
    assert set(HandOver.objects.values_list("state", flat=True)) == set(HandOverState)
    assert Visit.objects.filter(state=VisitState.DECLINED).exists()
    assert Visit.objects.filter(state=VisitState.RELEASED).exists()
    assert set(SignOff.objects.values_list("outcome", "means")) == {
        (SignOffOutcome.SIGNED, "screen"), (SignOffOutcome.SIGNED, "link"), (SignOffOutcome.REFUSED, "screen"),
    }  # fmt: skip
    assert {bool(each.answered_at) for each in Question.objects.all()} == {True, False}
    assert set(Order.objects.values_list("request__channel", flat=True)) == {"phone", "h5", "web"}
    assert Order.objects.filter(machine=None).exists()


def test_nothing_lies_in_the_future_and_visits_are_made_by_day(played: datetime):
    told = EventRow.objects.exclude(kind__in=["sla.year_published", "regulation.adopted"])  # by the migrations
    assert not told.filter(Q(occurred_at__gt=played) | Q(recorded_at__gt=played)).exists()
    assert not Order.objects.filter(Q(opened_at__gt=played) | Q(ended_at__gt=played)).exists()
    for visit in Visit.objects.exclude(order__severity="urgent"):
        assert 8 <= visit.starts_at.astimezone(SHANGHAI).hour <= 17
    recent = Order.objects.filter(opened_at__gte=played - timedelta(days=14))
    days = {each.astimezone(SHANGHAI).date() for each in recent.values_list("opened_at", flat=True)}
    assert len(days) >= 11


def test_nobody_is_sent_to_two_places_at_once():
    for visit in Visit.objects.exclude(state__in=[VisitState.DECLINED, VisitState.RELEASED]):
        others = Visit.objects.filter(engineer=visit.engineer, state__in=[VisitState.ACCEPTED, VisitState.PROPOSED])
        overlapping = others.filter(starts_at__lt=visit.ends_at, ends_at__gt=visit.starts_at).exclude(pk=visit.pk)
        assert not overlapping.filter(starts_at__lt=visit.left_at or visit.ends_at).exists()


def test_no_letter_leaves_the_house():
    assert set(Notice.objects.values_list("medium", flat=True)) == {Medium.INAPP}
    read = {bool(each) for each in Notice.objects.values_list("read_at", flat=True)}
    assert read == {True, False}
    with connection.cursor() as cursor:
        cursor.execute("select distinct task_name from procrastinate_jobs")
        assert {name for (name,) in cursor.fetchall()} <= {"files.make_thumbnail", "sla.reckon_again"}


def test_every_event_has_its_place_and_the_chain_holds():
    assert not PendingEvent.objects.exists()
    assert Position.objects.count() == EventRow.objects.count()
    assert verify(witnessed={}).at == Position.objects.count()


def test_projectors_are_at_the_end_and_rebuild_the_same():
    last = Position.objects.order_by("-position").values_list("position", flat=True)[0]
    before = list(Machine.objects.order_by("id").values_list("id", "region_id", "site_id"))
    for name in PROJECTORS:
        assert Cursor.objects.get(name=name).position == last
        rebuild(name)
    assert list(Machine.objects.order_by("id").values_list("id", "region_id", "site_id")) == before


def test_ended_orders_are_closed_files():
    for order in Order.objects.filter(state=State.ARCHIVED):
        assert order.documents.filter(kind="report").exists()
    assert set(Order.objects.exclude(ended_at=None).values_list("state", flat=True)) == set(ENDED) - {State.MERGED}


@pytest.mark.requirement("REG-07")
def test_three_months_tell_regions_and_weeks_apart(played: datetime):
    manager = actor_of(Person.objects.get(email="management@demo.anxiu.example"))
    regions = {each.code: each.pk for each in Region.objects.all()}

    def share(code: str, region: str, first: int, last: int) -> tuple[int, int]:
        """How often it was kept in a region, from so many days ago to so many, and of how many."""
        span = Span(*(played.date() - timedelta(days=days) for days in (first, last)))
        found = sheet(manager, Wanted(span, regions[region])).total
        return found.get(code, (0, 0))

    late, many = share("on_time", "south", 95, quarter.HELPED)
    better, number = share("on_time", "south", quarter.HELPED, 22)
    assert many >= 5
    assert number >= 3
    assert late / many < 0.6 < better / number
    shares = {}
    for region in regions:
        kept, cases = share("clock_follow_up", region, 95, 0)
        shares[region] = kept / cases
    assert min(shares, key=lambda each: shares[each]) == "north"
    board = compliance(manager, Version.objects.earliest("pk"), Asked(played - timedelta(days=90), played), "en")
    assert board.total.kept > 1000
    assert board.total.broken > 50
    assert len([week for line in board.lines for week in line.tally.weeks]) > 100


@pytest.mark.requirement("PF-06")
def test_each_post_has_a_login():
    found = logins()
    assert len(found) == 10
    for english, chinese, email, password in found:
        assert english
        assert chinese
        assert authenticate(username=email, password=password) == Person.objects.get(email=email)


def test_the_engineer_who_logs_in_has_work():
    assert Order.objects.filter(engineer__person__email="engineer@demo.anxiu.example", ended_at=None).exists()


@pytest.mark.requirement("PF-06")
def test_it_is_refused_where_there_are_data():
    assert has_data()
    with pytest.raises(Invalid) as refused:
        play()
    assert refused.value.code == "demo.has_data"
    assert Order.objects.count() == 60 + quarter.ORDERS
