"""How an answer is read: what it tells, what it offers, and whether it differs from another one."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client

from tests.walk.world import Half

# Changes by itself, or by being asked: who looked, who is logged in, which keys were used, how often somebody came.
NOT_DATA = {
    "kernel_access", "kernel_refused", "kernel_idempotency", "kernel_cache", "django_session", "portal_tally", "kernel_tally", "django_migrations", "accounts_tokenuse",
    "django_content_type",
}  # fmt: skip
CHANCE = re.compile(
    r"""(name="(?:key|csrfmiddlewaretoken)" value="|data-key="|hx-headers=[^>]*?)[^">]*|[?&]since=\d+"""
)
LEADING = ("Location", "HX-Redirect", "Content-Disposition")
ADDRESS = re.compile(r'="(/[^"?#]*)')


def text_of(answer: Any) -> str:
    """The whole body, streamed or not, with the addresses it sends to."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") + "".join(f"\n{name}: {answer.get(name, '')}" for name in LEADING)


def told(text: str, half: Half, *typed: str, lives_there: bool = False) -> list[str]:
    """The marks of a region that a text holds, but for the very words that were typed."""
    lowered = text.lower()
    for each in (*typed, *(half.place_marks if lives_there else ())):
        lowered = lowered.replace(each.lower(), "")
    return sorted(each for each in half.marks if each.lower() in lowered)


def plain(text: str, *names: object) -> str:
    """A text without what chance put in, and without these names."""
    text = CHANCE.sub("", text)
    for name in names:
        text = text.replace(str(name), "·")
    return text


def offered(text: str) -> set[str]:
    """Every address of ours that a page leads to."""
    return set(ADDRESS.findall(text))


def state() -> dict[str, str]:
    """A digest of every table that holds data; equal only when nothing was changed."""
    with connection.cursor() as cursor:
        names = [each for each in connection.introspection.table_names(cursor) if each not in NOT_DATA]
        parts = (f"select '{each}', md5(string_agg(t::text, '' order by t::text)) from {each} t" for each in names)
        cursor.execute(" union all ".join(parts))
        return dict(cursor.fetchall())


def ask(client: Client, url: str, body: object = None) -> Any:
    """GET, or POST when there is a body."""
    return client.get(url) if body is None else client.post(url, body)


def filled(query: str, half: Half) -> str:
    """A query that looks for a thing of this region."""
    company = half.company
    return query.format(
        mark=half.mark, number=half.open.number, phone=half.phone, region=half.region.pk, machine=company.machine.pk,
        customer=company.customer.pk, contact=company.contact.pk, customer_uid=company.customer.uid,
        site_uid=company.site.uid,
    )  # fmt: skip


def looks_for_nothing(query: str) -> str:
    """The same query for what never was."""
    never: dict[str, object] = dict.fromkeys(("region", "machine", "customer", "contact"), 2_000_000_000)
    never |= dict.fromkeys(("customer_uid", "site_uid"), UUID(int=0))
    return query.format(mark="zz9nothing", number="WX99999999", phone="13900000001", **never)


def missing(wanted: Iterable[str], found: Iterable[str]) -> tuple[set[str], set[str]]:
    """What is in one only, and what in the other only."""
    return set(wanted) - set(found), set(found) - set(wanted)
