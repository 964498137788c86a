"""What a frame tells whom, and what is told to somebody who was away."""

from uuid import uuid4

import pytest
from django.db import connection

from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.sequencer import catch_up
from anxiu.project import live
from anxiu.project.live import Frame, missed_since
from tests.project.test_serving import EVENT


def in_region(*regions: int) -> Actor:
    return Actor(kind=ActorKind.PERSON, id=1, regions=frozenset(regions))


def test_frame_names_what_an_actor_may_see_once() -> None:
    frame = Frame(9, [("order", "1", 7), ("order", "2", 8), ("regulation", "3", 0), ("order", "1", 7)])
    assert frame.seen_by(in_region(7)) == ["order.1", "regulation.3"]
    assert frame.seen_by(in_region()) == ["regulation.3"]
    assert frame.seen_by(SYSTEM) == ["order.1", "order.2", "regulation.3"]
    assert Frame(9, []).seen_by(in_region()) == ["*"]


@pytest.mark.django_db
def test_missed_things_come_as_one_frame_and_too_many_as_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    catch_up()
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(position), 0) from kernel_position")
        start = cursor.fetchone()[0]
        for subject in (11, 12, 13):
            cursor.execute(EVENT, [uuid4(), subject, None])
    catch_up()
    assert missed_since(start + 3) is None
    assert missed_since(start + 1) == Frame(start + 3, [("orders", "12", 0), ("orders", "13", 0)])
    monkeypatch.setattr(live, "CATCH_UP_EVENTS", 2)
    assert missed_since(start) == Frame(start + 3, [])
