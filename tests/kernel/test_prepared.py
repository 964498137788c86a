"""Prepared queries answer as the queries they were made of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from anxiu.accounts.models import Person
from anxiu.accounts.queries import posts_of
from anxiu.kernel.prepared import Prepared
from tests.given.assets import AT, a_person, a_region

pytestmark = pytest.mark.django_db


def people(region: int, names: tuple[str, ...], since: object) -> QuerySet[Person]:
    rows = Person.objects.select_related("region").filter(region=region, name__in=names, created_at__gte=since)
    return rows.annotate(held=posts_of("pk"), place=F("region__code")).order_by("pk")


def test_prepared_query_gives_the_rows_relations_and_annotations_of_the_query() -> None:
    one, other = a_region(), a_region()
    first, second, _ = a_person("agent", one), a_person("dispatcher", one), a_person("agent", other)
    ask = Prepared(people)
    for names in ((first.name,), (second.name,), (first.name, second.name)):
        since = AT - timedelta(days=1)
        for region in (one, other):
            plain, found = list(people(region.pk, names, since)), ask(region.pk, names, since)
            assert found == plain
            assert [(each.held, each.place) for each in found] == [(each.held, each.place) for each in plain]
            assert all("region" in each._state.fields_cache for each in found)
    assert len(ask.kept) == 2  # one name, two names
    assert ask.first(other.pk, (first.name,), AT) is None


def test_prepared_query_costs_one_statement(django_assert_num_queries: object) -> None:
    region = a_region()
    ask = Prepared(lambda key: Person.objects.select_related("region").filter(region=key))
    with django_assert_num_queries(3):  # type: ignore[operator]
        for _ in range(3):
            assert ask(region.pk) == []
    assert connection.connection is not None


def test_a_parameter_that_cannot_stand_in_the_statement_is_refused() -> None:
    with pytest.raises(TypeError, match="lost or changed"):
        Prepared(lambda key: Person.objects.filter(pk=abs(key)))(7)
    with pytest.raises(TypeError, match="another statement"):
        Prepared(lambda yes: Person.objects.filter(is_active=yes))(True)  # type: ignore[misc]
