"""The five published regulations: each says what its publication says, and an order opened under it is judged by that."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anxiu.accounts.models import Person
from anxiu.kernel import values
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import GateShut, NotFound
from anxiu.kernel.time import moved_to
from anxiu.kernel.values import REGISTRY
from anxiu.orders.models import Order
from anxiu.orders.values import CHECKLISTS, GUARANTEE_DAYS
from anxiu.regulation.actions import adopt_preset, amend_version, install
from anxiu.regulation.choices import Control, Origin
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import document, figures, in_force, known_for, preset_document, presets, terms
from anxiu.regulation.rules.preset import PresetFault, read_preset
from anxiu.regulation.rules.text import Placeholder, pieces
from anxiu.regulation.rules.words import in_words, row_in_words
from anxiu.sla.models import Clock
from anxiu.sla.values import LADDER
from anxiu.workforce.choices import Difficulty
from anxiu.workforce.queries import candidates
from anxiu.workforce.queries import figures as people_figures
from anxiu.workforce.rules import Need
from anxiu.workforce.values import GRADES
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, Company, a_company, an_engineer, opened
from tests.regulation.test_preset import written

PUBLISHED = ("r1", "r2", "r3", "r4", "r5")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# The clocks an order starts with, by severity: what the publication names, and else what the general regulation says.
CLOCKS = {
    ("r1", "urgent"): (30 * MINUTE, 4 * HOUR), ("r1", "normal"): (30 * MINUTE, 24 * HOUR),
    ("r1", "minor"): (30 * MINUTE, 72 * HOUR), ("r2", "normal"): (2 * HOUR, 24 * HOUR),
    ("r3", "urgent"): (2 * HOUR, 24 * HOUR), ("r3", "normal"): (2 * HOUR, 24 * HOUR),
    ("r3", "minor"): (2 * HOUR, 24 * HOUR), ("r4", "normal"): (2 * HOUR, 24 * HOUR),
    ("r5", "normal"): (2 * HOUR, 24 * HOUR), ("default", "normal"): (2 * HOUR, 24 * HOUR),
}  # fmt: skip
FIGURES = {
    "r1": {"sla.first_response", "orders.guarantee_days", "orders.checklists", "feedback.scale"},
    "r2": {"kpi.weights", "uptake.review_every"},
    "r3": {"sla.first_response", "sla.arrival", "sla.ladder", "feedback.scale", "workforce.induction_required",
           "orders.processes"},
    "r4": {"orders.processes", "kpi.weights"},
    "r5": {"orders.processes"},
}
# What a publication says of everybody's conduct, training, pay and so on: a word of each row of its tables.
SAID = {
    "r1": ("30 天", "4 小时", "90 分", "返修率不超过 5%", "100%", "3 天", "不少于 2 次", "HCIA", "CCNA", "月度工程师", "警告",
           "绩效工资", "解除劳动合同", "单单回访", "高处作业", "应急小组", "试点", "超出保修范围"),
    "r2": ("4 小时缩短到 30 分钟", "72 小时缩短到 24 小时", "60%", "出勤", "照片", "视频", "每季度", "认证积分", "微证书", "人工智能",
           "年度最佳案例", "服务之星", "连续三次", "短信或微信", "神秘客户", "三个月", "半年"),
    "r3": ("2 小时", "方案审批", "客户确认", "85%", "4.5 分", "100%", "项目经理", "演练", "前三名", "专属客服", "首问", "联席会议", "案例库",
           "晋升"),
    "r4": ("五步闭环", "40%", "30%", "20%", "10%", "90%", "95%", "实操考试", "案例研讨", "金牌工程师", "客户好评奖", "NPS", "备件到位",
           "调试完成", "年度计划"),
    "r5": ("及时", "故障原因", "会诊", "前十日", "次年一月", "技术支持工程师", "入职培训", "技术专家、主管、经理", "年终奖", "出勤", "信息安全",
           "五项社会保险", "住房公积金", "问卷", "职业规划"),
}  # fmt: skip


def as_browser(actor: Actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Person.objects.get(pk=actor.person_id), backend="anxiu.accounts.backend.Backend")
    return client


def browser(post: str) -> Client:
    return as_browser(acting(post))


def adopt(code: str, **more: Any) -> Version:
    with moved_to(MONDAY):
        return adopt_preset(**{"actor": SYSTEM, "at": MONDAY, "preset_code": code, "in_force_from": MONDAY, **more})


# ---- what they say ---------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-06")
@pytest.mark.parametrize("code", PUBLISHED)
def test_a_preset_marks_what_its_publication_names_and_says_every_figure(code: str):
    preset = presets()[code]
    assert preset.published == FIGURES[code]
    assert set(preset.figures) == set(REGISTRY)
    assert sorted(key for article in preset.articles for key in article.values) == sorted(REGISTRY)
    ours = {each.number: each for each in presets()["default"].articles}
    for article in preset.articles:
        if article.origin is Origin.OURS:
            assert article == ours[article.number]
        elif article.number not in ours:
            assert article.position >= 20  # a clause that is added to the general regulation never meets it
        assert (article.control is Control.MANUAL) == bool(article.manual.zh)


@pytest.mark.requirement("REG-06")
@pytest.mark.parametrize("code", PUBLISHED)
def test_every_row_of_its_tables_is_said(code: str):
    text = "".join(
        said.text
        for chapter in preset_document(SYSTEM, code, "zh-hans", origin=Origin.PUBLISHED).chapters
        for clause in chapter.clauses
        for paragraph in (clause.title, *clause.paragraphs)
        for said in paragraph
    )
    assert [words for words in SAID[code] if words not in text] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", PUBLISHED)
def test_every_clause_can_be_said_in_both_languages(code: str, language: str):
    preset = presets()[code]
    for article in preset.articles:
        for words in (article.title, article.text, article.chapter.title, article.manual):
            chinese = any("\u4e00" <= letter <= "\u9fff" for letter in words.in_language(language))
            assert chinese == (language != "en" and bool(words.zh)), article.number
        for piece in pieces(article.text.in_language(language)):
            if isinstance(piece, Placeholder):
                kind = REGISTRY[piece.key].kind
                parsed = kind.parse(preset.figures[piece.key])
                say = row_in_words(kind, parsed, piece.row, language, terms()) if piece.row else in_words(kind, parsed, language, terms())
                assert say.strip()
    assert 3 <= len(known_for(code, language)) <= 5
    assert all(label and says for label, says in known_for(code, language))


@pytest.mark.requirement("REG-09")
@pytest.mark.parametrize("code", PUBLISHED)
def test_purpose_scope_and_principles_are_stated_or_said_to_be_the_general_ones(code: str):
    stated = {"r1": ("purpose", "scope"), "r5": ("purpose", "scope", "principles")}.get(code, ())
    general, preset = presets()["default"], presets()[code]
    for part in ("purpose", "scope", "principles"):
        words, ours = getattr(preset, part), getattr(general, part)
        assert words.zh.startswith("原文对此未作规定") == (part not in stated)
        assert (ours.en in words.en and "silent on this" in words.en) == (part not in stated)
    assert "incomplete" in presets()["r5"].purpose.en


# ---- how they are laid over ------------------------------------------------------------------------------------------
def base() -> Any:
    return read_preset("base", written())


def over(**changes: Any) -> Any:
    both = {"zh": "文", "en": "text"}
    clause = {"number": "1.20", "title": both, "text": both, "control": "gate"}
    top = {key: changes.pop(key) for key in ("published", "figures", "silent") if key in changes}
    file = {"based_on": "base", "name": both, "trade": both, "published": [], "silent": both, "clause": [{**clause, **changes}], **top}
    return read_preset("over", file, base())


def test_a_clause_with_another_number_joins_and_the_rest_is_the_bases():
    made = over(published=["a.b"], figures={"a": {"b": 2}})
    assert [(each.number, each.origin) for each in made.articles] == [("1.1", "ours"), ("1.20", "published")]
    assert (made.figures, made.based_on) == ({"a.b": 2}, "base")
    assert made.purpose.en == "text\n\ntext"


def test_a_clause_with_the_bases_number_takes_its_place_and_keeps_the_figures_it_governed():
    made = over(number="1.1")
    assert [(each.number, each.values, each.origin) for each in made.articles] == [("1.1", ("a.b",), "published")]


def test_a_figure_is_governed_once_and_a_silence_is_said():
    both = {"zh": "{a.b}", "en": "{a.b}"}
    for wrong in ({"values": ["a.b"], "text": both}, {"published": ["a.b"]}, {"number": "7.1"}, {"silent": {"zh": "文"}}):
        with pytest.raises(PresetFault):
            over(**wrong)


# ---- in force --------------------------------------------------------------------------------------------------------
@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.mark.requirement("REG-06", "REG-01")
@pytest.mark.parametrize(("code", "severity"), CLOCKS)
def test_an_order_opened_after_adopting_is_judged_by_the_preset(company: Company, code: str, severity: str):
    manager, agent = browser("management"), as_browser(company.agent)
    with moved_to(MONDAY):
        sent = {"key": uuid4().hex, "preset_code": code, "region_id": "", "order_type": "", "in_force_from": "", "despite": "on"}
        answer = manager.post(f"/regulation/adopt/?preset={code}", sent)
        assert answer.status_code == 204, answer.content.decode()
        version = in_force(None, "", MONDAY)
        assert (version.preset, answer["HX-Redirect"]) == (code, f"/regulation/{version.uid}/")
        words = {
            "key": uuid4().hex, "machine": company.machine.pk, "contact": company.contact.pk, "words": "说不清的毛病",
            "fault_class": company.fault.pk, "severity": severity, "severity_reason": "客户说明",
        }  # fmt: skip
        assert agent.post("/intake/", words).status_code == 302
        order = Order.objects.get()
        targets = dict(Clock.objects.filter(subject_kind="order", subject_id=order.pk).values_list("kind", "target"))
        assert (targets["first_response"], targets["arrival"]) == CLOCKS[code, severity]
        assert order.version == version
        page = agent.get(f"/orders/{order.uid}/").content.decode()
        for target in CLOCKS[code, severity]:
            assert f'data-due="{(MONDAY + target).isoformat()}"' in page
    clauses = dict(Clause.objects.filter(version=version).values_list("number", "origin"))
    assert clauses == {each.number: each.origin for each in presets()[code].articles}


@pytest.mark.requirement("REG-06")
def test_what_the_publications_name_is_enforced(company: Company):
    first = values.reading(adopt("r1").pk)
    assert first(GUARANTEE_DAYS) == 30
    assert [each.code for each in first(CHECKLISTS)["preparation"] if each.mandatory] == ["tools", "parts", "badge", "protective_gear"]
    third = values.reading(adopt("r3", in_force_from=MONDAY + HOUR).pk)
    rungs = [rung for ladder in third(LADDER).values() for rung in ladder]
    assert {(rung.after, rung.to) for rung in rungs} == {(timedelta(0), "management")}
    assert len(rungs) == 3
    assert [[each.code for each in values.reading(adopt(code, in_force_from=MONDAY + (2 + n) * HOUR, despite=True).pk)(GRADES)]
            for n, code in enumerate(("r2", "r4"))] == [["junior", "intermediate", "senior"], ["junior", "senior", "expert"]]  # fmt: skip


def test_the_document_says_where_each_clause_comes_from(company: Company):
    version = adopt("r1")
    text = document(SYSTEM, version.pk, "en")
    own = document(SYSTEM, version.pk, "en", origin=Origin.PUBLISHED)
    assert (text.published, text.general, text.published_figures) == (22, text.clauses - 22, 4)
    assert own.found == sum(len(each.clauses) for each in own.chapters) == 22
    page = browser("engineer").get(f"/regulation/{version.uid}/").content.decode()
    assert page.count("The publication is silent; the general clause applies.") == text.general
    assert page.count("From the publication") == text.published
    only = browser("engineer").get(f"/regulation/{version.uid}/?origin=published").content.decode()
    assert "The publication is silent" not in only
    assert 'id="k3.1"' in only
    assert 'id="k3.2"' not in only
    with moved_to(MONDAY + HOUR):
        amended = amend_version(
            actor=SYSTEM, at=MONDAY + HOUR, version_id=version.pk, in_force_from=MONDAY + HOUR,
            changes={"sla.first_response": {"urgent": "20 min", "normal": "30 min", "minor": "30 min"}},
        )  # fmt: skip
    assert document(SYSTEM, amended.pk, "en").published_figures == 3  # the company's own figure is nobody's publication


def test_the_general_regulation_speaks_of_no_publication(company: Company):
    page = browser("engineer").get("/regulation/presets/default/").content.decode()
    assert "The publication is silent" not in page
    assert "x-doc-origins" not in page


def test_what_a_new_release_brings_to_a_published_regulation_is_the_general_ones(company: Company, monkeypatch: pytest.MonkeyPatch):
    older = {key: value for key, value in REGISTRY.items() if key != "orders.duplicate_window"}
    with monkeypatch.context() as before:
        before.setattr("anxiu.kernel.values.REGISTRY", older)
        version = adopt("r1")
    assert not Clause.objects.filter(version=version, number="2.5").exists()
    install()
    added = Clause.objects.get(version=version, number="2.5")
    assert (added.origin, added.addendum_at is not None) == ("ours", True)


# ---- choosing --------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-06", "REG-09")
def test_a_newcomer_chooses_from_cards_and_reads_first(company: Company):
    manager = browser("management")
    cards = manager.get("/regulation/presets/").content.decode()
    for code, each in presets().items():
        assert each.name.en in cards
        assert f"/regulation/adopt/?preset={code}" in cards
        page = manager.get(f"/regulation/presets/{code}/").content.decode()
        assert each.trade.en in page
    assert "22 clauses of the publication" in cards
    assert "≤ 30 minutes" in cards
    found = manager.get("/regulation/presets/r3/", {"q": "past all other levels"}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="k3.9"' in found
    assert 'id="k3.1"' not in found
    assert manager.get("/regulation/presets/r9/").status_code == 404
    reader = browser("engineer").get("/regulation/presets/").content.decode()
    assert "/regulation/adopt/" not in reader
    with pytest.raises(NotFound):
        preset_document(SYSTEM, "r9", "en")


def test_the_dialog_names_the_preset_of_its_card(company: Company):
    shown = browser("management").get("/regulation/adopt/?preset=r1").content.decode()
    assert "Adopt: After-sales Engineer Regulation" in shown
    assert 'type="hidden" name="preset_code" value="r1"' in shown
    assert "despite" not in shown  # nobody holds a grade it lacks


# ---- grades ----------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-06")
def test_people_whose_grade_is_not_there_are_named_before_it_takes_effect(company: Company):
    an_engineer(company.region, grade="intermediate", name="中级师傅")
    manager = browser("management")
    shown = manager.get("/regulation/adopt/?preset=r4").content.decode()
    assert "does not have the grade “Intermediate engineer”. Engineers who hold it (1): 中级师傅" in shown
    assert "“Senior engineer” covers less" in shown
    sent = {"key": uuid4().hex, "preset_code": "r4", "region_id": "", "order_type": "", "in_force_from": ""}
    refused = manager.post("/regulation/adopt/?preset=r4", sent)
    assert refused.status_code == 422
    assert "This speaks against putting it in force" in refused.content.decode()
    assert in_force(None, "", MONDAY).preset == "default"
    assert manager.post("/regulation/adopt/?preset=r4", {**sent, "key": uuid4().hex, "despite": "on"}).status_code == 204
    assert Version.objects.order_by("pk").last().preset == "r4"  # type: ignore[union-attr]


def test_what_a_grade_lacks_is_a_reason_in_words_when_work_is_given(company: Company):
    one = an_engineer(company.region, grade="intermediate")
    adopt("r4", despite=True)
    need = Need(region_id=company.region.pk, order_type="repair", family="", difficulty=Difficulty.BASIC)  # type: ignore[arg-type]
    found = {each.engineer.pk: each for each in candidates(SYSTEM, need, MONDAY, people_figures(company.region.pk, MONDAY))}
    assert [each.code for each in found[one.pk].eligibility.because] == ["workforce.grade_unknown"]
    assert found[company.engineer.pk].eligibility.may


def test_who_has_to_be_given_another_grade_is_found_in_the_list(company: Company):
    one = an_engineer(company.region, grade="intermediate", name="中级师傅")
    manager = browser("management")
    with moved_to(MONDAY):
        assert "not in the regulation" not in manager.get("/engineers/").content.decode()
    adopt("r4", despite=True)
    with moved_to(MONDAY + HOUR):
        shown = manager.get("/engineers/", {"grade": "intermediate"}).content.decode()
    assert one.number in shown
    assert company.engineer.number not in shown
    assert shown.count("intermediate, not in the regulation") == 2  # to choose, and in the row


def test_only_those_to_whom_the_version_applies_are_asked_about(company: Company):
    an_engineer(company.region, grade="intermediate")
    there = a_region()
    adopt("r4", region_id=there.pk)  # nobody works there
    adopt("r4", order_type="installation")  # people are not judged by it
    with pytest.raises(GateShut) as refused:
        adopt("r4")
    assert [each.code for each in refused.value.missing] == ["workforce.grade_lost"]
    adopt("default", region_id=company.region.pk)  # that region goes its own way
    adopt("r4", in_force_from=MONDAY + HOUR)


def test_an_amendment_that_drops_a_grade_somebody_holds_is_asked_about_too(company: Company):
    version = in_force(None, "", MONDAY)
    kept = [each for each in figures(version.pk)["workforce.grades"] if each["code"] != "senior"]  # type: ignore[attr-defined]
    more: dict[str, Any] = {"actor": SYSTEM, "at": MONDAY, "version_id": version.pk, "in_force_from": MONDAY}
    with moved_to(MONDAY):
        with pytest.raises(GateShut):
            amend_version(**more, changes={"workforce.grades": kept})
        assert amend_version(**more, changes={"workforce.grades": kept}, despite=True)
        opened(company)


def test_marks_lie_below_the_best_score(company: Company):
    with pytest.raises(GateShut) as refused:
        adopt("default", changes={"feedback.scale": 3})
    assert [each.params["key"] for each in refused.value.missing] == ["feedback.recovery_at"]
    adopt("default", changes={"feedback.scale": 3, "feedback.recovery_at": 2})
