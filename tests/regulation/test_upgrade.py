"""A version as an older release stored it: after the upgrade people read it, its orders go on, and it is amended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from anxiu.accounts.queries import actor_of
from anxiu.kernel import values
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to, now
from anxiu.kernel.values import REGISTRY, Words
from anxiu.orders.models import Order
from anxiu.orders.queries import process_of
from anxiu.orders.values import CHECKLISTS, PROCESSES
from anxiu.regulation.actions import Source, amend_version, install, start_draft, withdraw_version
from anxiu.regulation.actions.moves import begin, new_version, write
from anxiu.regulation.choices import Control, Origin
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import document, preset, readiness, sheets
from anxiu.regulation.rules.preset import content, known_part
from tests.api.conftest import Caller
from tests.given.browsing import browser
from tests.given.orders import MONDAY, Company, a_company, opened
from tests.regulation.conftest import person_with

pytestmark = pytest.mark.django_db
GONE = {"orders.photos_required": 2, "orders.labour_required": True, "orders.preparation": [{"code": "tools"}]}
NEW = {
    "kpi.arrival_grace", "kpi.minimum_cases", "kpi.satisfied_from", "kpi.share_targets", "kpi.time_targets", "kpi.weights",
    "notify.gather", "orders.approval_limits", "orders.checklists", "orders.high_risk_work", "orders.processes",
    "orders.unresolved_reasons", "sla.approval", "sla.quiet_hours",
}  # fmt: skip
RECORD = Words(
    "完工前照片不少于 {orders.photos_required} 张；必须登记工时：{orders.labour_required}。",
    "The photos taken are no fewer than {orders.photos_required}; labour: {orders.labour_required}; "
    "{orders.preparation}; {orders.repeat_window}.",
)
HOUR = timedelta(hours=1)


def stored(origin: Origin = Origin.OURS, order_type: str = "", own: dict[str, object] | None = None) -> Version:
    """A version in force as the older release wrote it: keys that are gone, and none of those that came."""
    known = known_part(preset("default"), {key: value for key, value in REGISTRY.items() if key not in NEW})
    version = new_version(known, actor=SYSTEM, at=MONDAY - HOUR)
    version.order_type = order_type
    version.save(force_insert=True)
    articles = {each.number: each for each in preset("default").articles}
    kept = {each.number: each for each in known.articles}
    kept["5.3"] = replace(articles["5.3"], values=("orders.preparation",), origin=origin)
    kept["5.8"] = replace(
        articles["5.8"], text=RECORD, control=Control.VALUE, enforced_by=(), origin=origin,
        values=("orders.photos_required", "orders.labour_required"),
    )  # fmt: skip
    kept["5.1"] = replace(articles["5.1"], values=(), control=Control.GATE, enforced_by=())
    ready = content(known, {key: REGISTRY[key] for key in known.figures}, {})
    gone = {key: (raw, Origin.OURS) for key, raw in GONE.items()}
    gone |= {key: (raw, Origin.COMPANY) for key, raw in (own or {}).items()}
    write(version, replace(ready, articles=tuple(kept.values()), figures={**ready.figures, **gone}), None)
    begin(version, MONDAY - HOUR)
    return version


def text_of(version: Version, number: str, language: str = "en") -> str:
    clauses = [each for chapter in document(SYSTEM, version.pk, language).chapters for each in chapter.clauses]
    clause = next(each for each in clauses if each.number == number)
    assert set(clause.keys) <= REGISTRY.keys()
    return " ".join(said.text for paragraph in clause.paragraphs for said in paragraph)


@pytest.fixture
def company() -> Company:
    return a_company()


def test_a_clause_about_a_figure_that_is_gone_is_read_with_the_figure_as_it_was_stored(company: Company):
    version = stored()
    install()
    said = " ".join(text_of(version, "5.8").split())
    assert "no fewer than 2 ; labour: yes ; – ; 30 days" in said
    assert "登记工时： 是" in text_of(version, "5.8", "zh-hans")
    assert any("no fewer than 2" in each.text for each in sheets(SYSTEM, version.pk, "en"))
    reader = browser(company.management)
    for name in ("regulation_version", "version", "print_version", "version_readiness"):
        assert reader.get(reverse(name, args=[version.uid])).status_code == 200, name
    assert reader.get(reverse("post_manual", args=["engineer"])).status_code == 200
    calling = Caller(company.management)
    for part in ("", "/figures", "/clauses", "/readiness"):
        assert calling.get(f"/regulation/versions/{version.uid}{part}").status_code == 200, part


@pytest.mark.requirement("REG-01")
def test_orders_of_a_withdrawn_version_go_on(company: Company):
    order = opened(company)
    old = stored(order_type="repair")
    with moved_to(MONDAY + HOUR):
        withdraw_version(actor=SYSTEM, at=MONDAY + HOUR, version_id=old.pk)
    Order.objects.filter(pk=order.pk).update(version=old)
    order.refresh_from_db()
    install()
    assert values.reading(old.pk)(PROCESSES)
    assert process_of(order).steps
    with moved_to(MONDAY + 2 * HOUR):
        assert browser(company.dispatcher).get(f"/orders/{order.uid}/").status_code == 200
    listed = Caller(company.dispatcher).get("/orders")
    assert [each["uid"] for each in listed.json()["items"]] == [str(order.uid)]


@pytest.mark.parametrize("origin", [Origin.OURS, Origin.COMPANY])
def test_a_version_of_an_older_release_is_amended(origin: Origin):
    version = stored(origin)
    install()
    later = now() + HOUR
    amended = amend_version(
        actor=SYSTEM, at=now(), version_id=version.pk, in_force_from=later, changes={"orders.guarantee_days": 99}
    )
    assert readiness(amended.pk).is_ready
    checks, record = (Clause.objects.get(version=amended, number=number) for number in ("5.3", "5.8"))
    assert Clause.objects.get(version=amended, number="5.1").value_keys == ["orders.processes"]
    assert checks.value_keys == ["orders.checklists"]
    assert (record.control, record.value_keys) == (Control.GATE, [])
    mine = "no fewer than 2; labour: yes; –; {orders.repeat_window}." in record.text_en
    assert mine == (origin is Origin.COMPANY)
    assert record.origin == origin
    assert "{orders.photos" not in record.text_en + record.text_zh
    assert not Figure.objects.filter(version=amended, key__in=GONE).exists()


def test_a_draft_begins_with_a_version_of_an_older_release():
    version = stored()
    install()
    actor = actor_of(person_with("management"))
    draft = start_draft(actor=actor, at=now(), source=Source(version_id=version.pk), why="begin")
    assert readiness(draft.pk).is_ready
    assert "–" not in text_of(draft, "5.8")


OWN_LIST = [
    {"code": "lamp", "words": {"zh": "头灯", "en": "Head lamp"}, "mandatory": True},
    {"code": "badge_shown", "words": {"zh": "工牌", "en": "Badge"}, "mandatory": False},
]


@pytest.mark.requirement("REG-01", "ORD-08")
def test_what_the_company_wrote_under_an_older_key_is_carried_into_the_new_one(company: Company):
    own = {"orders.preparation": OWN_LIST, "orders.photos_required": 5, "orders.labour_required": False}
    version = stored(order_type="repair", own=own)
    install()
    figures = {each.key: each for each in version.figures.all()}
    assert {figures[key].origin for key in ("orders.checklists", "orders.processes")} == {Origin.COMPANY}
    lists = values.reading(version.pk)(CHECKLISTS)
    assert [(each.code, each.words.en, each.mandatory) for each in lists["preparation"]] == [
        ("lamp", "Head lamp", True), ("preparation_badge_shown", "Badge", False),
    ]  # fmt: skip
    assert lists["visit_protocol"]
    work = next(each for each in values.reading(version.pk)(PROCESSES)["repair"] if each.code == "repair")
    assert [(each.kinds, each.least) for each in work.evidence] == [(("photo",), 5)]
    later = now() + HOUR
    amended = amend_version(
        actor=SYSTEM, at=now(), version_id=version.pk, in_force_from=later, changes={"orders.guarantee_days": 99}
    )
    assert values.reading(amended.pk)(CHECKLISTS) == lists


def test_what_the_older_release_shipped_gives_way_to_what_this_one_ships():
    version = stored(order_type="repair")
    install()
    shipped = preset("default")
    held = {each.key: (each.raw, each.origin) for each in version.figures.all()}
    assert held["orders.checklists"] == (shipped.figures["orders.checklists"], shipped.origin("orders.checklists"))
