"""Every notice has its texts in both languages, and every name in them is known."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Engine

from anxiu.notify.channels.email import blocks
from anxiu.notify.choices import Kind, Reason, State
from anxiu.notify.links import masked
from anxiu.notify.messages import KINDS, REASONS, STATES
from anxiu.notify.subscribers.facts import Promise
from anxiu.notify.texts import FOLDER, render

AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
EVERYTHING = {
    "text": "门打不开", "subject": "电梯故障", "who": "王小明",
    "address": "https://erp.example.com/x", "since": AT, "why": "There is no such folder", "at": AT,
    "number": "WX0000017", "summary": "停梯", "severity": "紧急", "urgent": True, "machine": "安泰 M1", "serial": "S1",
    "customer": "华东机电", "site": "一号厂房", "company": "安修", "phone": "400 800 1234",
    "console_url": "http://127.0.0.1:8000/orders/1/", "track_url": "http://127.0.0.1:8000/p/t/x/",
    "sign_url": "http://127.0.0.1:8000/p/s/x/", "rate_url": "http://127.0.0.1:8000/p/rate/x/",
    "document_url": "http://127.0.0.1:8000/p/d/x/", "promises": [Promise("首次响应", AT)], "starts_at": AT, "ends_at": AT,
    "engineer": "李师傅", "reason": "配件在途", "until": AT, "resolved": True, "solution": "更换皮带",
    "guarantee_until": date(2026, 11, 7), "question": "几点到？", "answer": "十点。", "clock": "到场", "due_at": AT,
    "broken": True, "level": 1, "acknowledge_by": AT, "other": "陈敏", "score": 2, "scale": 5, "words": "没修好",
    "count": 3, "late": 2, "near": 1, "uncalled": 0, "names": "王工、李工", "titles": ["工单甲", "工单乙"], "more": 1,
    "name": "服务制度", "code": "default-2", "where": "华北", "purpose": "更快响应", "leader": "王主管", "rolled_out": True,
    "from": AT, "base": "服务制度 default-1", "url": "http://127.0.0.1:8000/escalations/", "cost": "26,000.00", "approved": True,
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_text_is_there_and_names_only_what_is_known(kind, language):
    said = render(kind, language, ZoneInfo("Asia/Shanghai"), EVERYTHING, engine=Engine(autoescape=False, string_if_invalid="?!"))
    assert said.title
    assert said.body
    assert "?!" not in said.title + said.body
    assert "{" not in said.title + said.body


@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_is_no_text_that_nothing_uses(language):
    names = {path.name.removesuffix(".txt") for path in (FOLDER / language).iterdir()}
    assert names == {f"{kind}.{part}" for kind in Kind for part in ("title", "body")}


def test_every_code_has_words():
    assert (set(KINDS), set(STATES), set(REASONS)) == (set(Kind), set(State), set(Reason))


def test_times_are_those_of_the_site():
    assert "5月11日 09:30" in render("departed", "zh-hans", ZoneInfo("Asia/Shanghai"), EVERYTHING).body
    assert "11 May 10:30" in render("departed", "en", ZoneInfo("Asia/Tokyo"), EVERYTHING).body


def test_a_line_that_is_left_out_leaves_no_hole():
    without = {**EVERYTHING, "customer": "", "site": "", "machine": ""}
    body = render("new_order", "zh-hans", ZoneInfo("Asia/Shanghai"), without).body
    assert body == "由您负责的新工单。\n\n级别：紧急\n\n打开工单：http://127.0.0.1:8000/orders/1/"


def test_a_body_becomes_paragraphs_a_table_and_a_button():
    found = blocks("好的。\n\n单号：WX1\n设备：M1\n\n查看进度：http://127.0.0.1:8000/p/t/abc/")
    assert [each.kind for each in found] == ["text", "table", "button"]
    assert found[1].rows == (("单号", "WX1"), ("设备", "M1"))
    assert (found[2].label, found[2].url) == ("查看进度", "http://127.0.0.1:8000/p/t/abc/")


def test_a_time_of_day_in_a_sentence_is_no_label():
    chinese, english = "时限为 11月22日 06:13，请尽快处理。", "It is due 22 Nov 06:13."
    assert [each.lines for each in blocks(f"{chinese}\n\n{english}")] == [(chinese,), (english,)]


def test_a_customers_link_never_becomes_a_button():
    assert [each.kind for each in blocks("客户问：https://evil.example/login")] == ["table"]


def test_secrets_of_links_are_masked():
    text = "查看进度：http://127.0.0.1:8000/p/t/Ab_9-xyz/\n签收：https://a.example/p/s/Q/ 完"
    assert masked(text) == "查看进度：http://127.0.0.1:8000/p/t/…/\n签收：https://a.example/p/s/…/ 完"
