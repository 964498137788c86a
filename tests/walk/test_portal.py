"""Every address customers come by, with a secret that is wrong, over, taken back, or for something else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.actions import make_link, revoke_links
from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.actor import Subject
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import Signing
from anxiu.orders.choices import SignOffMeans
from anxiu.orders.queries import document_to_sign
from anxiu.portal.actions import keep_pending
from anxiu.portal.models import PendingFile
from tests.given.orders import a_picture, a_signature
from tests.walk.looking import plain, state, text_of, told
from tests.walk.test_addresses import every
from tests.walk.world import NOW, PURPOSES, World

TRACK, SIGN, RATE, DOCUMENT = PURPOSES
POST = {"key": uuid4().hex, "text": "x", "score": "5"}
# By name: what the secret must be for, what else the address names, and how it is asked.
DOORS: dict[str, tuple[LinkPurpose, tuple[str, ...], str]] = {
    "track": (TRACK, (), "GET"), "receipt": (TRACK, (), "GET"), "track_photo": (TRACK, (), "GET"),
    "track_ask": (TRACK, (), "POST"), "track_media": (TRACK, (), "POST"), "track_check": (TRACK, (), "POST"), "track_consent": (TRACK, (), "POST"), "track_reply": (TRACK, (), "POST"), "track_sign": (TRACK, (), "POST"),
    "track_rate": (TRACK, (), "POST"), "track_file": (TRACK, ("uid",), "GET"),
    "track_document": (TRACK, ("number",), "GET"), "sign": (SIGN, (), "GET POST"), "rate": (RATE, (), "GET POST"),
    "document": (DOCUMENT, (), "GET"), "document_file": (DOCUMENT, ("number",), "GET"),
}  # fmt: skip
OPEN = ("report", "report_by_label", "pending_file", "label", "p/<path:rest>/", "r/<str:code>/")
_visitors = count(1)


def test_every_address_of_the_customer_pages_has_its_row():
    assert {name for name, route in every() if route.startswith(("p/", "r/"))} == {*DOORS, *OPEN}


def visitor() -> Client:
    """Somebody at an address nobody came from before."""
    number = next(_visitors)
    return Client(headers={"accept-language": "en"}, REMOTE_ADDR=f"203.0.{number // 250}.{number % 250 + 1}")


def address(name: str, secret: str, world: World) -> str:
    things = world.there.things
    number = things["document"].pk
    if name == "track_file":
        return reverse(name, args=[secret, things["photo"].uid])
    return reverse(name, args=[secret, number] if DOORS[name][1] else [secret])


def come(name: str, secret: str, world: World) -> list[Any]:
    url = address(name, secret, world)
    return [visitor().get(url) if how == "GET" else visitor().post(url, POST) for how in DOORS[name][2].split()]


@pytest.fixture(scope="module")
def before(world: World) -> dict[str, str]:
    return state()


def link(world: World, purpose: LinkPurpose, lasts: timedelta = timedelta(days=9), order: Any = None) -> str:
    subject = Subject("order", (order or world.there.done).pk)
    return make_link(purpose=purpose, subject=subject, at=NOW - timedelta(days=1), lasts=lasts)


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", DOORS)
def test_a_secret_that_is_wrong_or_for_something_else_opens_nothing(name, world, before):
    purpose = DOORS[name][0]
    unknown = "x" * 32
    never = [plain(text_of(each), unknown) for each in come(name, unknown, world)]
    others = [secret for kind, secret in world.there.links.items() if kind is not purpose]
    for secret in (unknown, "anxiu_short", f"{world.there.links[purpose]}x", *others):
        answers = come(name, secret, world)
        assert {each.status_code for each in answers} == {404}
        assert [plain(text_of(each), secret) for each in answers] == never
        assert not any(told(text_of(each), world.there, address(name, secret, world)) for each in answers)
    assert state() == before


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", DOORS)
def test_a_secret_that_is_over_or_was_taken_back_tells_nothing(name, world):
    purpose = DOORS[name][0]
    order = world.there.signing if purpose is SIGN else world.there.done
    over, taken = link(world, purpose, timedelta(hours=1), order), link(world, purpose, order=order)
    revoke_links(subject=Subject("order", order.pk), purpose=purpose, at=NOW)
    during = state()
    for secret in (over, taken):
        for answer in come(name, secret, world):
            assert answer.status_code == 410
            assert not told(text_of(answer), world.there, address(name, secret, world))
    assert state() == during


@pytest.mark.requirement("PF-04")
def test_a_link_does_not_reach_another_order(world):
    """Also not one of the same customer: files and documents are asked for under the link's own order."""
    there, mine = world.there, {each: link(world, each, order=world.here.done) for each in PURPOSES}
    sisters = {each: link(world, each, order=there.open) for each in PURPOSES}
    for secrets in (mine, sisters):
        for name in ("track_document", "document_file"):
            assert [each.status_code for each in come(name, secrets[DOORS[name][0]], world)] == [404]
    for uid in (there.things["photo"].uid, there.things["evidence"].uid, there.things["manual"].uid):
        answer = visitor().get(reverse("track_file", args=[mine[TRACK], uid]))
        assert answer.status_code == 404
        assert not told(text_of(answer), there, str(uid))
    assert visitor().get(address("track_file", sisters[TRACK], world)).status_code == 200


@pytest.mark.requirement("PF-04")
def test_a_link_that_a_newer_one_replaced_does_not_learn_what_was_signed(world):
    order = world.there.signing
    first, second = (_signing_link(world, NOW - timedelta(minutes=each)) for each in (3, 2))
    text = document_to_sign(order)
    signing = Signing(SignOffMeans.LINK, sha256(text.encode()).hexdigest(), signer=f"{world.there.mark}经理")
    actions.sign_off(
        actor=world.there.company.hands, at=NOW, order_uid=order.uid, signing=signing, signature=a_signature()
    )
    assert visitor().get(reverse("sign", args=[second])).status_code == 200
    answer = visitor().get(reverse("sign", args=[first]))
    assert answer.status_code == 410
    assert not told(text_of(answer), world.there, first)


def _signing_link(world: World, at: datetime) -> str:
    with moved_to(at):
        return actions.send_link(
            actor=world.there.company.agent, at=at, order_uid=world.there.signing.uid, purpose=SIGN
        )


@pytest.mark.requirement("PF-04")
def test_a_label_tells_of_its_machine_only(world):
    company = world.there.company
    page = text_of(visitor().get(reverse("report_by_label", args=[company.machine.label_code])))
    assert company.machine.serial in page
    for each in (world.there.phone, company.contact.name, world.there.open.number, company.engineer.person.name):
        assert each not in page
    for code in ("NEVER", "x" * 200, str(company.machine.uid), str(company.machine.pk)):
        for url in (f"/p/r/{code}/", f"/r/{code}"):
            assert visitor().get(url, follow=True).status_code == 404


@pytest.mark.requirement("PF-04")
def test_waiting_files_of_a_form_need_its_key(world):
    key = uuid4().hex
    keep_pending(draft=key, files=[a_picture()], at=NOW)
    uid = PendingFile.objects.get().uid
    assert visitor().get(reverse("pending_file", args=[key, uid])).status_code == 200
    assert visitor().get(reverse("pending_file", args=[uuid4().hex, uid])).status_code == 404


@pytest.mark.requirement("PF-04")
def test_a_login_opens_no_customer_page_and_a_link_no_console_page(world):
    staff = Client(REMOTE_ADDR="203.0.200.1")
    staff.force_login(world.administrator)
    assert staff.get(reverse("track", args=[str(world.there.open.uid)])).status_code == 404
    customer = visitor()
    customer.get(reverse("track", args=[world.there.links[TRACK]]))
    assert customer.get(reverse("order", args=[world.there.done.uid])).status_code == 302


METHODS: Mapping[str, int] = {"PUT": 405, "DELETE": 405, "PATCH": 405}


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused(method, world):
    for name, (purpose, _, _) in DOORS.items():
        answer = visitor().generic(method, address(name, world.there.links[purpose], world))
        assert answer.status_code == 405, name
        assert not told(text_of(answer), world.there)
