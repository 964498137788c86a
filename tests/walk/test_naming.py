"""A form about a thing of one's own that names one of another region: refused, and not told from one that never was."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.choices import Reach
from anxiu.accounts.models import Post
from anxiu.equipment.models import ImportFile
from anxiu.kernel.action import default_posts
from anxiu.kernel.actor import SYSTEM
from tests.given.undone import undone
from tests.walk.looking import state, text_of, told
from tests.walk.table import CONSOLE, key
from tests.walk.test_api import VERBS, Program, _booked
from tests.walk.world import ALL, NOW, Half, World

Form = Callable[[Half], Mapping[str, Any]]
START, END = NOW + timedelta(hours=12), NOW + timedelta(hours=14)  # written as local time, which is eight hours ahead
HOURS = {"starts_at": f"{START:%Y-%m-%dT%H:%M}", "ends_at": f"{END:%Y-%m-%dT%H:%M}"}
PERSON = {"name": "新同事", "email": "new@example.com", "language": "zh-hans"}
HANDS = {"name": "新师傅", "email": "hands@example.com", "grade": "senior", "started_date": "2026-01-01"}
SITE = {"name": "新厂房", "address": "新路"}
OUTLET = {"code": "new-o", "name_zh": "新", "name_en": "New"}


def verb(name: str) -> Callable[[Half], str]:
    return lambda half: reverse("order_verb", args=[half.open.uid, name])


def about(name: str, of: Callable[[Half], Any]) -> Callable[[Half], str]:
    return lambda half: reverse(name, args=[of(half).uid])


def new(name: str) -> Callable[[Half], str]:
    return lambda half: reverse(name)


def engineer(half: Half) -> Any:
    return half.company.engineer


def customer(half: Half) -> Any:
    return half.company.customer


def site(half: Half) -> Any:
    return half.company.site


def machine(half: Half) -> Any:
    return half.company.machine


def agent(half: Half) -> Any:
    return half.people["agent"]


# The address of a thing of one's own; what else the form holds; and the field that names a thing of either region.
CASES: dict[str, tuple[Callable[[Half], str], Mapping[str, Any], Form]] = {
    "hand over to": (verb("propose_hand_over"), {}, lambda half: {"person": half.people["supervisor"].pk}),
    "book": (verb("book_visit"), HOURS, lambda half: {"engineer": engineer(half).pk}),
    "identify": (about("order_identify", lambda half: half.open), {}, lambda half: {"machine": machine(half).pk}),
    "report of": (new("intake"), {"words": "停了"}, lambda half: {"machine": machine(half).pk}),
    "report by": (new("intake"), {"words": "停了"}, lambda half: {"customer": customer(half).pk}),
    "report from": (new("intake"), {"words": "停了"}, lambda half: {"region": half.region.pk}),
    "customer in": (
        new("add_customer"), {"name": "新", "tier": "standard", "language": "en"}, lambda half: {"region_id": half.region.pk},
    ),
    "agent of": (about("assign_agent", customer), {}, lambda half: {"person_id": agent(half).pk}),
    "site in": (about("add_site", customer), SITE, lambda half: {"region_id": half.region.pk}),
    "site moved to": (about("change_site", site), SITE, lambda half: {"region_id": half.region.pk}),
    "site served by": (
        lambda half: reverse("change_site", args=[site(half).uid]), SITE,
        lambda half: {"region_id": half.region.pk, "outlet_id": half.outlet.pk},
    ),
    "contact at": (
        about("add_contact", customer), {"name": "新", "language": "en"}, lambda half: {"site_id": site(half).pk},
    ),
    "machine at": (new("add_machine"), {"serial": "N-1"}, lambda half: {"site_id": site(half).pk, "model_id": machine(half).model_id}),
    "engineer in": (new("add_engineer"), HANDS, lambda half: {"region": half.region.pk}),
    "engineer who is": (
        new("add_engineer"), {"grade": "senior", "started_date": "2026-01-01"},
        lambda half: {"person": agent(half).pk, "region": half.region.pk},
    ),
    "engineer moved to": (
        about("change_engineer", engineer), {"started_date": "2026-01-01"}, lambda half: {"region": half.region.pk},
    ),
    "on duty": (
        new("set_duty"), {"from_at": HOURS["starts_at"], "until_at": HOURS["ends_at"], "post": "agent", "rank": 0},
        lambda half: {"person": agent(half).pk, "region": half.region.pk},
    ),
    "person in": (new("add_person"), {**PERSON, "posts": ["agent"]}, lambda half: {"region": half.region.pk}),
    "person under": (
        new("add_person"), {**PERSON, "posts": ["agent"]},
        lambda half: {"region": half.region.pk, "manager": half.people["supervisor"].pk},
    ),
    "outlet in": (new("add_outlet"), OUTLET, lambda half: {"region": half.region.pk}),
    "regulation of": (
        new("regulation_adopt"), {"preset_code": "default", "order_type": "", "in_force_from": "2027-01-01T00:00"},
        lambda half: {"region_id": half.region.pk},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def member(world: World) -> Client:
    """Somebody who may do everything, in one region."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.here.people[ALL])
    return client


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", CASES)
def test_a_form_cannot_name_what_is_hidden(name, world, member):
    address, held, naming = CASES[name]
    before = state()
    url = address(world.here)
    answer = member.post(url, {"key": key(), **held, **naming(world.there)})
    assert answer.status_code == 422, text_of(answer)
    assert not told(text_of(answer), world.there, *map(str, naming(world.there).values()))
    assert state() == before
    with undone():
        taken = member.post(url, {"key": key(), **held, **naming(world.here)})
        assert taken.status_code in (204, 302), text_of(taken)


@pytest.mark.requirement("PF-04")
def test_a_post_in_another_region_is_not_given_away(world, member):
    before = state()
    for post, region in (("agent", world.there.region), ("management", None), ("administrator", None)):
        held = {"posts": ["agent"], "region": world.here.region.pk}
        held |= {"post_0": post, "region_0": region.pk} if region else {"posts": [post]}
        answer = member.post(reverse("add_person"), {"key": key(), **PERSON, **held})
        assert answer.status_code == 422, (post, text_of(answer))
        assert not told(text_of(answer), world.there)
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_an_import_places_nothing_at_a_hidden_site(world, member):
    there = world.there.company
    file = SimpleUploadedFile("orders.csv", "设备编号,日期\nN-77,2025-01-01\n".encode(), "text/csv")
    member.post(reverse("open_import"), {"key": key(), "kind": "orders", "source": "erp", "file": file})
    row = ImportFile.objects.get(source="erp")
    before = state()
    held = {"column_machine": "设备编号", "column_date": "日期", "model": there.machine.model_id, "site": there.site.pk}
    answer = member.post(reverse("map_import", args=[row.uid]), {"key": key(), **held})
    assert answer.status_code == 422
    assert not told(text_of(answer), world.there)
    assert state() == before


@pytest.mark.requirement("PF-08")
def test_an_engineer_of_another_region_is_not_booked_by_who_sees_both(world):
    Post.objects.create(
        code="head", name_zh="总调度", name_en="Head", reach=Reach.COMPANY, permissions=sorted(default_posts())
    )
    head = add_person(actor=SYSTEM, at=NOW, new=NewPerson("总调度", "head@example.com", (("head", None),)))
    program, before = Program.of(head), state()
    url = f"/api/v1/orders/{world.there.open.uid}/actions/book_visit"
    answer = program.write(url, _booked(world.here))
    assert (answer.status_code, "workforce.other_region" in text_of(answer)) == (409, True)
    assert state() == before | {"accounts_apitoken": state()["accounts_apitoken"]}
    assert program.write(url, _booked(world.there)).status_code == 200


@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in CONSOLE if row.body])
def test_who_sees_one_region_only_works_there(row, world):
    """Row scope must not break the verb itself: done, or refused in words, for a thing of one's own."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.there.people[ALL])
    answer = client.post(row.url(world.there), row.body(world.there))
    assert answer.status_code in (200, 204, 302, 422), text_of(answer)


@pytest.mark.parametrize("name", VERBS)
def test_a_program_of_one_region_works_there(name, world):
    program = Program.of(world.there.people[ALL])
    for order in (world.there.open, world.there.signing):
        answer = program.act(name, order.uid, world.there)
        assert answer.status_code in (200, 201, 403, 409, 422), answer.content
