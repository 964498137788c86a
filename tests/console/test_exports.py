"""Any list as a file: what the page shows, all of it, and to nobody who may not take it along."""

import csv
import re
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxiu.accounts.models import Holding
from anxiu.console import exports, workbooks
from anxiu.console.sheets import BOM, Figure, disarmed, tables, together, written
from anxiu.console.tasks import make_list
from anxiu.console.workbooks import valued
from anxiu.customers.models import Customer
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.models import Access
from anxiu.kpi.messages import MEANINGS
from anxiu.orders.models import Order
from anxiu.trace.actions import ListAsked, export_lists
from anxiu.trace.choices import ExportState, Format
from anxiu.trace.models import Export
from tests.given.assets import a_customer, a_region, acting
from tests.given.browsing import browser
from tests.given.orders import MONDAY, Company, Walk, a_company, opened
from tests.kpi.test_facts import measured
from tests.kpi.test_indicators import lived

pytestmark = [pytest.mark.requirement("PF-02"), pytest.mark.django_db]
MAY = "period=custom&since=2026-05-01&until=2026-05-31"
LISTS = (
    "orders", "customers", "machines", "engineers", "skills", "accounts", "escalations", "duties", "inbox", "deliveries",
    "catalogue", "fault_classes", "parts", "imports", "failures", "clocks_set_aside", "refused", "hooks", "hook_log",
    "exports", "readings", "sessions", "remarks", "reviews",
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


def test_too_long_a_list_is_made_by_a_job_and_fetched(company, monkeypatch):
    elsewhere = a_region()
    for number in range(5):
        a_customer(company.region, f"Customer {number}")
    a_customer(elsewhere, "Customer of others")
    monkeypatch.setattr(exports, "MOST", {Format.CSV: 4, Format.XLSX: 4})
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    client = browser(company.supervisor)
    for wanted in ("csv", "xlsx"):
        answer = client.get(reverse("customers") + f"?q=Customer&export={wanted}")
        assert answer.status_code == 302
        page = client.get(answer["Location"])
        assert "too long to be sent at once" in page.content.decode()
        assert not Access.objects.filter(purpose="export").exists()
        given = {"of": page.context["long"], "format": page.context["format"]}
        assert client.post(reverse("export_lists"), given).status_code == 302
        row = Export.objects.get(format=wanted)
        assert (row.state, row.person_id) == (ExportState.WAITING, company.supervisor.id)
        make_list.func.__wrapped__(row.pk)
        row.refresh_from_db()
        assert (row.state, row.done, row.failure) == (ExportState.DONE, 5, []), row.failure
        shown = client.get(reverse("exports")).content.decode()
        assert reverse("export_file", args=[row.uid]) in shown
        content = b"".join(client.get(reverse("export_file", args=[row.uid])).streaming_content)
        if wanted == "csv":
            names = [each[0] for each in csv.reader(StringIO(content.decode().removeprefix(BOM)))]
        else:
            names = [each[0] for each in openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]
        assert [each.split(" · ")[0] for each in names[1:]] == [f"Customer {number}" for number in range(5)]
        assert Access.objects.filter(purpose="export", subject_kind="customer").count() == 3
        assert browser(company.management).get(reverse("export_file", args=[row.uid])).status_code == 404
        Access.objects.all().delete()


def test_a_job_makes_no_file_of_what_the_person_may_not_see_any_more(company):
    for path, why in ((reverse("refused"), "trace.unknown_list"), ("/nothing/", "trace.unknown_list")):
        asked = ListAsked("x", path, "", Format.CSV, "x.csv", "en", "Asia/Shanghai")
        row = export_lists(actor=company.dispatcher, at=MONDAY, asked=asked)
        make_list.func.__wrapped__(row.pk)
        row.refresh_from_db()
        assert (row.state, row.failure[0]) == (ExportState.FAILED, why)
    Holding.objects.filter(person=company.supervisor.id).delete()
    row = export_lists(actor=company.supervisor, at=MONDAY, asked=asked)
    make_list.func.__wrapped__(row.pk)
    row.refresh_from_db()
    assert (row.state, row.failure[0]) == (ExportState.FAILED, "kernel.not_allowed")
    with pytest.raises(NotAllowed):
        export_lists(actor=company.agent, at=MONDAY, asked=asked)


def test_a_list_that_is_given_up_meanwhile_is_not_kept(company):
    a_customer(company.region, "One")
    asked = ListAsked("customers", reverse("customers"), "", Format.CSV, "x.csv", "en", "Asia/Shanghai")
    row = export_lists(actor=company.supervisor, at=MONDAY, asked=asked)
    client = browser(company.supervisor)
    assert client.post(reverse("cancel_export", args=[row.uid]), {"key": "k"}).status_code == 204
    make_list.func.__wrapped__(row.pk)
    row.refresh_from_db()
    assert (row.state, row.path) == (ExportState.CANCELLED, "")


# ---- workbooks -------------------------------------------------------------------------------------------------------
def book_of(answer) -> list[list]:
    content = b"".join(answer.streaming_content)
    return [list(row) for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows()]


def test_a_workbook_holds_days_as_days_and_numbers_as_text(company):
    order = opened(company)
    head, row = book_of(browser(company.supervisor).get(reverse("orders") + "?export=xlsx"))
    assert head[0].value == "Order"
    assert head[0].font.b
    assert (row[0].value, row[0].data_type) == (order.number, "s")
    files = book_of(browser(company.supervisor).get(reverse("exports") + "?export=xlsx"))
    assert len(files) == 0
    asked = ListAsked("orders", reverse("orders"), "", Format.CSV, "x.csv", "en", "Asia/Shanghai")
    export_lists(actor=company.supervisor, at=MONDAY, asked=asked)
    _head, file = book_of(browser(company.supervisor).get(reverse("exports") + "?export=xlsx"))
    assert (file[2].is_date, file[2].value) == (True, datetime(2026, 5, 11, 9, 0))  # noqa: DTZ001 -- in the reader's zone
    machines = book_of(browser(company.supervisor).get(reverse("machines") + "?export=xlsx"))
    assert company.machine.serial in str([each.value for each in machines[1]])


def test_a_workbook_runs_nothing_and_keeps_zeros(company):
    for text in ("=1+1", "+cmd|x", "@SUM(A1)", "-a", "\tx", "0123"):
        a_customer(company.region, text)
    rows = book_of(browser(company.supervisor).get(reverse("customers") + "?export=xlsx"))[1:]
    found = {str(row[0].value).split(" · ")[0]: row[0] for row in rows}
    assert {each.data_type for each in found.values()} == {"s"}
    assert found["=1+1"].quotePrefix
    assert "0123" in found
    assert valued("00123") == ("00123", "")
    assert valued("2026-05-11 09:30") == (datetime(2026, 5, 11, 9, 30), "yyyy-mm-dd hh:mm")  # noqa: DTZ001 -- Excel knows no zones
    assert valued(Figure("1,204")) == (1204, "#,##0")
    assert valued(Figure("66.7 %")) == (pytest.approx(0.667), "0.0%")
    assert valued("a\x00b") == ("ab", "")


def test_a_full_sheet_goes_on_in_another(monkeypatch):
    monkeypatch.setattr(workbooks, "SHEET_ROWS", 3)
    book, kept = workbooks.Book(), BytesIO()
    book.add([["Head"], *([str(number)] for number in range(5))])
    book.save(kept)
    sheets = openpyxl.load_workbook(kept).worksheets
    assert [[row[0] for row in each.iter_rows(values_only=True)] for each in sheets] == [
        ["Head", "0", "1"], ["Head", "2", "3"], ["Head", "4"],
    ]  # fmt: skip


def test_numbers_masked_on_the_page_are_masked_in_the_file(company):
    client = browser(company.supervisor)
    page = client.get(reverse("customer", args=[company.customer.uid])).content.decode()
    assert company.contact.phone not in page
    for name, args in (("customers", []), ("orders", []), ("customer", [company.customer.uid])):
        for wanted in ("csv", "xlsx"):
            answer = client.get(reverse(name, args=args) + f"?export={wanted}")
            content = b"".join(answer.streaming_content)
            if wanted == "xlsx":
                with ZipFile(BytesIO(content)) as book:
                    content = b"".join(book.read(each) for each in book.namelist())
            assert company.contact.phone.encode() not in content


# ---- every list ------------------------------------------------------------------------------------------------------
TEMPLATES = Path(__file__).resolve().parents[2] / "src/anxiu/console/templates/console"
# Pages about one thing: what stands on them in tables is listed elsewhere, or is the thing itself.
OF_ONE = {
    "accounts/person.html", "accounts/service.html", "contracts/page.html", "customers/page.html", "equipment/page.html",
    "learning/review.html",
    "manual/manual.html", "orders/order.html", "people/engineer.html", "pilots/pilot.html", "versions/readiness.html",
}  # fmt: skip


def test_every_page_with_a_list_can_export_it():
    """A page shows its list by `listing.html`, which has the button; another table stands on a page that has its own."""
    lacking = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(TEMPLATES))
        if 'extends "console/base.html"' not in text:
            continue
        whole = text + "".join(_included(text))
        if "x-table" in whole and "parts/export.html" not in whole:
            lacking.add(name)
    assert lacking == OF_ONE


def _included(text: str, seen: frozenset[str] = frozenset()) -> list[str]:
    found = []
    for name in re.findall(r"""include ["']console/([^"']+)["']""", text):
        if name not in seen and (TEMPLATES / name).exists():
            inner = (TEMPLATES / name).read_text(encoding="utf-8")
            found += [inner, *_included(inner, seen | {name})]
    return found


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
