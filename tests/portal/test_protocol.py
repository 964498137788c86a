"""The customer ticks the visit protocol on the tracking page; staff see it beside their own ticks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anxiu.kernel.time import moved_to
from anxiu.orders.models import Entry
from tests.given.orders import MONDAY
from tests.portal.conftest import key_of, walked

LATER = MONDAY + timedelta(hours=3)


@pytest.mark.requirement("ORD-21")
def test_the_customer_ticks_the_visit_protocol(company, client):
    order, secret = walked(company, "assessed")
    with moved_to(LATER):
        page = client.get(f"/p/t/{secret}/")
        shown = page.content.decode()
        assert shown.count('name="checked"') == 5
        assert "Badge shown" in shown
        form = {"key": key_of(page), "checked": ["badge_shown", "cleaned_up"]}
        for _ in range(2):  # pressed twice
            answer = client.post(reverse("track_check", args=[secret]), form)
            assert (answer.status_code, answer["Location"]) == (302, f"/p/t/{secret}/#protocol")
        rows = Entry.objects.filter(order=order, by_customer=True)
        assert sorted(rows.values_list("code", flat=True)) == ["badge_shown", "cleaned_up"]
        assert client.get(f"/p/t/{secret}/").content.decode().count("checked disabled") == 2
        for wrong in ([], ["tools"]):
            client.post(reverse("track_check", args=[secret]), {"key": "k" * 8, "checked": wrong})
    assert rows.count() == 2


def test_before_anybody_came_there_is_nothing_to_tick(company, client):
    _, secret = walked(company, "prepared")
    with moved_to(LATER):
        assert 'id="protocol"' not in client.get(f"/p/t/{secret}/").content.decode()
