"""The list of engineers, and who holds which skill."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anxiu.accounts.queries import regions
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import number
from anxiu.kernel.time import now
from anxiu.workforce.choices import EngineerState
from anxiu.workforce.messages import LEVELS, STATES
from anxiu.workforce.queries import VIEW, Filters, Row, grades, grades_out_of_force, listed, rows
from anxiu.workforce.queries import skills as all_skills

_TONES = {
    EngineerState.ACTIVE: "",
    EngineerState.BARRED: "red",
    EngineerState.LAPSING: "amber",
    EngineerState.LEFT: "grey",
}


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    state = asked.get("state", "")
    region = asked.get("region", "")
    return Filters(
        text=asked.get("q", ""),
        region_id=number(region),
        grade=asked.get("grade", ""),
        skill=asked.get("skill", ""),
        state=EngineerState(state) if state in set(EngineerState) else EngineerState.ACTIVE,
    )


def _in(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


def _selects(who: Actor, chosen: Filters) -> list[dict[str, object]]:
    """The selects over both lists: region, grade, skill."""
    places = [(each.pk, _in(each.name_zh, each.name_en)) for each in regions(who)]
    known = [(each.code, each.name.in_language(get_language() or "zh")) for each in grades(None, now())]
    lost = grades_out_of_force(who, now())
    known += [(code, _("{grade}, not in the regulation").format(grade=code)) for code in lost]
    held = [(each.code, _in(each.name_zh, each.name_en)) for each in all_skills()]
    selects: list[dict[str, object]] = [
        {"name": "grade", "label": _("All grades"), "value": chosen.grade, "choices": known},
        {"name": "skill", "label": _("All skills"), "value": chosen.skill, "choices": held},
    ]
    if len(places) > 1:
        label, value = _("All regions"), chosen.region_id or ""
        selects.insert(0, {"name": "region", "label": label, "value": value, "choices": places})
    return selects


def _narrowed(chosen: Filters) -> bool:
    return bool(chosen.text or chosen.region_id or chosen.grade or chosen.skill)


def _tabs(request: HttpRequest, who: Actor, chosen: Filters) -> list[dict[str, object]]:
    tabs: list[dict[str, object]] = []
    for state in EngineerState:
        counted = Filters(chosen.text, chosen.region_id, chosen.grade, chosen.skill, state)
        tabs.append(
            {
                "label": STATES[state],
                "count": listed(who, counted, now()).count(),
                "url": address(request, state="" if state is EngineerState.ACTIVE else state),
                "active": state is chosen.state,
                "tone": _TONES[state],
            }
        )
    return tabs


@page(VIEW)
def engineers(request: HttpRequest, who: Actor) -> HttpResponse:
    """Engineers with their standing, skills and today's load."""
    chosen = _filters(request)
    found, next_url = keyset(request, listed(who, chosen, now()), ["number"])
    actions = [{"label": _("Skills matrix"), "icon": "table", "url": reverse("skills")}]
    if who.may("equipment.view_imports") and who.may("workforce.add_qualification"):
        actions.append({"label": _("Import"), "icon": "file-import", "url": reverse("imports")})
    if who.may("workforce.add_engineer"):
        actions.append(
            {"label": _("Add engineer"), "icon": "user-plus", "look": "is-primary", "dialog": reverse("add_engineer")}
        )
    listing = Listing(
        id="engineers",
        rows=rows(who, found, now()),
        columns=columns(
            _("Engineer"), _("Grade"), _("Region"), _("Skills"), _("Shift today"), _("Booked today"), _("Standing"),
            _("Phone"),
        ),
        row_template="console/people/row.html",
        next_url=next_url,
        first_url=address(request) if "after" in request.GET else "",
        tabs=_tabs(request, who, chosen),
        hidden=[("state", chosen.state)] if chosen.state is not EngineerState.ACTIVE else (),
        search={"name": "q", "value": chosen.text, "placeholder": _("Name, pinyin, number, phone")},
        filters=_selects(who, chosen),
        actions=actions,
        is_filtered=_narrowed(chosen) or chosen.state is not EngineerState.ACTIVE,
        empty={
            "title": _("No engineers yet"),
            "text": _("Add the people who go on visits; then orders can be booked on them."),
            "symbol": "users",
        },
    )
    context = {"title": _("Engineers"), "listing": listing, "grades": _grade_names()}
    return show(request, "console/people/engineers.html", context, fragment="console/parts/listing.html")


def _grade_names() -> dict[str, str]:
    language = get_language() or "zh"
    return {each.code: each.name.in_language(language) for each in grades(None, now())}


def _matrix(found: Sequence[Row], codes: Sequence[str]) -> list[dict[str, object]]:
    """For each engineer the level of each skill, in the order of the columns; none where it is not held."""
    lines: list[dict[str, object]] = []
    for row in found:
        best: dict[str, int] = {}
        for held in row.skills:
            if held.skill and held.level:
                best[held.skill.code] = max(held.level, best.get(held.skill.code, 0))
        lines.append({"engineer": row.engineer, "bar": row.bar, "levels": [best.get(code) for code in codes]})
    return lines


@page(VIEW)
def skills(request: HttpRequest, who: Actor) -> HttpResponse:
    """Who holds which skill at which level."""
    chosen = _filters(request)
    known = list(all_skills())
    found, next_url = keyset(request, listed(who, chosen, now()), ["number"])
    heads = [{"label": _in(each.name_zh, each.name_en), "skill": each} for each in known]
    actions = []
    if who.may("workforce.add_skill"):
        actions.append({"label": _("Add skill"), "icon": "plus", "look": "is-primary", "dialog": reverse("add_skill")})
    listing = Listing(
        id="skills",
        rows=_matrix(rows(who, found, now()), [each.code for each in known]),
        columns=[{"label": _("Engineer")}, *heads],
        row_template="console/people/matrix_row.html",
        next_url=next_url,
        first_url=address(request) if "after" in request.GET else "",
        search={"name": "q", "value": chosen.text, "placeholder": _("Name, pinyin, number, phone")},
        filters=_selects(who, chosen),
        actions=actions,
        is_filtered=_narrowed(chosen),
        empty={"title": _("No engineers yet"), "symbol": "users"},
    )
    context = {
        "title": _("Skills matrix"),
        "context_line": ngettext("%(n)s skill", "%(n)s skills", len(known)) % {"n": len(known)},
        "listing": listing,
        "levels": LEVELS,
        "known": known,
        "may_retire": who.may("workforce.retire_skill"),
    }
    return show(request, "console/people/skills.html", context, fragment="console/parts/listing.html")
