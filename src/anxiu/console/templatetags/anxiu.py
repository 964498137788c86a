"""The tags pages are made with. Hot ones (icon, chip, avatar, clock) write their few characters directly, for a listing
calls them hundreds of times; the rest are small templates in `console/parts/`.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Protocol
from urllib.parse import quote

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.defaultfilters import truncatechars as shortened
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django_vite.core.asset_loader import DjangoViteAssetLoader

from anxiu.console.templatetags import _drawing, _fields, _remembered, _words
from anxiu.kernel import time
from anxiu.regulation.queries import terms

register = template.Library()
register.tag("translate", _remembered.translate)
THEMES = {"light": "light", "dark": "dark", "auto": "auto"}
NOTICE_LOOKS = {
    "success": ("green", "circle-check"),
    "warning": ("amber", "alert-triangle"),
    "error": ("red", "alert-circle"),
}
KPI_DEFAULTS = {"unit": "", "url": "", "values": (), "note": "", "change": "", "direction": "up", "good": True}
DELTA_ICONS = {"up": "arrow-up-right", "down": "arrow-down-right"}


class Amount(Protocol):
    """Anything with minor units and a currency."""

    minor: int
    currency: str


# ---- assets, theme, address: the same for every request of a process, so worked out once ----------------------------
KEPT: Final = 1024  # source: own choice; more than there are icons in all their looks


@register.simple_tag
@lru_cache(KEPT)
def asset_url(path: str) -> str:
    """The address of a file of the front-end build, by its source path, with its hash: may be cached for ever."""
    return str(DjangoViteAssetLoader.instance().generate_vite_asset_url(path))


@register.simple_tag
@lru_cache(KEPT)
def page_assets(path: str) -> SafeString:
    """The scripts and styles of a page, by the source path of its entry."""
    return mark_safe(str(DjangoViteAssetLoader.instance().generate_vite_asset(path)))  # noqa: S308  # from the manifest


@register.simple_tag
@lru_cache(KEPT)
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "bell" %}`, `{% icon "bell" "x-icon-s" %}`: a Tabler icon listed in `frontend/icons.txt`."""
    return format_html(
        '<svg class="x-icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        extra,
        asset_url("generated/icons.svg"),
        name,
    )


@register.simple_tag
def lang_attr() -> str:
    """The language of the page for `<html lang>`: browsers choose Chinese glyphs by it."""
    return "zh-CN" if _words.is_chinese() else "en"


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """`light`, `dark` or `auto` as the person chose; without a request (error pages) as the device says."""
    request = context.get("request")
    return THEMES.get(request.COOKIES.get("anxiu_theme", ""), "auto") if request else "auto"


@register.simple_tag
def company() -> Mapping[str, str]:
    """`{% company as us %}{{ us.name }} {{ us.phone }}`: who runs this, in the language of the request."""
    env = settings.ENV
    return {"name": env.company_zh if _words.is_chinese() else env.company_en, "phone": env.company_phone}


class Placed(Protocol):
    """Anything with a name and a place on earth."""

    name: str
    latitude: float
    longitude: float


@register.simple_tag
def map_link(at: Placed) -> str:
    """The address of the map this installation uses, with the way to a place."""
    link: str = settings.ENV.map_link
    return link.format(latitude=round(at.latitude, 6), longitude=round(at.longitude, 6), name=quote(at.name))


@register.simple_tag
def now_iso() -> str:
    """The server's clock for the page's countdowns."""
    return time.now().isoformat(timespec="seconds")


@register.simple_tag
def query_with(request: HttpRequest, **changes: object) -> str:
    """`{% query_with request status="late" after=None %}`: this address's query with some keys set or taken out."""
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else request.path


# ---- words -----------------------------------------------------------------------------------------------------------
@register.filter
def localtime_short(at: datetime | None) -> str:
    """`今天 09:30`, `11-21 09:30`; empty for nothing."""
    return _words.localtime_short(at, time.now()) if at else ""


@register.filter
def duration_words(span: timedelta | None) -> str:
    """`2 小时 5 分`, `2 h 5 min`; empty for nothing."""
    return "" if span is None else _words.duration_words(span)


@register.filter
def truncatechars(text: object, length: int) -> str:
    """Django's filter, but whole where the page goes into a file."""
    return str(text) if _words.is_in_full() else str(shortened(str(text), length))


@register.filter
def figure_name(key: str) -> str:
    """What a figure of the regulation is called."""
    return terms().figure(key, get_language() or "zh-hans")


@register.filter
def money(amount: Amount | None) -> str:
    """`¥1,234.50`; empty for nothing."""
    return "" if amount is None else _words.money_words(amount.minor, amount.currency)


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """A `<time>` with the short words shown and the full instant on hover."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    words = _words.local_short(local, timezone.localtime(time.now()).date())
    # Nothing here comes from a person, so nothing needs escaping; a history calls this for every line.
    return mark_safe(f'<time datetime="{at.isoformat()}" title="{local:%Y-%m-%d %H:%M:%S}">{words}</time>')  # noqa: S308


# ---- small marks: few words come again and again, so what was put together is kept -----------------------------------
@register.simple_tag
def chip(label: object, tone: str = "grey", symbol: str = "") -> SafeString:
    """`{% chip "On site" "violet" %}`: a status, colour and word; with `symbol` an icon instead of the dot."""
    return _chip(str(label), tone, symbol)


# Typed: a text that is safe as it is and the same text that must be escaped are two things.
@lru_cache(KEPT, typed=True)
def _chip(label: str, tone: str, symbol: str) -> SafeString:
    return format_html('<span class="x-chip x-tone-{}">{}{}</span>', tone, icon(symbol) if symbol else "", label)


@register.simple_tag
def severity(level: int, label: object) -> SafeString:
    """`{% severity 1 "Critical" %}`: 1 filled red, 2 red, 3 amber, 4 grey."""
    return _severity(level, str(label))


@lru_cache(KEPT, typed=True)
def _severity(level: int, label: str) -> SafeString:
    tone = {1: "red", 2: "red", 3: "amber"}.get(level, "grey")
    return format_html('<span class="x-sev is-{} x-tone-{}">{}</span>', level, tone, label)


@register.simple_tag
def avatar(name: str, size: str = "", photo: str = "") -> SafeString:
    """`{% avatar person.name "m" photo_url %}`; sizes m, l, xl. Decorative: the name stands beside it."""
    inner = format_html('<img src="{}" alt="" loading="lazy">', photo) if photo else _drawing.avatar_letter(name)
    tone, size = _drawing.avatar_tone(name), f" is-{size}" if size else ""
    return format_html('<span class="x-avatar x-tone-{}{}" aria-hidden="true">{}</span>', tone, size, inner)


@register.simple_tag
def person(name: str, detail: object = "", photo: str = "") -> SafeString:
    """An avatar with its name, and one quiet line under it."""
    return _person(str(name), str(detail), photo)


@lru_cache(KEPT, typed=True)
def _person(name: str, detail: str, photo: str) -> SafeString:
    small = format_html("<small>{}</small>", detail) if detail else ""
    size = "m" if detail else ""
    return format_html('<span class="x-person">{}<span>{}{}</span></span>', avatar(name, size, photo), name, small)


@register.simple_tag
def clock(
    due: datetime | None, warn: datetime | None = None, state: str = "running", missed_by: timedelta | None = None
) -> SafeString | str:
    """A promise: `running` counts down on the page, amber from `warn` on; `paused` stands still; `kept` and `broken`
    are over, the last with `missed_by`.
    """
    if due is None:
        return ""
    if _words.is_in_full() and state == "running":
        return _words.localtime_short(due, time.now())
    if state in {"paused", "kept", "broken"}:
        return _still_clock(due, state, missed_by)
    at = time.now()
    late = at > due
    span = _words.duration_words(due - at, _words.CLOCK_MINUTES)
    words = (gettext("%(t)s late") if late else gettext("%(t)s left")) % {"t": span}
    look = "is-late" if late else "is-warn" if warn and at >= warn else ""
    ends = f'data-due="{due.isoformat()}" data-warn="{warn.isoformat() if warn else ""}"'
    title = f"{timezone.localtime(due):%Y-%m-%d %H:%M}"
    mark = icon("clock-exclamation" if late else "clock")
    # Nothing here comes from a person, so nothing needs escaping; a listing calls this for every row.
    return mark_safe(f'<span class="x-clock {look}" {ends} title="{title}">{mark}<span data-text>{words}</span></span>')  # noqa: S308


def _still_clock(due: datetime, state: str, by: timedelta | None) -> SafeString:
    looks = {
        "paused": ("is-paused", "clock-pause", gettext("Paused")),
        "kept": ("is-kept", "circle-check", gettext("In time")),
        "broken": ("is-late", "clock-exclamation", gettext("Missed")),
    }
    look, symbol, words = looks[state]
    if state == "broken" and by:
        words = gettext("%(t)s late") % {"t": _words.duration_words(by, _words.CLOCK_MINUTES)}
    title = f"{timezone.localtime(due):%Y-%m-%d %H:%M}"
    if _words.is_in_full():
        words = f"{words} {title}"
    return format_html('<span class="x-clock {}" title="{}">{}{}</span>', look, title, icon(symbol), words)


@register.simple_tag
def kept_row(name: str, row: Hashable) -> SafeString:
    """A listing's row. The same list is asked for again and again while few of its rows change, so a row's text is kept
    by what it says: `row` is a value, and all that its template sees.
    """
    return _drawn_row(name, row) if _words.is_in_full() else _kept_row(name, get_language(), row)


@lru_cache(KEPT)
def _kept_row(name: str, _language: str | None, row: Hashable) -> SafeString:
    return _drawn_row(name, row)


def _drawn_row(name: str, row: Hashable) -> SafeString:
    return mark_safe(get_template(name).render({"row": row}))  # noqa: S308  # escaped by its template


@register.simple_tag
def delta(value: object, direction: str = "up", *, good: bool = True) -> SafeString:
    """A change beside a figure: the arrow says up or down, the colour good or bad."""
    look = "x-good" if good else "x-bad"
    return format_html('<span class="x-delta {}">{}{}</span>', look, icon(DELTA_ICONS[direction]), value)


@register.simple_tag
def sparkline(values: Sequence[float]) -> SafeString | str:
    """A line over its own area, drawn by the server; its colour is the tone around it."""
    if len(values) < 2:
        return ""
    points = _drawing.spark_points(values)
    width, height = _drawing.SPARK_WIDTH, _drawing.SPARK_HEIGHT
    return format_html(
        '<svg class="x-spark" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon points="0,{} {} {},{}"></polygon><polyline points="{}"></polyline></svg>',
        width, height, height, points, width, height, points,
    )  # fmt: skip


# ---- parts -----------------------------------------------------------------------------------------------------------
@register.inclusion_tag("console/parts/kpi.html")
def kpi(label: object, value: object, symbol: str, tone: str = "blue", **more: Any) -> Mapping[str, object]:
    """A figure: `unit`, `url`, `values` for the line, `note`, and `change`, `direction` (up, down), `good`."""
    return {**KPI_DEFAULTS, "label": label, "value": value, "symbol": symbol, "tone": tone, **more}


@register.inclusion_tag("console/parts/empty.html")
def empty(title: object, text: object = "", symbol: str = "inbox", **more: Any) -> Mapping[str, object]:
    """Nothing here yet, or (`tone="red"`) it failed: what it means and, with `url` and `action`, what to do."""
    return {"url": "", "action": "", "tone": "", "title": title, "text": text, "symbol": symbol, **more}


@register.inclusion_tag("console/parts/note.html")
def note(text: object, tone: str = "blue", symbol: str = "info-circle") -> Mapping[str, object]:
    """A sentence that must be seen before going on."""
    return {"text": text, "tone": tone, "symbol": symbol}


@register.inclusion_tag("console/parts/steps.html")
def steps(items: Sequence[Any]) -> Mapping[str, object]:
    """The process bar: each item has `label`, `state` (done, current, blocked, next) and perhaps `at` or `note`."""
    return {"items": items}


@register.simple_tag
def timeline(items: Sequence[Any]) -> SafeString:
    """History: each item has `text`, `at` and perhaps `detail`, `by`, `symbol`, `tone`, `beneath` (further lines)."""
    return mark_safe(f'<ol class="x-timeline">{"".join(map(_line, items))}</ol>')  # noqa: S308  # escaped there


def _line(item: Any) -> str:
    def part(name: str) -> Any:
        return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")

    tone = f" x-tone-{conditional_escape(part('tone'))}" if part("tone") else ""
    quiet = " · ".join(conditional_escape(part(name)) for name in ("by", "detail") if part(name))
    small = f"<small>{quiet}</small>" if quiet else ""
    small += "".join(f"<small>{conditional_escape(each)}</small>" for each in part("beneath") or ())
    mark = f'<span class="x-timeline-mark{tone}">{icon(part("symbol") or "point")}</span>'
    text = f'<div class="x-timeline-text">{conditional_escape(part("text"))}{small}</div>'
    return f"<li>{mark}{text}{moment(part('at'))}</li>"


@register.inclusion_tag("console/parts/tabs.html", takes_context=True)
def tabs(context: Context, items: Sequence[Any], look: str = "") -> Mapping[str, object]:
    """Tabs with counts: each item has `label`, `url` and perhaps `count`, `active`. `look="is-line"` for pages.
    With `target` in the context (a listing) they load by htmx.
    """
    return {"items": items, "look": look, "target": context.get("target")}


@register.inclusion_tag("console/parts/crumbs.html")
def crumbs(*pairs: object) -> Mapping[str, object]:
    """`{% crumbs "Orders" "/orders/" order.number %}`: label and address in turn, the last label without one."""
    return {"links": list(zip(pairs[::2], pairs[1::2], strict=False)), "last": pairs[-1] if len(pairs) % 2 else None}


@register.inclusion_tag("console/parts/copy.html")
def copy_button(text: str) -> Mapping[str, object]:
    """A small button that puts `text` on the clipboard."""
    return {"text": text}


@register.inclusion_tag("console/parts/field.html")
def field(bound: BoundField, help_text: object = "", *, wide: bool = False) -> Mapping[str, object]:
    """One form field whole: label, mark, widget with its look and aria, help, errors."""
    return _fields.parts(bound, help_text, wide=wide)


@register.inclusion_tag("console/figures/bare.html")
def bare(bound: BoundField, label: object = "") -> Mapping[str, object]:
    """One form field without its label, which stands beside it in a table: read out all the same."""
    bound.field.widget.attrs["aria-label"] = str(label or bound.label)
    return _fields.parts(bound)


@register.inclusion_tag("console/parts/file_drop.html")
def file_drop(bound: BoundField, hint: object = "") -> Mapping[str, object]:
    """A file field as a place to drop files on, with previews."""
    return {**_fields.parts(bound, hint, wide=True), "name": bound.html_name}


@register.filter
def notice_look(level: str) -> tuple[str, str]:
    """Tone and icon of a Django message's level."""
    return NOTICE_LOOKS.get(level, ("blue", "info-circle"))


@register.filter
def at_key(mapping: Mapping[object, object], key: object) -> object:
    """`{{ labels|at_key:code }}`: a value by a key that is itself a variable; a missing key shows the key."""
    return mapping.get(key, key)


@register.simple_tag
def in_words(words: Any) -> str:
    """Words of the regulation in the reader's language."""
    return str(words.in_language("zh" if _words.is_chinese() else "en"))


@register.simple_tag
def local_name(row: Any) -> str:
    """The name of a row that has `name_zh` and `name_en`, in the reader's language; empty for nothing."""
    return "" if row is None else str(row.name_zh if _words.is_chinese() else row.name_en)
