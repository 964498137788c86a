"""The pages about webhooks: targets, their secret shown once, the log."""

from uuid import uuid4

import pytest
from django.urls import reverse

from anxiu.hooks.actions import NewTarget, add_target, send_test
from anxiu.hooks.models import Delivery, Target
from anxiu.kernel.time import now
from tests.given.assets import acting
from tests.given.browsing import browser

pytestmark = pytest.mark.django_db
KINDS = ("orders.opened", "orders.archived")


@pytest.fixture
def administrator():
    return acting("administrator")


@pytest.fixture
def target(administrator) -> Target:
    return add_target(actor=administrator, at=now(), new=NewTarget("https://erp.example.com/x", "ERP", KINDS))[0]


@pytest.mark.requirement("PF-02")
def test_a_target_is_named_and_its_secret_is_shown_once(administrator):
    client, url = browser(administrator), reverse("add_target")
    form = client.get(url).content.decode()
    assert "Order opened" in form
    given = {"key": uuid4().hex, "url": "https://erp.example.com/x", "purpose": "ERP", "of_orders": ["orders.opened"]}
    shown = client.post(url, given).content.decode()
    assert "anxiu_hook_" in shown
    assert "anxiu_hook_" not in client.post(url, given).content.decode()
    row = Target.objects.get()
    assert (row.kinds, row.region_ids) == (["orders.opened"], [])
    for name, args in (("hooks", []), ("hook", [row.uid]), ("hook_log", [])):
        page = client.get(reverse(name, args=args))
        assert page.status_code == 200
        assert "anxiu_hook_" not in page.content.decode()


def test_a_form_without_events_or_with_an_address_inside_is_shown_again(administrator):
    client, url = browser(administrator), reverse("add_target")
    for given, words in (
        ({"url": "https://erp.example.com/", "purpose": "x"}, "Choose at least one event."),
        ({"url": "https://10.0.0.1/", "purpose": "x", "of_orders": ["orders.opened"]}, "private network"),
        ({"url": "http://erp.example.com/", "purpose": "x", "of_orders": ["orders.opened"]}, "https://"),
    ):
        answer = client.post(url, {"key": uuid4().hex, **given})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Target.objects.exists()


def test_every_verb_has_its_dialog(administrator, target):
    client = browser(administrator)

    def done(name: str, **given: object) -> None:
        assert client.get(reverse(name, args=[target.uid])).status_code == 200
        answer = client.post(reverse(name, args=[target.uid]), {"key": uuid4().hex, **given})
        assert answer.status_code in (200, 204), answer.content.decode()[:2000]

    done("change_target", url=target.url, purpose="CRM", of_orders=["orders.opened"])
    done("renew_secret")
    done("send_test")
    done("repeat_deliveries", from_at="2026-01-01T00:00", until_at="2026-01-02T00:00")
    done("switch_target_off")
    page = client.get(reverse("hook", args=[target.uid])).content.decode()
    assert "Switch on" in page
    done("switch_target_on")
    target.refresh_from_db()
    assert (target.purpose, target.kinds, target.is_on) == ("CRM", ["orders.opened"], True)


def test_the_log_is_filtered_and_says_what_was_answered(administrator, target):
    row = send_test(actor=administrator, at=now(), target_uid=target.uid)
    Delivery.objects.filter(pk=row.pk).update(state="failed", reason="answer", status=500, answer="oops", took_ms=1200)
    client = browser(administrator)
    shown = client.get(reverse("hook_log"), {"target": str(target.uid), "state": "failed", "kind": "hooks.test"})
    assert "1.2 s" in shown.content.decode()
    assert "1.2 s" not in client.get(reverse("hook_log"), {"state": "delivered"}).content.decode()
    detail = client.get(reverse("hook_delivery", args=[row.uid])).content.decode()
    assert "oops" in detail
    answer = client.post(reverse("repeat_delivery", args=[row.uid]), {"key": uuid4().hex})
    assert answer.status_code == 204
    assert Delivery.objects.count() == 2


def test_pages_cost_the_same_however_many_rows(administrator, target, django_assert_max_num_queries):
    for _ in range(5):
        send_test(actor=administrator, at=now(), target_uid=target.uid)
        add_target(actor=administrator, at=now(), new=NewTarget("https://erp.example.com/x", "ERP", KINDS))
    client = browser(administrator)
    for name in ("hooks", "hook_log"):
        with django_assert_max_num_queries(6):
            assert client.get(reverse(name)).status_code == 200


def test_who_may_not_is_refused(target):
    client = browser(acting("agent"))
    for name, args in (("hooks", []), ("hook_log", []), ("hook", [target.uid]), ("add_target", [])):
        assert client.get(reverse(name, args=args)).status_code == 403
