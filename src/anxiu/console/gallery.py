"""The living page of every component, at /gallery/ where DEBUG is on: what you see here is what a page gets."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from anxiu.kernel import time
from anxiu.kernel.money import Money

TONES = ("blue", "green", "amber", "red", "violet", "teal", "grey")
ROWS = [
    ("AX2611210027", "东方明珠物业", "冷媒泄漏", "GRUNDFOS CR45", "浦东新区", 2, _("High"), _("On site"), "violet", "王建国", -96),
    ("AX2611210963", "外高桥物流园", "季度保养", "KONE-3000S", "普陀区", 3, _("Medium"), _("Waiting for parts"), "red", "郭振华", -12),
    ("AX2611211151", "长风大悦城", "门机故障", "SCHNEIDER MT20", "静安区", 1, _("Urgent"), _("To dispatch"), "amber", "", 18),
    ("AX2611210094", "世博源", "燃烧器点火失败", "GREE GMV-X", "黄浦区", 4, _("Low"), _("Assigned"), "blue", "李立新", 75),
    ("AX2611210742", "Zhangjiang Science Park", "变频器报 F07", "GRUNDFOS CR45", "浦东新区", 3, _("Medium"), _("On the way"), "teal", "Mary Ann Lee", 620),
    ("AX2611210583", "松江大学城", "水泵振动超标", "GRUNDFOS CR45", "松江区", 4, _("Low"), _("Done"), "green", "胡俊杰", 3000),
]  # fmt: skip


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("Contact"), max_length=40)
    phone = forms.CharField(label=_("Phone"), help_text=_("Mobile or landline with area code"))
    severity = forms.ChoiceField(label=_("Severity"), choices=[("1", _("Urgent")), ("2", _("High")), ("3", _("Medium"))])
    visit = forms.DateTimeField(label=_("Visit"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    text = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 3}))
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("phone", _("Phone")), ("web", _("Web")), ("app", _("App"))], widget=forms.RadioSelect
    )
    consent = forms.BooleanField(label=_("The customer agrees to photos being taken"), required=False)
    photo = forms.FileField(label=_("Photos"), required=False)


def _rows() -> list[SimpleNamespace]:
    at = time.now()
    names = ("number", "customer", "fault", "model", "area", "level", "severity", "state", "tone", "engineer", "minutes")
    rows = [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in ROWS]
    for row in rows:
        row.due = at + timedelta(minutes=row.minutes, seconds=30)
        row.warn = row.due - timedelta(minutes=30)
        row.visit = at + timedelta(minutes=row.minutes + 60)
        row.url = f"#{row.number}"
    return rows


def _listing(request: HttpRequest) -> SimpleNamespace:
    wanted = request.GET.get("q", "")
    rows = [row for row in _rows() if wanted.lower() in f"{row.number}{row.customer}{row.fault}".lower()]
    labels = [_("Order"), _("Customer / fault"), _("Model"), _("Area"), _("Severity"), _("State"), _("Engineer"), _("Visit"), _("Clock")]
    tabs = [(_("All"), 120, ""), (_("To dispatch"), 14, "amber"), (_("Assigned"), 60, "blue"), (_("Done"), 16, "green")]
    chosen = request.GET.get("tab", "")
    return SimpleNamespace(
        id="orders",
        title=_("Orders"),
        live="orders",
        tabs=[{"label": a, "count": n, "url": f"?tab={key}", "active": chosen == key} for a, n, key in tabs],
        search={"name": "q", "value": wanted, "placeholder": _("Number / customer / fault")},
        filters=[
            {"name": "level", "label": _("Severity"), "value": request.GET.get("level", ""), "choices": [("1", _("Urgent")), ("2", _("High"))]},
            {"name": "area", "label": _("All areas"), "value": "", "choices": [("pd", "浦东新区"), ("hp", "黄浦区")]},
        ],
        actions=[
            {"label": _("Export"), "icon": "download", "url": "#", "look": "", "download": True},
            {"label": _("New order"), "icon": "plus", "url": "#", "look": "is-primary"},
        ],
        columns=[{"label": label} for label in labels] + [{"label": ""}],
        rows=rows,
        row_template="console/parts/gallery_row.html",
        next_url="?after=120",
        count=120,
        is_filtered=bool(wanted),
        picks=[{"label": _("Assign"), "icon": "user-plus", "url": "#", "verb": "book_visit", "look": "is-primary"}],
    )


def _shell() -> dict[str, object]:
    def item(label: object, icon: str, key: str = "", **more: object) -> dict[str, object]:
        return {"label": label, "icon": icon, "key": key, "url": "#", **more}

    return {
        "search_url": "/gallery/", "notices_url": "#", "unread": True, "post": _("Dispatch lead"), "live_url": "",
        "nav": [
            {"label": _("Dispatch"), "items": [
                item(_("Desk"), "layout-dashboard", "d", active=True, primary=True),
                item(_("Orders"), "clipboard-list", "o", count=120, primary=True),
                item(_("Board"), "calendar-time", "b", count=14, alert=True, primary=True),
                item(_("Intake"), "headset", "i", primary=True),
            ]},
            {"label": _("Customers and machines"), "items": [
                item(_("Customers"), "address-book", "c"), item(_("Machines"), "device-desktop", "m"),
                item(_("Contracts and warranty"), "certificate", "w"),
            ]},
            {"label": _("Resources"), "items": [
                item(_("Engineers"), "users", "e"), item(_("Shifts and leave"), "id-badge-2", "s"), item(_("Parts"), "package", "p"),
            ]},
            {"label": _("Analysis"), "items": [item(_("Reports"), "report-analytics", "r"), item(_("Settings"), "settings", "x")]},
        ],
    }  # fmt: skip


def _steps() -> list[dict[str, object]]:
    at = time.now()
    labels = (_("Accept"), _("Prepare"), _("Arrive"), _("Repair"), _("Sign-off"), _("Follow-up"), _("Archive"))
    return [
        {"label": label, "state": "done" if n < 3 else "current" if n == 3 else "next",  # noqa: PLR2004
         "at": at - timedelta(minutes=200 - 50 * n) if n <= 3 else None}  # noqa: PLR2004
        for n, label in enumerate(labels)
    ]  # fmt: skip


def _history() -> list[dict[str, object]]:
    at = time.now()
    return [
        {"text": _("The engineer arrived at the machine"), "detail": _("80 m from the site, by GPS"), "by": "王建国",
         "symbol": "map-pin-check", "tone": "violet", "at": at - timedelta(minutes=12)},
        {"text": _("Severity raised to urgent"), "detail": _("People are shut in"), "by": "陈敏",
         "symbol": "flame", "tone": "red", "at": at - timedelta(minutes=50)},
        {"text": _("Visit booked"), "by": "陈敏", "symbol": "calendar-plus", "tone": "blue", "at": at - timedelta(hours=2)},
        {"text": _("Request received by phone"), "symbol": "phone-incoming", "at": at - timedelta(days=1, hours=3)},
    ]  # fmt: skip


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once; a partial request answers with the listing alone, as real pages do."""
    if request.headers.get("HX-Request-Type") == "partial" and "dialog" not in request.GET:
        return render(request, "console/parts/listing.html", {"listing": _listing(request)})
    if "dialog" in request.GET:
        form = SampleForm(request.POST or None)
        context = {"form": form, "title": _("Cancel the order"), "post_url": "/gallery/?dialog=1", "danger": True}
        return render(request, "console/parts/form_dialog.html", context, status=422 if request.method == "POST" else 200)
    if "message" in request.GET:
        messages.success(request, _("The visit is booked."))
        messages.error(request, _("The engineer is already booked at that time."))
    bad = SampleForm({"name": "周女士", "severity": "2"})
    return render(request, "console/parts/gallery.html", {
        "title": _("Desk"), "context_line": _("Components"), "shell": _shell(), "tones": TONES, "listing": _listing(request),
        "form": bad, "steps": _steps(), "history": _history(), "amount": Money(1234550), "at": time.now(),
        "spark": [4, 6, 5, 9, 7, 8, 11], "spark_down": [9, 7, 8, 5, 6, 3, 4], "late": time.now() - timedelta(minutes=96),
        "soon": time.now() + timedelta(minutes=18, seconds=30), "later": time.now() + timedelta(hours=3), "span": timedelta(hours=2, minutes=5),
        "trend": {"labels": [f"11-{d:02d}" for d in range(8, 22)], "rightUnit": "%", "series": [
            {"name": str(_("New")), "data": [33, 39, 82, 56, 71, 78, 52, 38, 30, 78, 64, 62, 60, 78]},
            {"name": str(_("Done")), "data": [24, 33, 84, 55, 73, 72, 58, 43, 31, 83, 61, 68, 58, 69]},
            {"name": str(_("On time")), "line": True, "right": True, "data": [94, 97, 93, 96, 93, 95, 94, 97, 91, 92, 90, 94, 92, 95]},
        ]},
        "ranked": {"labels": ["电梯", "空调", "配电", "水泵", "锅炉", "消防"], "series": [{"name": str(_("Orders")), "data": [186, 142, 97, 74, 51, 38]}]},
    })  # fmt: skip
