"""Bringing in files through the pages, with files as people have them."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anxiu.customers.models import Customer
from anxiu.equipment.models import ImportBatch, ImportFile, Machine
from anxiu.equipment.tasks import take_import, try_import
from tests.given.assets import Base, a_base, a_model, a_person, a_region
from tests.given.workbooks import a_workbook

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def base() -> Base:
    return a_base(serial="OLD-1")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def brought(client: Client, path: Path, kind: str, source: str = "erp") -> ImportFile:
    """Open a file and be led to its page."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post(reverse("open_import"), {"key": path.name + source, "kind": kind, "source": source, "file": file})
    assert answer.status_code == 302, text(answer)
    row = ImportFile.objects.latest("id")
    assert answer["Location"] == reverse("import_file", args=[row.uid])
    return row


def mapped(client: Client, row: ImportFile, **columns: object) -> Any:
    given = {name if isinstance(value, int) else f"column_{name}": value for name, value in columns.items()}
    return client.post(reverse("map_import", args=[row.uid]), {"key": "m", **given})


@pytest.mark.requirement("AST-05", "PF-02")
def test_a_workbook_is_mapped_checked_taken_in_and_taken_back(
    login: Callable[..., Client], base: Base, tmp_path: Path
) -> None:
    a_model(code="AT-9")
    code, site = base.customer.code, base.site.name
    path = a_workbook(
        tmp_path / "设备台账.xlsx",
        [
            ["机身号", "机型", "客户代码", "使用单位", "投用日期"], ["0001", "AT-9", code, site, "2025-06-01"],
            ["0002", "AT-9", code, site, "2025-13-01"], ["=1+1", "NONE", code, site, ""], ["old 1", "AT-9", "K-X", site, ""],
        ],
    )
    client = login(a_person("administrator"))
    row = brought(client, path, "machines")
    page = text(client.get(reverse("import_file", args=[row.uid])))
    for wanted in ("机身号 · 0001, 0002", "Which column holds what", "Columns to be named"):
        assert wanted in page
    assert '<option value="投用日期" selected>' in page
    refused = mapped(client, row, serial="机身号", customer="客户代码", site="使用单位")
    assert (refused.status_code, "Say which column holds this." in text(refused)) == (422, True)
    done = mapped(
        client, row, serial="机身号", model="机型", customer="客户代码", site="使用单位", installed_on="投用日期"
    )
    assert done.status_code == 302, text(done)
    at = reverse("import_file", args=[row.uid])
    waiting = text(client.get(at))
    assert "The file is being checked" in waiting
    assert "rows so far" in text(client.get(at, {"progress": "1"}, headers=PARTIAL))
    try_import.func.__wrapped__(row.pk)
    assert client.get(at, {"progress": "1"}, headers=PARTIAL)["HX-Refresh"] == "true"
    page = text(client.get(at))
    for wanted in (
        "The first rows as they will become", "2025-13-01” is not a date", "The cell holds a formula", "投用日期",
        "There is no customer “K-X”.",
    ):  # fmt: skip
        assert wanted in page, wanted
    assert Machine.objects.count() == 1
    file = b"".join(client.get(at, {"export": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert [line[:2] for line in list(csv.reader(file.splitlines()))[1:]] == [
        ["3", "投用日期 · Installed on"], ["4", "机身号 · Serial number"], ["5", "客户代码 · Customer code"]
    ]  # fmt: skip
    assert "1 rows are taken in" in text(client.get(reverse("start_import", args=[row.uid])))
    assert client.post(reverse("start_import", args=[row.uid]), {"key": "s"}).status_code == 204
    assert "The file is being taken in" in text(client.get(at))
    take_import.func.__wrapped__(row.pk)
    assert "Undo import" in text(client.get(at))
    assert Machine.objects.get(serial="0001").customer == base.customer
    batch = ImportBatch.objects.get()
    listed = text(client.get(reverse("imports")))
    assert ("设备台账.xlsx" in listed, at in listed) == (True, True)
    assert client.post(reverse("undo_import", args=[batch.uid]), {"key": "k"}).status_code == 204
    assert Machine.objects.count() == 1
    assert client.get(at).status_code == 200


@pytest.mark.requirement("AST-05")
def test_the_pages_speak_chinese(login: Callable[..., Client], base: Base, tmp_path: Path) -> None:
    path = tmp_path / "客户.csv"
    path.write_text(f"客户编号,客户名称,区域\nK-1,新来的公司,{base.region.code}\nK-2,坏行,nowhere\n", encoding="gb18030")
    client = login(a_person("administrator"), "zh-hans")
    row = brought(client, path, "customers")
    mapped(client, row, key="客户编号", name="客户名称", region="区域")
    try_import.func.__wrapped__(row.pk)
    page = text(client.get(reverse("import_file", args=[row.uid])))
    for wanted in ("没有区域“nowhere”。", "已检查", "前几行导入后的样子", "被拒绝的行"):
        assert wanted in page
    client.post(reverse("start_import", args=[row.uid]), {"key": "s"})
    take_import.func.__wrapped__(row.pk)
    assert Customer.objects.get(code="K-1").name == "新来的公司"


def test_what_is_no_table_comes_back_with_the_reason_and_is_not_kept(login: Callable[..., Client], base: Base) -> None:
    client = login(a_person("administrator"))
    given = {"key": "k", "kind": "customers", "source": "erp", "file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7\0 x")}
    answer = client.post(reverse("open_import"), given)
    assert (answer.status_code, "This is no table" in text(answer)) == (422, True)
    assert not ImportFile.objects.exists()


def test_a_long_list_of_refusals_is_paged(login: Callable[..., Client], base: Base, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("客户编号,客户名称,区域\n" + "".join(f"K-{n},公司,nowhere-{n}\n" for n in range(60)))
    client = login(a_person("administrator"))
    row = brought(client, path, "customers")
    mapped(client, row, key="客户编号", name="客户名称", region="区域")
    try_import.func.__wrapped__(row.pk)
    page = client.get(reverse("import_file", args=[row.uid]))
    assert ("nowhere-49”" in text(page), "nowhere-55”" in text(page)) == (True, False)
    after = client.get(page.context["listing"].next_url, headers=PARTIAL)
    assert ("nowhere-55”" in text(after), "<html" in text(after)) == (True, False)


@pytest.mark.requirement("PF-04")
def test_somebody_elses_file_is_not_there_and_who_may_not_is_refused(
    login: Callable[..., Client], base: Base, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("客户编号,客户名称,区域\nK,x,y\n")
    row = brought(login(a_person("supervisor", base.region)), path, "customers")
    stranger, agent = login(a_person("supervisor", a_region())), login(a_person("agent", base.region))
    for name in ("import_file", "start_import", "drop_import"):
        assert stranger.get(reverse(name, args=[row.uid])).status_code == 404
        assert agent.get(reverse(name, args=[row.uid])).status_code == 403
    assert agent.get(reverse("imports")).status_code == 403
    owner = login(a_person("administrator"))
    dropped = owner.post(reverse("drop_import", args=[row.uid]), {"key": "d"})
    assert (dropped.status_code, dropped["HX-Redirect"]) == (204, reverse("imports"))
    assert client_sees_discarded(owner, row)


def client_sees_discarded(client: Client, row: ImportFile) -> bool:
    return "Discarded" in text(client.get(reverse("import_file", args=[row.uid])))
