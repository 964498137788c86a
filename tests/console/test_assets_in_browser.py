"""Customers, machines and imports as a person works with them, in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from anxiu.accounts.models import Person
from anxiu.customers.models import Customer
from anxiu.equipment.models import ImportFile, PastOrder
from anxiu.equipment.tasks import take_import, try_import
from anxiu.kernel.models import Access
from tests.given.assets import AT, Base, a_base, a_person

CHROMIUM = shutil.which("chromium")
BUILT = (Path(__file__).parents[2] / "frontend/dist/manifest.json").exists()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and BUILT), reason="needs Chromium and the built front end"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright runs a loop in this thread; the test still asks the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def base() -> Base:
    return a_base(name="循环水泵", position="2 号泵房")


@pytest.fixture
def supervisor(base: Base) -> Person:
    return a_person("supervisor", base.region)


@pytest.fixture
def page(live_server: object, supervisor: Person) -> Iterator[Page]:
    client = Client()
    client.force_login(supervisor, backend="anxiu.accounts.backend.Backend")
    url = str(live_server)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        cookies = {"anxiu_session": client.cookies["anxiu_session"].value, "anxiu_language": "zh-hans"}
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        yield context.new_page()
        browser.close()


@pytest.mark.requirement("AST-01", "SAF-04")
def test_a_customer_is_found_by_pinyin_and_a_number_shown_on_request(page: Page, base: Base, supervisor: Person) -> None:
    page.goto("/customers/")
    page.get_by_placeholder("名称 / 拼音 / 编号 / 电话").fill("hdjd")
    page.wait_for_url("**q=hdjd**")
    page.get_by_role("link", name=base.customer.name).click()
    expect(page.get_by_text("138****5678")).to_be_visible()
    expect(page.get_by_text("循环水泵").first).to_be_visible()
    page.get_by_role("button", name="显示号码").click()
    expect(page.get_by_role("link", name="138 1234 5678")).to_have_attribute("href", "tel:13812345678")
    assert Access.objects.filter(purpose="unmask").values_list("actor_id", "subject_ids").get() == (
        supervisor.pk, [base.contact.pk]
    )  # fmt: skip


@pytest.mark.requirement("AST-01", "AST-02")
def test_a_machine_shows_warranty_tree_and_pages_of_history(page: Page, base: Base) -> None:
    PastOrder.objects.bulk_create(
        PastOrder(machine=base.machine, date=AT.date(), text=f"旧单 {n:02}", source="old", source_id=str(n))
        for n in range(60)
    )
    page.goto("/machines/?q=AT-2025")
    page.get_by_role("row", name="循环水泵").get_by_role("link", name="循环水泵").click()
    expect(page.get_by_text("2026-06-01").first).to_be_visible()
    expect(page.get_by_text("旧单 59")).to_be_visible()
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_text("旧单 00")).to_be_visible()
    expect(page.get_by_text("旧单 59")).to_have_count(0)
    page.get_by_role("button", name="修改").click()
    page.get_by_label("约定保修到期日").fill("2030-12-31")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("按本设备的约定")).to_be_visible()
    expect(page.get_by_text("2030-12-31").first).to_be_visible()


@pytest.mark.requirement("AST-05")
def test_a_file_is_checked_and_taken_in_before_the_readers_eyes(page: Page, base: Base, tmp_path: Path) -> None:
    path = tmp_path / "客户.csv"
    path.write_text(f"客户编号,客户名称,区域\nK-1,新来的公司,{base.region.code}\nK-2,坏行,nowhere\n", encoding="gb18030")
    page.goto("/imports/")
    page.get_by_label("来源系统").fill("erp")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="下一步：列").click()
    expect(page.get_by_role("heading", name="各列对应的内容")).to_be_visible()
    expect(page.get_by_label("客户名称")).to_have_value("客户名称")
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_text("正在检查文件")).to_be_visible()
    file = ImportFile.objects.get()
    try_import.func.__wrapped__(file.pk)
    expect(page.get_by_text("没有区域“nowhere”。")).to_be_visible()
    assert not Customer.objects.filter(code="K-1").exists()
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator("#x-dialog[open]").get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("正在导入文件")).to_be_visible()
    take_import.func.__wrapped__(file.pk)
    expect(page.get_by_text("导入完成")).to_be_visible()
    assert Customer.objects.get(code="K-1").name == "新来的公司"
