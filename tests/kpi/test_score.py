"""One score by the weights of the regulation: each part is seen, and what cannot be said is no zero."""

from datetime import timedelta

import pytest

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid
from anxiu.kernel.time import now
from anxiu.kpi.choices import Missing, ScorePart, ShareCode, TimeCode
from anxiu.kpi.queries import weights_of
from anxiu.kpi.rules.figures import Aims, every
from anxiu.kpi.rules.weighing import score
from anxiu.regulation.actions import Source, adopt_preset, set_figure, start_draft
from anxiu.regulation.queries import in_force, preset
from tests.api.conftest import Caller
from tests.given.browsing import browser
from tests.given.orders import Walk, a_company, opened, react_all

AIMS = Aims({TimeCode.RESPONSE: 3600.0}, 2)
EVEN = {**dict.fromkeys(ScorePart, 0), ScorePart.FIRST_FIX: 50, ScorePart.RESPONSE: 30, ScorePart.COST: 20}


def of(**sums: tuple[int, int]):
    return score(EVEN, every(sums, AIMS))


@pytest.mark.requirement("KPI-01")
@pytest.mark.parametrize(
    ("mean", "points"), [(1800, 100.0), (3600, 100.0), (7200, 50.0)]
)
def test_a_share_counts_as_it_is_and_a_time_against_its_target(mean, points):
    found = of(first_fix=(8, 10), response_net_seconds=(mean * 10, 10))
    fix, response, cost = found.parts
    assert (fix.points, response.points) == (80.0, points)
    assert (cost.points, cost.missing) == (None, Missing.NOT_MEASURED)
    assert (found.covered, found.is_whole) == (80, False)
    assert found.points == pytest.approx((50 * 80 + 30 * points) / 80)


@pytest.mark.requirement("KPI-01", "KPI-05")
def test_what_cannot_be_said_is_named_and_no_zero():
    found = of(first_fix=(1, 1))
    assert [each.missing for each in found.parts] == [Missing.TOO_FEW, Missing.NO_DATA, Missing.NOT_MEASURED]
    assert (found.points, found.covered) == (None, 0)
    aimless = score({ScorePart.RESPONSE: 100}, every({"response_net_seconds": (60, 10)}, Aims({}, 1)))
    assert [each.missing for each in aimless.parts] == [Missing.NO_TARGET]
    repeats = score({ScorePart.REPEAT: 100}, every({ShareCode.REPEAT: (1, 10)}, AIMS))
    assert repeats.points == pytest.approx(90.0)


@pytest.mark.django_db
@pytest.mark.requirement("KPI-01", "REG-01")
def test_weights_that_do_not_add_up_are_refused_and_published_ones_are_kept():
    draft = start_draft(actor=SYSTEM, at=now(), source=Source("r4"), why="try")
    raw = dict(preset("r4").figures["kpi.weights"])
    assert sum(raw.values()) == 100
    assert raw["cost"] + raw["knowledge"] == 30
    with pytest.raises(Invalid) as refused:
        set_figure(
            actor=SYSTEM, at=now(), version_id=draft.pk, key="kpi.weights", raw={**raw, "cost": 21}, why="try"
        )
    assert refused.value.params["given"] == "Σ 101"
    assert preset("r2").figures["kpi.weights"]["satisfied"] >= 60
    set_figure(
        actor=SYSTEM, at=now(), version_id=draft.pk, key="kpi.weights", raw={**raw, "cost": 10, "knowledge": 20}, why="try"
    )
    page = browser(a_company().management).get(f"/regulation/versions/{draft.uid}/set_figure/kpi.weights/")
    assert 'data-total="100"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.requirement("KPI-01")
def test_the_dashboard_shows_the_score_its_parts_and_changes_with_the_weights():
    company = a_company()
    start = now() - timedelta(hours=8)
    Walk(company, opened(company, start), start).to("completed")
    react_all()
    client = browser(company.management)
    page = client.get("/dashboard/").content.decode()
    assert "Service score" in page
    assert "too few cases to judge" in page
    weights = {**dict.fromkeys((each.value for each in ScorePart), 0), "resolution": 70, "knowledge": 30}
    adopt_preset(
        actor=SYSTEM, at=now(), preset_code="default", in_force_from=now(), despite=True,
        changes={"kpi.weights": weights, "kpi.minimum_cases": 1},
    )  # fmt: skip
    assert weights_of(in_force(None, "", now()))[ScorePart.RESOLUTION] == 70
    found = client.get("/dashboard/").context["score"]
    assert (found["points"], found["score"].covered) == ("100.0", 70)
    assert [(str(each.name), each.weight) for each in found["parts"]] == [("Faults resolved", 70), ("Knowledge", 30)]
    assert client.get(found["parts"][0].url).status_code == 200
    told = Caller(company.management).get("/indicators/score").json()
    assert (told["points"], told["covered"]) == (100.0, 70)
    assert [(each["part"], each["missing"]) for each in told["parts"]] == [("resolution", None), ("knowledge", "not_measured")]
