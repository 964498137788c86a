"""Today and load: who comes where, what is to be booked, and what is left of the day; each figure leads to its orders."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.urls import reverse

from anxiu.kernel.time import moved_to
from anxiu.workforce.choices import OccupancyKind
from anxiu.workforce.rules import Busy, Slot
from anxiu.workforce.rules.load import load
from tests.given.assets import a_region, acting
from tests.given.browsing import browser
from tests.given.orders import MONDAY, Walk, a_company, an_engineer, opened

DAY = datetime(2026, 5, 11, tzinfo=UTC)


def hours(begin: float, end: float) -> Slot:
    return Slot(DAY + timedelta(hours=begin), DAY + timedelta(hours=end))


@pytest.mark.requirement("DSP-05")
def test_what_is_left_is_shift_time_to_come_that_nothing_takes():
    busy = [
        Busy(hours(10, 12), OccupancyKind.VISIT), Busy(hours(19, 20), OccupancyKind.VISIT),
        Busy(hours(13, 15), OccupancyKind.LEAVE),
    ]  # fmt: skip
    shifts, window = [hours(8, 12), hours(12, 16), hours(26, 30)], hours(0, 24)
    day = load(shifts, busy, window, DAY)
    assert [each / timedelta(hours=1) for each in (day.work, day.booked, day.away, day.left)] == [8, 3, 2, 4]
    assert load(shifts, busy, window, DAY + timedelta(hours=11)).left == timedelta(hours=2)
    assert load(shifts, busy, window, DAY + timedelta(hours=25)).left == timedelta(0)
    assert load([], busy, window, DAY).left == timedelta(0)


@pytest.mark.django_db
@pytest.mark.requirement("DSP-05", "KPI-05")
def test_the_page_says_who_comes_where_and_what_is_to_be_booked():
    company = a_company()
    walk = Walk(company, opened(company))
    walk.booked()
    waiting = opened(company)
    with moved_to(walk.at):
        client = browser(company.dispatcher)
        page = client.get(reverse("today"))
        text = page.content.decode()
        counted = {each["url"]: each["count"] for each in page.context["unbooked"]}
        assert sum(counted.values()) == 1
        [url] = [url for url, count in counted.items() if count]
        listed = client.get(url).content.decode()
        tomorrow = client.get(reverse("today") + "?day=2026-05-12")
        other = browser(acting("dispatcher", a_region())).get(reverse("today")).content.decode()
        refused = browser(company.management).get(reverse("today")).status_code
        nonsense = client.get(reverse("today") + "?day=2026-13-40").status_code
    assert waiting.number in listed
    assert walk.order.number not in listed
    assert walk.order.number in text
    assert company.engineer.person.name in text
    [row] = page.context["rows"]
    assert (row.load.booked, len(row.visits), row.share) == (timedelta(hours=2), 1, 8)
    assert page.context["chart"]["series"][0]["data"] == [2.0]
    assert walk.order.number not in tomorrow.content.decode()
    assert company.engineer.person.name not in other
    assert (refused, nonsense) == (403, 200)
    assert walk.at > MONDAY


@pytest.mark.django_db
def test_many_engineers_come_in_pages_and_a_full_day_is_cut(monkeypatch):
    company = a_company()
    walk = Walk(company, opened(company))
    walk.booked()
    others = [an_engineer(company.region) for _ in range(3)]
    second = Walk(company, opened(company))
    second.at = walk.at
    second.booked(hours=6)
    module = import_module("anxiu.console.dashboard.today")  # the package calls its view the same
    monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(module, "VISITS", 1)
    with moved_to(walk.at):
        client = browser(company.dispatcher)
        pages = [client.get(reverse("today") + query) for query in ("", "?skip=2", "?skip=7")]
        file = client.get(reverse("today") + "?export=csv").getvalue().decode()
    names = [[row.engineer.pk for row in page.context["rows"]] for page in pages]
    assert sorted(names[0] + names[1]) == sorted(each.pk for each in [company.engineer, *others])
    assert names[2] == names[0]
    assert (pages[0].context["visits"], pages[1].context["visits"]) == (2, 2)
    [busy] = [row for row in pages[0].context["rows"] if row.visits]
    assert (len(busy.visits), busy.further) == (1, 1)
    assert f"/engineers/{busy.engineer.uid}/?from=2026-05-11" in pages[0].content.decode()
    assert "skip=2" in pages[0].content.decode()
    assert walk.order.number in file
    assert second.order.number in file
