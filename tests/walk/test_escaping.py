"""What people type is shown as they typed it: no text of any table becomes part of a page's markup."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DataError, IntegrityError, ProgrammingError
from django.test import Client

from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.models import EventRow
from tests.walk.looking import text_of
from tests.walk.table import CONSOLE
from tests.walk.test_api import READS, Program, hidden
from tests.walk.test_portal import DOORS, address, link, visitor
from tests.walk.world import ALL, World

EVIL = """</script><zx a="1">'"><zx onload=alert(1)>{{ zx }}{% zx %}"""
TAG = "<zx"
# What a person types is in none of these: codes, keys, digests, forms of a text that are searched, settings.
NOT_TYPED = (
    "code", "key", "digest", "language", "zone", "kind", "state", "source", "grams", "search", "because", "means", "type",
    "email", "password", "address_digits", "phone_digits", "phone_tail", "number", "media", "reason", "severity", "clock",
    "outcome", "post", "scale", "currency", "unit_code", "purpose", "principal", "via", "proof", "flag", "task", "path",
    "tier", "grade", "reach", "difficulty", "args", "head", "preset", "channel", "medium", "variant", "uid", "queue",
)  # fmt: skip
OURS = (
    "accounts", "customers", "workforce", "catalogue", "equipment", "orders", "feedback", "notify", "files", "sla",
    "duties", "kernel", "portal",
)  # fmt: skip


def typed() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column that holds what somebody wrote."""
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields if model is not EventRow else ():
                words = field.name.split("_")
                plain = isinstance(field, (models.CharField, models.TextField)) and not isinstance(
                    field, models.SlugField
                )
                if plain and not field.choices and not field.unique and not set(words) & set(NOT_TYPED):
                    yield model, field


@pytest.fixture
def typed_over(world: World) -> list[str]:
    """The world with markup in every text, as long as its column lets it be; also in those nobody may change."""
    changed = []
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in sorted({model._meta.db_table for model, _ in typed()}):
            cursor.execute(f"alter table {table} disable trigger user")
    for model, field in typed():
        text = EVIL[: field.max_length] if field.max_length else EVIL
        if len(text) < len("</script><zx a"):
            continue
        try:
            with transaction.atomic():
                if model._default_manager.exclude(**{field.name: ""}).update(**{field.name: text}):
                    changed.append(f"{model._meta.label}.{field.name}")
        except (IntegrityError, DataError, ProgrammingError):
            continue  # a constraint, or a table nobody may change
    return changed


def around(text: str) -> str:
    """Where in a page the markup stands."""
    place = max(0, text.lower().find(TAG) - 200)
    return text[place : place + 400]


def test_markup_in_any_text_is_shown_and_not_run(world, typed_over):
    assert {"accounts.Person.name", "customers.Customer.name", "orders.Order.summary", "catalogue.Part.name_zh"} <= set(
        typed_over
    )
    assert len(typed_over) > 50, typed_over
    shown = 0
    for half, language in ((world.there, "en"), (world.here, "zh-hans")):
        staff = Client(headers={"accept-language": language})
        staff.force_login(half.people[ALL])
        for row in CONSOLE:
            if not (row.gets and row.found):
                continue
            answer = staff.get(row.url(half))
            if "text/html" not in answer["Content-Type"]:
                continue
            assert answer.status_code in (200, 302), row
            text = text_of(answer)
            assert TAG not in text.lower(), (row, around(text))
            shown += "&lt;zx" in text
    assert shown > 40


def test_markup_is_not_run_on_the_pages_of_customers(world, typed_over):
    shown = 0
    links = dict(world.there.links)
    links[LinkPurpose.RATE] = link(world, LinkPurpose.RATE)
    for name, (purpose, _, methods) in DOORS.items():
        for order in (None, world.there.open, world.there.signing):
            secret = links[purpose] if order is None else link(world, purpose, order=order)
            for how in methods.split():
                url = address(name, secret, world)
                answer = (
                    visitor().get(url)
                    if how == "GET"
                    else visitor().post(url, {"key": "k", "text": EVIL, "words": EVIL})
                )
                if "text/html" in answer["Content-Type"]:
                    text = text_of(answer)
                    assert TAG not in text.lower(), (name, around(text))
                    shown += "&lt;zx" in text
    label = visitor().get(f"/p/r/{world.there.company.machine.label_code}/")
    assert TAG not in text_of(label).lower()
    assert shown > 3


ASKED = ["q", "tab", "region", "after", "week", "day", "words", "state", "post", "severity", "moved", "customer"]


def test_what_was_typed_into_an_address_is_not_run(world):
    staff = Client()
    staff.force_login(world.there.people[ALL])
    for row in CONSOLE:
        if row.gets and not row.thing:
            text = text_of(staff.get(row.url(world.there), dict.fromkeys(ASKED, EVIL)))
            assert TAG not in text.lower(), (row, around(text))
    for path in (f"/p/t/{EVIL}/", f"/p/{EVIL}/", f"/{EVIL}/", "/p/r/<zx>/"):
        assert TAG not in text_of(visitor().get(path)).lower()


def test_the_api_answers_in_types_no_browser_renders(world, typed_over):
    program = Program.of(world.there.people[ALL])
    for name in READS:
        for url in hidden(world, name).values():
            answer = program.read(url)
            kind = answer["Content-Type"].partition(";")[0]
            assert (kind, answer["X-Content-Type-Options"]) != ("text/html", "nosniff")
            assert answer["X-Content-Type-Options"] == "nosniff"
