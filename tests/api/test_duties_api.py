"""To-dos and ratings over HTTP."""

from datetime import timedelta

import pytest

from anxiu.duties.models import Duty
from anxiu.feedback.actions import rate
from anxiu.kernel.time import now
from tests.given.asking import refused, twice
from tests.given.assets import a_region, acting
from tests.given.orders import Walk, opened, react_all

SAID = {"outcome": "content", "words": "Adjusted again"}


@pytest.fixture
def rated(company):
    """A done order with a rating so low that somebody has to make it good."""
    at = now() - timedelta(days=1)
    walk = Walk(company, opened(company, at), at)
    order = walk.to("signed")
    rate(actor=company.agent, at=now(), order_uid=order.uid, score=1, words="Slow")
    while react_all():
        pass
    return order


@pytest.mark.requirement("PF-02")
def test_a_recovery_is_seen_and_resolved(company, calling, rated):
    agent = calling(company.agent)
    [duty] = agent.get("/duties").json()["items"]
    assert (duty["order"], duty["kind"], duty["closed_at"]) == (str(rated.uid), Duty.objects.get().kind, None)
    assert agent.get(f"/duties/{duty['uid']}").json() == duty
    act = f"/duties/{duty['uid']}/actions/resolve_recovery"
    assert refused(calling(company.hands).post(act, SAID), 403) == "kernel.not_allowed"
    assert twice(agent, act, SAID)["outcome"] == "content"
    assert refused(agent.post(act, SAID), 409) == "duties.closed"
    assert agent.get("/duties").json()["items"] == []
    assert [each["uid"] for each in agent.get("/duties", done=True, mine=True).json()["items"]] == [duty["uid"]]


def test_ratings_are_listed(company, calling, rated):
    [rating] = calling(company.agent).get("/ratings", bad=True).json()["items"]
    assert (rating["order"], rating["score"], rating["words"]) == (str(rated.uid), 1, "Slow")


@pytest.mark.requirement("PF-04")
def test_another_region_sees_no_to_do_and_no_rating(company, calling, rated):
    stranger, duty = calling(acting("supervisor", a_region())), Duty.objects.get()
    for path in ("/duties", "/ratings"):
        assert stranger.get(path).json() == {"items": [], "next": ""}
    assert refused(stranger.get(f"/duties/{duty.uid}"), 404)
    assert refused(stranger.post(f"/duties/{duty.uid}/actions/resolve_recovery", SAID), 404)
