"""A company grown by copies: whole orders, found and opened as the ones that were played."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, Sum
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoDbBlocker

from anxiu.accounts.models import Person
from anxiu.demo import cli
from anxiu.demo.bulk.copies import MAIN_EVENTS
from anxiu.demo.bulk.filling import fill
from anxiu.kernel.errors import Invalid
from anxiu.kernel.models import EventRow
from anxiu.kpi.models import DayCell, OrderFact
from anxiu.orders.models import Order
from tests.given.orders import Walk, a_company, opened, react_all

WANTED = 40


@pytest.fixture(scope="module")
def superuser(committed: str) -> str:
    """The address of the superuser, on our own server: of another one it is not known."""
    address = os.environ.get("ANXIU_TEST_ADMIN_URL")
    if address is None:
        pytest.skip("the database server is not our own")
    return address


@pytest.fixture(scope="module")
def grown(superuser: str, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """A company of two played orders, grown to forty; the indexes there were before."""
    with django_db_blocker.unblock():
        company = a_company()
        for _ in range(2):
            Walk(company, opened(company)).to("archived")
        react_all()
        before = indexes()
        fill(superuser, str(connection.settings_dict["NAME"]), WANTED, settings.TIME_ZONE, print)
        yield before


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select indexname from pg_indexes where schemaname = 'public' order by 1")
        return [row[0] for row in cursor.fetchall()]


def test_copies_are_whole_and_every_index_is_there_again(grown: list[str]) -> None:
    assert indexes() == grown
    assert Order.objects.count() == OrderFact.objects.count() == WANTED
    assert len(set(Order.objects.values_list("number", flat=True))) == WANTED
    assert not Order.objects.filter(Q(request=None) | Q(sign_off=None) | Q(guarantee=None)).exists()
    played = Order.objects.order_by("id").values_list("id", flat=True)[1]  # the second of the two
    copied = Order.objects.filter(id__gt=played).order_by("id")
    assert list(copied.order_by("opened_at")) == list(copied)
    events = EventRow.objects.filter(subject_kind="order", subject_id=copied.latest("id").pk)
    assert 0 < events.count() <= len(MAIN_EVENTS)


def test_sums_by_day_are_those_of_the_facts(grown: list[str]) -> None:
    whole = DayCell.objects.filter(family=-1, severity="")
    sums = whole.aggregate(Sum("opened"), Sum("handling_seconds"), Sum("handling_seconds_n"))
    facts = OrderFact.objects.aggregate(Count("pk"), Sum("handling_seconds"), Count("handling_seconds"))
    assert list(sums.values()) == [facts["pk__count"], facts["handling_seconds__sum"], facts["handling_seconds__count"]]


def test_a_copy_is_found_by_its_own_number_and_opens(grown: list[str], client: Client) -> None:
    last = Order.objects.latest("id")
    client.force_login(Person.objects.filter(holdings__post__code="supervisor").first())
    found = client.get(reverse("search"), {"q": last.number}, headers={"accept-language": "en"}).content.decode()
    assert set(re.findall(r"/orders/([0-9a-f-]{36})/", found)) == {str(last.uid)}
    assert client.get(reverse("order", args=[last.uid])).status_code == 200


def test_growing_again_is_refused_in_words(grown: list[str], superuser: str, committed: str, capsys: Any) -> None:
    name = str(connection.settings_dict["NAME"])
    with pytest.raises(Invalid, match="enough_orders"):
        fill(superuser, name, WANTED, settings.TIME_ZONE, print)
    with pytest.raises(Invalid, match="needs_superuser"):
        fill(committed, name, WANTED * 2, settings.TIME_ZONE, print)
    with translation.override("en"):
        assert cli.main(["--orders", "50", "--bulk"]) == 1  # these people are no demo
    assert "Only the demo company is copied" in capsys.readouterr().out
