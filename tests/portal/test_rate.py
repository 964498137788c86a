"""Rating by link: once, by the regulation's scale and phrases."""

from datetime import timedelta

import pytest

from anxiu.accounts.choices import LinkPurpose
from anxiu.feedback.models import Rating
from anxiu.kernel.time import moved_to
from tests.given.orders import MONDAY, a_company
from tests.given.regulated import regulated
from tests.portal.conftest import link_to, walked


@pytest.fixture(autouse=True)
def evening():
    with moved_to(MONDAY + timedelta(hours=10)):
        yield


@pytest.fixture
def path(company):
    order, _ = walked(company, "signed")
    return f"/p/rate/{link_to(order, LinkPurpose.RATE)}/"


@pytest.mark.requirement("FB-01")
def test_stars_phrases_words_and_recommendation_are_kept(client, path):
    assert "Well explained" in client.get(path).content.decode()
    form = {"score": "4", "tags": ["prompt", "skilled"], "words": "来得很快", "nps": "9"}
    assert client.post(path, form).status_code == 302
    given = Rating.objects.get()
    assert (given.score, given.scale, given.tags, given.words, given.nps, given.via) == (
        4, 5, ["prompt", "skilled"], "来得很快", 9, "link",
    )  # fmt: skip
    shown = client.get(path).content.decode()
    assert "Thank you for your rating" in shown
    assert "来得很快" in shown


@pytest.mark.requirement("FB-01")
def test_only_the_stars_are_asked_for(client, path):
    assert client.post(path, {"score": "5"}).status_code == 302
    assert Rating.objects.get().nps is None


def test_a_low_rating_says_that_somebody_calls(client, path):
    client.post(path, {"score": "2"})
    assert "Somebody calls you about it" in client.get(path).content.decode()


@pytest.mark.parametrize("wrong", [{}, {"score": "6"}, {"score": "0"}, {"score": "4", "tags": ["rich"]}, {"score": "4", "nps": "11"}])
def test_what_is_off_the_scale_is_refused(client, path, wrong):
    assert client.post(path, wrong).status_code == 422
    assert not Rating.objects.exists()


@pytest.mark.django_db
@pytest.mark.requirement("REG-06")
@pytest.mark.parametrize(("scale", "look", "given"), [(5, 'class="stars"', 4), (10, 'class="scale"', 7), (100, 'type="number"', 92)])
def test_the_form_fits_the_scale_of_the_regulation(client, scale, look, given):
    regulated(MONDAY - timedelta(hours=1), feedback__scale=scale)
    order, _ = walked(a_company(), "signed")
    path = f"/p/rate/{link_to(order, LinkPurpose.RATE)}/"
    assert look in client.get(path).content.decode()
    for wrong in ("0", str(scale + 1), "many", ""):
        assert client.post(path, {"score": wrong}).status_code == 422
    assert client.post(path, {"score": str(given)}).status_code == 302
    assert (Rating.objects.get().score, Rating.objects.get().scale) == (given, scale)
    shown = client.get(path).content.decode()
    assert ("stars-given" in shown) is (scale == 5)
    assert scale == 5 or f"{given}<small> / {scale}" in shown


def test_a_second_rating_shows_the_first(client, path):
    client.post(path, {"score": "5"})
    again = client.post(path, {"score": "1"})
    assert again.status_code == 200
    assert Rating.objects.get().score == 5


def test_unfinished_work_cannot_be_rated(client, company):
    order, _ = walked(company, "completed")
    answer = client.get(f"/p/rate/{link_to(order, LinkPurpose.RATE)}/")
    assert answer.status_code == 409
    assert "once the work is signed off" in answer.content.decode()
