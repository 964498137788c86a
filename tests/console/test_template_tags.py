"""The tags of the design system: words in both languages, marks, forms, addresses."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from anxiu.console.templatetags import _drawing
from anxiu.kernel import time
from anxiu.kernel.money import Money

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def render(source: str, language: str = "zh-hans", **context: object) -> str:
    with translation.override(language), time.moved_to(NOON), timezone.override("Asia/Shanghai"):
        return Template("{% load anxiu %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (NOON - timedelta(hours=2, minutes=30), "今天 09:30", "Today 09:30"),
        (NOON - timedelta(hours=12, minutes=1), "昨天 23:59", "Yesterday 23:59"),
        (NOON + timedelta(hours=12), "明天 00:00", "Tomorrow 00:00"),
        (datetime(2026, 3, 5, 1, 0, tzinfo=UTC), "03-05 09:00", "03-05 09:00"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01 00:00", "01-01 00:00"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59", "2025-12-31 23:59"),
    ],
)
def test_localtime_short_names_the_day_as_people_do(at: datetime, chinese: str, english: str) -> None:
    assert render("{{ at|localtime_short }}", at=at) == chinese
    assert render("{{ at|localtime_short }}", "en", at=at) == english


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(seconds=59), "0 分", "0 min"),
        (timedelta(minutes=59), "59 分", "59 min"),
        (timedelta(hours=2), "2 小时", "2 h"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分", "2 h 5 min"),
        (timedelta(hours=47, minutes=59), "47 小时 59 分", "47 h 59 min"),
        (timedelta(days=2), "2 天", "2 d"),
        (timedelta(days=3, hours=4, minutes=50), "3 天 4 小时", "3 d 4 h"),
    ],
)
def test_duration_words_gives_the_two_largest_units(span: timedelta, chinese: str, english: str) -> None:
    assert render("{{ span|duration_words }}", span=span) == chinese
    assert render("{{ span|duration_words }}", "en", span=span) == english


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Money(1234550), "¥12,345.50"),
        (Money(-5), "−¥0.05"),
        (Money(1200, "JPY"), "JP¥1,200"),
        (Money(99, "USD"), "US$0.99"),
    ],
)
def test_money_shows_exactly_the_minor_units(amount: Money, words: str) -> None:
    assert render("{{ amount|money }}", amount=amount) == words


@pytest.mark.parametrize(
    ("minutes", "warn", "look", "words"),
    [
        (18, 30, "is-warn", "剩 18 分"),
        (75, 30, "", "剩 75 分"),
        (130, 30, "", "剩 2 小时 10 分"),
        (-96, 30, "is-late", "超时 96 分"),
    ],
)
def test_clock_says_what_is_left_with_colour_icon_and_word(minutes: int, warn: int, look: str, words: str) -> None:
    due = NOON + timedelta(minutes=minutes)
    html = render("{% clock due warn %}", due=due, warn=due - timedelta(minutes=warn))
    assert f'class="x-clock {look}"' in html
    assert f"<span data-text>{words}</span>" in html
    assert f'data-due="{due.isoformat()}"' in html
    assert ("#clock-exclamation" in html) is (minutes < 0)


def test_clock_that_is_over_does_not_count() -> None:
    html = render('{% clock due state="broken" missed_by=by %}', due=NOON, by=timedelta(minutes=5))
    assert "超时 5 分" in html
    assert "data-due" not in html
    assert render("{% clock due %}", due=None) == ""


def test_avatar_shows_the_character_that_tells_people_apart() -> None:
    assert [_drawing.avatar_letter(name) for name in ("王建国", "Mary Ann Lee", "Bo", " ", "欧阳 娜")] == [
        "国",
        "ML",
        "B",
        "?",
        "娜",
    ]
    assert _drawing.avatar_tone("王建国") == _drawing.avatar_tone("王建国")


def test_sparkline_spans_its_box_and_survives_a_flat_row() -> None:
    assert _drawing.spark_points([0, 10]) == "0.0,26.0 76.0,2.0"
    assert _drawing.spark_points([5, 5, 5]) == "0.0,14.0 38.0,14.0 76.0,14.0"


def test_user_data_is_escaped_everywhere() -> None:
    evil = '<b>"x"</b>'
    source = "{% chip t %}{% person t t %}{% severity 1 t %}{% empty t t %}{% timeline items %}{% copy_button t %}"
    html = render(source, t=evil, items=[{"text": evil, "at": NOON, "by": evil}])
    assert evil not in html
    assert "<b>" not in html


def test_query_with_sets_and_drops_keys() -> None:
    request = RequestFactory().get("/orders/", {"q": "泵", "after": "17"})
    assert (
        render('{% query_with request status="late" after=None %}', request=request) == "?q=%E6%B3%B5&amp;status=late"
    )
    assert render("{% query_with request q=None after=None %}", request=request) == "/orders/"


class OneForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the badge")
    secret = forms.CharField(widget=forms.PasswordInput)


def test_field_connects_label_help_and_error_for_screen_readers() -> None:
    html = render("{% field form.name %}{% field form.secret %}", form=OneForm({"name": ""}))
    assert 'aria-describedby="id_name-help id_name-error"' in html
    assert 'id="id_name-help"' in html
    assert 'id="id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert "data-reveal" in html
    assert "这个字段是必填项。" in html


def test_theme_comes_from_the_cookie_and_only_known_ones() -> None:
    def shown(**cookies: str) -> str:
        return render("{% theme %}", request=SimpleNamespace(COOKIES=cookies))

    assert [shown(), shown(anxiu_theme="dark"), shown(anxiu_theme='"><script>')] == ["auto", "dark", "auto"]


def test_constant_words_are_looked_up_once_a_language_and_others_each_time() -> None:
    page = Template('{% load i18n anxiu %}{% translate "Orders" %} {% translate word %} {% translate "Orders" as kept %}{{ kept }}')
    for language, words in (("zh-hans", "工单 设备 工单"), ("en", "Orders Machine Orders"), ("zh-hans", "工单 设备 工单")):
        with translation.override(language):
            assert page.render(Context({"word": "Machine"})) == words


def test_a_mark_escapes_what_is_not_safe_even_after_the_same_text_that_is() -> None:
    bold = "<b>x</b>"
    assert bold in render("{% chip label %}", label=mark_safe(bold))
    assert bold not in render("{% chip label %}", label=bold)
    assert bold not in render("{% person name %}", name=bold)
