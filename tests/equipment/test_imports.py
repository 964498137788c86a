import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anxiu.customers.actions import NewContact, add_contact, change_customer, erase_contact
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.actions import Imported, change_machine, import_batch, undo_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.cli import main
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import Table
from anxiu.equipment.models import ImportBatch, ImportedRow, Machine, PastOrder
from anxiu.equipment.queries import batches, past_orders
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotAllowed, WrongState
from anxiu.kernel.models import EventRow
from tests.given.assets import AT, a_base, a_customer, a_machine, a_model, a_region, a_site, acting

pytestmark = pytest.mark.django_db
EXCAVATORS = Path(__file__).parents[1] / "data/excavators.csv.gz"


def take(path: Path, kind: ImportKind, actor: Actor = SYSTEM, **more: Any) -> Imported:
    table = Table(path, Layout(kind), "CNY")
    return import_batch(actor=actor, at=AT, kind=kind, source="erp", file=table.facts(), lines=table, **more)


def why(imported: Imported) -> list[tuple[int, str]]:
    return [(each.line, each.refusal.code) for each in imported.problems]


CUSTOMERS = """客户编号,客户名称,区域,客户等级,站点,地址,纬度,经度,联系人,电话,邮箱
K-1,华东机电,east,key,一号厂房,新路 1 号,31.2,121.4,王小明,138 1234 5678,wang@example.com
K-1,华东机电,east,key,二号厂房,新路 2 号,,,李雷,021-62345678-801,
K-2,江南水泵,east,,,,,,,,
K-3,无此区域公司,mars,,,,,,,,
K-4,等级有误,east,gold,,,,,,,
K-5,电话有误,east,,,,,,张三,打给我,
K-1,改了名字,east,key,,,,,,,
K-6,位置有误,east,,厂区,,99,121,,,
K-7,短行
"""


@pytest.fixture
def customers_file(tmp_path: Path) -> Path:
    a_region("east")
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS, encoding="gb18030")
    return path


@pytest.mark.requirement("AST-05")
def test_customers_are_taken_in_with_sites_and_contacts_and_each_refused_row_says_why(customers_file: Path) -> None:
    imported = take(customers_file, ImportKind.CUSTOMERS)
    assert why(imported) == [
        (5, "equipment.unknown_region"), (6, "kernel.not_a_choice"), (7, "customers.not_a_phone"),
        (8, "equipment.key_twice"), (9, "equipment.not_a_place"), (10, "equipment.row_short"),
    ]  # fmt: skip
    assert (imported.accepted, imported.unchanged) == (3, 0)
    one = Customer.objects.get(code="K-1")
    assert (one.name, one.tier, one.region.code, one.source, one.source_id) == ("华东机电", "key", "east", "erp", "K-1")
    assert [(each.name, each.address) for each in one.sites.order_by("pk")] == [
        ("一号厂房", "新路 1 号"), ("二号厂房", "新路 2 号")
    ]  # fmt: skip
    assert [(each.name, each.phone_digits, each.site and each.site.name) for each in one.contacts.order_by("pk")] == [
        ("王小明", "13812345678", "一号厂房"), ("李雷", "02162345678", "二号厂房")
    ]  # fmt: skip


@pytest.mark.requirement("AST-05")
def test_the_same_file_again_changes_nothing_and_a_mended_row_is_taken_in(customers_file: Path) -> None:
    take(customers_file, ImportKind.CUSTOMERS)
    before = (EventRow.objects.count(), ImportBatch.objects.count(), Customer.objects.count(), Contact.objects.count())
    again = take(customers_file, ImportKind.CUSTOMERS)
    assert (again.batch, again.accepted, again.unchanged, len(again.problems)) == (None, 0, 3, 6)
    after = (EventRow.objects.count(), ImportBatch.objects.count(), Customer.objects.count(), Contact.objects.count())
    assert after == before
    customers_file.write_text(CUSTOMERS.replace("mars", "east"), encoding="utf-8-sig")
    mended = take(customers_file, ImportKind.CUSTOMERS)
    assert (mended.accepted, mended.unchanged) == (1, 3)


def test_what_was_changed_here_stays_and_what_changed_there_is_said(customers_file: Path) -> None:
    take(customers_file, ImportKind.CUSTOMERS)
    one = Customer.objects.get(code="K-1")
    change_customer(actor=SYSTEM, at=AT, customer_id=one.pk, changes={"name": "华东机电集团"})
    assert take(customers_file, ImportKind.CUSTOMERS).unchanged == 3
    one.refresh_from_db()
    assert one.name == "华东机电集团"
    customers_file.write_text(CUSTOMERS.replace("江南水泵", "江南水泵厂"), encoding="utf-8")
    assert (4, "equipment.differs") in why(take(customers_file, ImportKind.CUSTOMERS))


def test_an_erased_contact_does_not_come_back_with_the_next_import(customers_file: Path) -> None:
    take(customers_file, ImportKind.CUSTOMERS)
    contact = Contact.objects.get(name="王小明")
    erase_contact(actor=SYSTEM, at=AT, contact_id=contact.pk)
    take(customers_file, ImportKind.CUSTOMERS)
    assert not Contact.objects.filter(name="王小明").exists()


def test_a_trial_keeps_nothing(customers_file: Path) -> None:
    from anxiu.equipment.importing.dry_run import dry_run

    table = Table(customers_file, Layout(ImportKind.CUSTOMERS), "CNY")
    tried = dry_run(
        actor=SYSTEM, at=AT, kind=ImportKind.CUSTOMERS, source="erp", file=table.facts(), lines=table, placement=None
    )
    assert (tried.batch, tried.accepted, len(tried.problems)) == (None, 3, 6)
    assert not Customer.objects.exists()
    assert not EventRow.objects.filter(kind="equipment.batch_imported").exists()


MACHINES = """machine,serial,model,maker,customer,site,name,position,installed on,warranty until,part of
A-1,SN 001,AT-9,,K-1,一号厂房,循环水泵,2 号泵房,2025年6月1日,,
A-2,SN 002,AT-9,安泰,K-1,一号厂房,机械密封,,2025/6/1,2027-01-31,A-1
A-3,sn-001,AT-9,,K-1,一号厂房,,,,,
A-4,SN 004,NONE,,K-1,一号厂房,,,,,
A-5,SN 005,AT-9,,K-9,一号厂房,,,,,
A-6,SN 006,AT-9,,K-1,没有,,,,,
A-7,SN 007,AT-9,,K-1,一号厂房,,,2025-13-01,,
A-8,SN 008,AT-9,,K-1,一号厂房,,,,,A-99
,SN 009,AT-9,,K-1,一号厂房,,,20250601,,OLD-1
"""


@pytest.fixture
def machines_file(tmp_path: Path) -> Path:
    customer = a_customer(a_region("east"), code="K-1")
    a_machine(a_site(customer, "一号厂房"), a_model(code="AT-9"), serial="OLD-1")
    path = tmp_path / "machines.csv"
    path.write_text(MACHINES, encoding="utf-8")
    return path


@pytest.mark.requirement("AST-05")
def test_machines_are_taken_in_as_a_tree_and_each_refused_row_says_why(machines_file: Path) -> None:
    imported = take(machines_file, ImportKind.MACHINES)
    assert why(imported) == [
        (4, "equipment.serial_twice"), (5, "equipment.unknown_model_code"), (6, "equipment.unknown_customer"),
        (7, "equipment.unknown_site_named"), (8, "equipment.not_a_date"), (9, "equipment.unknown_machine"),
    ]  # fmt: skip
    rows = {each.source_id: each for each in Machine.objects.filter(source="erp")}
    assert sorted(rows) == ["A-1", "A-2", "SN 009"]
    assert (rows["A-1"].installed_on, rows["A-1"].position) == (date(2025, 6, 1), "2 号泵房")
    assert (rows["A-2"].parent, rows["A-2"].warranty_until) == (rows["A-1"], date(2027, 1, 31))
    assert rows["SN 009"].parent == Machine.objects.get(serial="OLD-1")
    assert take(machines_file, ImportKind.MACHINES).batch is None


@pytest.mark.requirement("AST-05")
def test_undoing_an_import_keeps_what_was_used_since(machines_file: Path) -> None:
    batch = take(machines_file, ImportKind.MACHINES).batch
    assert batch is not None
    part = Machine.objects.get(source_id="A-2")
    change_machine(actor=SYSTEM, at=AT, machine_id=part.pk, changes={"position": "换了"})
    undone = undo_import(actor=SYSTEM, at=AT, batch_uid=batch.uid)
    # A-2 was changed, and it is part of A-1.
    kept = [("machine", Machine.objects.get(source_id="A-1").pk), ("machine", part.pk)]
    assert (undone.removed, sorted(undone.kept)) == (1, sorted(kept))
    assert EventRow.objects.filter(kind="equipment.import_undone").count() == 1
    with pytest.raises(WrongState, match=r"batch_undone"):
        undo_import(actor=SYSTEM, at=AT, batch_uid=batch.uid)
    again = take(machines_file, ImportKind.MACHINES)
    assert (again.accepted, again.unchanged) == (1, 2)


def test_undoing_an_import_of_customers_leaves_nothing(customers_file: Path) -> None:
    batch = take(customers_file, ImportKind.CUSTOMERS).batch
    assert batch is not None
    undo_import(actor=SYSTEM, at=AT, batch_uid=batch.uid)
    for model in (Contact, Site, Customer, ImportedRow):
        assert not model._default_manager.exists()


def test_undoing_keeps_a_customer_to_whom_something_was_added(customers_file: Path) -> None:
    batch = take(customers_file, ImportKind.CUSTOMERS).batch
    assert batch is not None
    one = Customer.objects.get(code="K-2")
    add_contact(actor=SYSTEM, at=AT, customer_id=one.pk, new=NewContact("新来的"))
    assert undo_import(actor=SYSTEM, at=AT, batch_uid=batch.uid).kept == (("customer", one.pk),)


def test_import_and_undo_are_for_their_posts(customers_file: Path) -> None:
    with pytest.raises(NotAllowed):
        take(customers_file, ImportKind.CUSTOMERS, acting("agent"))
    batch = take(customers_file, ImportKind.CUSTOMERS, acting("administrator")).batch
    assert batch is not None
    with pytest.raises(NotAllowed):
        undo_import(actor=acting("supervisor"), at=AT, batch_uid=batch.uid)
    undo_import(actor=acting("administrator"), at=AT, batch_uid=batch.uid)


def test_a_supervisor_imports_into_their_own_region_alone(customers_file: Path) -> None:
    imported = take(customers_file, ImportKind.CUSTOMERS, acting("supervisor", a_region("west")))
    assert imported.accepted == 0
    assert (2, "equipment.unknown_region") in why(imported)


def test_a_file_without_a_needed_column_or_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("客户编号,客户名称\nK-1,某公司\n")
    with pytest.raises(Invalid, match=r"column_missing"):
        take(path, ImportKind.CUSTOMERS)
    path.write_bytes(gzip.compress(b"a,b\n1,2\n")[:-4])
    with pytest.raises(Invalid, match=r"unreadable"):
        take(path, ImportKind.CUSTOMERS)


def test_orders_without_number_may_say_the_same_twice_and_need_a_known_machine(tmp_path: Path) -> None:
    base = a_base(serial="S-1")
    path = tmp_path / "orders.csv"
    path.write_text("设备编号,日期,描述,费用\ns1,2020-01-01,换油,\"1,200.50\"\ns1,2020-01-01,换油,\"1,200.50\"\nS-2,2020-01-01,换油,1\n")
    imported = take(path, ImportKind.ORDERS)
    assert (imported.accepted, why(imported)) == (2, [(4, "equipment.unknown_machine")])
    assert [each.cost_minor for each in past_orders(SYSTEM, base.machine)] == [120050, 120050]
    assert take(path, ImportKind.ORDERS).unchanged == 2


@pytest.fixture
def mine() -> Iterator[list[str]]:
    """Where the excavators work, and the command line that says so."""
    customer = a_customer(a_region(), "露天矿业", code="MINE")
    a_site(customer, "露天矿")
    a_model(code="EX-1")
    return [str(EXCAVATORS), "--mapping", "excavators", "--model", "EX-1", "--customer", "MINE", "--site", "露天矿"]


@pytest.mark.requirement("AST-05")
def test_a_real_order_history_is_taken_in_once_and_its_broken_row_is_named(
    mine: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main([*mine, "--dry-run"]) == 1
    assert not PastOrder.objects.exists()
    capsys.readouterr()
    assert main(mine) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "Line 3454: Cost of the order: “PM01” is not an amount.", "5484 rows taken in, 0 known already, 1 refused."
    ]  # fmt: skip
    assert sorted(Machine.objects.values_list("serial", flat=True)) == ["A", "B", "C", "D", "E"]
    counts = [Machine.objects.get(serial=each).past_orders.count() for each in "ABCDE"]
    assert (counts, sum(counts)) == ([151, 1016, 992, 2374, 951], 5484)
    events = EventRow.objects.count()
    assert main(mine) == 1
    assert capsys.readouterr().out.splitlines()[1] == "0 rows taken in, 5484 known already, 1 refused."
    assert (EventRow.objects.count(), ImportBatch.objects.count()) == (events, 1)
    batch = ImportBatch.objects.get()
    assert main(["--undo", str(batch.uid)]) == 0
    assert not PastOrder.objects.exists()
    assert not Machine.objects.exists()


def test_the_command_says_what_it_cannot_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "gone.csv"), "--kind", "orders"]) == 2
    assert main([str(tmp_path / "gone.csv")]) == 2
    assert main(["--undo", "nonsense"]) == 2
    assert capsys.readouterr().err.count("\n") == 3


def test_the_command_speaks_the_terminals_language(
    customers_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main([str(customers_file), "--kind", "customers"]) == 1
    assert "第 5 行：区域：没有区域“mars”。" in capsys.readouterr().out


@pytest.mark.requirement("PF-04")
def test_who_sees_some_regions_only_sees_and_takes_back_the_imports_they_made(customers_file: Path) -> None:
    mine, other, all_over = acting("supervisor", a_region()), acting("supervisor", a_region()), acting("administrator")
    take(customers_file, ImportKind.CUSTOMERS, SYSTEM)
    batch = ImportBatch.objects.get()
    assert [list(batches(each)) for each in (mine, other, all_over)] == [[], [], [batch]]
    ImportBatch.objects.update(actor_id=mine.person_id)
    assert [list(batches(each)) for each in (mine, other, all_over)] == [[batch], [], [batch]]
