"""A whole order over the API, and how it is refused."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxiu.kernel.time import now
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from anxiu.orders.queries import items_at
from tests.given.assets import a_region, acting
from tests.given.orders import Walk, a_film, a_picture, a_signature, opened, react_all


def _file(prepared, name, kind):
    prepared.content.seek(0)
    return SimpleUploadedFile(name, prepared.content.read(), kind)


def report(company, **more):
    return {"words": "Lift stands still, alarm lamp is on", "machine": str(company.machine.uid),
            "fault_class": company.fault.code, **more}  # fmt: skip


@pytest.mark.requirement("INT-01", "PF-02", "ORD-01", "ORD-08", "ORD-11", "ORD-14")
def test_an_order_is_driven_from_report_to_archive(company, calling):
    agent, dispatcher, hands = calling(company.agent), calling(company.dispatcher), calling(company.hands)
    opened = agent.post("/orders", report(company))
    assert opened.status_code == 201
    receipt = opened.json()
    assert receipt["order"]["next_due_at"]
    assert "/t/" in receipt["tracking_url"]
    uid = receipt["order"]["uid"]
    act = f"/orders/{uid}/actions"
    assert agent.post(f"{act}/contact_customer", {"result": "reached"}).json()["responded_at"]
    start = now() + timedelta(hours=1)
    slot = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat()}
    who = dispatcher.get(f"/orders/{uid}/candidates", **slot).json()
    assert [each["may"] for each in who] == [True]
    booked = dispatcher.post(f"{act}/book_visit", {"engineer": who[0]["engineer"], **slot})
    assert booked.json()["state"] == "booked"
    assert hands.post(f"{act}/accept_visit").json()["step"]["code"] == "prepare"
    order = Order.objects.get(uid=uid)
    checked = [each.code for each in items_at(order, State.PREPARING) if each.mandatory]
    assert hands.post(f"{act}/prepare", {"checked": checked}).json()["state"] == "prepared"
    assert hands.post(f"{act}/depart").json()["state"] == "travelling"
    place = {"latitude": 31.2304, "longitude": 121.4737, "accuracy_metres": 15}
    assert hands.post(f"{act}/arrive", {"place": place}).json()["state"] == "on_site"
    assert hands.post(f"{act}/assess", {"finding": "Belt is torn"}).json()["state"] == "repairing"
    refused = hands.post(f"{act}/complete_repair", {"resolved": True, "cause": "Age", "solution": "New belt"})
    assert refused.status_code == 409
    assert {each["code"] for each in refused.json()["errors"]} == {"orders.photos_missing", "orders.labour_missing"}
    for colour in ("red", "blue"):
        sent = hands.send(f"{act}/add_photo", {"photo": _file(a_picture(colour), "a.jpg", "image/jpeg")})
        assert sent.status_code == 200, sent.content
    assert hands.post(f"{act}/add_entry", {"kind": "labour", "minutes": 40}).status_code == 200
    done = hands.post(f"{act}/complete_repair", {"resolved": True, "cause": "Age", "solution": "New belt"})
    assert done.json()["state"] == "signing"
    shown = hands.get(f"/orders/{uid}/document").json()
    signature = _file(a_signature(), "s.png", "image/png")
    signed = hands.send(
        f"{act}/sign_off", {"signature": signature, "document_digest": shown["digest"], "signer": "Wang"}
    )
    assert signed.json()["state"] == "following_up", signed.content
    react_all()
    assert agent.post(f"{act}/follow_up", {"result": "all_good"}).json()["state"] == "closing"
    assert agent.post(f"{act}/archive").json()["state"] == "archived"
    detail = agent.get(f"/orders/{uid}").json()
    assert {each["kind"] for each in detail["documents"]} == {"report", "guarantee"}
    assert agent.get(f"/files/{detail['documents'][0]['file']}").status_code == 200
    late = agent.post(f"{act}/contact_customer", {"result": "reached"})
    assert (late.status_code, late.json()["code"]) == (409, "orders.archived")


@pytest.mark.requirement("ORD-08")
def test_photos_and_videos_say_when_and_where_they_were_taken_and_what_they_set_right(company, calling):
    start = now() - timedelta(hours=2)
    order, hands = Walk(company, opened(company, start), start).to("assessed"), calling(company.hands)
    act, taken = f"/orders/{order.uid}/actions", (now() - timedelta(minutes=20)).replace(microsecond=0)
    said = {
        "at": taken.isoformat(), "latitude": "31.2304", "longitude": "121.4737", "accuracy_metres": "12", "text": "x",
    }  # fmt: skip
    for name, file in (("photo", _file(a_picture(), "a.jpg", "image/jpeg")), ("video", _file(a_film(), "a.mp4", "video/mp4"))):
        sent = hands.send(f"{act}/add_{name}", {name: file, **said})
        assert sent.status_code == 200, sent.content
        added = hands.get(f"/orders/{order.uid}").json()["entries"][-1]
        assert (added["kind"], added["latitude"], added["longitude"], added["accuracy_metres"]) == (
            name, 31.2304, 121.4737, 12,
        )  # fmt: skip
        assert datetime.fromisoformat(added["at"]) == taken
        again = {name: _file(*((a_picture("red"), "b.jpg", "") if name == "photo" else (a_film(b"1"), "b.mp4", "")))}
        right = hands.send(f"{act}/add_{name}", {**again, "corrects": added["uid"]})
        assert right.status_code == 200, right.content
        assert hands.get(f"/orders/{order.uid}").json()["entries"][-1]["corrects"] == added["uid"]
    half = {"photo": _file(a_picture(), "a.jpg", "image/jpeg"), "latitude": "31.2"}
    assert hands.send(f"{act}/add_photo", half).status_code == 422
    assert hands.send(f"{act}/add_video", {"video": _file(a_picture(), "a.jpg", "image/jpeg")}).status_code == 422
    assert calling(company.agent).send(f"{act}/add_video", {"video": _file(a_film(), "a.mp4", "video/mp4")}).status_code == 403


@pytest.mark.requirement("PF-02")
def test_the_same_key_opens_one_order(company, calling):
    agent = calling(company.agent)
    first = agent.post("/orders", report(company), key="k1")
    again = agent.post("/orders", report(company), key="k1")
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1
    other = agent.post("/orders", report(company, words="something else"), key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "kernel.key_reused")


def test_a_key_is_needed(company, calling):
    agent = calling(company.agent)
    answer = agent.client.post("/api/v1/orders", "{}", "application/json")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.requirement("PF-04")
def test_somebody_of_another_region_sees_nothing(company, calling):
    uid = calling(company.agent).post("/orders", report(company)).json()["order"]["uid"]
    stranger = calling(acting("agent", a_region()))
    assert stranger.get("/orders").json() == {"items": [], "next": ""}
    assert stranger.get(f"/orders/{uid}").status_code == 404
    assert stranger.post(f"/orders/{uid}/actions/contact_customer", {"result": "reached"}).status_code == 404
    assert stranger.get("/machines").json()["items"] == []


def test_no_token_is_refused_as_a_problem(client, db):
    answer = client.get("/api/v1/orders")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_pages_go_on_where_the_last_ended(company, calling):
    agent = calling(company.agent)
    for _ in range(5):
        agent.post("/orders", report(company))
    seen, after = [], ""
    while True:
        page = agent.get("/orders", limit=2, after=after).json()
        seen += [each["number"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert len(seen) == len(set(seen)) == 5
    assert agent.get("/orders", after="nonsense").status_code == 422


@pytest.mark.requirement("AST-01")
def test_the_orders_of_a_machine_a_customer_or_an_engineer_are_its_history(company, calling):
    agent = calling(company.agent)
    mine = Walk(company, opened(company)).to("booked").number
    other = agent.post("/orders", {**report(company), "machine": None, "serial": "", "region": company.region.code})
    machine, customer, engineer = company.machine.uid, company.customer.uid, company.engineer.uid
    for asked in ({"machine": machine}, {"customer": customer}, {"engineer": engineer}):
        assert [each["number"] for each in agent.get("/orders", **asked).json()["items"]] == [mine]
    assert len(agent.get("/orders").json()["items"]) == 2
    assert other.status_code == 201
    assert calling(acting("agent", a_region())).get("/orders", machine=machine).json()["items"] == []


@pytest.mark.parametrize(("path", "most"), [("/orders", 6), ("/machines", 5), ("/engineers", 8), ("/customers", 5)])
def test_lists_cost_the_same_however_long(company, calling, path, most, django_assert_max_num_queries):
    agent = calling(company.agent)
    for _ in range(3):
        agent.post("/orders", report(company))
    with django_assert_max_num_queries(most):
        assert agent.get(path).status_code == 200


def test_an_order_costs_few_statements(company, calling, django_assert_max_num_queries):
    order, agent = Walk(company, opened(company)).to("archived"), calling(company.agent)
    agent.get(f"/orders/{order.uid}")
    with django_assert_max_num_queries(12):
        assert agent.get(f"/orders/{order.uid}").status_code == 200


def test_open_order_costs_few_statements(company, calling, django_assert_max_num_queries):
    agent = calling(company.agent)
    agent.post("/orders", report(company))
    with django_assert_max_num_queries(22):  # 20 and the test's own savepoint pair
        assert agent.post("/orders", report(company)).status_code == 201


def test_a_change_of_state_costs_few_statements(company, calling, django_assert_max_num_queries):
    start = now() - timedelta(hours=1)
    order, hands = Walk(company, opened(company, start), start).to("booked"), calling(company.hands)
    checked = [each.code for each in items_at(order, State.PREPARING)]
    steps = {"accept_visit": {}, "prepare": {"checked": checked}, "depart": {}, "arrive": {}, "assess": {"finding": "x"}}
    for verb, body in steps.items():
        with django_assert_max_num_queries(17):  # 15 and the test's own savepoint pair
            answer = hands.post(f"/orders/{order.uid}/actions/{verb}", body)
        assert answer.status_code == 200, answer.content


@pytest.mark.requirement("INT-02", "INT-08")
def test_a_report_without_a_machine_is_identified_and_pictured_later(company, calling):
    agent = calling(company.agent)
    said = {"words": "Pump leaks", "region": company.region.code, "product": "some pump"}
    uid = agent.post("/orders", said).json()["order"]["uid"]
    act = f"/orders/{uid}/actions"
    sent = agent.send(f"{act}/add_customer_media", {"files": _file(a_picture(), "a.jpg", "image/jpeg")})
    assert sent.status_code == 200, sent.content
    body = {"machine": str(company.machine.uid), "fault_class": company.fault.code}
    found = agent.post(f"{act}/identify_machine", body).json()
    assert (found["machine"], found["serial"]) == (str(company.machine.uid), company.machine.serial)
    assert len(agent.get(f"/orders/{uid}").json()["files"]) == 1
    assert calling(company.hands).post(f"{act}/identify_machine", body).status_code in (403, 404, 422)
