"""Rating an order by link or on the phone, and making good after a low score."""

from datetime import timedelta

import pytest

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Link
from anxiu.accounts.queries import actor_of, actor_of_link, link_by_secret
from anxiu.customers.actions import erase_contact
from anxiu.duties.models import Duty
from anxiu.duties.queries import visible as visible_duties
from anxiu.feedback.actions import rate, resolve_recovery
from anxiu.feedback.choices import RecoveryOutcome, Via
from anxiu.feedback.queries import rating_of, ratings, tags_of
from anxiu.feedback.rules import judge
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.models import EventRow, Position, SealedText
from anxiu.kernel.subscribers import react
from anxiu.kernel.time import moved_to
from anxiu.notify.choices import Kind, Medium
from anxiu.notify.models import Notice
from anxiu.orders import actions as orders
from tests.given.assets import a_person, a_region, acting
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all
from tests.given.regulated import regulated

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return a_company()


@pytest.fixture
def walk(company):
    """Work that is signed off."""
    walk = Walk(company, opened(company))
    walk.to("signed")
    return walk


def customer(order, at, purpose=LinkPurpose.RATE):
    secret = make_link(purpose=purpose, subject=Subject("order", order.pk), at=at, lasts=timedelta(days=30))
    return actor_of_link(link_by_secret(secret, purpose, at))


def rated(walk, score, actor=None, **more):
    at = walk.later(30)
    with moved_to(at):
        made = rate(actor=actor or customer(walk.order, at), at=at, order_uid=walk.order.uid, score=score, **more)
        while react_all():
            pass
    return made


@pytest.mark.requirement("FB-01")
def test_a_customer_rates_by_the_link_with_score_tags_words_and_recommendation(walk):
    made = rated(walk, 5, tags=("prompt", "skilled", "prompt"), words=" 很好 ", nps=10)
    assert (made.score, made.scale, made.tags, made.words, made.nps) == (5, 5, ["prompt", "skilled"], "很好", 10)
    assert (made.via, made.is_bad) == (Via.LINK, False)
    fact = EventRow.objects.get(kind="feedback.rated")
    assert "很好" not in fact.body
    assert (fact.subject_kind, fact.subject_id, fact.actor_kind) == ("order", walk.order.pk, "link")


def test_an_agent_writes_down_what_a_customer_says_on_the_phone(walk, company):
    assert rated(walk, 4, company.agent).via == Via.AGENT


def test_the_engineer_does_not_rate(walk, company):
    with pytest.raises(NotAllowed):
        rated(walk, 5, company.hands)


@pytest.mark.parametrize("purpose", [LinkPurpose.TRACK, LinkPurpose.SIGN])
def test_other_links_do_not_rate(walk, purpose):
    with pytest.raises(NotAllowed):
        rated(walk, 5, customer(walk.order, walk.at, purpose))


def test_a_link_rates_its_own_order_only(walk, company):
    other = Walk(company, opened(company, walk.at), walk.at)
    with pytest.raises(NotFound):
        rated(walk, 5, customer(other.order, walk.at))


def test_an_agent_of_another_region_finds_nothing_to_rate(walk):
    with pytest.raises(NotFound):
        rated(walk, 5, acting("agent", a_region()))


def test_a_second_rating_is_refused(walk, company):
    rated(walk, 5)
    with pytest.raises(WrongState) as refused:
        rated(walk, 1, company.agent)
    assert refused.value.code == "feedback.already_rated"
    assert rating_of(walk.order).score == 5


def test_work_that_is_not_signed_off_is_not_rated(company):
    walk = Walk(company, opened(company))
    walk.to("completed")
    with pytest.raises(WrongState) as refused:
        rated(walk, 5)
    assert refused.value.code == "feedback.not_finished"


def test_an_archived_order_can_still_be_rated(company):
    walk = Walk(company, opened(company))
    walk.to("archived")
    assert rated(walk, 5).score == 5


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"score": 0}, "feedback.score_off_scale"), ({"score": 6}, "feedback.score_off_scale"),
        ({"score": 5, "nps": 11}, "feedback.nps_off_scale"), ({"score": 5, "tags": ("rude",)}, "feedback.unknown_tag"),
        ({"score": 5, "words": "x" * 2001}, "kernel.too_long"),
    ],
)  # fmt: skip
def test_what_is_off_the_scale_is_refused(walk, more, code):
    with pytest.raises(Invalid) as refused:
        rated(walk, **more)
    assert refused.value.code == code


# ---- recovery --------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("FB-06")
def test_a_low_score_opens_a_recovery_by_itself_and_tells_owner_and_supervisor(walk, company):
    rated(walk, 2, words="没修好")
    [duty] = Duty.objects.all()
    assert (duty.kind, duty.owner_id, duty.region_id) == ("recovery", walk.order.owner_id, walk.order.region_id)
    assert duty.due_at == walk.at + timedelta(hours=24)
    told = Notice.objects.filter(kind=Kind.LOW_RATING, medium=Medium.INAPP)
    assert {each.person_id for each in told} == {company.agent.person_id, company.supervisor.person_id}
    assert all("没修好" in each.body and "2 / 5" in each.title for each in told)


def test_a_good_score_opens_none(walk):
    rated(walk, 4)
    assert not Duty.objects.exists()


def test_a_recovery_is_opened_once_however_often_the_reactor_runs(walk):
    rated(walk, 1)
    position = Position.objects.get(event__kind="feedback.rated").position
    assert react("feedback.recovery", position) is False
    assert Duty.objects.count() == 1


@pytest.mark.parametrize(("figure", "opens"), [(1, False), (4, True)])
def test_from_which_score_on_is_what_the_regulation_says(figure, opens):
    regulated(MONDAY - timedelta(hours=1), feedback__recovery_at=figure)
    walk = Walk(company := a_company(), opened(company))
    walk.to("signed")
    rated(walk, 3)
    assert Duty.objects.exists() is opens


def test_scale_bad_mark_time_and_phrases_are_what_the_regulation_says():
    phrase = {"code": "wow", "words": {"zh": "惊喜", "en": "Wow"}, "praise": True}
    regulated(
        MONDAY - timedelta(hours=1), feedback__scale=10, feedback__bad_rating=6, feedback__recovery_at=8,
        feedback__recovery_due="2 h", feedback__tags=[phrase],
    )  # fmt: skip
    walk = Walk(company := a_company(), opened(company))
    walk.to("signed")
    made = rated(walk, 6, tags=("wow",))
    assert (made.scale, made.is_bad) == (10, True)
    assert Duty.objects.get().due_at == walk.at + timedelta(hours=2)
    assert [each.code for each in tags_of(walk.order)] == ["wow"]


def test_how_long_the_rating_link_lives_is_what_the_regulation_says(mailless):
    regulated(MONDAY - timedelta(hours=1), feedback__rating_link_life="3 d")
    walk = Walk(company := a_company(), opened(company))
    walk.to("signed")
    with moved_to(walk.at):
        react_all()
    assert Link.objects.get(purpose=LinkPurpose.RATE).expires_at == walk.at + timedelta(days=3)


@pytest.fixture
def mailless(settings):
    settings.EMAIL_HOST = ""


def test_both_limits_belong_to_what_they_limit():
    judged = [judge(score, bad_rating=2, recovery_at=3) for score in (1, 2, 3, 4)]
    assert [(each.is_bad, each.needs_recovery) for each in judged] == [
        (True, True), (True, True), (False, True), (False, False)
    ]  # fmt: skip


def resolved(walk, actor, **more):
    at = walk.later(60)
    duty = Duty.objects.get()
    values = {"outcome": RecoveryOutcome.CONTENT, "words": "已上门重新调试，客户认可", **more}
    with moved_to(at):
        return resolve_recovery(actor=actor, at=at, duty_uid=duty.uid, **values)


def test_the_owner_resolves_a_recovery_and_the_fact_that_closed_it_is_kept(walk, company):
    rated(walk, 1)
    duty = resolved(walk, company.agent)
    assert (duty.closed_at, duty.closed_by_id, duty.outcome) == (walk.at, company.agent.person_id, "content")
    assert duty.closing_event.kind == "feedback.recovery_resolved"
    assert '"in_time":true' in duty.closing_event.body


def test_a_supervisor_resolves_for_the_owner_but_another_agent_does_not(walk, company):
    rated(walk, 1)
    with pytest.raises(NotAllowed) as refused:
        resolved(walk, acting("agent", company.region))
    assert refused.value.code == "duties.not_yours"
    assert resolved(walk, company.supervisor).closed_by_id == company.supervisor.person_id


def test_who_may_not_resolve_is_refused(walk, company):
    rated(walk, 1)
    with pytest.raises(NotAllowed):
        resolved(walk, company.hands)
    with pytest.raises(NotFound):
        resolved(walk, acting("supervisor", a_region()))


def test_a_recovery_needs_words_and_is_resolved_once(walk, company):
    rated(walk, 1)
    with pytest.raises(Invalid) as refused:
        resolved(walk, company.agent, words="  ")
    assert refused.value.code == "feedback.words_missing"
    resolved(walk, company.agent)
    with pytest.raises(WrongState) as refused:
        resolved(walk, company.agent)
    assert refused.value.code == "duties.closed"


def test_whoever_takes_the_order_over_takes_the_recovery(walk, company):
    rated(walk, 1)
    other = a_person("agent", company.region)
    at = walk.later()
    with moved_to(at):
        orders.propose_hand_over(actor=company.agent, at=at, order_uid=walk.order.uid, to_person_id=other.pk)
        orders.accept_hand_over(actor=actor_of(other), at=at, order_uid=walk.order.uid)
        react_all()
    assert Duty.objects.get().owner_id == other.pk
    assert EventRow.objects.filter(kind="duties.moved").count() == 1


def test_who_sees_which_duties_and_ratings(walk, company):
    rated(walk, 1)
    stranger = acting("agent", a_region())
    assert visible_duties(stranger).count() == ratings(stranger).count() == 0
    assert visible_duties(company.hands).count() == 0
    for actor in (company.agent, company.supervisor, company.management, SYSTEM):
        assert visible_duties(actor).count() == ratings(actor).count() == 1


def test_what_an_erased_contact_wrote_goes_and_the_score_stays(walk, company):
    rated(walk, 2, words="我是王小明，没修好")
    walk.followed_up().archived()
    at = walk.later(60 * 24 * 400)  # no guarantee runs any more
    with moved_to(at):
        erase_contact(actor=SYSTEM, at=at, contact_id=company.contact.pk)
        while react_all():
            pass
    made = rating_of(walk.order)
    assert (made.score, made.words) == (2, "")
    assert not SealedText.objects.filter(event__kind="feedback.rated").exists()
