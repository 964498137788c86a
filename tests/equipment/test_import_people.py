"""People, engineers and their qualifications from a file: nobody gives by file what they could not give by hand."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from anxiu.accounts.actions import NewPerson, add_outlet, add_person, change_person, retire_person
from anxiu.accounts.models import Holding, Outlet, Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.equipment.actions import Columns, map_import, undo_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.cli import main
from anxiu.equipment.models import ImportBatch
from anxiu.equipment.queries import batches, import_files, kinds_for, offered_columns
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import NotAllowed, NotFound
from anxiu.kernel.models import EventRow
from anxiu.workforce.actions import NewQualification, add_qualification, add_skill, revoke_qualification
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Qualification
from tests.equipment.test_import_files import counts, opened, taken, tried
from tests.equipment.test_import_files import why as told
from tests.equipment.test_imports import take, why
from tests.given.assets import AT, a_region, acting
from tests.given.browsing import browser
from tests.given.orders import an_engineer
from tests.given.workbooks import a_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("AST-05", "PF-02")]
HEAD = "工号,姓名,英文名,邮箱,手机,岗位,区域,网点,语言,等级,入职日期,纬度,经度"
PEOPLE = f"""{HEAD}
00017,王师傅,Wang,Wang@Example.com,+86 138 1234-5678,,east,pudong,,高级工程师,2024-03-01,31.2,121.5
,李客服,,li@example.com,,客服专员,east,,英文,,,,
,张主管,,zhang@example.com,,After-sales supervisor；dispatcher,east,,中文,,,,
"""


@pytest.fixture
def east() -> Region:
    region = a_region("east")
    add_outlet(actor=SYSTEM, at=AT, region_id=region.pk, code="pudong", name_zh="浦东网点", name_en="Pudong")
    return region


def written(folder: Path, text: str, name: str = "people.csv", encoding: str = "utf-8-sig") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "people.csv"), ("utf-8-sig", "people.xlsx")])
def test_people_come_with_posts_and_engineers_with_grade_base_and_outlet(
    tmp_path: Path, east: Region, encoding: str, name: str
) -> None:
    path = written(tmp_path, PEOPLE, name, encoding)
    found = take(path, ImportKind.PEOPLE, acting("hr"))
    assert (why(found), found.accepted, found.unchanged) == ([], 3, 0)
    wang = Engineer.objects.select_related("person", "outlet").get(number="00017")
    assert wang.outlet is not None
    assert (wang.grade, wang.started_date, wang.base_latitude, wang.outlet.code) == (
        "senior", date(2024, 3, 1), 31.2, "pudong",
    )  # fmt: skip
    person = wang.person
    assert (person.email, person.phone, person.name_en, person.language) == (
        "wang@example.com", "13812345678", "Wang", "zh-hans",
    )  # fmt: skip
    assert not person.has_usable_password()
    held = Holding.objects.filter(person__source="erp").order_by("person_id", "post_id")
    assert list(held.values_list("person__email", "post__code", "region")) == [
        ("wang@example.com", "engineer", None), ("li@example.com", "agent", None),
        ("zhang@example.com", "dispatcher", None), ("zhang@example.com", "supervisor", None),
    ]  # fmt: skip
    assert Person.objects.get(email="li@example.com").language == "en"
    again = take(path, ImportKind.PEOPLE, acting("hr"))
    assert (again.batch, again.accepted, again.unchanged, why(again)) == (None, 0, 3, [])
    assert found.batch is not None
    assert undo_import(actor=SYSTEM, at=AT, batch_uid=found.batch.uid).removed == 4
    assert not Person.objects.filter(source="erp").exists()
    assert take(path, ImportKind.PEOPLE, acting("hr")).accepted == 3


def test_each_row_that_is_refused_says_why(tmp_path: Path, east: Region) -> None:
    gone = add_person(actor=SYSTEM, at=AT, new=NewPerson("旧人", "gone@example.com", (("agent", None),)))
    retire_person(actor=SYSTEM, at=AT, person_id=gone.pk)
    add_person(actor=SYSTEM, at=AT, new=NewPerson("在职", "here@example.com", (("agent", None),)))
    an_engineer(east)
    taken_number = Engineer.objects.get().number
    rows = [
        ",无地址,,,,agent,,,,,,,", ",坏地址,,not-an-address,,agent,,,,,,,", ",无岗位,,a@example.com,,,,,,,,,",
        ",未知岗位,,b@example.com,,king,,,,,,,", ",坏电话,,c@example.com,打给我,agent,,,,,,,",
        ",无此区域,,d@example.com,,agent,mars,,,,,,", ",无此网点,,e@example.com,,agent,east,nowhere,,,,,",
        ",语言,,f@example.com,,agent,,,klingon,,,,", ",等级,,g@example.com,,engineer,east,,,大师,2024-01-01,,",
        ",缺区域,,h@example.com,,engineer,,,,senior,,,", ",地点,,i@example.com,,engineer,east,,,senior,2024-01-01,99,1",
        f"{taken_number},号码,,j@example.com,,engineer,east,,,senior,2024-01-01,,",
        ",已停用,,gone@example.com,,agent,,,,,,,", ",在职,,here@example.com,,agent,,,,,,,",
        ",不是工程师,,here@example.com,,engineer,east,,,senior,2024-01-01,,",
        "1,甲,,twice@example.com,,agent,,,,,,,", "2,乙,,TWICE@example.com,,agent,,,,,,,",
        ",=cmd|' /C calc'!A0,,k@example.com,,agent,,,,,,,", "1.2E+17,丢位,,l@example.com,,agent,,,,,,,",
        f"{'9' * 30},长号,,m@example.com,,engineer,east,,,senior,2024-01-01,,",
    ]  # fmt: skip
    found = take(written(tmp_path, "\n".join([HEAD, *rows])), ImportKind.PEOPLE, acting("hr"))
    fields = {(each.line, each.refusal.field, each.refusal.code.partition(".")[2]) for each in found.problems}
    assert sorted(fields) == [
        (2, "email", "required"), (3, "email", "not_an_email"), (4, "posts", "required"), (5, "posts", "unknown_post"),
        (6, "phone", "not_a_phone"), (7, "region", "unknown_region"), (8, "outlet", "unknown_outlet"),
        (9, "language", "not_a_choice"), (10, "grade", "unknown_grade"), (11, "region", "required"),
        (12, "latitude", "not_a_place"), (13, "key", "number_taken"), (14, "email", "email_taken"),
        (16, "grade", "no_engineer_yet"), (18, "email", "address_twice"), (19, "name", "formula"),
        (20, "key", "digits_lost"), (21, "number", "too_long"),
    ]  # fmt: skip
    assert (found.accepted, found.unchanged) == (1, 1)
    assert list(Person.objects.filter(source="erp").values_list("email", flat=True)) == ["twice@example.com"]


def test_nobody_gives_by_file_what_they_could_not_give_by_hand(tmp_path: Path, east: Region) -> None:
    rows = ["1,甲,,a@example.com,,administrator,,,,,,,", "2,乙,,b@example.com,,management,,,,,,,"]
    rows += ["3,丙,,c@example.com,,engineer,east,,,senior,2024-01-01,,", "4,丁,,d@example.com,,agent,,,,,,,"]
    path = written(tmp_path, "\n".join([HEAD, *rows]))
    assert why(take(path, ImportKind.PEOPLE, acting("hr"))) == [(2, "accounts.only_administrators")]
    undo_import(actor=SYSTEM, at=AT, batch_uid=ImportBatch.objects.get().uid)
    assert why(take(path, ImportKind.PEOPLE, acting("administrator"))) == [(4, "equipment.engineers_not_yours")]
    undo_import(actor=SYSTEM, at=AT, batch_uid=ImportBatch.objects.get(undone_at=None).uid)
    local = acting("hr", east)
    local = type(local)(local.kind, local.id, local.permissions, frozenset({east.pk}))
    assert why(take(path, ImportKind.PEOPLE, local)) == [
        (2, "accounts.only_administrators"), (3, "accounts.only_administrators"), (5, "kernel.required"),
    ]  # fmt: skip
    for post in ("supervisor", "agent", "engineer"):
        with pytest.raises(NotAllowed):
            take(path, ImportKind.PEOPLE, acting(post, east))
    with pytest.raises(NotAllowed):
        take(path, ImportKind.CUSTOMERS, acting("hr"))


def test_files_are_seen_and_taken_back_by_those_who_may_bring_them(tmp_path: Path, east: Region) -> None:
    hr, boss = acting("hr"), acting("supervisor", east)
    row = tried(opened(written(tmp_path, PEOPLE), ImportKind.PEOPLE, hr), COLUMNS, hr)
    assert counts(row) == ("tried", 3, 0, 0)
    assert row.preview[0]["said"]["grade"] == "高级工程师"
    assert kinds_for(hr) == [ImportKind.PEOPLE, ImportKind.QUALIFICATIONS]
    assert ImportKind.PEOPLE not in kinds_for(boss)
    assert not import_files(boss).exists()
    with pytest.raises(NotFound):
        map_import(actor=boss, at=AT, file_uid=row.uid, to=Columns(COLUMNS))
    row = taken(row, hr)
    assert (counts(row), told(row)) == (("taken", 3, 0, 0), [])
    assert list(batches(hr)) == [row.batch]
    assert not batches(boss).exists()
    with pytest.raises(NotAllowed):
        undo_import(actor=boss, at=AT, batch_uid=ImportBatch.objects.get().uid)
    assert undo_import(actor=hr, at=AT, batch_uid=ImportBatch.objects.get().uid).removed == 4
    kinds = ["equipment.import_started", "equipment.batch_imported", "equipment.import_undone"]
    assert list(EventRow.objects.filter(kind__startswith="equipment.").values_list("kind", flat=True)) == kinds


COLUMNS = {
    "key": "工号", "name": "姓名", "name_en": "英文名", "email": "邮箱", "phone": "手机", "posts": "岗位", "region": "区域",
    "outlet": "网点", "language": "语言", "grade": "等级", "started_on": "入职日期", "latitude": "纬度", "longitude": "经度",
}  # fmt: skip


def test_columns_are_known_by_their_headings(tmp_path: Path, east: Region) -> None:
    assert offered_columns(opened(written(tmp_path, PEOPLE), ImportKind.PEOPLE)) == COLUMNS
    heads = ["员工编号", "证书名称", "种类", "发证机关", "证书号", "发证日期", "有效期至"]
    row = opened(a_workbook(tmp_path / "q.xlsx", [heads]), ImportKind.QUALIFICATIONS)
    assert offered_columns(row) == {
        "engineer": "员工编号", "kind": "种类", "name": "证书名称", "issuer": "发证机关", "number": "证书号",
        "valid_from": "发证日期", "valid_to": "有效期至",
    }  # fmt: skip


def test_undo_keeps_and_names_who_was_put_to_use(tmp_path: Path, east: Region) -> None:
    found = take(written(tmp_path, PEOPLE), ImportKind.PEOPLE, acting("hr"))
    assert found.batch is not None
    wang, li = Engineer.objects.get(number="00017"), Person.objects.get(email="li@example.com")
    add_qualification(
        actor=SYSTEM, at=AT, engineer_id=wang.pk, new=NewQualification(QualificationKind.INDUCTION, date(2024, 3, 2))
    )
    change_person(actor=SYSTEM, at=AT, person_id=li.pk, changes={"phone": "13900000000"})
    undone = undo_import(actor=SYSTEM, at=AT, batch_uid=found.batch.uid)
    assert undone.removed == 1
    assert set(undone.kept) == {("engineer", wang.pk), ("person", wang.person_id), ("person", li.pk)}
    again = take(written(tmp_path, PEOPLE), ImportKind.PEOPLE, acting("hr"))
    assert (again.accepted, again.unchanged, again.problems) == (1, 2, ())


def test_the_page_of_a_file_taken_back_names_who_stays(tmp_path: Path, east: Region) -> None:
    hr = acting("hr")
    row = taken(tried(opened(written(tmp_path, PEOPLE), ImportKind.PEOPLE, hr), COLUMNS, hr), hr)
    li = Person.objects.get(email="li@example.com")
    change_person(actor=SYSTEM, at=AT, person_id=li.pk, changes={"phone": "13900000000"})
    assert row.batch is not None
    page, undo = reverse("import_file", args=[row.uid]), reverse("undo_import", args=[row.batch.uid])
    client = browser(hr)
    assert undo in client.get(page).content.decode()
    assert client.post(undo, {"key": "1" * 36}, headers={"HX-Request": "true"}).status_code == 204
    shown = client.get(page).content.decode()
    assert reverse("person", args=[li.uid]) in shown
    assert "王师傅" not in shown
    assert "<dd>erp</dd>" in client.get(reverse("person", args=[li.uid])).content.decode()


QUALIFICATIONS = [
    ["工号", "种类", "名称", "级别", "发证单位", "证书编号", "有效期起", "有效期至"],
    ["E1", "", "低压电工作业证", None, "应急管理局", "0012", date(2024, 1, 5), date(2027, 1, 4)],
    ["e1@example.com", "证书", "厂家培训", None, "安泰", None, 45292, None],
    ["E1", "技能", "变频器", 2, None, None, date(2024, 1, 5), None],
    ["E1", "岗前培训", None, None, None, None, date(2024, 1, 5), None],
    ["E9", "证书", "x", None, None, None, date(2024, 1, 5), None],
    ["E1", "技能", "无此技能", 2, None, None, date(2024, 1, 5), None],
    ["E1", "技能", "变频器", 7, None, None, date(2025, 1, 5), None],
    ["E1", "证书", None, None, None, None, date(2024, 1, 5), None],
    ["E1", "证书", "倒置", None, None, None, date(2024, 1, 5), date(2023, 1, 5)],
    ["E1", "魔法", "x", None, None, None, date(2024, 1, 5), None],
    ["E1", "证书", "无日期", None, None, None, None, None],
    ["E1", "证书", "=A1", None, None, None, date(2024, 1, 5), None],
    ["E1", "", "低压电工作业证", None, "另一机关", "0012", date(2024, 1, 5), date(2027, 1, 4)],
]


def test_qualifications_are_taken_in_once_and_each_refused_row_says_why(tmp_path: Path, east: Region) -> None:
    engineer = an_engineer(east)
    Engineer.objects.filter(pk=engineer.pk).update(number="E1")
    Person.objects.filter(pk=engineer.person_id).update(email="e1@example.com")
    Qualification.objects.all().delete()
    add_skill(actor=SYSTEM, at=AT, code="vfd", name_zh="变频器", name_en="Drives")
    path = a_workbook(tmp_path / "q.xlsx", QUALIFICATIONS)
    boss = acting("supervisor", east)
    found = take(path, ImportKind.QUALIFICATIONS, boss)
    assert why(found) == [
        (6, "equipment.unknown_engineer"), (7, "equipment.unknown_skill"), (8, "workforce.level_out_of_range"),
        (9, "workforce.name_or_code"), (10, "workforce.ends_before_start"), (11, "kernel.not_a_choice"),
        (12, "kernel.required"), (13, "equipment.formula_cell"), (14, "equipment.key_twice"),
    ]  # fmt: skip
    rows = Qualification.objects.order_by("pk").values_list("kind", "code", "name", "skill__code", "level", "valid_from", "number")
    first = date(2024, 1, 5)
    assert list(rows) == [
        ("certificate", "low_voltage_work", "", None, None, first, "0012"),
        ("certificate", "", "厂家培训", None, None, date(2024, 1, 1), ""),
        ("skill", "", "", "vfd", 2, first, ""), ("induction", "", "", None, None, first, ""),
    ]  # fmt: skip
    again = take(path, ImportKind.QUALIFICATIONS, boss)
    assert (again.batch, again.accepted, again.unchanged) == (None, 0, 4)
    assert [each.refusal.code for each in again.problems[-1:]] == ["equipment.differs"]
    other = take(path, ImportKind.QUALIFICATIONS, acting("supervisor", a_region("west")))
    assert other.accepted == 0
    with pytest.raises(NotAllowed):
        take(path, ImportKind.QUALIFICATIONS, acting("administrator"))
    revoke_qualification(actor=SYSTEM, at=AT, qualification_id=rows.values_list("pk", flat=True)[0], reason="失效")
    assert found.batch is not None
    undone = undo_import(actor=acting("hr"), at=AT, batch_uid=found.batch.uid)
    assert (undone.removed, [kind for kind, _ in undone.kept]) == (3, ["qualification"])


def test_what_was_written_down_by_hand_is_known(tmp_path: Path, east: Region) -> None:
    engineer = an_engineer(east)
    path = a_workbook(tmp_path / "q.xlsx", [QUALIFICATIONS[0], [engineer.number, "induction", *[None] * 4, date(2024, 1, 5), None]])
    found = take(path, ImportKind.QUALIFICATIONS)
    assert (found.accepted, found.unchanged) == (0, 1)


def test_the_command_takes_people_in(tmp_path: Path, east: Region, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(tmp_path, PEOPLE)), "--kind", "people", "--source", "erp"]) == 0
    assert "3" in capsys.readouterr().out
    assert Outlet.objects.get().engineers.count() == 1


def test_the_page_offers_each_what_they_may_bring(east: Region) -> None:
    shown = browser(acting("hr")).get(reverse("imports")).content.decode()
    assert 'value="people"' in shown
    assert 'value="machines"' not in shown
    assert reverse("accounts") in shown
    assert reverse("imports") in browser(acting("hr")).get(reverse("accounts")).content.decode()
    shown = browser(acting("supervisor", east)).get(reverse("imports")).content.decode()
    assert 'value="machines"' in shown
    assert 'value="people"' not in shown
    assert 'value="qualifications"' in shown
    assert reverse("imports") in browser(acting("supervisor", east)).get(reverse("engineers")).content.decode()


def test_who_loses_the_right_while_the_file_waits_brings_in_nobody(tmp_path: Path, east: Region) -> None:
    hr = acting("hr")
    row = tried(opened(written(tmp_path, PEOPLE), ImportKind.PEOPLE, hr), COLUMNS, hr)
    Holding.objects.filter(person_id=hr.id).delete()
    row = taken(row, hr)
    assert (row.state, row.failure[0]) == ("failed", "kernel.not_allowed")
    assert not Person.objects.filter(source="erp").exists()
    assert not actor_of(Person.objects.get(pk=hr.id)).permissions
