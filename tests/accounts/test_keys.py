"""API keys: a chosen part of what their owner may do, an end, a last use."""

from datetime import timedelta

import pytest

from anxiu.accounts.actions import issue_token, revoke_token
from anxiu.accounts.choices import Bundle
from anxiu.accounts.models import ApiToken, TokenUse
from anxiu.accounts.queries import actor_by_token
from anxiu.accounts.rules import narrowed
from anxiu.kernel.action import VERBS, VIEWS, default_posts
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import UPCASTERS
from anxiu.kernel.models import EventRow
from tests.given.assets import a_person, a_region
from tests.given.orders import MONDAY

EVERY = frozenset(default_posts())
OURS = {name for name, verb in VERBS.items() if verb.function.__module__.startswith("anxiu.")}


def test_a_key_may_do_no_more_than_its_owner():
    for bundle in Bundle:
        assert narrowed(frozenset({"orders.view"}), [bundle], VIEWS) <= {"orders.view"}
        assert narrowed(frozenset(), [bundle], VIEWS) == frozenset()
    assert narrowed(EVERY, [Bundle.EVERYTHING], VIEWS) == EVERY
    assert narrowed(EVERY, [], VIEWS) == frozenset()


@pytest.mark.requirement("PF-02")
def test_reading_is_no_verb_at_all():
    held = narrowed(EVERY, [Bundle.READ], VIEWS)
    assert held == VIEWS.keys()
    assert not held & OURS


def test_what_opens_doors_is_in_no_part():
    held = narrowed(EVERY, [each for each in Bundle if each != Bundle.EVERYTHING], VIEWS)
    doors = {each for each in OURS if each.split(".")[0] in ("accounts", "hooks")}
    assert doors
    assert not held & doors


def test_parts_add_up():
    both = narrowed(EVERY, [Bundle.READ, Bundle.INTAKE], VIEWS)
    assert both == VIEWS.keys() | {
        "orders.open_order", "orders.ask_question", "orders.note_reply", "orders.add_customer_media", "feedback.rate",
    }  # fmt: skip
    assert {each.split(".")[0] for each in narrowed(EVERY, [Bundle.ORDERS], VIEWS)} == {
        "orders", "sla", "duties", "feedback"
    }  # fmt: skip


def test_every_named_permission_of_a_part_exists():
    assert narrowed(EVERY, [Bundle.INTAKE], VIEWS) == narrowed(EVERY | {"x.y"}, [Bundle.INTAKE], VIEWS)
    assert len(narrowed(EVERY, [Bundle.INTAKE], VIEWS)) == 9


@pytest.mark.requirement("PF-02", "PF-04")
@pytest.mark.django_db
def test_a_key_carries_its_parts_its_end_and_is_revocable():
    agent = a_person("agent", a_region())
    ends = MONDAY + timedelta(days=30)
    token, secret = issue_token(
        actor=SYSTEM, at=MONDAY, person_id=agent.pk, label="till", expires_at=ends, bundles=[Bundle.INTAKE, Bundle.READ]
    )
    caller = actor_by_token(secret, MONDAY)
    assert caller
    assert (caller.actor.may("orders.open_order"), caller.actor.may("orders.cancel")) == (True, False)
    assert caller.actor.may("orders.view")
    assert '"bundles":["intake","read"]' in EventRow.objects.get(kind="accounts.token_issued").body
    assert actor_by_token(secret, ends) is None
    revoke_token(actor=SYSTEM, at=MONDAY, token_id=token.pk)
    assert actor_by_token(secret, MONDAY) is None


@pytest.mark.django_db
def test_a_key_without_any_part_is_refused():
    agent = a_person("agent", a_region())
    with pytest.raises(Invalid) as refusal:
        issue_token(actor=SYSTEM, at=MONDAY, person_id=agent.pk, label="x", bundles=[])
    assert (refusal.value.code, ApiToken.objects.count()) == ("accounts.no_bundle", 0)


def test_keys_issued_before_there_were_parts_may_do_everything():
    assert UPCASTERS["accounts.token_issued", 1]({"token_id": 7}) == {"token_id": 7, "bundles": ["everything"]}
    assert ApiToken().bundles == ["everything"]


@pytest.mark.django_db
def test_the_last_use_is_kept_and_written_once_in_a_while():
    from anxiu.accounts.actions import note_use

    agent = a_person("agent", a_region())
    token, secret = issue_token(actor=SYSTEM, at=MONDAY, person_id=agent.pk, label="x")

    def used(minutes: int) -> int:
        at = MONDAY + timedelta(minutes=minutes)
        caller = actor_by_token(secret, at)
        assert caller
        note_use(caller.token_id, caller.used_at, at)
        return (TokenUse.objects.get(token=token).last_at - MONDAY) // timedelta(minutes=1)

    assert [used(minutes) for minutes in (0, 9, 10, 15, 21)] == [0, 0, 10, 10, 21]
