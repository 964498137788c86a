"""The living page of every component, at /gallery/ where DEBUG is on: what you see here is what a page gets."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.console.shell import Group, Item, Menu
from anxiu.kernel import time
from anxiu.kernel.money import Money

TONES = ("blue", "green", "amber", "red", "violet", "teal", "grey")
LEVELS = {1: _("Urgent"), 2: _("High"), 3: _("Medium"), 4: _("Low")}
STATES = {
    "violet": _("On site"), "red": _("Waiting for parts"), "amber": _("To dispatch"), "blue": _("Assigned"),
    "teal": _("On the way"), "green": _("Done"),
}  # fmt: skip
ROWS = """
AX2611210027|东方明珠物业|冷媒泄漏|GRUNDFOS CR45|浦东新区|2|violet|王建国|-96
AX2611210963|外高桥物流园|季度保养|KONE-3000S|普陀区|3|red|郭振华|-12
AX2611211151|长风大悦城|门机故障|SCHNEIDER MT20|静安区|1|amber||18
AX2611210094|世博源|燃烧器点火失败|GREE GMV-X|黄浦区|4|blue|李立新|75
AX2611210742|Zhangjiang Science Park|变频器报 F07|GRUNDFOS CR45|浦东新区|3|teal|Mary Ann Lee|620
AX2611210583|松江大学城|水泵振动超标|GRUNDFOS CR45|松江区|4|green|胡俊杰|3000
"""
NAMES = ("number", "customer", "fault", "model", "area", "level", "tone", "engineer", "minutes")
TREND = [33, 39, 82, 56, 71, 78, 52, 38, 30, 78, 64, 62, 60, 78]


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("Contact"), max_length=40)
    phone = forms.CharField(label=_("Phone"), help_text=_("Mobile or landline with area code"))
    severity = forms.ChoiceField(label=_("Severity"), choices=list(LEVELS.items()))
    visit = forms.DateTimeField(label=_("Visit"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    text = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 3}))
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[("phone", _("Phone")), ("web", _("Web")), ("app", _("App"))],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(label=_("The customer agrees to photos being taken"), required=False)
    photo = forms.FileField(label=_("Photos"), required=False)


class SampleReport(forms.Form):
    """What a customer fills in."""

    symptoms = forms.MultipleChoiceField(
        label=_("What is wrong?"),
        choices=[
            (str(n), text) for n, text in enumerate(("不启动", "异响振动", "漏水", "面板报警", "压力不足", "Other"))
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    phone = forms.CharField(label=_("Phone"), widget=forms.TextInput(attrs={"type": "tel"}))
    consent = forms.BooleanField(label=_("The customer agrees to photos being taken"))


def _rows() -> list[SimpleNamespace]:
    at = time.now()
    rows = [SimpleNamespace(**dict(zip(NAMES, line.split("|"), strict=True))) for line in ROWS.split("\n") if line]
    for row in rows:
        row.level, row.url = int(row.level), f"#{row.number}"
        row.severity, row.state = LEVELS[row.level], STATES[row.tone]
        row.due = at + timedelta(minutes=int(row.minutes), seconds=30)
        row.warn, row.visit = row.due - timedelta(minutes=30), row.due + timedelta(hours=1)
    return rows


def _listing(request: HttpRequest) -> SimpleNamespace:
    wanted, chosen, level = (request.GET.get(name, "") for name in ("q", "tab", "level"))
    rows = [row for row in _rows() if wanted.lower() in f"{row.number}{row.customer}{row.fault}".lower()]
    labels = (_("Order"), _("Customer / fault"), _("Model"), _("Area"), _("Severity"), _("State"), _("Engineer"))
    tabs = ((_("All"), 120, ""), (STATES["amber"], 14, "amber"), (STATES["blue"], 60, "blue"))
    return SimpleNamespace(
        id="orders",
        title=_("Orders"),
        live="orders",
        tabs=[{"label": a, "count": n, "url": f"?tab={key}", "active": chosen == key} for a, n, key in tabs],
        search={"name": "q", "value": wanted, "placeholder": _("Number / customer / fault")},
        filters=[
            {"name": "level", "label": _("Severity"), "value": level, "choices": list(LEVELS.items())},
            {"name": "area", "label": _("All areas"), "value": "", "choices": [("pd", "浦东新区"), ("hp", "黄浦区")]},
        ],
        actions=[
            {"label": _("Export"), "icon": "download", "url": "#", "look": "", "download": True},
            {"label": _("New order"), "icon": "plus", "url": "#", "look": "is-primary"},
        ],
        columns=[{"label": label} for label in (*labels, _("Visit"), _("Clock"), "")],
        rows=rows,
        row_template="console/parts/gallery_row.html",
        next_url="?after=120",
        count=120,
        is_filtered=bool(wanted),
        picks=[{"label": _("Assign"), "icon": "user-plus", "url": "#", "verb": "book_visit", "look": "is-primary"}],
    )


def _item(label: Promise, icon: str, key: str = "", **more: Any) -> Item:
    return Item(icon, str(label), icon, "", key, url="#", **more)


def _shell() -> dict[str, object]:
    dispatch = [
        _item(_("Desk"), "layout-dashboard", "d", active=True, primary=True),
        _item(_("Orders"), "clipboard-list", "o", count=120, primary=True),
        _item(_("Board"), "calendar-time", "b", count=14, alert=True, primary=True),
        _item(_("Intake"), "headset", "i", primary=True),
    ]
    customers = [
        _item(_("Customers"), "address-book", "c"),
        _item(_("Machines"), "device-desktop", "m"),
        _item(_("Contracts and warranty"), "certificate", "w"),
    ]
    resources = [
        _item(_("Engineers"), "users", "e"),
        _item(_("Shifts and leave"), "id-badge-2", "s"),
        _item(_("Parts"), "package", "p"),
    ]
    analysis = [_item(_("Reports"), "report-analytics", "r"), _item(_("Settings"), "settings", "x")]
    groups = {
        _("Dispatch"): dispatch, _("Customers and machines"): customers, _("Resources"): resources,
        _("Analysis"): analysis,
    }  # fmt: skip
    menu = Menu(tuple(Group(str(label), tuple(items)) for label, items in groups.items()), "/")
    places = {"search_url": "/gallery/", "notices_url": "#", "live_url": "", "unread": True}
    return {**places, "post": _("Dispatch lead"), "menu": menu}


def _steps() -> list[dict[str, object]]:
    at, now_at = time.now(), 3
    labels = (_("Accept"), _("Prepare"), _("Arrive"), _("Repair"), _("Sign-off"), _("Follow-up"), _("Archive"))
    steps: list[dict[str, object]] = []
    for n, label in enumerate(labels):
        state = "done" if n < now_at else "current" if n == now_at else "next"
        reached = None if n > now_at else at - timedelta(minutes=50 * (now_at + 1 - n))
        steps.append({"label": label, "state": state, "at": reached})
    return steps


def _history() -> list[dict[str, object]]:
    at = time.now()
    return [
        {"text": _("The engineer arrived at the machine"), "detail": _("80 m from the site, by GPS"), "by": "王建国",
         "symbol": "map-pin-check", "tone": "violet", "at": at - timedelta(minutes=12)},
        {"text": _("Severity raised to urgent"), "detail": _("People are shut in"), "by": "陈敏",
         "symbol": "flame", "tone": "red", "at": at - timedelta(minutes=50)},
        {"text": _("Visit booked"), "by": "陈敏",
         "symbol": "calendar-plus", "tone": "blue", "at": at - timedelta(hours=2)},
        {"text": _("Request received by phone"), "symbol": "phone-incoming", "at": at - timedelta(days=1, hours=3)},
    ]  # fmt: skip


def _charts() -> dict[str, object]:
    kinds = ["电梯", "空调", "配电", "水泵", "锅炉", "消防"]
    trend = [
        {"name": str(_("New")), "data": TREND},
        {"name": str(_("Done")), "data": [n - 5 if n % 2 else n + 4 for n in TREND]},
        {"name": str(_("On time")), "line": True, "right": True, "data": [90 + n % 8 for n in TREND]},
    ]
    return {
        "trend": {"labels": [f"11-{day:02d}" for day in range(8, 22)], "rightUnit": "%", "series": trend},
        "ranked": {"labels": kinds, "series": [{"name": str(_("Orders")), "data": [186, 142, 97, 74, 51, 38]}]},
    }


def _page(request: HttpRequest) -> dict[str, object]:
    at = time.now()
    return {
        "title": _("Desk"),
        "context_line": _("Components"),
        "shell": _shell(),
        "tones": TONES,
        "listing": _listing(request),
        "form": SampleForm({"name": "周女士", "severity": "2"}),
        "steps": _steps(),
        "history": _history(),
        "amount": Money(1234550),
        "at": at,
        "spark": [4, 6, 5, 9, 7, 8, 11],
        "spark_down": [9, 7, 8, 5, 6, 3, 4],
        "late": at - timedelta(minutes=96),
        "soon": at + timedelta(minutes=18, seconds=30),
        "later": at + timedelta(hours=3),
        "span": timedelta(hours=2, minutes=5),
        **_charts(),
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once; a partial request answers with the listing alone, as real pages do."""
    if "dialog" in request.GET:
        form = SampleForm(request.POST or None)
        context = {"form": form, "title": _("Cancel the order"), "post_url": "/gallery/?dialog=1", "danger": True}
        status = 422 if request.method == "POST" else 200
        return render(request, "console/parts/form_dialog.html", context, status=status)
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "console/parts/listing.html", {"listing": _listing(request)})
    if "message" in request.GET:
        messages.success(request, _("The visit is booked."))
        messages.error(request, _("The engineer is already booked at that time."))
    return render(request, "console/parts/gallery.html", _page(request))


def portal_gallery(request: HttpRequest) -> HttpResponse:
    """The parts of the customer pages, in one page as a customer would see them; a post shows what arrived."""
    at = time.now()
    shown = SampleReport(request.POST) if request.method == "POST" else SampleReport(initial={"symptoms": ["0", "3"]})
    signed, photos = request.POST.get("drawn", ""), request.FILES.getlist("photos")
    steps = [{**step, "text": _("Visit booked") if step["state"] == "current" else ""} for step in _steps()[:5]]
    return render(request, "portal/parts/gallery.html", {
        "title": _("The engineer is on the way"),
        "engineer": {"name": "吴海涛", "detail": "锅炉 / 水泵", "rating": "4.9", "badge": "A1037",
                     "phone": "4008001234"},
        "machine": {"name": "GRUNDFOS CR45", "detail": "GF-45-20231187", "cover": _("In time"), "covered": True},
        "steps": steps, "form": shown, "at": at,
        "stars": request.POST.get("stars", "4"), "who": request.POST.get("who", ""),
        "received": {"signature": len(signed), "photos": [photo.size for photo in photos]},
    })  # fmt: skip
