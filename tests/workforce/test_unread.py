"""Who has not acknowledged the regulation in time is not sent, where the regulation says so."""

from datetime import timedelta

import pytest

from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.regulation.actions import adopt_preset
from anxiu.uptake.actions import acknowledge_version, keep_readings
from anxiu.uptake.queries import mine
from anxiu.uptake.values import BAR_OVERDUE
from anxiu.workforce.queries import candidate, figures

from .conftest import AT

pytestmark = pytest.mark.django_db


def adopted(**changes):
    with moved_to(AT):
        return adopt_preset(
            actor=SYSTEM, at=AT, preset_code="default", in_force_from=AT,
            changes={"uptake.due": "1 d", "uptake.questions": 0, **changes},
        )  # fmt: skip


@pytest.mark.requirement("REG-04")
@pytest.mark.parametrize("bars", [True, False])
def test_overdue_readings_bar_from_visits_only_where_the_regulation_says_so(engineer, need, dispatcher, bars):
    one = engineer()
    version = adopted(**{"uptake.bar_overdue": bars})
    keep_readings(actor=SYSTEM, at=AT)

    def judged(at):
        return candidate(dispatcher, need(), at, figures(one.region_id, at), engineer_id=one.pk).eligibility

    late = AT + timedelta(days=1)
    assert "workforce.regulation_unread" not in [each.code for each in judged(AT).because]
    unread = [each for each in judged(late).because if each.code == "workforce.regulation_unread"]
    assert [each.params for each in unread] == ([{"version": version.code}] if bars else [])
    assert (BAR_OVERDUE.key in judged(late).value_keys) is bars
    row = mine(actor_of(one.person)).get()
    acknowledge_version(actor=actor_of(one.person), at=late, reading_uid=row.uid)
    assert "workforce.regulation_unread" not in [each.code for each in judged(late).because]
