"""Every operation of the API, called by everybody who must not see what it answers."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from anxiu.accounts.actions import issue_token, retire_person, revoke_token
from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Person
from anxiu.api.urls import api
from anxiu.kernel.actor import SYSTEM
from tests.given.orders import a_film, a_picture, a_signature
from tests.walk.api_assets import OPERATIONS
from tests.walk.looking import state, text_of, told
from tests.walk.test_console import may
from tests.walk.world import ALL, NOW, Half, World

Body = Callable[[Half], Mapping[str, Any]]
ORDERS, FILES = "/api/v1/orders/{uid}", "/api/v1/files/{uid}"
LATER, LATER_STILL = (NOW + timedelta(hours=hours) for hours in (4, 6))
NEVER = str(UUID(int=7))


def said(**given: Any) -> Body:
    return lambda half: given


def _booked(half: Half, **more: Any) -> Mapping[str, Any]:
    times = {"starts_at": LATER.isoformat(), "ends_at": LATER_STILL.isoformat()}
    return {"engineer": str(half.company.engineer.uid), **times, **more}


# What each operation takes so that nothing but the scope stands against it. `None`: it takes files.
VERBS: dict[str, Body | None] = {
    "contact_customer": said(result="reached"),
    "propose_hand_over": lambda half: {"to": str(half.people["supervisor"].uid)},
    "accept_hand_over": said(), "decline_hand_over": said(),
    "change_severity": said(severity="minor", reason="x"),
    "adopt_version": lambda half: {"version": str(half.things["version"].uid), "reason": "x"},
    "identify_machine": lambda half: {"machine": str(half.company.machine.uid)},
    "unlink_repeat": said(reason="x"),
    "book_visit": _booked,
    "reschedule": lambda half: _booked(half, reason="customer_wish"),
    "accept_visit": said(), "decline_visit": said(reason="sick"), "prepare": said(checked=[]), "depart": said(),
    "arrive": said(label_code="x"), "assess": said(finding="x"),
    "merge_order": lambda half: {"into": str(half.signing.uid), "reason": "x"}, "separate_order": said(reason="x"),
    "split_order": said(parts=[{"words": "x"}], reason="x"),
    "ask_reporter": said(text="x", until=LATER.isoformat()), "note_reply": said(text="x"),
    "solve_remotely": said(cause="x", solution="x"), "send_out": said(reason="x"),
    "approve_plan": said(), "reject_plan": said(reason="x"),
    "check_items": said(checked=["tools"]), "uncheck_item": said(item="tools", reason="x"), "write_summary": said(text="x"),
    "add_entry": said(kind="note", text="x"), "add_photo": None, "add_video": None,
    "complete_repair": said(resolved=True, cause="x", solution="x"),
    "suspend": said(reason="waiting_for_part", until=LATER.isoformat()), "resume": said(), "cancel": said(reason="x"),
    "sign_off": None, "refuse_sign_off": said(document_digest="x", reason="x"),
    "issue_document": said(kind="report", language="en"), "follow_up": said(result="all_good"), "archive": said(),
    "accept_unresolved": said(reason="customer_declines"),
    "ask_question": said(text="x"), "add_customer_media": None, "send_link": said(purpose="track"),
    "rate": said(score=5), "export_evidence": said(language="en"), "reply_by_mail": said(text="x"),
}  # fmt: skip
READS = {
    "get_order": ORDERS, "get_history": f"{ORDERS}/history", "get_document": f"{ORDERS}/document", "get_file": FILES,
    "get_deadlines": f"{ORDERS}/deadlines", "get_mail_thread": f"{ORDERS}/mails",
    "get_candidates": f"{ORDERS}/candidates?starts_at={LATER:%Y-%m-%dT%H:%M:%SZ}&ends_at={LATER_STILL:%Y-%m-%dT%H:%M:%SZ}",
}  # fmt: skip
LISTS = {
    "list_orders": "/api/v1/orders", "list_engineers": "/api/v1/engineers",
}  # fmt: skip
COMPANY = {
    "get_regulation": "/api/v1/regulation",
}  # fmt: skip
NEEDS = {"get_regulation": "regulation.view"}
WRITES = {"open_order": "/api/v1/orders", "answer_question": f"{ORDERS}/questions/{{question}}/answer_question"}


def test_every_operation_is_walked():
    paths = api.get_openapi_schema()["paths"]
    found = {operation["operationId"] for methods in paths.values() for operation in methods.values()}
    from tests.walk.test_api_staff import WALKED as STAFF

    assert found == {*VERBS, *READS, *LISTS, *COMPANY, *WRITES, *STAFF, *(each.name for each in OPERATIONS)}


class Program:
    """Calls as whoever a token belongs to."""

    def __init__(self, secret: str = "") -> None:
        headers = {"accept-language": "en"} | ({"authorization": f"Bearer {secret}"} if secret else {})
        self.client = Client(headers=headers)

    @classmethod
    def of(cls, person: Person) -> "Program":
        return cls(issue_token(actor=SYSTEM, at=NOW, person_id=person.pk, label="walk")[1])

    def read(self, url: str) -> Any:
        return self.client.get(url)

    def write(self, url: str, body: Mapping[str, Any]) -> Any:
        keyed = {"Idempotency-Key": uuid4().hex}
        return self.client.post(url, json.dumps(body), "application/json", headers=keyed)

    def send(self, url: str, files: Mapping[str, Any]) -> Any:
        return self.client.post(url, files, headers={"Idempotency-Key": uuid4().hex})

    def act(self, name: str, uid: object, half: Half) -> Any:
        """One verb on one order, with what it takes from this region."""
        url = f"/api/v1/orders/{uid}/actions/{name}"
        body = VERBS[name]
        return self.send(url, _files(name)) if body is None else self.write(url, body(half))


def _files(name: str) -> Mapping[str, Any]:
    if name == "sign_off":
        return {"signature": a_signature().content, "document_digest": "x", "signer": "x"}
    if name == "add_video":
        return {"video": a_film().content}
    return {"photo" if name == "add_photo" else "files": a_picture().content}


@pytest.fixture(scope="module")
def programs(world: World) -> dict[str, Program]:
    people = {f"here {post}": person for post, person in world.here.people.items()}
    people |= {f"there {post}": person for post, person in world.there.people.items()}
    people |= {"stranger": world.stranger, "nobody": world.nobody}
    return {name: Program.of(person) for name, person in people.items()}


@pytest.fixture(scope="module")
def before(world: World, programs: object) -> dict[str, str]:
    return state()


OUTSIDERS = (f"here {ALL}", "here agent", "here supervisor", "here engineer", "here partner", "stranger", "nobody")


def person(world: World, name: str) -> Person:
    where, _, post = name.partition(" ")
    return getattr(world, where).people[post] if post else getattr(world, where)


def hidden(world: World, name: str) -> dict[str, str]:
    """What an address that reads may name in the other region."""
    if name == "get_file":
        return {each: READS[name].format(uid=world.there.things[each].uid) for each in ("photo", "evidence", "manual")}
    orders = (world.there.open, world.there.signing, world.there.done)
    return {each.number: READS[name].format(uid=each.uid) for each in orders}


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", READS)
def test_reading_what_is_hidden_answers_as_if_it_had_never_been(name, world, programs, before):
    for who in OUTSIDERS:
        refused = name == "get_candidates" and not may(person(world, who), "orders.book_visit")
        never = programs[who].read(READS[name].format(uid=NEVER))
        for url in hidden(world, name).values():
            answer = programs[who].read(url)
            assert (answer.status_code, answer["Content-Type"]) == (403 if refused else 404, "application/problem+json")
            assert answer.content == never.content
            assert not told(text_of(answer), world.there)
    assert state() == before


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_nothing_of_another_region(name, world, programs):
    there = world.there
    queries = ("", f"?q={there.mark}", f"?q={there.open.number}", f"?region={there.region.code}", "?limit=1")
    for who in OUTSIDERS:
        for query in queries:
            answer = programs[who].read(LISTS[name] + query)
            assert answer.status_code == 200
            assert not told(text_of(answer), there, lives_there=who in ("stranger", "nobody"))
    own = programs[f"there {ALL}"].read(LISTS[name])
    assert told(text_of(own), there)


def test_a_cursor_of_somebody_else_opens_nothing(world, programs):
    """A cursor is a position, not a right: with that of another region's list one still reads one's own."""
    theirs = programs[f"there {ALL}"].read("/api/v1/orders?limit=1").json()
    for who in OUTSIDERS:
        answer = programs[who].read(f"/api/v1/orders?after={theirs['next']}")
        assert answer.status_code == 200
        assert not told(text_of(answer), world.there)


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", COMPANY)
def test_what_is_the_companys_is_read_by_who_holds_the_permission(name, world, programs):
    for who in (*OUTSIDERS, *(f"there {post}" for post in PostCode)):
        answer = programs[who].read(COMPANY[name])
        assert answer.status_code == (200 if may(person(world, who), NEEDS[name]) else 403), who


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", VERBS)
def test_no_verb_reaches_an_order_of_another_region(name, world, programs, before):
    apart = {"rate": "feedback.rate", "reply_by_mail": "mail.reply_by_mail", "export_evidence": "trace.export_evidence"}
    permission = apart.get(name) or f"orders.{'add_entry' if name in ('add_photo', 'add_video') else name}"
    for who in OUTSIDERS:
        held = may(person(world, who), permission)
        half = world.here if who.startswith("here") else world.there
        for order in (world.there.open, world.there.signing):
            answer = programs[who].act(name, order.uid, half)
            unknown = name in NAMING and answer.status_code == 422  # nobody of one's own to name either
            assert answer.status_code == (422 if unknown else 404 if held else 403), (who, answer.content)
            assert answer["Content-Type"] == "application/problem+json"
            assert not told(text_of(answer), world.there, *map(str, VERBS[name](half).values() if VERBS[name] else ()))
    assert state() == before


NAMING = ("propose_hand_over", "identify_machine", "book_visit", "reschedule")


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", NAMING)
def test_a_thing_of_another_region_cannot_be_named_in_a_verb(name, world, programs, before):
    program = programs[f"here {ALL}"]
    answer = program.act(name, world.here.open.uid, world.there)
    [wrong] = answer.json()["errors"]
    assert (answer.status_code, wrong["code"]) == (422, "api.unknown_code")
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_an_order_cannot_be_opened_on_what_is_hidden(world, programs, before):
    here, there = world.here.company, world.there.company
    cases = (
        {"machine": str(there.machine.uid)}, {"serial": there.machine.serial}, {"customer": str(there.customer.uid)},
        {"region": there.region.code}, {"machine": str(here.machine.uid), "contact": str(there.contact.uid)},
    )  # fmt: skip
    for body in cases:
        answer = programs[f"here {ALL}"].write(WRITES["open_order"], {"words": "停了", **body})
        assert answer.status_code in (404, 422), body
        assert not told(text_of(answer), world.there, *body.values())
    for who in (*OUTSIDERS, "here warehouse"):
        if not may(person(world, who), "orders.open_order"):
            assert programs[who].write(WRITES["open_order"], {"words": "停了"}).status_code == 403
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_a_question_is_answered_under_its_own_order_only(world, programs, before):
    """The address names both; a question under another order's address is not there."""
    url, program = WRITES["answer_question"], programs[f"here {ALL}"]
    mine, theirs = world.here, world.there
    for order, question in (
        (theirs.open.uid, theirs.question.uid), (mine.open.uid, theirs.question.uid),
        (theirs.open.uid, mine.question.uid), (mine.done.uid, mine.question.uid),
    ):  # fmt: skip
        answer = program.write(url.format(uid=order, question=question), {"text": "马上"})
        assert answer.status_code == 404
        assert not told(text_of(answer), theirs)
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_without_a_valid_token_nothing_is_answered(world, before):
    agent = world.there.people["agent"]
    with_end, ended = issue_token(actor=SYSTEM, at=NOW, person_id=agent.pk, label="ended", expires_at=NOW)
    taken, revoked = issue_token(actor=SYSTEM, at=NOW, person_id=agent.pk, label="revoked")
    _, left = issue_token(actor=SYSTEM, at=NOW, person_id=world.nobody.pk, label="left")
    revoke_token(actor=SYSTEM, at=NOW, token_id=taken.pk)
    retire_person(actor=SYSTEM, at=NOW, person_id=world.nobody.pk)
    during = state()
    order, question = world.there.open.uid, world.there.question.uid
    for secret in ("", "anxiu_wrong", ended, revoked, left, "\u00e9"):
        program = Program(secret)
        answers = [program.read(url) for url in (*LISTS.values(), *COMPANY.values())]
        answers += [program.read(url) for name in READS for url in hidden(world, name).values()]
        answers += [program.act(name, order, world.there) for name in VERBS]
        answers += [program.write(url.format(uid=order, question=question), {"words": "x"}) for url in WRITES.values()]
        for answer in answers:
            assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
            assert answer["WWW-Authenticate"] == "Bearer"
            assert not told(text_of(answer), world.there)
    assert (with_end.person_id, state()) == (agent.pk, during)


def test_a_login_is_no_token(world):
    """A browser's cookie must not open the API, for its posts carry no proof against forged forms."""
    browser = Client()
    browser.force_login(world.administrator)
    assert browser.get("/api/v1/orders").status_code == 401


def test_a_key_of_somebody_else_replays_nothing(world, programs):
    """Answers are kept under who asked; the same request with the same key by another person is a request of their own."""
    theirs, mine = programs[f"there {ALL}"], programs[f"here {ALL}"]
    url = f"/api/v1/orders/{world.there.open.uid}/actions/ask_question"
    sent = {"data": json.dumps({"text": "几点"}), "content_type": "application/json"}
    first = theirs.client.post(url, **sent, headers={"Idempotency-Key": "shared"})
    again = theirs.client.post(url, **sent, headers={"Idempotency-Key": "shared"})
    assert (first.status_code, again["Idempotent-Replayed"]) == (200, "true")
    answer = mine.client.post(url, **sent, headers={"Idempotency-Key": "shared"})
    assert (answer.status_code, "Idempotent-Replayed" in answer) == (404, False)
    assert not told(text_of(answer), world.there)
