"""What makes a function a verb."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, transaction

from anxiu.accounts.models import Region
from anxiu.kernel.action import VERBS, VIEWS, action, default_posts, in_transaction, view
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.errors import NotAllowed

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)


@pytest.fixture
def declared():
    before = set(VERBS)
    yield
    for name in set(VERBS) - before:
        del VERBS[name]


HERE = __name__.split(".")[1]  # what stands in the place of the app's name


def nothing(*, actor: Actor, at: datetime) -> None: ...
def positional(actor: Actor, *, at: datetime) -> None: ...
def without_at(*, actor: Actor) -> None: ...
def with_rest(*, actor: Actor, at: datetime, **rest: int) -> None: ...


@pytest.mark.parametrize("function", [positional, without_at, with_rest])
def test_a_verb_takes_actor_and_at_by_keyword_only(declared, function):
    with pytest.raises(TypeError, match="by keyword only"):
        action(posts={"agent"})(function)


def test_a_verb_is_named_after_its_app_and_function(declared):
    action(posts={"agent"})(nothing)
    assert VERBS[f"{HERE}.nothing"].posts == {"agent"}
    assert default_posts()[f"{HERE}.nothing"] == {"agent"}


def test_who_lacks_the_permission_is_refused_before_anything_is_done(db, declared, django_assert_num_queries):
    verb = action(posts={"agent"})(nothing)
    with django_assert_num_queries(0), pytest.raises(NotAllowed) as refused:
        verb(actor=Actor(ActorKind.PERSON, 1, frozenset({"kernel.something_else"})), at=AT)
    assert (refused.value.code, refused.value.status, refused.value.params) == (
        "kernel.not_allowed", 403, {"permission": f"{HERE}.nothing"},
    )  # fmt: skip
    verb(actor=Actor(ActorKind.PERSON, 1, frozenset({f"{HERE}.nothing"})), at=AT)
    verb(actor=SYSTEM, at=AT)


def test_only_an_actor_acts(declared):
    with pytest.raises(TypeError, match="must be an Actor"):
        action(posts={"agent"})(nothing)(actor=object(), at=AT)  # type: ignore[arg-type]


def test_a_view_is_declared_once():
    name = next(iter(VIEWS))
    with pytest.raises(ValueError, match="twice"):
        view(name, posts=set())


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_fails_leaves_nothing(declared):
    @action(posts={"agent"})
    def half(*, actor: Actor, at: datetime) -> None:
        Region.objects.create(code="half", name_zh="半", name_en="half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        half(actor=SYSTEM, at=AT)
    assert not Region.objects.filter(code="half").exists()


@pytest.mark.django_db(transaction=True)
def test_the_victim_of_a_deadlock_is_tried_again(declared):
    for code in ("left", "right"):
        Region.objects.create(code=code, name_zh=code, name_en=code)
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    @action(posts={"agent"})
    def swap(*, actor: Actor, at: datetime, first: str, second: str) -> None:
        runs.append(first)
        Region.objects.select_for_update().get(code=first)
        if runs.count(first) == 1:
            both_hold_one.wait(10)
        region = Region.objects.select_for_update().get(code=second)
        region.name_en += f" {first}"
        region.save()

    failures: list[BaseException] = []

    def run(first: str, second: str) -> None:
        try:
            swap(actor=SYSTEM, at=AT, first=first, second=second)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in (("left", "right"), ("right", "left"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert len(runs) == 3  # one of the two was the victim, once
    assert {each.code: each.name_en for each in Region.objects.all()} == {"left": "left right", "right": "right left"}


@pytest.mark.django_db(transaction=True)
def test_inside_a_larger_change_a_deadlock_is_the_larger_ones_to_repeat():
    runs: list[int] = []

    def inner() -> None:
        runs.append(1)
        raise OperationalError

    with pytest.raises(OperationalError), transaction.atomic():
        in_transaction(inner)
    assert len(runs) == 1


@pytest.mark.django_db(transaction=True)
def test_another_failure_of_the_database_is_not_repeated():
    runs: list[int] = []

    def work() -> None:
        runs.append(1)
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = 10")
            cursor.execute("select pg_sleep(1)")

    with pytest.raises(OperationalError):
        in_transaction(work)
    assert len(runs) == 1
