"""What an order is found by: parts of Chinese texts, codes and phone tails, in the regions one sees and where one is named."""

from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from anxiu.kernel.search import parts_of, query, words
from anxiu.orders.models import Order
from anxiu.orders.queries import newest, searched, searching, visible
from tests.given.assets import a_region, acting
from tests.given.orders import a_company, opened

ALPHABET = "电梯门机异响控制柜E07abc 12，。-"


def found(actor, typed):
    return list(searched(visible(actor), actor, typed))


@pytest.mark.django_db
@pytest.mark.requirement("INT-06", "PF-07")
def test_any_part_of_what_was_said_finds_the_order():
    company = a_company()
    order = opened(company, words="三号电梯控制柜变频器报 E07，轿厢有异响")
    other = opened(company, words="水泵漏水")
    for typed in ("变频器", "频器", "柜变", "异", "e07", "E0", "三号电梯", "异响 e07", company.machine.serial[-5:], "5678"):
        assert order in found(company.agent, typed), typed
    for typed in ("电机", "号三", "异响 水泵", "E08", "，"):
        assert order not in found(company.agent, typed), typed
    assert found(company.agent, "水泵") == [other]
    assert found(company.agent, order.number) == [order]
    assert set(found(company.agent, "  ")) == {order, other}


@pytest.mark.django_db
def test_a_word_finds_nothing_of_other_regions_but_what_names_oneself():
    company = a_company()
    order = opened(company, words="控制柜冒烟")
    stranger = acting("engineer", a_region())
    assert found(stranger, "控制柜") == []
    Order.objects.filter(pk=order.pk).update(owner_id=stranger.person_id)
    assert found(stranger, "控制柜") == [order]
    assert found(company.management, "控制柜") == [order]


@pytest.mark.django_db
def test_orders_of_an_older_release_are_indexed_anew():
    company = a_company()
    orders = [opened(company, words=f"曳引机异响 {number}") for number in range(5)]
    written = dict(Order.objects.values_list("pk", "search"))
    Order.objects.update(search=None)
    migration = import_module("anxiu.orders.migrations.0009_search_by_pairs")
    migration.AT_ONCE = 2
    with connection.schema_editor() as editor:
        migration.index_anew(None, editor)
    assert dict(Order.objects.values_list("pk", "search")) == written
    assert set(found(company.agent, "曳引机")) == set(orders)


@given(st.text(ALPHABET, max_size=30), st.integers(0, 29), st.integers(1, 8))
def test_every_part_of_a_text_asks_for_words_the_text_has(text: str, start: int, length: int):
    part = text[start : start + length]
    wanted, stored = parts_of(part), words(text)
    assert bool(wanted) is bool(words(part))
    whole = [each for each in wanted if not each.endswith(":*")]
    assert set(whole) <= stored
    chinese = [each[:-2] for each in wanted if each.endswith(":*") and "\u3400" <= each[0] <= "\u9fff"]
    assert all(any(word.startswith(each) for word in stored) for each in chinese)


@pytest.mark.django_db
@given(typed=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_whatever_is_typed_is_a_query_the_database_can_read(typed: str):
    assert Order.objects.filter(search=query(typed, [1]) or "x").count() == 0


@pytest.mark.django_db
@given(data=st.data())
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_newest_of_what_is_found_wherever_they_stand(monkeypatch, data):
    """Whatever is near, farther or far, and wherever a page begins: the same orders in the same order."""
    company = a_company()
    texts = data.draw(st.lists(st.sampled_from(["水泵漏水", "电梯异响", "电梯漏水"]), min_size=1, max_size=9))
    orders = [opened(company, words=text) for text in texts]
    near = data.draw(st.integers(1, 4))
    monkeypatch.setattr(searching, "NEAR", near)
    monkeypatch.setattr(searching, "FAR", near + data.draw(st.integers(1, 4)))
    monkeypatch.setattr(searching, "_newest", [data.draw(st.sampled_from([0, orders[0].pk, orders[-1].pk + 50])), 1e12])
    below = data.draw(st.none() | st.sampled_from([each.pk for each in orders]))
    size = data.draw(st.integers(1, 5))
    rows = searched(visible(company.agent), company.agent, data.draw(st.sampled_from(["漏水", "电梯", "异响 电梯", "，"])))
    rows = rows if below is None else rows.filter(pk__lt=below)
    assert newest(rows, size, below) == list(rows.order_by("-pk")[:size])


def test_one_letter_beside_a_word_is_left_out_and_alone_it_is_asked_for():
    assert parts_of("SH231100787-1") == ["sh231100787:*"]
    assert parts_of("a 1") == ["a:*", "1:*"]
    assert parts_of("电梯 1") == ["电梯"]


@pytest.mark.django_db
def test_a_whole_number_finds_its_order_and_none_that_only_speaks_of_it():
    company = a_company()
    order = opened(company, words="门机异响")
    again = opened(company, words=f"和 {order.number} 一样")
    assert found(company.agent, order.number) == [order]
    assert found(company.agent, f" {order.number.lower()} ") == [order]
    assert newest(searched(visible(company.agent), company.agent, order.number), 10) == [order]
    assert set(found(company.agent, order.number[:-1])) == {order, again}
    assert found(acting("agent", a_region()), order.number) == []
