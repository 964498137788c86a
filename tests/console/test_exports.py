"""Any list as a file: what the page shows, all of it, and to nobody who may not take it along."""

import csv
import re
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxiu.console import exports
from anxiu.console.sheets import BOM, disarmed, tables, together, written
from anxiu.customers.models import Customer
from anxiu.kernel.models import Access
from anxiu.kpi.messages import MEANINGS
from anxiu.orders.models import Order
from tests.given.assets import a_customer, a_region, acting
from tests.given.browsing import browser
from tests.given.orders import Company, Walk, a_company, opened
from tests.kpi.test_facts import measured
from tests.kpi.test_indicators import lived

pytestmark = [pytest.mark.requirement("PF-02"), pytest.mark.django_db]
MAY = "period=custom&since=2026-05-01&until=2026-05-31"
LISTS = (
    "orders", "customers", "machines", "engineers", "skills", "accounts", "escalations", "duties", "inbox", "deliveries",
    "catalogue", "fault_classes", "parts", "imports", "failures", "clocks_set_aside",
)  # fmt: skip


@pytest.fixture
def company() -> Company:
    return a_company()


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(BOM)
    return list(csv.reader(StringIO(text.removeprefix(BOM))))


# ---- cells -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "＝1+1", "＋1", "=HYPERLINK(\"http://x\")", "-", "+"],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_disarmed(text: str):
    assert disarmed(text) == f"'{text}"
    assert next(csv.reader(StringIO(written([[text]])))) == [f"'{text}"]


@pytest.mark.parametrize("text", ["-12", "+3.5 %", "1,204", "a=b", "", "上海=北京", "13812345678"])
def test_what_is_harmless_stays_as_it_is(text: str):
    assert disarmed(text) == text


def test_a_table_is_read_as_people_see_it():
    html = """<h2>Ours &amp; theirs</h2><table><thead><tr><th class="is-pick"><input></th><th>Name</th><th>Level</th>
    <th></th></tr></thead><tbody><tr><td class="is-pick"><input></td><td><span class="x-avatar" aria-hidden="true">W</span>
    <a href="/">Wang</a><small>A-1</small></td><td><svg><use></use></svg><span class="x-chip">one</span><span
    class="x-chip">two</span><span class="x-more" title="three">+1</span></td><td class="is-actions"><button>Do</button>
    </td></tr><tr><td class="is-pick"></td><td>–</td><td><span role="img" aria-label="level 2"><i></i></span></td></tr>
    </tbody></table>"""
    (found,) = tables(html)
    assert found.heading == "Ours & theirs"
    assert together([found], "Section") == [["Name", "Level"], ["Wang · A-1", "one · two · three"], ["", "level 2"]]


def test_tables_of_the_same_columns_become_one_and_others_stand_below_each_other():
    one, two = tables(
        "<h2>A</h2><table><thead><tr><th>X</th></tr></thead><tr><td>1</td></tr></table>"
        "<h2>B</h2><table><thead><tr><th>X</th></tr></thead><tr><td>2</td></tr></table>"
    )
    assert together([one, two], "Part") == [["Part", "X"], ["A", "1"], ["B", "2"]]
    two.head = ["Y"]
    assert together([one, two], "Part") == [["A"], ["X"], ["1"], [], ["B"], ["Y"], ["2"]]


# ---- lists -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_file_as_wide_as_its_columns(company, name: str):
    Walk(company, opened(company)).to("archived")
    opened(company)
    client = browser(acting("administrator"))
    page = client.get(reverse(name))
    if page.status_code == 403:
        client = browser(acting("management"))
        page = client.get(reverse(name))
    has_rows = "<tbody>" in page.content.decode()
    assert ("export=csv" in page.content.decode()) is has_rows
    found = rows_of(client.get(reverse(name) + "?export=csv"))
    assert len({len(row) for row in found}) <= 1, found
    assert bool(found) is has_rows


def test_the_file_says_what_the_page_says_with_moments_in_full(company):
    order = opened(company)
    head, row = rows_of(browser(company.supervisor).get(reverse("orders") + "?export=csv"))
    assert head[0] == "Order"
    assert row[0] == order.number
    assert order.customer.name in row[1]
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[-1])
    assert not {"Today", "Yesterday"} & set(" ".join(row).split())


def test_texts_are_whole_in_the_file(company):
    words = "The door opens and closes again and again and there is a smell of rubber in the whole of the hall"
    opened(company, words=words)
    _head, row = rows_of(browser(company.supervisor).get(reverse("orders") + "?export=csv"))
    assert Order.objects.get().summary in row[1]


def test_the_filters_of_the_address_and_the_scope_of_the_reader_hold(company):
    elsewhere = a_region()
    for region, name in ((company.region, "=cmd|' /C calc'!A0"), (company.region, "Plain"), (elsewhere, "Foreign")):
        a_customer(region, name)
    client = browser(company.supervisor)
    names = [row[0] for row in rows_of(client.get(reverse("customers") + "?export=csv"))[1:]]
    assert len(names) == 3  # the company's own among them
    assert any(name.startswith("'=cmd|") for name in names)
    assert not any("Foreign" in name for name in names)
    assert [row[0][:5] for row in rows_of(client.get(reverse("customers") + "?q=Plain&export=csv"))[1:]] == ["Plain"]
    assert len(rows_of(browser(company.management).get(reverse("customers") + "?export=csv"))) == 5


def test_who_may_read_but_not_export_is_refused(company):
    opened(company)
    client = browser(company.agent)
    assert "export=csv" not in client.get(reverse("orders")).content.decode()
    assert client.get(reverse("orders") + "?export=csv").status_code == 403
    assert client.get(reverse("compliance") + "?export=csv").status_code == 403
    assert not Access.objects.filter(purpose="export").exists()


def test_what_left_the_house_is_on_record(company):
    order = opened(company)
    client = browser(company.supervisor)
    rows_of(client.get(reverse("orders") + "?export=csv"))
    kept = Access.objects.get(purpose="export")
    assert (kept.actor_id, kept.subject_kind, kept.subject_ids) == (company.supervisor.id, "order", [order.pk])


def test_long_lists_come_page_by_page_each_row_once(company, monkeypatch):
    for number in range(7):
        a_customer(company.region, f"Customer {number}")
    client = browser(company.supervisor)
    asked = []
    for size in (4, 3):  # two pages, then three
        monkeypatch.setattr(exports, "AT_ONCE", size)
        rows_of(client.get(reverse("customers") + "?export=csv"))
        with CaptureQueriesContext(connection) as counted:
            found = rows_of(client.get(reverse("customers") + "?export=csv"))
        names = [row[0] for row in found[1:]]
        assert len(names) == len(set(names)) == 8
        asked.append(len(counted))
    one_more = asked[1] - asked[0]
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    with CaptureQueriesContext(connection) as counted:
        rows_of(client.get(reverse("customers") + "?export=csv"))
    assert len(counted) - asked[1] == one_more <= 8  # a page costs what a page costs, however many rows it has
    assert Access.objects.filter(purpose="export").last().subject_ids == sorted(
        Customer.objects.filter(region=company.region).order_by("name_key", "id").values_list("pk", flat=True)[6:]
    )


def test_too_long_a_list_is_refused_with_a_word(company, monkeypatch):
    for number in range(5):
        a_customer(company.region, f"Customer {number}")
    monkeypatch.setattr(exports, "MOST", 4)
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    answer = browser(company.supervisor).get(reverse("customers") + "?region=&export=csv", follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("customers"))
    assert "more than 4 rows" in answer.content.decode()
    assert not Access.objects.filter(purpose="export").exists()


# ---- figures ---------------------------------------------------------------------------------------------------------
def test_dashboard_and_board_are_files_as_well(company):
    lived(company)
    client = browser(company.supervisor)
    found = rows_of(client.get(reverse("dashboard") + f"?{MAY}&export=csv"))
    assert ["Indicators"] in found
    completion = next(row for row in found if row and row[0] == str(MEANINGS["completion"].name))
    assert completion[1] == "66.7 %"
    assert completion[-1] == "3"
    page = client.get(reverse("dashboard") + f"?{MAY}").content.decode()
    assert "export=csv" in page
    orders = rows_of(client.get(reverse("indicator_orders", args=["completion"]) + f"?{MAY}&export=csv"))
    assert len(orders) == 4
    people = rows_of(client.get(reverse("indicator_people", args=["completion"]) + f"?{MAY}&export=csv"))
    assert people


def test_the_board_is_one_table_with_its_chapters(company):
    Walk(company, opened(company)).to("archived")
    measured()
    head, *found = rows_of(browser(company.supervisor).get(reverse("compliance") + "?period=365&export=csv"))
    assert head[:3] == ["Section", "Clause", "Lived"]
    assert {len(row) for row in found} == {len(head)}
    assert len(found) > 40
    assert Access.objects.get(purpose="export").subject_kind == "compliance"
