"""One answer a key."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from anxiu.accounts.models import Region
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.models import IdempotencyKey
from anxiu.kernel.tasks import KEY_LIFE, forget_keys
from anxiu.kernel.time import moved_to, now


def add(code: str = "n") -> Answer:
    Region.objects.create(code=f"{code}-{Region.objects.count()}", name_zh="北", name_en="north")
    return Answer(201, code)


def test_a_repeated_request_gets_the_answer_it_got(db):
    first = once(principal="person:1", key="k", request=b"body", perform=add)
    again = once(principal="person:1", key="k", request=b"body", perform=add)
    assert (first, again) == (Answer(201, "n"), Answer(201, "n", repeated=True))
    assert Region.objects.count() == 1


def test_the_database_alone_does_not_tell_an_answer(db):
    said = "https://anxiu.example/t/secret 王建国"
    once(principal="person:1", key="k", request=b"body", perform=lambda: Answer(201, said))
    [kept] = IdempotencyKey.objects.values_list("answer", flat=True)
    assert not any(word in kept for word in ("secret", "王建国", "anxiu"))
    assert once(principal="person:1", key="k", request=b"body", perform=add) == Answer(201, said, repeated=True)


def test_an_answer_kept_under_another_secret_is_not_given(db, settings):
    once(principal="person:1", key="k", request=b"body", perform=add)
    settings.SECRET_KEY = "another"
    with pytest.raises(Invalid) as refused:
        once(principal="person:1", key="k", request=b"body", perform=add)
    assert refused.value.code == "kernel.key_reused"


def test_keys_of_two_principals_have_nothing_to_do_with_each_other(db):
    once(principal="person:1", key="k", request=b"body", perform=add)
    assert not once(principal="person:2", key="k", request=b"body", perform=add).repeated
    assert Region.objects.count() == 2


def test_the_same_key_for_another_request_is_refused(db):
    once(principal="person:1", key="k", request=b"body", perform=add)
    with pytest.raises(Invalid) as refused:
        once(principal="person:1", key="k", request=b"another body", perform=add)
    assert refused.value.code == "kernel.key_reused"
    assert Region.objects.count() == 1


def test_a_refusal_is_not_stored_and_may_be_tried_again(db):
    def refuse() -> Answer:
        add()
        raise WrongState("orders.wrong_state")

    with pytest.raises(WrongState):
        once(principal="person:1", key="k", request=b"body", perform=refuse)
    assert (Region.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert not once(principal="person:1", key="k", request=b"body", perform=add).repeated


@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_one_key_have_one_effect_and_one_answer():
    together, answers = threading.Barrier(8), []

    def run() -> None:
        together.wait()
        answers.append(once(principal="person:1", key="k", request=b"body", perform=add))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(each.status, each.body) for each in answers} == {(201, "n")}
    assert sorted(each.repeated for each in answers) == [False] + [True] * 7
    assert Region.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_for_a_refused_request_carries_it_out_itself():
    inside, go_on = threading.Event(), threading.Event()
    answers: list[Answer] = []

    def refuse() -> Answer:
        inside.set()
        go_on.wait(10)
        raise WrongState("orders.wrong_state")

    def first() -> None:
        with pytest.raises(WrongState):
            once(principal="person:1", key="k", request=b"body", perform=refuse)
        connection.close()

    def second() -> None:
        answers.append(once(principal="person:1", key="k", request=b"body", perform=add))
        connection.close()

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert inside.wait(10)
    threads.append(threading.Thread(target=second))
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join()
    assert answers == [Answer(201, "n")]


def test_old_keys_are_forgotten(db):
    once(principal="person:1", key="old", request=b"body", perform=add)
    with moved_to(now() + KEY_LIFE - timedelta(minutes=1)):
        assert forget_keys.func.__wrapped__(0) == 0
    with moved_to(now() + KEY_LIFE + timedelta(minutes=1)):
        assert forget_keys.func.__wrapped__(0) == 1
