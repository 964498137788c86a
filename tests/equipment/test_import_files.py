"""A file on its way in: opened, mapped, tried, taken in by parts, killed, gone on with, undone, dropped."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from anxiu.accounts.actions import retire_person
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.actions import Columns, NewFile, drop_import, map_import, open_import, start_import, undo_import
from anxiu.equipment.actions.imports import running
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import Table, head_of
from anxiu.equipment.models import ImportBatch, ImportedRow, ImportFile, Machine, PastOrder
from anxiu.equipment.queries import import_files, import_problems, offered_columns
from anxiu.equipment.tasks import forget_imports, take_import, try_import
from anxiu.equipment.tasks import undo_import as undo_import_later
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import now
from tests.given.assets import AT, a_customer, a_machine, a_model, a_region, a_site, acting
from tests.given.browsing import browser
from tests.given.workbooks import a_workbook

pytestmark = pytest.mark.django_db
HEAD = ["SN", "机型", "客户", "现场", "名称"]
TO = {"serial": "SN", "model": "机型", "customer": "客户", "site": "现场", "name": "名称"}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of four rows, so that a small file has several."""
    monkeypatch.setattr("anxiu.equipment.actions.imports.verbs.CHUNK", 4)


@pytest.fixture
def place() -> Site:
    a_model(code="AT-9")
    return a_site(a_customer(a_region("east"), code="K-1"), "一号厂房")


def run(task: Any, given: int) -> Any:
    """A job in the test's own transaction: by itself it begins by closing idle connections."""
    return task.func.__wrapped__(given)


def opened(path: Path, kind: ImportKind = ImportKind.MACHINES, actor: Actor = SYSTEM, source: str = "erp") -> ImportFile:
    head = head_of(path, 3)
    digest = Table(path, Layout(kind), "CNY").facts().digest
    with path.open("rb") as content:
        new = NewFile(kind, source, path.name, digest, path.stat().st_size, content, head.header, head.rows)
        return open_import(actor=actor, at=AT, new=new)


def tried(row: ImportFile, to: dict[str, str] = TO, actor: Actor = SYSTEM, **more: Any) -> ImportFile:
    map_import(actor=actor, at=AT, file_uid=row.uid, to=Columns(to, **more))
    run(try_import, row.pk)
    row.refresh_from_db()
    return row


def taken(row: ImportFile, actor: Actor = SYSTEM) -> ImportFile:
    start_import(actor=actor, at=AT, file_uid=row.uid)
    run(take_import, row.pk)
    row.refresh_from_db()
    return row


def counts(row: ImportFile) -> tuple[str, int, int, int]:
    return row.state, row.accepted, row.unchanged, row.refused


def why(row: ImportFile) -> list[tuple[int, str, str]]:
    return [(each.line, each.field, each.code) for each in import_problems(SYSTEM, row)]


def machines_file(folder: Path, count: int = 10, **wrong: Any) -> Path:
    rows: list[list[Any]] = [[f"{n:05}", "AT-9", "K-1", "一号厂房", f"泵 {n}"] for n in range(count)]
    for place, row in wrong.items():
        rows[int(place[1:])] = row
    return a_workbook(folder / "machines.xlsx", [HEAD, *rows])


@pytest.mark.requirement("AST-05")
def test_a_trial_writes_nothing_and_says_what_would_happen(tmp_path: Path, place: Site) -> None:
    path = machines_file(
        tmp_path, 10,
        _3=["00002", "AT-9", "K-1", "一号厂房", "同号"], _8=["00000", "AT-9", "K-1", "一号厂房", "远处同号"],
        _5=["00005", "NONE", "K-9", "", ""], _6=["=1", "AT-9", "K-1", "一号厂房", "x"],
    )  # fmt: skip
    before = (Machine.objects.count(), EventRow.objects.count())
    row = tried(opened(path))
    assert (Machine.objects.count(), EventRow.objects.count(), ImportBatch.objects.count()) == (*before, 0)
    assert counts(row) == ("tried", 6, 0, 4)
    assert why(row) == [
        (5, "key", "equipment.key_twice"), (7, "site", "kernel.required"), (8, "serial", "equipment.formula_cell"),
        (10, "key", "equipment.key_twice"),
    ]  # fmt: skip
    assert [each.params for each in import_problems(SYSTEM, row) if each.code.endswith("twice")] == [
        {"given": "00002", "row": 4}, {"given": "00000", "row": 2}
    ]  # fmt: skip
    first = row.preview[0]
    assert (first["line"], first["state"], first["said"]["serial"]) == (2, "new", "00000")
    assert [each["state"] for each in row.preview[3:7]] == ["refused", "new", "refused", "refused"]


@pytest.mark.requirement("AST-05")
def test_a_serial_number_that_is_taken_names_the_row_or_the_machine(tmp_path: Path, place: Site) -> None:
    from anxiu.catalogue.models import Model

    a_machine(place, serial="OLD 1", model=Model.objects.get(code="AT-9"))
    path = a_workbook(
        tmp_path / "x.xlsx",
        [
            ["设备编号", *HEAD], ["A-1", "S 1", "AT-9", "K-1", "一号厂房", ""], ["A-2", "s-1", "AT-9", "K-1", "一号厂房", ""],
            ["A-3", "OLD-1", "AT-9", "K-1", "一号厂房", ""], *([f"B-{n}", "", "AT-9", "K-1", "一号厂房", ""] for n in range(4)),
            ["A-9", "S1", "AT-9", "K-1", "一号厂房", ""],
        ],
    )
    row = tried(opened(path), {**TO, "key": "设备编号"})
    assert why(row) == [
        (3, "serial", "equipment.serial_twice"), (4, "serial", "equipment.serial_taken"), (9, "serial", "equipment.serial_twice"),
    ]  # fmt: skip
    assert [each.params.get("row") for each in import_problems(SYSTEM, row)] == [2, None, 2]


@pytest.mark.requirement("AST-05")
def test_a_file_is_taken_in_once_and_undone_whole(tmp_path: Path, place: Site) -> None:
    path = machines_file(tmp_path, 10, _5=["00005", "NONE", "K-1", "一号厂房", ""])
    row = taken(tried(opened(path)))
    assert counts(row) == ("taken", 9, 0, 1)
    assert why(row) == [(7, "model", "equipment.unknown_model_code")]
    assert sorted(Machine.objects.values_list("serial", flat=True)) == [f"{n:05}" for n in range(10) if n != 5]
    assert not row.path
    batch = ImportBatch.objects.get()
    assert (batch.accepted, batch.refused, row.batch) == (9, 1, batch)
    assert list(EventRow.objects.filter(kind__startswith="equipment.").values_list("kind", flat=True).order_by("id")) == [
        "equipment.import_started", "equipment.batch_imported"
    ]  # fmt: skip
    again = tried(opened(path))
    assert counts(again) == ("tried", 0, 9, 1)
    with pytest.raises(WrongState, match=r"nothing_new"):
        start_import(actor=SYSTEM, at=AT, file_uid=again.uid)
    assert undo_import(actor=SYSTEM, at=AT, batch_uid=batch.uid).removed == 9
    assert not Machine.objects.exists()
    assert not ImportedRow.objects.exists()


@pytest.mark.requirement("AST-05")
def test_a_large_import_is_taken_back_by_a_job_as_who_asked_for_it(
    tmp_path: Path, place: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anxiu.equipment.queries.AT_ONCE", 5)
    row = taken(tried(opened(machines_file(tmp_path))))
    batch, boss = ImportBatch.objects.get(), acting("administrator")
    assert undo_import(actor=boss, at=AT, batch_uid=batch.uid).is_under_way
    with pytest.raises(WrongState):
        undo_import(actor=boss, at=AT, batch_uid=batch.uid)
    page = browser(boss).get(reverse("import_file", args=[row.uid])).content.decode()
    assert reverse("undo_import", args=[batch.uid]) not in page
    assert Machine.objects.count() == 10
    for _ in range(2):  # a job may come twice
        undo_import_later.func.__wrapped__(batch.pk, boss.kind, boss.id)
    batch.refresh_from_db()
    assert (Machine.objects.count(), batch.undoing_at, batch.kept) == (0, None, 0)
    events = EventRow.objects.filter(kind="equipment.import_undone")
    assert list(events.values_list("actor_id", flat=True)) == [boss.id]


@pytest.mark.requirement("AST-05")
def test_who_may_no_longer_take_an_import_back_does_not_by_a_job(
    tmp_path: Path, place: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anxiu.equipment.queries.AT_ONCE", 5)
    taken(tried(opened(machines_file(tmp_path))))
    batch, boss = ImportBatch.objects.get(), acting("administrator")
    undo_import(actor=boss, at=AT, batch_uid=batch.uid)
    retire_person(actor=SYSTEM, at=AT, person_id=boss.id or 0)
    undo_import_later.func.__wrapped__(batch.pk, boss.kind, boss.id)
    batch.refresh_from_db()
    assert (Machine.objects.count(), batch.undoing_at, batch.undone_at) == (10, None, None)


@pytest.mark.requirement("AST-05")
def test_the_digest_of_parts_is_the_digest_of_the_whole(tmp_path: Path, place: Site) -> None:
    """An import by parts puts on record what one in a single transaction does."""
    from anxiu.equipment.actions import import_batch

    path = machines_file(tmp_path, 6)
    table = Table(path, Layout(ImportKind.MACHINES, "erp", TO, is_whole=True), "CNY")
    whole = import_batch(actor=SYSTEM, at=AT, kind=ImportKind.MACHINES, source="erp", file=table.facts(), lines=table)
    assert whole.batch is not None
    undo_import(actor=SYSTEM, at=AT, batch_uid=whole.batch.uid)
    taken(tried(opened(path)))
    rows = EventRow.objects.filter(kind="equipment.batch_imported").order_by("id")
    one, two = (each.body for each in rows)
    assert one == two


class Killed(BaseException):
    """A worker that is gone from one moment to the next."""


@pytest.mark.requirement("AST-05")
def test_a_killed_worker_is_followed_by_one_that_doubles_nothing(
    tmp_path: Path, place: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = tried(opened(machines_file(tmp_path, 10, _1=["00001", "NONE", "K-1", "一号厂房", ""])))
    start_import(actor=SYSTEM, at=AT, file_uid=row.uid)
    real, parts = running._take_part, iter(range(10))

    def dies(*given: Any) -> bool:
        if next(parts) == 2:
            raise Killed
        return real(*given)

    monkeypatch.setattr(running, "_take_part", dies)
    with pytest.raises(Killed):
        run(take_import, row.pk)
    row.refresh_from_db()
    assert (row.state, row.done, Machine.objects.count()) == ("taking", 8, 7)
    with pytest.raises(WrongState):
        undo_import(actor=SYSTEM, at=AT, batch_uid=ImportBatch.objects.get().uid)
    monkeypatch.setattr(running, "_take_part", real)
    run(take_import, row.pk)
    row.refresh_from_db()
    assert counts(row) == ("taken", 9, 0, 1)
    assert why(row) == [(3, "model", "equipment.unknown_model_code")]
    assert (Machine.objects.count(), ImportBatch.objects.count()) == (9, 1)
    run(take_import, row.pk)
    assert Machine.objects.count() == 9


def test_two_workers_at_one_file_take_each_part_once(tmp_path: Path, place: Site) -> None:
    row = tried(opened(machines_file(tmp_path, 6)))
    start_import(actor=SYSTEM, at=AT, file_uid=row.uid)
    row.refresh_from_db()
    late = ImportFile.objects.get(pk=row.pk)
    run(take_import, row.pk)
    table = Table(tmp_path / "machines.xlsx", Layout(ImportKind.MACHINES, "erp", TO, is_whole=True), "CNY")
    running.take_file(late, table, AT)
    late.refresh_from_db()
    assert (counts(late), Machine.objects.count()) == (("taken", 6, 0, 0), 6)


@pytest.mark.requirement("AST-05")
def test_columns_are_guessed_then_remembered_for_files_with_the_same_headings(tmp_path: Path, place: Site) -> None:
    row = opened(machines_file(tmp_path))
    assert offered_columns(row) == {"serial": "SN", "model": "机型", "name": "名称", "site": "现场"}
    with pytest.raises(Invalid) as caught:
        map_import(actor=SYSTEM, at=AT, file_uid=row.uid, to=Columns({"model": "机型", "name": "没有"}))
    assert [(each.code, each.field) for each in caught.value.errors] == [
        ("equipment.column_needed", "customer"), ("equipment.column_needed", "site"), ("equipment.column_needed", "key"),
        ("kernel.not_a_choice", "name"),
    ]  # fmt: skip
    tried(row)
    other = a_workbook(tmp_path / "other.xlsx", [HEAD[::-1], ["泵", "一号厂房", "K-1", "AT-9", "77"]])
    assert offered_columns(opened(other)) == TO
    assert offered_columns(opened(other, ImportKind.ORDERS)) != TO


def test_orders_without_number_may_say_the_same_twice_and_go_to_a_named_place(tmp_path: Path, place: Site) -> None:
    from anxiu.catalogue.models import Model

    rows = [["A", "2025-01-01", "换油"]] * 5 + [["B", "2025-01-02", "x"]] + [["A", "2025-01-01", "换油"]]
    path = a_workbook(tmp_path / "orders.xlsx", [["机号", "日期", "内容"], *rows])
    to = {"machine": "机号", "date": "日期", "text": "内容"}
    row = opened(path, ImportKind.ORDERS)
    with pytest.raises(Invalid, match=r"required"):
        map_import(actor=SYSTEM, at=AT, file_uid=row.uid, to=Columns(to, site_id=place.pk))
    assert counts(tried(row, to)) == ("tried", 0, 0, 7)
    assert counts(tried(row, to, model_id=Model.objects.get().pk, site_id=place.pk)) == ("tried", 7, 0, 0)
    taken(row)
    assert (PastOrder.objects.count(), sorted(Machine.objects.values_list("serial", flat=True))) == (7, ["A", "B"])
    again = tried(opened(path, ImportKind.ORDERS), to, model_id=Model.objects.get().pk, site_id=place.pk)
    assert counts(again) == ("tried", 0, 7, 0)
    assert undo_import(actor=SYSTEM, at=AT, batch_uid=ImportBatch.objects.get().uid).removed == 9


def test_one_phone_however_written_is_one_contact(tmp_path: Path) -> None:
    a_region("east")
    phones = ["138 1234 5678", "+86-138-1234-5678", 13812345678, "013812345678"]
    rows = [["K-1", "华东机电", "east", "王", each] for each in phones]
    path = a_workbook(tmp_path / "x.xlsx", [["客户编号", "客户名称", "区域", "联系人", "电话"], *rows])
    row = opened(path, ImportKind.CUSTOMERS)
    row = taken(tried(row, offered_columns(row)))
    assert (Customer.objects.count(), Contact.objects.get().phone) == (1, "13812345678")


@pytest.mark.requirement("PF-04")
def test_each_step_is_for_its_posts_and_its_people(tmp_path: Path, place: Site) -> None:
    path = machines_file(tmp_path)
    with pytest.raises(NotAllowed):
        opened(path, actor=acting("agent"))
    mine, other = acting("supervisor", place.region), acting("supervisor", a_region())
    row = opened(path, actor=mine)
    assert [list(import_files(each)) for each in (mine, other, acting("administrator"))] == [[row], [], [row]]
    for verb, more in ((map_import, {"to": Columns(TO)}), (start_import, {}), (drop_import, {})):
        with pytest.raises(NotFound):
            verb(actor=other, at=AT, file_uid=row.uid, **more)
        with pytest.raises(NotAllowed):
            verb(actor=acting("agent"), at=AT, file_uid=row.uid, **more)
    assert counts(taken(tried(row, actor=mine), actor=mine)) == ("taken", 10, 0, 0)
    blind = tried(opened(path, actor=other, source="other"), actor=other)
    assert {code for *_, code in why(blind)} == {"equipment.unknown_customer"}


def test_a_person_who_left_takes_nothing_in(tmp_path: Path, place: Site) -> None:
    from anxiu.accounts.actions import retire_person

    actor = acting("administrator")
    row = tried(opened(machines_file(tmp_path), actor=actor), actor=actor)
    start_import(actor=actor, at=AT, file_uid=row.uid)
    retire_person(actor=SYSTEM, at=AT, person_id=actor.person_id or 0)
    run(take_import, row.pk)
    row.refresh_from_db()
    assert (row.state, row.failure[0], Machine.objects.count()) == ("failed", "kernel.not_allowed", 0)


def test_a_dropped_file_and_one_left_lying_are_erased(
    tmp_path: Path, place: Site, django_capture_on_commit_callbacks: Any
) -> None:
    row = tried(opened(machines_file(tmp_path, 3, _1=["1", "NONE", "K-1", "一号厂房", ""])))
    path = row.path
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        drop_import(actor=SYSTEM, at=AT, file_uid=row.uid)
    row.refresh_from_db()
    assert (row.state, row.path, row.examples, row.preview, why(row)) == (ImportState.DROPPED, "", [], [], [])
    assert not default_storage.exists(path)
    with pytest.raises(WrongState):
        start_import(actor=SYSTEM, at=AT, file_uid=row.uid)
    left = tried(opened(machines_file(tmp_path)))
    with django_capture_on_commit_callbacks(execute=True):
        assert run(forget_imports, 0) == 0
        ImportFile.objects.filter(pk=left.pk).update(changed_at=now() - timedelta(days=31))
        assert run(forget_imports, 0) == 1
    left.refresh_from_db()
    assert (left.state, default_storage.exists(path)) == (ImportState.DROPPED, False)


def test_a_file_that_breaks_off_fails_with_a_word(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('客户编号,客户名称,区域\n' + 'K-1,甲,east\n' * 9 + '"K"-2,乙,east\n')
    row = opened(path, ImportKind.CUSTOMERS)
    row = tried(row, offered_columns(row))
    assert (row.state, row.failure) == ("failed", ["equipment.broken_quotes", {"line": "11"}])
    assert not Customer.objects.exists()
