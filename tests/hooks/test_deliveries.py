"""From an event to a signed request, once; retries, giving up, repeating, and what a killed worker leaves."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.hooks import actions, tasks
from anxiu.hooks.actions import NewTarget, claim, forget, settle, sweep
from anxiu.hooks.actions.delivering import CLAIM, KEPT
from anxiu.hooks.actions.queueing import LANES, LEASE, MOST
from anxiu.hooks.choices import Off, Reason, State
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.rules import GIVE_UP_AFTER, LONGEST_WAIT, OLD_SECRET_SIGNS_FOR, SWITCH_OFF_AFTER, next_try
from anxiu.hooks.sending import Answer
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import instant
from anxiu.kernel.models import EventRow
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.subscribers import react
from anxiu.kernel.time import moved_to
from anxiu.notify.choices import Kind
from anxiu.notify.models import Notice
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, a_company, opened, react_all
from tests.hooks.conftest import Receiver

pytestmark = pytest.mark.django_db
KINDS = ("orders.opened", "orders.cancelled")


@pytest.fixture
def target(administrator, receiver: Receiver) -> Target:
    row, secret = actions.add_target(actor=administrator, at=MONDAY, new=NewTarget(receiver.url, "ERP", KINDS))
    row.told = secret  # type: ignore[attr-defined]
    return row


def happened(company=None, at=MONDAY):
    """An order is opened, and every reactor has acted."""
    order = opened(company or a_company(), at)
    with moved_to(at):
        while react_all():
            pass
    return order


def send_all(at=MONDAY) -> list[str]:
    """Run every send job, as the worker would."""
    with moved_to(at):
        jobs = ProcrastinateJob.objects.filter(task_name="hooks.send", status="todo").order_by("id")
        return [tasks.deliver(job.args["delivery_id"]) for job in list(jobs)]


def delivered(row: Delivery, at) -> Delivery:
    with moved_to(at):
        tasks.deliver(row.pk)
    row.refresh_from_db()
    return row


def _as_documented() -> Any:
    """The snippet that the documentation gives to receivers, as it stands."""
    page = Path(__file__).parents[2] / "docs/develop/webhooks.md"
    snippet = page.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    made: dict[str, Any] = {}
    exec(snippet, made)
    return made["is_from_anxiu"]


IS_FROM_ANXIU = _as_documented()


def verify(secret: str, headers: dict[str, str], body: bytes, *, late: int = 0) -> bool:
    return IS_FROM_ANXIU(headers, body, secret, now=int(headers["Anxiu-Timestamp"]) + late)


@pytest.mark.requirement("PF-02")
def test_an_event_reaches_its_target_signed_and_without_personal_text(target, receiver):
    order = happened()
    assert send_all() == ["delivered"]
    [asked] = receiver.got
    said, row = json.loads(asked.body), EventRow.objects.get(kind="orders.opened")
    assert said["id"] == str(row.uid)
    assert (said["kind"], said["version"], said["region"]) == ("orders.opened", 2, order.region.code)
    assert said["subject"] == {"kind": "order", "number": order.number, "uid": str(order.uid)}
    assert said["occurred_at"] == instant(MONDAY)
    stored = json.loads(row.body)
    sealed = {name for name, value in stored.items() if isinstance(value, dict) and "sealed" in value}
    assert said["body"] == {name: value for name, value in stored.items() if name not in sealed}
    assert (asked.path, asked.headers["Content-Type"]) == ("/anxiu?of=erp", "application/json")
    assert verify(target.told, asked.headers, asked.body)
    assert not verify(target.told, {**asked.headers, "Anxiu-Timestamp": "1"}, asked.body)
    assert not verify(target.told, asked.headers, asked.body + b" ")
    assert not verify(target.told, asked.headers, asked.body, late=301)
    [delivery] = Delivery.objects.all()
    assert asked.headers["Anxiu-Delivery"] == str(delivery.uid)
    assert (delivery.state, delivery.status, delivery.answer, delivery.attempts) == (State.DELIVERED, 200, "thanks", 1)


def test_no_sealed_text_and_no_digest_of_one_is_sent(administrator, receiver):
    actions.add_target(actor=administrator, at=MONDAY, new=NewTarget(receiver.url, "HR", ("accounts.person_added",)))
    acting("agent")
    react_all()
    send_all()
    said = json.loads(receiver.got[-1].body)
    assert said["body"] == {"posts": ["agent"]}
    assert "sealed" not in receiver.got[-1].body.decode()


def test_one_event_is_one_delivery_however_often_its_job_runs(target):
    happened()
    position = EventRow.objects.get(kind="orders.opened").place.position
    assert not react("hooks.queue", position)
    assert Delivery.objects.count() == 1


def test_only_chosen_kinds_and_regions_are_sent(administrator, receiver):
    ours, elsewhere = a_company(), a_region()
    for name, region_ids in (("all", ()), ("ours", (ours.region.pk,)), ("other", (elsewhere.pk,))):
        actions.add_target(actor=administrator, at=MONDAY, new=NewTarget(receiver.url, name, KINDS, region_ids))
    actions.add_target(actor=administrator, at=MONDAY, new=NewTarget(receiver.url, "kinds", ("orders.archived",)))
    happened(ours)
    assert sorted(Delivery.objects.values_list("target__purpose", flat=True)) == ["all", "ours"]


def test_without_a_target_no_job_is_made_for_an_event(db):
    opened(a_company())
    catch_up()
    assert not ProcrastinateJob.objects.filter(task_name="kernel.react", args__name="hooks.queue").exists()


# ---- retries ---------------------------------------------------------------------------------------------------------
def test_waits_double_are_spread_and_end_after_a_day():
    for chance in (0.0, 0.5, 1.0):
        at, attempts, waits = MONDAY, 1, []
        while (again := next_try(MONDAY, attempts, at, chance)) is not None:
            waits.append(again - at)
            at, attempts = again, attempts + 1
        assert waits == sorted(waits)
        assert waits[0] == timedelta(seconds=30) * (0.75 + chance / 2)
        assert max(waits) <= LONGEST_WAIT * 1.25
        assert GIVE_UP_AFTER - timedelta(hours=5) <= at - MONDAY <= GIVE_UP_AFTER
    assert next_try(MONDAY, 10_000, MONDAY, 0.5) == MONDAY + LONGEST_WAIT


@pytest.mark.requirement("PF-02")
def test_what_was_not_taken_is_tried_again_and_signed_anew(target, receiver):
    receiver.answers = [500, 200]
    happened()
    assert send_all() == ["queued"]
    [row] = Delivery.objects.all()
    assert (row.reason, row.status) == (Reason.ANSWER, 500)
    assert timedelta(seconds=22) <= row.next_at - MONDAY <= timedelta(seconds=38)
    assert sweep(row.next_at - timedelta(seconds=1)) == 0
    assert sweep(row.next_at) == 1
    done = delivered(row, MONDAY + timedelta(minutes=1))
    assert (done.state, done.attempts, done.reason, done.next_at) == (State.DELIVERED, 2, "", None)
    first, second = receiver.got
    assert (first.body, first.headers["Anxiu-Delivery"]) == (second.body, second.headers["Anxiu-Delivery"])
    assert first.headers["Anxiu-Timestamp"] != second.headers["Anxiu-Timestamp"]
    assert verify(target.told, second.headers, second.body)


def test_a_target_that_restarts_gets_what_it_missed(target, receiver):
    receiver.stop()
    happened()
    assert send_all() == ["queued"]
    [row] = Delivery.objects.all()
    assert row.reason == Reason.UNREACHABLE
    target.refresh_from_db()
    assert target.failing_since == MONDAY
    receiver.start()
    sweep(row.next_at)
    assert delivered(row, row.next_at).state == State.DELIVERED
    target.refresh_from_db()
    assert target.failing_since is None


def test_after_a_day_a_delivery_has_failed(target, receiver):
    receiver.answers = [500] * 50
    happened()
    [row] = Delivery.objects.all()
    at = MONDAY
    while delivered(row, at).state == State.QUEUED:
        at = row.next_at
        assert sweep(at) == 1
    assert (row.state, row.reason, row.next_at, row.ended_at) == (State.FAILED, Reason.ANSWER, None, at)
    assert at - MONDAY > timedelta(hours=18)
    target.refresh_from_db()
    assert target.is_on


def test_a_worker_that_was_killed_leaves_a_claim_that_lapses(target, receiver):
    happened()
    [row] = Delivery.objects.all()
    assert claim(row.pk, MONDAY) is not None
    assert claim(row.pk, MONDAY) is None  # another worker does not send it too
    assert sweep(MONDAY + CLAIM - timedelta(seconds=1)) == 0
    assert sweep(MONDAY + CLAIM) == 1
    assert delivered(row, MONDAY + CLAIM).state == State.DELIVERED
    late = Delivery(pk=row.pk, target=target, state=State.SENDING, attempts=1, created_at=row.created_at)
    settle(late, Answer(Reason.TIMEOUT), MONDAY + CLAIM)  # what the first one says afterwards changes nothing
    row.refresh_from_db()
    assert row.state == State.DELIVERED


def test_a_job_that_was_lost_is_deferred_again(target):
    happened()
    ProcrastinateJob.objects.filter(task_name="hooks.send").delete()
    assert sweep(MONDAY + LEASE - timedelta(seconds=1)) == 0
    assert sweep(MONDAY + LEASE) == 1


def test_deliveries_of_one_target_wait_for_each_other_and_never_take_all_places(target, administrator, receiver):
    for number in range(6):
        actions.add_target(actor=administrator, at=MONDAY, new=NewTarget(receiver.url, f"CRM {number}", KINDS))
    happened()
    jobs = ProcrastinateJob.objects.filter(task_name="hooks.send")
    lanes: dict[int, set[str]] = {}
    for job in jobs:
        lanes.setdefault(Delivery.objects.get(pk=job.args["delivery_id"]).target_id, set()).add(job.lock)
    assert (len(lanes), {len(each) for each in lanes.values()}) == (7, {1})
    assert set().union(*lanes.values()) == {f"hooks.{number}" for number in range(LANES)}


# ---- giving a target up ----------------------------------------------------------------------------------------------
@pytest.mark.requirement("PF-02", "PF-03")
def test_a_target_that_failed_for_days_is_switched_off_and_administrators_are_told(target, receiver, administrator):
    receiver.answers = [500] * 5
    happened()
    send_all()
    later = MONDAY + SWITCH_OFF_AFTER
    other = opened(a_company(), later - timedelta(minutes=1))
    with moved_to(later):
        while react_all():
            pass
    send_all(later)
    target.refresh_from_db()
    assert (target.off_at, target.off_why) == (later, Off.FAILING)
    assert set(Delivery.objects.filter(target=target).values_list("state", flat=True)) == {State.FAILED}
    with moved_to(later):
        while react_all():
            pass
    told = Notice.objects.filter(kind=Kind.HOOK_OFF)
    assert set(told.values_list("person_id", "medium")) == {
        (administrator.person_id, "inapp"), (administrator.person_id, "email")
    }  # fmt: skip
    assert "ERP" in told.first().title
    assert other.pk
    opened(a_company(), later)
    with moved_to(later):
        react_all()
    assert not Delivery.objects.filter(target=target, state=State.QUEUED).exists()


def test_switching_off_by_hand_tells_nobody_and_fails_what_waits(target, administrator):
    happened()
    actions.switch_target_off(actor=administrator, at=MONDAY, target_uid=target.uid)
    react_all()
    [row] = Delivery.objects.all()
    assert (row.state, row.reason) == (State.FAILED, Reason.SWITCHED_OFF)
    assert not Notice.objects.filter(kind=Kind.HOOK_OFF).exists()
    with pytest.raises(WrongState):
        actions.switch_target_off(actor=administrator, at=MONDAY, target_uid=target.uid)
    for verb in (actions.send_test, actions.repeat_deliveries):
        more = {"from_at": MONDAY, "until_at": MONDAY + LEASE} if verb is actions.repeat_deliveries else {}
        with pytest.raises(WrongState):
            verb(actor=administrator, at=MONDAY, target_uid=target.uid, **more)
    with pytest.raises(WrongState):
        actions.repeat_delivery(actor=administrator, at=MONDAY, delivery_uid=row.uid)
    back = actions.switch_target_on(actor=administrator, at=MONDAY, target_uid=target.uid)
    assert (back.is_on, back.off_why, back.failing_since) == (True, "", None)
    with pytest.raises(WrongState):
        actions.switch_target_on(actor=administrator, at=MONDAY, target_uid=target.uid)


# ---- again -----------------------------------------------------------------------------------------------------------
def test_one_is_sent_again_with_the_same_event_id(target, receiver, administrator):
    happened()
    [row] = Delivery.objects.all()
    with pytest.raises(WrongState):
        actions.repeat_delivery(actor=administrator, at=MONDAY, delivery_uid=row.uid)
    send_all()
    again = actions.repeat_delivery(actor=administrator, at=MONDAY, delivery_uid=row.uid)
    assert delivered(again, MONDAY).state == State.DELIVERED
    first, second = receiver.got
    assert first.body == second.body
    assert first.headers["Anxiu-Delivery"] != second.headers["Anxiu-Delivery"]


@pytest.mark.requirement("PF-02")
def test_a_span_of_time_is_sent_again_also_what_was_never_sent(target, receiver, administrator):
    company = a_company()
    actions.switch_target_off(actor=administrator, at=MONDAY, target_uid=target.uid)
    with moved_to(MONDAY):
        missed = happened(company)
    with moved_to(MONDAY + timedelta(hours=2)):
        happened(company, MONDAY + timedelta(hours=2))
    assert Delivery.objects.count() == 0
    actions.switch_target_on(actor=administrator, at=MONDAY + timedelta(hours=3), target_uid=target.uid)
    span = {"from_at": MONDAY - timedelta(hours=1), "until_at": MONDAY + timedelta(hours=1)}
    at = MONDAY + timedelta(hours=3)
    assert actions.repeat_deliveries(actor=administrator, at=at, target_uid=target.uid, **span) == 1
    assert actions.repeat_deliveries(actor=administrator, at=at, target_uid=target.uid, **span) == 1
    assert send_all(at) == ["delivered", "delivered"]
    assert {json.loads(each.body)["subject"]["number"] for each in receiver.got} == {missed.number}
    with pytest.raises(Invalid):
        actions.repeat_deliveries(
            actor=administrator, at=at, target_uid=target.uid, from_at=at, until_at=at - timedelta(hours=1)
        )


def test_a_span_with_too_many_events_is_refused(target, administrator, monkeypatch):
    from anxiu.hooks.actions import queueing

    assert MOST == 5000
    monkeypatch.setattr(queueing, "MOST", 1)
    company = a_company()
    with moved_to(MONDAY):
        happened(company)
        happened(company)
        with pytest.raises(Invalid) as refusal:
            actions.repeat_deliveries(
                actor=administrator, at=MONDAY, target_uid=target.uid, from_at=MONDAY - LEASE, until_at=MONDAY + LEASE
            )
    assert refusal.value.code == "hooks.too_many"


def test_a_test_is_signed_and_says_nothing_of_how_the_target_stands(target, receiver, administrator):
    receiver.answers = [500]
    row = actions.send_test(actor=administrator, at=MONDAY, target_uid=target.uid)
    assert delivered(row, MONDAY).reason == Reason.ANSWER
    target.refresh_from_db()
    assert target.failing_since is None
    [asked] = receiver.got
    assert verify(target.told, asked.headers, asked.body)
    assert (json.loads(asked.body)["kind"], json.loads(asked.body)["body"]) == ("hooks.test", {})


# ---- secrets ---------------------------------------------------------------------------------------------------------
def test_the_secret_is_stored_sealed(target):
    stored = Target.objects.values_list("secret", flat=True).get()
    assert target.told not in stored
    assert target.told.startswith("anxiu_hook_")
    assert not EventRow.objects.filter(body__contains=target.told).exists()


@pytest.mark.requirement("PF-02")
def test_the_old_secret_signs_along_for_a_day(target, receiver, administrator):
    _, renewed = actions.renew_secret(actor=administrator, at=MONDAY, target_uid=target.uid)
    for at, old_counts in ((MONDAY + OLD_SECRET_SIGNS_FOR - timedelta(seconds=1), True),
                           (MONDAY + OLD_SECRET_SIGNS_FOR, False)):  # fmt: skip
        delivered(actions.send_test(actor=administrator, at=at, target_uid=target.uid), at)
        asked = receiver.got[-1]
        assert verify(renewed, asked.headers, asked.body)
        assert verify(target.told, asked.headers, asked.body) == old_counts


# ---- who may ---------------------------------------------------------------------------------------------------------
def test_only_who_holds_the_permission_may_do_anything(target):
    agent = acting("agent")
    for verb in (actions.renew_secret, actions.switch_target_off, actions.switch_target_on, actions.send_test):
        with pytest.raises(NotAllowed):
            verb(actor=agent, at=MONDAY, target_uid=target.uid)
    with pytest.raises(NotAllowed):
        actions.add_target(actor=agent, at=MONDAY, new=NewTarget("https://example.com/", "x", KINDS))
    with pytest.raises(NotAllowed):
        actions.change_target(actor=agent, at=MONDAY, target_uid=target.uid, changes={"purpose": "x"})
    with pytest.raises(NotAllowed):
        actions.repeat_delivery(actor=agent, at=MONDAY, delivery_uid=target.uid)
    with pytest.raises(NotAllowed):
        actions.repeat_deliveries(actor=agent, at=MONDAY, target_uid=target.uid, from_at=MONDAY, until_at=MONDAY + LEASE)


def test_who_sees_some_regions_passes_on_events_of_those_only(administrator, target):
    from dataclasses import replace

    mine, other = a_region(), a_region()
    limited = replace(administrator, regions=frozenset({mine.pk}))
    with pytest.raises(NotFound):
        actions.change_target(actor=limited, at=MONDAY, target_uid=target.uid, changes={"purpose": "x"})
    for region_ids, code in (((), "hooks.regions_needed"), ((other.pk,), "hooks.unknown_region")):
        new = NewTarget("https://example.com/", "x", KINDS, region_ids)
        with pytest.raises(Invalid) as refusal:
            actions.add_target(actor=limited, at=MONDAY, new=new)
        assert refusal.value.code == code
    row, _ = actions.add_target(actor=limited, at=MONDAY, new=NewTarget("https://example.com/", "x", KINDS, (mine.pk,)))
    changed = actions.change_target(actor=limited, at=MONDAY, target_uid=row.uid, changes={"purpose": "y"})
    assert changed.purpose == "y"
    with pytest.raises(Invalid):
        actions.change_target(actor=limited, at=MONDAY, target_uid=row.uid, changes={"region_ids": ()})


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"kinds": ()}, "hooks.no_kinds"), ({"kinds": ("orders.never",)}, "hooks.unknown_kind"),
     ({"url": "ftp://x/"}, "hooks.https_only"), ({"region_ids": (2_000_000_000,)}, "hooks.unknown_region"),
     ({"purpose": ""}, "kernel.required"), ({"secret": "x"}, "kernel.not_changeable")],
)  # fmt: skip
def test_what_a_target_cannot_be_is_refused(target, administrator, changes, code):
    with pytest.raises(Invalid) as refusal:
        actions.change_target(actor=administrator, at=MONDAY, target_uid=target.uid, changes=changes)
    assert refusal.value.code == code


# ---- the log ---------------------------------------------------------------------------------------------------------
def test_the_log_is_kept_for_a_month_and_what_waits_for_ever(target):
    company = a_company()
    happened(company)
    send_all()
    happened(company)
    assert forget(MONDAY + KEPT) == 0
    assert forget(MONDAY + KEPT + timedelta(seconds=1)) == 1
    assert Delivery.objects.get().state == State.QUEUED
