"""Triage before a visit: duplicates merged, requests split, the reporter asked back; nobody gains time by it."""

from datetime import timedelta

import pytest

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import LINK_PERMISSIONS
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import Part
from anxiu.orders.choices import ASKED_BACK, State, VisitState
from anxiu.orders.models import Inquiry, Order, Visit
from anxiu.orders.queries import asked_back, may_merge_into, verbs
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.choices import OrderType, Severity
from anxiu.sla.actions import tick_all
from anxiu.sla.models import Clock
from anxiu.workforce.models import Occupancy
from tests.given.assets import a_contact, a_customer, a_machine, a_region, a_site, acting
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all

pytestmark = pytest.mark.django_db
NOON = MONDAY + timedelta(hours=3)


@pytest.fixture
def company():
    return a_company()


def do(verb, actor, order, at, **more):
    with moved_to(at):
        done = getattr(actions, verb)(actor=actor, at=at, order_uid=order.uid, **more)
    order.refresh_from_db()
    return done


def clocks(order, **more):
    return {each.kind: each for each in Clock.objects.filter(subject_kind="order", subject_id=order.pk, **more)}


def live(order):
    return {kind: each for kind, each in clocks(order).items() if each.is_live}


def kinds(order):
    return list(EventRow.objects.filter(subject_kind="order", subject_id=order.pk).order_by("id").values_list("kind", flat=True))


def reporter(order):
    return Actor(ActorKind.LINK, 1, LINK_PERMISSIONS[LinkPurpose.TRACK], subject=Subject("order", order.pk))


def pair(company, **more):
    return opened(company), opened(company, MONDAY + timedelta(minutes=20), **more)


# ---- merge -----------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("INT-11")
def test_a_duplicate_goes_on_with_the_order_before_it(company):
    first, second = pair(company)
    do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="同一台电梯，同一故障")
    assert (second.state, second.merged_into, second.ended_at) == (State.MERGED, first, NOON)
    assert live(second) == {}
    ended = {(each.outcome, each.exempted) for each in clocks(second).values()}
    assert ended == {("exempt", "merged")}
    assert second.next_due_at is None
    assert kinds(second)[-2:] == ["orders.merged", "sla.clocks_stopped"]
    assert "orders.took_in" in kinds(first)
    assert live(first).keys() == {"first_response", "hand_over", "arrival"}


@pytest.mark.requirement("INT-11")
def test_a_late_clock_of_a_duplicate_is_exempt_too_for_the_earlier_one_stands_for_it(company):
    first, second = pair(company)
    late = MONDAY + timedelta(hours=30)
    with moved_to(late):
        tick_all(late)
    assert clocks(second)["first_response"].is_breached
    do("merge_order", company.agent, second, late, into_uid=first.uid, reason="重复")
    assert clocks(second)["first_response"].outcome == "exempt"
    assert live(first)["first_response"].is_breached


@pytest.mark.requirement("INT-11", "SLA-07")
def test_the_higher_severity_counts_from_the_earlier_intake(company):
    minor = {"severity": Severity.MINOR, "severity_reason": "仅有异响"}
    first, second = opened(company, **minor), opened(company, MONDAY + timedelta(hours=1))
    before = live(first)["arrival"]
    do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="同一事项")
    first.refresh_from_db()
    after = live(first)["arrival"]
    assert first.severity == Severity.NORMAL
    assert (after.started_at, after.due_at) == (before.started_at, MONDAY + timedelta(hours=24))


@pytest.mark.requirement("INT-11")
def test_a_booked_visit_is_called_off_and_an_engineer_who_left_is_not(company):
    first, second = pair(company)
    walk = Walk(company, second, MONDAY + timedelta(minutes=25)).booked().accepted()
    assert Occupancy.objects.filter(live=True).count() == 1
    do("merge_order", company.dispatcher, second, walk.later(), into_uid=first.uid, reason="重复")
    assert Visit.objects.get(order=second).state == VisitState.RELEASED
    assert not Occupancy.objects.filter(live=True).exists()
    third = opened(company, MONDAY + timedelta(hours=2))
    walk = Walk(company, third, MONDAY + timedelta(hours=2))
    for step in ("contacted", "booked", "accepted", "prepared", "departed"):
        getattr(walk, step)()
    with pytest.raises(WrongState) as refused:
        do("merge_order", company.agent, third, walk.later(), into_uid=first.uid, reason="重复")
    assert refused.value.code == "orders.wrong_state"


@pytest.mark.requirement("INT-11")
def test_what_is_not_the_same_matter_is_not_merged(company):
    first, second = pair(company)
    other_region = a_company()
    stranger = opened(other_region, MONDAY + timedelta(minutes=1))
    site = a_site(company.customer)
    elsewhere = a_machine(site, company.machine.model, serial="OTHER-1")
    another = opened(company, MONDAY + timedelta(minutes=2), machine_id=elsewhere.pk)
    training = opened(company, MONDAY + timedelta(minutes=3), order_type=OrderType.TRAINING)
    others = a_customer(company.region)
    theirs = opened(company, MONDAY + timedelta(minutes=4), machine_id=None, customer_id=others.pk, contact_id=None)
    cases = [
        (second, second, "orders.merge_itself"), (second, stranger, "orders.unknown_order"),
        (second, another, "orders.merge_other_machine"), (second, training, "orders.merge_other_type"),
        (second, theirs, "orders.merge_other_customer"), (first, second, "orders.merge_into_earlier"),
    ]  # fmt: skip
    for order, into, code in cases:
        with pytest.raises(Refusal) as refused:
            do("merge_order", company.agent, order, NOON, into_uid=into.uid, reason="重复")
        assert refused.value.code == code
    do("cancel", company.agent, first, NOON, reason="out_of_scope")
    with pytest.raises(WrongState) as closed:
        do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="重复")
    assert closed.value.code == "orders.merge_finished"


@pytest.mark.requirement("INT-11")
def test_what_was_merged_cannot_take_others_in_and_nothing_goes_round(company):
    first, second = pair(company)
    third = opened(company, MONDAY + timedelta(hours=1))
    do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="重复")
    with pytest.raises(WrongState):
        do("merge_order", company.agent, third, NOON, into_uid=second.uid, reason="重复")
    with pytest.raises(Refusal):
        do("merge_order", company.agent, first, NOON, into_uid=second.uid, reason="重复")
    assert list(may_merge_into(company.agent, third)) == [first]


@pytest.mark.requirement("INT-11")
def test_only_who_may_merges_and_only_what_they_see(company):
    first, second = pair(company)
    with pytest.raises(NotAllowed):
        do("merge_order", company.hands, second, NOON, into_uid=first.uid, reason="重复")
    with pytest.raises(NotFound):
        do("merge_order", acting("agent", a_region()), second, NOON, into_uid=first.uid, reason="重复")
    with pytest.raises(Invalid):
        do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason=" ")
    assert "merge_order" in verbs(second, company.agent)
    assert "merge_order" not in verbs(second, company.hands)


@pytest.mark.requirement("INT-11")
def test_merged_in_error_it_goes_on_as_if_it_had_never_been_merged(company):
    first, second = pair(company)
    before = live(second)
    do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="重复")
    assert "separate_order" in verbs(second, company.agent)
    do("separate_order", company.agent, second, NOON + timedelta(hours=1), reason="是另一台")
    assert (second.state, second.merged_into, second.ended_at) == (State.ACCEPTED, None, None)
    after = live(second)
    assert {kind: (each.started_at, each.due_at) for kind, each in after.items()} == {
        kind: (each.started_at, each.due_at) for kind, each in before.items()
    }
    assert second.next_due_at == min(each.due_at for each in after.values())
    assert "orders.gave_up" in kinds(first)


@pytest.mark.requirement("INT-11")
def test_once_the_order_that_went_on_has_ended_nothing_is_taken_out(company):
    first, second = pair(company)
    do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="重复")
    do("cancel", company.agent, first, NOON, reason="out_of_scope")
    assert "separate_order" not in verbs(second, company.agent)
    with pytest.raises(WrongState):
        do("separate_order", company.agent, second, NOON, reason="是另一台")


# ---- split -----------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("INT-11")
def test_a_request_about_two_machines_becomes_two_orders_with_the_time_of_the_request(company):
    order = opened(company)
    other = a_machine(company.site, company.machine.model, serial="OTHER-2")
    parts = (Part("二号电梯异响", machine_id=other.pk, severity=Severity.MINOR),)
    [made] = do("split_order", company.agent, order, NOON, parts=parts, reason="两台电梯")
    assert (made.machine, made.severity, made.split_from) == (other, Severity.MINOR, order)
    assert (made.opened_at, made.owner, made.version_id) == (order.opened_at, order.owner, order.version_id)
    assert (made.customer, made.contact, made.request.caller_phone) == (order.customer, order.contact, "13812345678")
    assert {each.started_at for each in live(made).values()} == {MONDAY}
    assert live(made).keys() == live(order).keys()
    assert made.next_due_at == min(each.due_at for each in live(made).values())
    assert kinds(order)[-1] == "orders.split"
    assert kinds(made) == ["orders.opened", "sla.clocks_started", "orders.split_from"]


@pytest.mark.requirement("INT-11")
def test_a_part_is_as_far_as_the_request_was(company):
    order = opened(company)
    walk = Walk(company, order).contacted()
    do("suspend", company.agent, order, MONDAY + timedelta(hours=1), reason="customer_postponed", until=MONDAY + timedelta(hours=5))
    do("resume", company.agent, order, MONDAY + timedelta(hours=3))
    [made] = do("split_order", company.agent, order, MONDAY + timedelta(hours=4), parts=(Part("另一处停机"),), reason="两件事")
    assert made.responded_at == walk.at
    assert "first_response" not in live(made)
    assert live(made)["arrival"].due_at == live(order)["arrival"].due_at == MONDAY + timedelta(hours=26)


@pytest.mark.requirement("INT-11")
def test_a_part_belongs_to_the_request_it_is_split_from(company):
    order = opened(company)
    foreign = a_machine(a_site(a_customer(company.region)), company.machine.model, serial="FOREIGN")
    for parts, code in (
        ((), "orders.parts_missing"), ((Part(" "),), "orders.words_missing"),
        ((Part("x", machine_id=foreign.pk),), "orders.part_elsewhere"),
        (tuple(Part("x") for _ in range(10)), "orders.parts_too_many"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            do("split_order", company.agent, order, NOON, parts=parts, reason="x")
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        do("split_order", company.hands, order, NOON, parts=(Part("x"),), reason="x")
    Walk(company, order).booked()
    with pytest.raises(WrongState):
        do("split_order", company.agent, order, NOON, parts=(Part("x"),), reason="x")
    assert Order.objects.count() == 1


# ---- ask back --------------------------------------------------------------------------------------------------------
ASKED = {"text": "是几号电梯？请拍一下铭牌。", "until": NOON + timedelta(hours=24)}


@pytest.mark.requirement("INT-11", "SLA-03")
def test_the_order_waits_for_the_reporters_answer_and_the_clocks_with_it(company):
    order = opened(company)
    do("ask_reporter", company.agent, order, NOON, **ASKED)
    assert (order.suspend_reason, order.suspended_until) == (ASKED_BACK, ASKED["until"])
    assert {each.state for each in live(order).values()} == {"paused"}
    assert {"note_reply", "book_visit", "merge_order"} <= verbs(order, company.agent)
    answered = NOON + timedelta(hours=2)
    do("note_reply", reporter(order), order, answered, text="三号梯，照片已上传")
    assert (order.state, order.suspended_at) == (State.ACCEPTED, None)
    assert live(order)["arrival"].due_at == MONDAY + timedelta(hours=26)
    asked = Inquiry.objects.get(order=order)
    assert (asked.answer, asked.answered_at, asked.answered_by) == ("三号梯，照片已上传", answered, None)
    assert "note_reply" not in verbs(order, company.agent)
    with pytest.raises(WrongState):
        do("note_reply", reporter(order), order, answered, text="还有")


@pytest.mark.requirement("INT-11")
def test_whether_the_clocks_wait_and_for_how_long_is_a_figure(company):
    before = MONDAY - timedelta(days=1)
    with moved_to(before):
        figures = {"orders.ask_back_pauses": False, "orders.ask_back_longest": "2 h", "orders.ask_back_reminder": "30 min"}
        adopt_preset(actor=SYSTEM, at=before, preset_code="default", in_force_from=before, changes=figures)
    order = opened(company)
    with pytest.raises(Invalid) as refused:
        do("ask_reporter", company.agent, order, NOON, text="几号梯？", until=NOON + timedelta(hours=3))
    assert refused.value.code == "orders.until_too_far"
    do("ask_reporter", company.agent, order, NOON, text="几号梯？", until=NOON + timedelta(hours=2))
    assert {each.state for each in live(order).values()} == {"running"}
    chase(order, NOON + timedelta(hours=1, minutes=20))
    assert "orders.reporter_reminded" not in kinds(order)
    chase(order, NOON + timedelta(hours=1, minutes=40))
    assert kinds(order)[-1] == "orders.reporter_reminded"
    chase(order, NOON + timedelta(hours=2))
    assert (order.suspended_at, kinds(order)[-1]) == (None, "orders.reply_missed")


def chase(order, at):
    with moved_to(at):
        for uid in asked_back(at):
            actions.chase_reply(actor=SYSTEM, at=at, order_uid=uid)
    order.refresh_from_db()


@pytest.mark.requirement("INT-11")
def test_without_an_answer_the_order_goes_on_at_the_end_and_a_late_answer_is_kept(company):
    order = opened(company)
    do("ask_reporter", company.agent, order, NOON, **ASKED)
    chase(order, ASKED["until"] - timedelta(hours=4))
    chase(order, ASKED["until"] - timedelta(hours=3))
    assert kinds(order).count("orders.reporter_reminded") == 1
    chase(order, ASKED["until"])
    assert order.suspended_at is None
    assert live(order)["arrival"].due_at == MONDAY + timedelta(hours=48)
    do("note_reply", reporter(order), order, ASKED["until"] + timedelta(hours=1), text="抱歉，是三号梯")
    assert Inquiry.objects.get(order=order).answer == "抱歉，是三号梯"


@pytest.mark.requirement("INT-11")
def test_the_reporter_and_the_owner_hear_of_question_and_answer(company):
    from anxiu.notify.models import Notice

    order = opened(company)
    do("ask_reporter", company.supervisor, order, NOON, **ASKED)
    with moved_to(NOON):
        react_all()
    mail = Notice.objects.get(kind="asked_back")
    assert (mail.address, mail.medium) == ("wang@example.com", "email")
    assert "是几号电梯" in mail.body
    assert "/p/t/" in mail.body
    at = NOON + timedelta(hours=1)
    do("note_reply", reporter(order), order, at, text="三号梯")
    with moved_to(at):
        react_all()
    assert set(Notice.objects.filter(kind="reply_came").values_list("person_id", "medium")) == {
        (order.owner_id, "inapp"), (order.owner_id, "email"),
    }  # fmt: skip


@pytest.mark.requirement("INT-11")
def test_who_reported_the_same_hears_how_it_goes_on(company):
    from anxiu.notify.models import Notice

    other = a_contact(company.customer, email="li@example.com")
    first, second = pair(company, contact_id=other.pk, caller_name="李四")
    do("merge_order", company.agent, second, MONDAY + timedelta(minutes=30), into_uid=first.uid, reason="重复")
    Walk(company, first, MONDAY + timedelta(minutes=35)).booked().accepted()
    with moved_to(MONDAY + timedelta(hours=1)):
        react_all()
    told = {(each.kind, each.address): each.body for each in Notice.objects.filter(medium="email", contact__isnull=False)}
    assert ("merged", "li@example.com") in told
    confirmed = {address for kind, address in told if kind == "visit_confirmed"}
    assert confirmed == {"wang@example.com", "li@example.com"}
    assert second.number in told["visit_confirmed", "li@example.com"]
    assert first.number not in told["visit_confirmed", "li@example.com"]


# ---- promises beyond one's authority ---------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-16")
def test_a_promise_beyond_ones_authority_is_not_written_to_a_customer(company):
    order = opened(company)
    for text in ("我们给您免费换一台", "Next time at a discount"):
        with pytest.raises(NotAllowed) as refused:
            do("ask_reporter", company.agent, order, NOON, text=text, until=ASKED["until"])
        assert (refused.value.code, refused.value.value_key) == ("orders.beyond_promise", "orders.promise_words")
    asked = do("ask_question", company.agent, order, NOON, text="要多少钱？")
    with moved_to(NOON):
        with pytest.raises(NotAllowed):
            actions.answer_question(actor=company.agent, at=NOON, question_uid=asked.uid, text="这次不收费")
        actions.answer_question(actor=company.supervisor, at=NOON, question_uid=asked.uid, text="这次不收费")


@pytest.mark.requirement("ORD-16")
def test_who_may_promise_what_is_a_figure(company):
    before = MONDAY - timedelta(days=1)
    words = [{"code": "free", "words": {"zh": "免费", "en": "Free"}, "keywords": ["免费"], "posts": ["agent"], "unless_free": True}]
    with moved_to(before):
        adopt_preset(actor=SYSTEM, at=before, preset_code="default", in_force_from=before, changes={"orders.promise_words": words})
    order = opened(company)
    do("ask_reporter", company.agent, order, NOON, text="免费检修，打折再谈", until=ASKED["until"])


@pytest.mark.requirement("ORD-16")
def test_of_an_order_that_is_free_anybody_may_say_so(company):
    order = opened(company)
    Order.objects.filter(pk=order.pk).update(is_free=True)
    do("ask_reporter", company.agent, order, NOON, text="质保期内免费，请问几点方便？", until=ASKED["until"])
