"""What is new in a mail is never lost, whatever mail program quoted the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.mail.rules import split

LINE = st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)
# What somebody writes; lines that are themselves the marks of a quotation are in the tests below.
OWN = LINE.map(lambda each: each.replace(":", "").replace("：", "").strip(" >＞-_\u3000"))
OLD = st.lists(LINE, min_size=1, max_size=6)


def quoted(old):
    return "\n".join(f"> {each}" for each in old)


HEADERS = "发件人: 安修 <a@b>\n发送时间: 2026年5月11日\n收件人: 王\n主题: 电梯"
STYLES = {
    "gmail": lambda old: f"On Mon, May 11, 2026 at 9:00 AM Anxiu <a@b> wrote:\n{quoted(old)}",
    "wrapped": lambda old: f"On Mon, May 11, 2026 at 9:00 AM Anxiu\n<service@anxiu.test> wrote:\n{quoted(old)}",
    "chinese": lambda old: f"在 2026年5月11日，安修 写道：\n{quoted(old)}",
    "outlook": lambda old: f"-----Original Message-----\n{HEADERS}\n\n" + "\n".join(old),
    "qq": lambda old: f"------------------ 原始邮件 ------------------\n{HEADERS}\n\n" + "\n".join(old),
    "foxmail": lambda old: f"{HEADERS}\n\n" + "\n".join(old),
    "plain": quoted,
}


@given(st.text())
def test_the_two_parts_are_the_whole_text(text):
    found = split(text)
    assert found.new + found.rest == text


@pytest.mark.parametrize("style", STYLES)
@given(own=st.lists(OWN, min_size=1, max_size=6), old=OLD)
def test_what_is_new_stays_however_the_rest_is_quoted(style, own, old):
    text = "\n".join(own) + "\n\n" + STYLES[style](old)
    found = split(text)
    assert found.new + found.rest == text
    said = [each for each in own if each.strip()]
    assert [each for each in found.new.split("\n") if each.strip()][: len(said)] == said


@pytest.mark.parametrize("style", STYLES)
def test_history_behind_what_is_new_is_laid_aside(style):
    found = split("三楼。\n\n" + STYLES[style](["几楼？"]))
    assert found.new.strip() == "三楼。"


@given(first=OWN.filter(bool), second=OWN.filter(bool))
def test_answers_between_the_lines_keep_the_text_whole(first, second):
    text = f"在 2026年5月11日，安修 写道：\n> 几楼？\n{first}\n> 几号电梯？\n{second}"
    assert split(text).new == text


@pytest.mark.parametrize(
    "text",
    [
        "From: the third floor on, no lift works.", "He wrote:\nnothing works", "On Monday she wrote:\nfloor 3",
        "主题：电梯坏了", "> only what was quoted", "-- \n", "Sent: yesterday\nit stopped", "--\nThree lines\nof a list",
    ],
)  # fmt: skip
def test_what_only_looks_like_history_is_kept(text):
    assert split(text).new == text


def test_a_signature_behind_its_mark_is_laid_aside_and_a_long_one_is_not():
    assert split("stuck\n-- \nWang\n138").new == "stuck"
    long = "stuck\n-- \n" + "\n".join(f"line {each}" for each in range(30))
    assert split(long).new == long
