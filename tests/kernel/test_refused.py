"""Refused attempts stay on record: once the request is answered, by whom, what, why, and never what was typed."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from anxiu.accounts.actions import issue_token
from anxiu.accounts.models import Person
from anxiu.kernel import refused
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.models import Refused
from anxiu.kernel.time import moved_to, now
from anxiu.orders import actions
from anxiu.privacy.actions import keep_within
from anxiu.privacy.choices import Data
from anxiu.regulation.actions import adopt_preset
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, Walk, a_company, opened

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-16")]


@pytest.fixture
def company():
    return a_company()


def logged_in(actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def post(client, order, verb, **given):
    url = reverse("order_verb", args=[order.uid, verb])
    return client.post(url, {"key": uuid4().hex, **given})


def rows():
    return list(Refused.objects.order_by("pk").values_list("verb", "why", "code", "value_key", "subject_kind", "count"))


def test_a_verb_without_the_permission_is_listed_with_the_order_it_was_tried_on(company):
    order = opened(company)
    client = logged_in(company.hands)
    assert client.get(reverse("order_verb", args=[order.uid, "merge_order"])).status_code == 403
    [row] = Refused.objects.all()
    assert (row.actor_id, row.verb, row.why) == (company.hands.person_id, "orders.merge_order", "permission")
    assert (row.subject_kind, row.subject) == ("order", str(order.uid))


def test_a_shut_gate_is_listed_after_everything_was_rolled_back(company):
    walk = Walk(company, opened(company))
    for step in ("contacted", "booked", "accepted", "prepared", "departed", "arrived", "assessed"):
        getattr(walk, step)()
    with moved_to(walk.later()):
        given = {"resolved": "yes", "cause": "秘密的原因", "solution": "x"}
        assert post(logged_in(company.hands), walk.order, "complete_repair", **given).status_code == 422
    assert rows() == [("orders.complete_repair", "gate", "orders.evidence_missing", "orders.processes", "order", 1)]
    assert "秘密" not in str(Refused.objects.values().get())


def test_beyond_the_authority_is_listed_with_its_clause_and_the_same_again_is_counted(company):
    order = opened(company)
    with moved_to(MONDAY + timedelta(hours=1)):
        client = logged_in(company.agent)
        for _ in range(3):
            post(client, order, "ask_reporter", text="免费换一台好吗", until="2026-05-11T20:00")
    [row] = Refused.objects.all()
    assert (row.why, row.code, row.value_key, row.count) == ("authority", "orders.beyond_promise", "orders.promise_words", 3)
    with moved_to(MONDAY + timedelta(hours=1, minutes=2)):
        post(client, order, "ask_reporter", text="免费换一台好吗", until="2026-05-11T20:00")
    assert Refused.objects.count() == 2


def test_the_api_leaves_the_same_trace(company):
    order = opened(company)
    secret = issue_token(actor=SYSTEM, at=MONDAY, person_id=company.hands.person_id, label="x")[1]
    client = Client(headers={"authorization": f"Bearer {secret}"})
    url = f"/api/v1/orders/{order.uid}/actions/merge_order"
    body = json.dumps({"into": str(uuid4()), "reason": "x"})
    answer = client.post(url, body, "application/json", headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 403
    assert rows() == [("orders.merge_order", "permission", "kernel.not_allowed", "", "order", 1)]


def test_what_the_system_or_a_customer_is_refused_and_what_is_no_request_leaves_none(company):
    order = opened(company)
    with pytest.raises(NotAllowed):
        actions.merge_order(actor=company.hands, at=MONDAY, order_uid=order.uid, into_uid=order.uid, reason="x")
    assert rows() == []


def test_only_the_count_of_a_row_changes(company):
    logged_in(company.hands).get(reverse("order_verb", args=[opened(company).uid, "merge_order"]))
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Refused.objects.update(verb="orders.cancel")
    with connection.cursor() as cursor, pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        cursor.execute("update kernel_refused set count = 0")


def test_how_long_they_are_kept_is_a_figure(company):
    logged_in(company.hands).get(reverse("order_verb", args=[opened(company).uid, "merge_order"]))
    kept = Refused.objects.get()
    with moved_to(kept.at + timedelta(days=8)):
        assert keep_within(now())[Data.REFUSED] == 0
        adopt_preset(
            actor=SYSTEM, at=kept.at + timedelta(days=8), preset_code="default",
            in_force_from=kept.at + timedelta(days=8),
            changes={"trace.refused_kept": "7 d"},
        )  # fmt: skip
        assert keep_within(now())[Data.REFUSED] == 1


def test_supervisors_see_them_with_order_and_clause_and_others_do_not(company):
    order = opened(company)
    with moved_to(MONDAY + timedelta(hours=1)):
        post(logged_in(company.agent), order, "ask_reporter", text="打折", until="2026-05-11T20:00")
    page = logged_in(company.supervisor).get(reverse("refused"), headers={"accept-language": "zh-hans"}).content.decode()
    assert order.number in page
    assert "1.5 越权承诺" in page
    assert "打折" not in page
    for query, shown in ((f"?q={order.number}", True), ("?why=gate", False), ("?clause=1.5", True), ("?clause=2.1", False), ("?verb=orders.ask_reporter&days=7", True)):
        with moved_to(MONDAY + timedelta(hours=2)):
            found = logged_in(company.supervisor).get(reverse("refused") + query).content.decode()
        assert (order.number in found.split("<tbody")[-1]) is shown, query
    assert logged_in(acting("supervisor", a_region())).get(reverse("refused")).content.decode().count(order.number) == 0
    assert logged_in(company.agent).get(reverse("refused")).status_code == 403


def test_a_failure_to_keep_it_does_not_take_the_answer_away(company, monkeypatch):
    from django.db import DatabaseError

    def broken(*_args, **_more):
        raise DatabaseError("full")

    monkeypatch.setattr(refused.Refused.objects, "create", broken)
    client = logged_in(company.hands)
    assert client.get(reverse("order_verb", args=[opened(company).uid, "merge_order"])).status_code == 403
