"""Files as people have them, read as tables: by what is in them and not by their name."""

import gzip
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from anxiu.equipment.actions import CustomerLine, MachineLine, OrderLine, Problem
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.mapping import Layout, guess
from anxiu.equipment.importing.tables import Table, head_of, rows_of
from anxiu.kernel.errors import Invalid
from tests.given.workbooks import a_workbook

ROWS = "客户编号{0}客户名称{0}区域\nK-1{0}华东机电{0}east\n"


def lines(path: Path, kind: ImportKind = ImportKind.CUSTOMERS) -> list[object]:
    return list(Table(path, Layout(kind), "CNY"))


def reasons(found: list[object]) -> list[tuple[int, str, list[str]]]:
    return [
        (each.line, each.refusal.code, [one.field for one in getattr(each.refusal, "errors", ())])
        for each in found
        if isinstance(each, Problem)
    ]


@pytest.mark.requirement("AST-05")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_read_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, between: str, packed: bool
) -> None:
    path, data = tmp_path / "anything.dat", ROWS.format(between).encode(encoding)
    path.write_bytes(gzip.compress(data) if packed else data)
    assert lines(path) == [CustomerLine(2, "K-1", "华东机电", "east")]


def test_excels_own_first_line_names_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("sep=|\n" + ROWS.format("|"))
    assert lines(path) == [CustomerLine(3, "K-1", "华东机电", "east")]


@pytest.mark.requirement("AST-05")
@pytest.mark.parametrize("mac", [False, True])
def test_a_workbook_gives_days_of_its_epoch_and_numbers_as_they_are_shown(tmp_path: Path, mac: bool) -> None:
    path = a_workbook(
        tmp_path / "named.csv",
        [
            ["序列号", "型号", "客户编号", "站点", "安装日期", "销售日期", "保修至"],
            ["00042", "AT-9", 17, "一号厂房", datetime(2025, 6, 1, 0, 0), "2025/5/1", 20270131],  # noqa: DTZ001 workbooks know no zones
            [42, "AT-9", 17.5, "一号厂房", date(2025, 6, 1), None, None],
            [123456789012, "AT-9", True, "一号厂房", None, None, None],
        ],
        mac=mac, formats={"A3": "00000"},
    )  # fmt: skip
    found = lines(path, ImportKind.MACHINES)
    assert found == [
        MachineLine(2, "00042", "AT-9", "17", "一号厂房", serial="00042", installed_on=date(2025, 6, 1),
                    sold_on=date(2025, 5, 1), warranty_until=date(2027, 1, 31)),
        MachineLine(3, "00042", "AT-9", "17.5", "一号厂房", serial="00042", installed_on=date(2025, 6, 1)),
        MachineLine(4, "123456789012", "AT-9", "TRUE", "一号厂房", serial="123456789012"),
    ]  # fmt: skip


@pytest.mark.parametrize(("mac", "serial"), [(False, 45809), (True, 45809 - 1462)])
def test_a_day_that_lost_its_format_is_still_the_day(tmp_path: Path, mac: bool, serial: int) -> None:
    path = a_workbook(tmp_path / "x.xlsx", [["设备编号", "日期"], ["A", serial]], mac=mac)
    assert lines(path, ImportKind.ORDERS) == [OrderLine(2, "A", date(2025, 6, 1))]


@pytest.mark.requirement("AST-05")
def test_formulas_errors_lost_digits_and_hidden_characters_are_refused_by_row_and_column(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path / "x.xlsx",
        [
            ["客户编号", "客户名称", "区域", "联系人", "电话"],
            ["K-1", "=1+1", "east", "王", "138 1234-5678"],
            ["K-2", "乙", "#N/A", "王", "+86 138 1234 5678"],
            [1234567890123456, "丙", "east", "王", 13812345678],
            ["K-4", "丁\u0086x", "=A1", "王", "1.38E+10"],
            ["K-5", "戊", "east", "王", "0086-13812345678"],
        ],
    )
    found = lines(path)
    assert reasons(found) == [
        (2, "equipment.formula_cell", ["name"]), (3, "equipment.error_cell", ["region"]),
        (4, "equipment.digits_lost", ["key"]),
        (5, "equipment.control_character", ["name", "region", "phone"]),
    ]  # fmt: skip
    assert found[-1] == CustomerLine(6, "K-5", "戊", "east", contact="王", phone="13812345678")


def test_array_formulas_are_refused_too_and_text_that_begins_like_one_is(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客户编号", "客户名称", "区域"])
    sheet["A2"], sheet["B2"], sheet["C2"] = "K-1", ArrayFormula("B2", "=SUM(1,2)"), "east"
    book.save(tmp_path / "x.xlsx")
    assert reasons(lines(tmp_path / "x.xlsx")) == [(2, "equipment.formula_cell", ["name"])]
    path = tmp_path / "x.csv"
    armed = ("=cmd|' /C calc'!A0", "＝1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3|x!A1")
    harmless = ("-漏油", "+86 公司", "@张三", "a=b")
    path.write_text("客户编号,客户名称,区域\n" + "".join(f'K,"{each}",east\n' for each in (*armed, *harmless)))
    found = lines(path)
    assert reasons(found) == [(line, "equipment.formula", ["name"]) for line in range(2, 2 + len(armed))]
    assert [each.name for each in found if isinstance(each, CustomerLine)] == list(harmless)


def _xlsx(path: Path, sheet: bytes, **parts: bytes) -> Path:
    """A workbook with another first sheet."""
    plain = a_workbook(path.with_suffix(".plain"), [["x"]])
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return path


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ROW = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>'
END = b"</sheetData></worksheet>"


@pytest.mark.requirement("AST-05")
def test_bombs_entities_and_broken_workbooks_are_refused(tmp_path: Path) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(Invalid) as caught:
            list(rows_of(path))
        return caught.value.code

    bomb = _xlsx(tmp_path / "bomb.xlsx", HEAD + b" " * (64 << 20) + END)
    assert refused(bomb) == "equipment.too_large"
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    for name in (b"&a;", b"&b;"):
        path = _xlsx(tmp_path / "entity.xlsx", entity + HEAD + ROW % (1, 1, name) + END)
        assert refused(path) == "equipment.unreadable"
    far = _xlsx(tmp_path / "far.xlsx", HEAD + ROW % (1, 1, b"a") + ROW % (10**9, 10**9, b"b") + END)
    assert refused(far) == "equipment.unreadable"
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(a_workbook(tmp_path / "whole.xlsx", [["a"]] * 50).read_bytes()[:-200])
    assert refused(cut) == "equipment.unreadable"
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    assert refused(tmp_path / "other.zip") == "equipment.not_a_table"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"), (b"\n\n", "empty_file"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_table"), (b"a\xff\xff\xff,b\n", "not_text"),
        (b'a,b\n"x"y,1\n', "broken_quotes"), (gzip.compress(b"a,b\n1,2\n")[:-4], "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named_for_what_it_is(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(Invalid) as caught:
        head_of(path, 3)
    assert caught.value.code == f"equipment.{code}"


@pytest.mark.requirement("AST-05")
def test_columns_are_guessed_by_what_people_and_programs_call_them() -> None:
    assert guess(ImportKind.CUSTOMERS, ["客户代码（必填）", "单位名称*", "服务区域", "手机号", "Contact Person"]) == {
        "key": "客户代码（必填）", "name": "单位名称*", "region": "服务区域", "contact": "Contact Person", "phone": "手机号",
    }  # fmt: skip
    assert guess(ImportKind.MACHINES, ["S/N", "Manufacturer", "Model No", "customer_id", "Location"]) == {
        "serial": "S/N", "maker": "Manufacturer", "customer": "customer_id", "site": "Location",
    }  # fmt: skip
    assert guess(ImportKind.ORDERS, ["BscStartDate", "Asset", "OriginalShorttext", "PMType", "Cost"]) == {
        "machine": "Asset", "date": "BscStartDate", "text": "OriginalShorttext", "kind": "PMType", "cost": "Cost",
    }  # fmt: skip


def test_headings_that_stand_twice_or_nowhere_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("名称,,名称\n1,2,3\n")
    assert head_of(path, 3).header == ["名称", "#2", "名称 (2)"]
