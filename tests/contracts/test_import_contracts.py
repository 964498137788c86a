"""Contracts from a file: a contract a line or a line for each thing it covers, once, and taken back as long as nobody
worked on it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anxiu.contracts.actions import change_contract, end_contract, set_contract_cover
from anxiu.contracts.choices import CoverLevel, EndReason
from anxiu.contracts.models import Contract, ContractCover
from anxiu.contracts.queries import covers_of
from anxiu.customers.actions import retire_customer
from anxiu.customers.models import Customer
from anxiu.equipment.actions import retire_machine, undo_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.cli import main
from anxiu.equipment.importing.kinds import register_importer
from anxiu.equipment.models import ImportBatch, Machine
from anxiu.equipment.queries import batches, import_files, kept_of, kinds_for, offered_columns
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.models import EventRow
from anxiu.kernel.money import Money
from tests.equipment.test_import_files import counts, opened, taken, tried
from tests.equipment.test_import_files import why as told
from tests.equipment.test_imports import take, why
from tests.given.assets import (
    AT,
    a_contract,
    a_customer,
    a_machine,
    a_model,
    a_person,
    a_region,
    a_site,
    acting,
)
from tests.given.workbooks import a_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("AST-02", "AST-05", "FIN-04")]
HEAD = "合同编号,客户编号,承包方式,开始日期,结束日期,配件限额,合同金额,年保养次数,工单类型,站点,设备编号"
CONTRACTS = f"""{HEAD}
HT-1,K-1,全包,2026-01-01,2026-12-31,,"¥120,000.50",4,保养；维修,一号厂房,
HT-1,K-1,全包,2026-01-01,2026-12-31,,"¥120,000.50",4,保养；维修,,S-3、S-4
HT-2,K-1,半包,2026年3月1日,2027/2/28,"1,000元",,,,,"S-1, S-2"
HT-3,K-2,清包,20260101,2026-12-31,,,,,,
HT-4,K-2,,2026.1.1,2026-12-31,,,,,,
"""
COLUMNS = {
    "key": "合同编号", "customer": "客户编号", "level": "承包方式", "starts_on": "开始日期", "ends_on": "结束日期",
    "parts_limit": "配件限额", "value": "合同金额", "visits_per_year": "年保养次数", "order_types": "工单类型",
    "site": "站点", "machines": "设备编号",
}  # fmt: skip


@pytest.fixture
def base() -> Customer:
    """K-1 with two sites and machines S-1 … S-4, K-2 with one."""
    east, model = a_region("east"), a_model()
    one, two = a_customer(east, "华东机电", code="K-1"), a_customer(east, "江南水泵", code="K-2")
    first, second = a_site(one, "一号厂房"), a_site(one, "二号厂房")
    for number in (1, 2):
        a_machine(first, model, serial=f"S-{number}")
    for number in (3, 4):
        a_machine(second, model, serial=f"S-{number}")
    a_machine(a_site(two, "水泵房"), model, serial="W-1")
    return one


def written(folder: Path, text: str = CONTRACTS, name: str = "contracts.csv", encoding: str = "utf-8-sig") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def rows(*lines: str) -> str:
    return "\n".join([HEAD, *lines])


def line(number: str = "HT-9", customer: str = "K-1", **more: str) -> str:
    """A line of a file, whole and right but for what is said."""
    given = {"key": number, "customer": customer, "starts_on": "2026-01-01", "ends_on": "2026-12-31", **more}
    return ",".join(f'"{given.get(each, "")}"' for each in COLUMNS)


def take_in(folder: Path, *lines: str, actor: Actor = SYSTEM) -> Any:
    return take(written(folder, rows(*lines) if lines else CONTRACTS), ImportKind.CONTRACTS, actor)


def covered(number: str) -> list[str]:
    sites, machines = covers_of(Contract.objects.get(number=number))
    return sorted([*(each.name for each in sites), *(each.serial for each in machines)])


def test_contracts_come_with_terms_and_cover(tmp_path: Path, base: Customer) -> None:
    path = written(tmp_path, encoding="gb18030")
    found = take(path, ImportKind.CONTRACTS, acting("supervisor", base.region))
    assert (why(found), found.accepted, found.unchanged) == ([], 5, 0)
    one, two, three, four = Contract.objects.order_by("number")
    assert (one.customer, one.region, one.level, one.starts_on, one.ends_on, one.agreed_until) == (
        base, base.region, "full", date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31),
    )  # fmt: skip
    assert (one.value, one.parts_limit, one.visits_per_year) == (Money(12_000_050), None, 4)
    assert (one.order_types, one.covers_all) == (["repair", "maintenance"], False)
    assert covered("HT-1") == ["S-3", "S-4", "一号厂房"]
    assert (two.level, two.parts_limit, two.value) == ("limited", Money(100_000), None)
    assert (two.starts_on, two.ends_on, covered("HT-2")) == (date(2026, 3, 1), date(2027, 2, 28), ["S-1", "S-2"])
    assert [(each.level, each.covers_all, covered(each.number)) for each in (three, four)] == [("labour", True, [])] * 2
    assert (one.source, one.source_id, one.created_at) == ("erp", "HT-1", AT)
    assert not EventRow.objects.filter(subject_kind="contract").exists()


ENGLISH = [
    ["Contract no.", "Customer code", "Contract type", "Start date", "End date", "Spare parts limit", "Amount", "Visits per year",
     "Services", "Site name", "Serial number"],
    ["A-1", "K-1", "Full", date(2026, 1, 1), date(2026, 12, 31), None, 120000.5, 12, "Repair / inspection", "一号厂房", None],
    ["A-1", "K-1", "Full", date(2026, 1, 1), date(2026, 12, 31), None, 120000.5, 12, "Repair / inspection", None, "S-3\nS-4"],
    ["A-2", "K-1", "semi-comprehensive", "2026-01-01", 46387, "$1,000", None, None, "breakdown", None, "s 1"],
    ["A-3", "K-2", "Labour only", date(2026, 1, 1), date(2026, 12, 31), None, None, None, None, None, None],
]  # fmt: skip


def test_a_workbook_in_english_is_read_as_well(tmp_path: Path, base: Customer) -> None:
    path = a_workbook(tmp_path / "contracts.xlsx", ENGLISH)
    found = take(path, ImportKind.CONTRACTS)
    assert (why(found), found.accepted) == ([], 4)
    one, two, three = Contract.objects.order_by("number")
    assert (one.level, one.value, one.visits_per_year, one.order_types) == (
        "full", Money(12_000_050), 12, ["repair", "inspection"],
    )  # fmt: skip
    assert covered("A-1") == ["S-3", "S-4", "一号厂房"]
    assert (two.level, two.parts_limit, two.order_types, two.ends_on) == (
        "limited", Money(100_000), ["repair"], date(2026, 12, 31),
    )  # fmt: skip
    assert covered("A-2") == ["S-1"]
    assert (three.level, three.covers_all) == ("labour", True)


def test_columns_are_known_by_their_headings(tmp_path: Path, base: Customer) -> None:
    assert offered_columns(opened(written(tmp_path), ImportKind.CONTRACTS)) == COLUMNS
    row = opened(a_workbook(tmp_path / "c.xlsx", ENGLISH), ImportKind.CONTRACTS)
    assert offered_columns(row) == dict(zip(COLUMNS, ENGLISH[0], strict=True))


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("清包", "labour"), ("仅人工", "labour"), ("", "labour"), ("半包", "limited"), ("小包", "limited"), ("全包", "full"),
        ("大包", "full"), ("包工包料", "full"), ("Labour only", "labour"), ("ALL-INCLUSIVE", "full"), ("limited", "limited"),
    ],
)
def test_levels_are_said_in_many_words(tmp_path: Path, base: Customer, word: str, level: str) -> None:
    limit = "500" if level == CoverLevel.LIMITED else ""
    assert why(take_in(tmp_path, line(level=word, parts_limit=limit))) == []
    assert Contract.objects.get().level == level


def test_each_row_that_is_refused_says_why(tmp_path: Path, base: Customer) -> None:
    a_contract(base, number="MINE")
    retire_machine(actor=SYSTEM, at=AT, machine_id=Machine.objects.get(serial="S-2").pk)
    closed = a_customer(base.region, "旧客户", code="K-0")
    retire_customer(actor=SYSTEM, at=AT, customer_id=closed.pk)
    wrong = [
        (line(customer="K-9"), "customer", "unknown_customer"), (line(customer="K-0"), "customer", "unknown_customer"),
        (line(site="三号厂房"), "site", "unknown_site_named"), (line(site="水泵房"), "site", "unknown_site_named"),
        (line(machines="S-1、X-9"), "machines", "unknown_machine"), (line(machines="S-2"), "machines", "unknown_machine"),
        (line(machines="S-1;W-1"), "machines", "not_the_customers"), (line("MINE"), "key", "number_taken"),
        (line(starts_on="1/2/2026"), "starts_on", "not_a_date"), (line(ends_on="2026-02-30"), "ends_on", "not_a_date"),
        (line(ends_on="2025-12-31"), "ends_on", "ends_before_it_starts"), (line(ends_on=""), "ends_on", "required"),
        (line(value="一万"), "value", "not_an_amount"), (line(value="-5"), "value", "not_an_amount"),
        (line(value="9" * 40), "value", "not_an_amount"), (line(value="1E+400"), "value", "not_an_amount"),
        (line(value="1E+999999999"), "value", "not_an_amount"), (line(value="NaN"), "value", "not_an_amount"),
        (line(value="9" * 18), "value", "not_an_amount"),
        (line(level="半包"), "parts_limit", "limit_needed"), (line(parts_limit="5"), "parts_limit", "limit_not_meant"),
        (line(level="皇家"), "level", "not_a_choice"), (line(order_types="维修、聚会"), "order_types", "not_a_choice"),
        (line(visits_per_year="366"), "visits_per_year", "too_many_visits"),
        (line(visits_per_year="often"), "visits_per_year", "not_a_count"),
        (line(""), "key", "required"), (line("9" * 41), "number", "too_long"), (line("1.2E+17"), "key", "digits_lost"),
        (line("=1+1"), "key", "formula"), (line(machines="=cmd|' /C calc'!A0"), "machines", "formula"),
        (line(site="厂\x01房"), "site", "control_character"), (line("HT\x00"), "key", "control_character"),
    ]  # fmt: skip
    found = take_in(tmp_path, *(each for each, _, _ in wrong), line("GOOD", machines="S-1"))
    fields = [(each.line, each.refusal.field, each.refusal.code.partition(".")[2]) for each in found.problems]
    assert fields == [(nth, field, code) for nth, (_, field, code) in enumerate(wrong, start=2)]
    assert (found.accepted, found.unchanged) == (1, 0)
    assert sorted(Contract.objects.values_list("number", flat=True)) == ["GOOD", "MINE"]


def test_a_line_that_is_refused_does_not_take_the_contract_of_the_others(tmp_path: Path, base: Customer) -> None:
    found = take_in(tmp_path, line(machines="X-9"), line(machines="S-1"), line(site="无"), line(machines="S-2"))
    assert why(found) == [(2, "equipment.unknown_machine"), (4, "equipment.unknown_site_named")]
    assert (found.accepted, covered("HT-9")) == (2, ["S-1", "S-2"])


def test_the_same_file_again_changes_nothing(tmp_path: Path, base: Customer) -> None:
    take_in(tmp_path)
    before = (EventRow.objects.count(), ContractCover.objects.count(), ImportBatch.objects.count())
    again = take_in(tmp_path)
    assert (again.batch, again.accepted, again.unchanged, why(again)) == (None, 0, 5, [])
    assert (EventRow.objects.count(), ContractCover.objects.count(), ImportBatch.objects.count()) == before


def test_what_differs_is_refused_row_by_row_and_what_is_new_comes_in(tmp_path: Path, base: Customer) -> None:
    take_in(tmp_path, line("A", machines="S-1"), line("B"), line("C", site="一号厂房"))
    found = take_in(
        tmp_path, line("A", machines="S-1", value="7"), line("A", machines="S-1、S-2"), line("B", machines="S-1"),
        line("C", site="一号厂房"), line("D", machines="S-3"), line("D"), line("D", value="8", machines="S-4"),
        line("D", machines="S-3"),
    )  # fmt: skip
    assert why(found) == [
        (2, "equipment.differs"), (4, "equipment.differs"), (7, "equipment.key_twice"), (8, "equipment.key_twice")
    ]  # fmt: skip
    assert (found.accepted, found.unchanged) == (2, 2)
    assert (covered("A"), covered("B"), covered("D")) == (["S-1", "S-2"], [], ["S-3"])
    assert Contract.objects.get(number="A").value is None


def test_a_number_somebody_gave_an_imported_contract_is_taken(tmp_path: Path, base: Customer) -> None:
    """Its key in the file stays what it was: the new number is not free for another contract of that file."""
    take_in(tmp_path, line("OLD"))
    change_contract(actor=SYSTEM, at=AT, contract_id=Contract.objects.get().pk, changes={"number": "NEW"})
    found = take_in(tmp_path, line("OLD"), line("NEW"))
    assert (why(found), found.unchanged) == ([(3, "contracts.number_taken")], 1)


def test_undo_takes_contracts_back_with_what_they_cover(tmp_path: Path, base: Customer) -> None:
    found = take_in(tmp_path)
    undone = undo_import(actor=acting("administrator"), at=AT, batch_uid=found.batch.uid)
    assert (undone.removed, undone.kept) == (4 + 5, ())
    assert not Contract.objects.exists()
    assert take_in(tmp_path).accepted == 5


def test_undo_keeps_a_contract_somebody_worked_on_with_all_it_covers(tmp_path: Path, base: Customer) -> None:
    found = take_in(tmp_path)
    row, ended = Contract.objects.get(number="HT-1"), Contract.objects.get(number="HT-3")
    change_contract(actor=SYSTEM, at=AT, contract_id=row.pk, changes={"visits_per_year": 6})
    end_contract(actor=SYSTEM, at=AT, contract_id=ended.pk, ends_on=date(2026, 6, 30), reason=EndReason.PRICE)
    undone = undo_import(actor=SYSTEM, at=AT, batch_uid=found.batch.uid)
    assert undone.removed == 2 + 2
    assert sorted(kind for kind, _ in undone.kept) == ["contract", "contract", *["contract_cover"] * 3]
    assert sorted(Contract.objects.values_list("number", flat=True)) == ["HT-1", "HT-3"]
    assert covered("HT-1") == ["S-3", "S-4", "一号厂房"]
    found.batch.refresh_from_db()
    assert {kind for kind, _ in kept_of(found.batch)} == {"contract", "contract_cover"}
    again = take_in(tmp_path)
    assert (again.accepted, again.unchanged, why(again)) == (2, 3, [])


def test_what_a_contract_names_is_not_taken_from_under_it(tmp_path: Path, base: Customer) -> None:
    machines = tmp_path / "m.csv"
    machines.write_text("设备编号,型号,客户编号,站点\nM-1,NEW-1,K-1,一号厂房\n", encoding="utf-8")
    a_model(code="NEW-1")
    brought = take(machines, ImportKind.MACHINES)
    assert why(take_in(tmp_path, line(machines="M-1"))) == []
    assert brought.batch is not None
    undone = undo_import(actor=SYSTEM, at=AT, batch_uid=brought.batch.uid)
    assert (undone.removed, [kind for kind, _ in undone.kept]) == (0, ["machine"])


def test_cover_that_was_set_by_hand_is_not_set_again_by_the_file(tmp_path: Path, base: Customer) -> None:
    take_in(tmp_path)
    row, first = Contract.objects.get(number="HT-1"), Machine.objects.get(serial="S-1")
    set_contract_cover(actor=SYSTEM, at=AT, contract_id=row.pk, covers_all=False, machine_ids=(first.pk,))
    again = take_in(tmp_path)
    assert (again.batch, again.accepted, again.unchanged, why(again)) == (None, 0, 5, [])
    assert covered("HT-1") == ["S-1"]


def test_one_machine_in_two_spellings_is_one(tmp_path: Path, base: Customer) -> None:
    assert why(take_in(tmp_path, line(machines="S-1、s 1"), line(machines="S1"))) == []
    assert covered("HT-9") == ["S-1"]


def test_nobody_brings_in_what_they_could_not_add_by_hand(tmp_path: Path, base: Customer) -> None:
    for post in ("hr", "agent"):
        with pytest.raises(NotAllowed):
            take_in(tmp_path, actor=acting(post, base.region))
    assert ImportKind.CONTRACTS not in kinds_for(acting("hr"))
    assert ImportKind.CONTRACTS in kinds_for(acting("supervisor", base.region))
    stranger = take_in(tmp_path, actor=acting("supervisor", a_region("west")))
    assert (stranger.accepted, {code for _, code in why(stranger)}) == (0, {"equipment.unknown_customer"})
    north = a_region("north")
    a_site(base, "北厂", region_id=north.pk)
    served = take_in(tmp_path, line(), actor=acting("supervisor", north))
    assert why(served) == [(2, "equipment.unknown_customer")]


def test_a_value_is_brought_in_by_who_sees_values(tmp_path: Path, base: Customer) -> None:
    may = {"equipment.import_batch", "equipment.view", "equipment.view_imports", "customers.view", "contracts.view",
           "contracts.add_contract"}  # fmt: skip
    blind = Actor(ActorKind.PERSON, a_person("agent").pk, frozenset(may), None)
    found = take_in(tmp_path, line("A", value="5"), line("B"), actor=blind)
    assert why(found) == [(2, "contracts.value_not_yours")]
    assert Contract.objects.get().number == "B"
    assert ImportKind.CONTRACTS not in kinds_for(blind)
    assert not batches(blind).exists()


def test_a_file_is_tried_taken_in_and_seen_on_its_page(tmp_path: Path, base: Customer) -> None:
    boss = acting("supervisor", base.region)
    row = tried(opened(written(tmp_path), ImportKind.CONTRACTS, boss), COLUMNS, boss)
    assert (counts(row), Contract.objects.exists()) == (("tried", 5, 0, 0), False)
    assert row.preview[0]["said"]["key"] == "HT-1"
    row = taken(row, boss)
    assert (counts(row), told(row)) == (("taken", 5, 0, 0), [])
    assert covered("HT-1") == ["S-3", "S-4", "一号厂房"]
    assert list(batches(boss)) == [row.batch]
    assert not import_files(acting("hr")).exists()


def test_the_command_takes_contracts_in(tmp_path: Path, base: Customer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(tmp_path)), "--kind", "contracts", "--source", "erp"]) == 0
    assert "5" in capsys.readouterr().out
    assert Contract.objects.count() == 4


def test_the_file_in_the_guide_comes_in(tmp_path: Path, base: Customer) -> None:
    guide = (Path(__file__).parents[2] / "docs/guide/import.md").read_text(encoding="utf-8")
    [example] = [each for each in guide.split("```") if each.strip().startswith("合同编号,")]
    found = take(written(tmp_path, example.strip()), ImportKind.CONTRACTS)
    assert (why(found), found.accepted, covered("HT-2026-001")) == ([], 4, ["S-3", "S-4", "一号厂房"])


def test_a_kind_is_registered_once() -> None:
    from anxiu.contracts.importing import IMPORTER

    with pytest.raises(ValueError, match="already"):
        register_importer(IMPORTER)
