"""Families, models and parts from a file: what is known stays, what is new is made once and can be taken back."""

from pathlib import Path

import pytest

from anxiu.catalogue.actions import change_part
from anxiu.catalogue.models import Family, Model, Part
from anxiu.catalogue.queries import parts
from anxiu.equipment.actions import Columns, map_import, undo_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.cli import main
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import NotAllowed
from tests.equipment.test_import_files import opened
from tests.equipment.test_imports import take, why
from tests.given.assets import AT, a_customer, a_family, a_model, a_region, a_site, acting

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("AST-05", "PF-02")]
MODELS = """型号,厂家,产品名称,产品族,产品族名称,质保月数
AT-1,安泰,循环水泵 1,PUMP,水泵,24 个月
AT-2,安泰,循环水泵 2,PUMP,水泵,24 个月
KONE-1,通力,客梯,LIFT,,
X-1,无名,某物,NONE,,
X-2,无名,某物,BAD,坏的,很久
X-3,无名,某物,HALF,半个,
AT-9,安泰,已有的,LIFT,,
"""
PARTS = """物料号,品名,英文名称,计量单位,单价,适用产品族
00123,密封圈,Seal,个,"1,204.50",PUMP
P-2,皮带,,条,,PUMP；LIFT
P-3,轴承,,个,8,MARS
P-4,油,,,3,
P-5,价格有误,,个,很贵,
P-9,已有的,,个,1,
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, encoding="gb18030")
    return path


def test_models_come_with_the_families_that_are_new(tmp_path):
    lift = a_family("LIFT")
    a_model(lift, maker="安泰", code="AT-9")
    path = written(tmp_path, MODELS)
    found = take(path, ImportKind.MODELS)
    assert why(found) == [
        (5, "equipment.unknown_family"), (6, "equipment.not_a_count"), (7, "kernel.required"),
    ]  # fmt: skip
    assert (found.accepted, found.unchanged) == (3, 1)
    pump = Family.objects.get(code="PUMP")
    assert (pump.name_zh, pump.warranty_months, pump.source) == ("水泵", 24, "erp")
    assert set(Model.objects.filter(family=pump).values_list("code", "maker", "name")) == {
        ("AT-1", "安泰", "循环水泵 1"), ("AT-2", "安泰", "循环水泵 2"),
    }  # fmt: skip
    assert Model.objects.get(code="KONE-1").family == lift
    again = take(path, ImportKind.MODELS)
    assert (again.batch, again.accepted, again.unchanged) == (None, 0, 4)
    assert undo_import(actor=SYSTEM, at=AT, batch_uid=found.batch.uid).removed == 4
    assert set(Family.objects.values_list("code", flat=True)) >= {"LIFT"}
    assert not Family.objects.filter(code="PUMP").exists()


def test_parts_are_found_and_say_what_they_fit(tmp_path):
    pump, lift = a_family("PUMP"), a_family("LIFT")
    take(written(tmp_path, "物料号,品名,单位\nP-9,先有的,个\n"), ImportKind.PARTS)
    Part.objects.update(source="", source_id="")
    found = take(written(tmp_path, PARTS), ImportKind.PARTS)
    assert why(found) == [
        (4, "equipment.unknown_family"), (5, "kernel.required"), (6, "equipment.not_an_amount"),
    ]  # fmt: skip
    assert (found.accepted, found.unchanged) == (2, 1)
    seal = Part.objects.get(number="00123")
    assert (seal.name_en, seal.unit, seal.price.minor) == ("Seal", "个", 120450)
    assert list(seal.fits_families.all()) == [pump]
    assert set(Part.objects.get(number="P-2").fits_families.all()) == {pump, lift}
    assert Part.objects.get(number="P-9").name_zh == "先有的"
    assert seal in parts(acting("administrator")).filter(grams__contains=seal.grams[:1])
    again = take(written(tmp_path, PARTS), ImportKind.PARTS)
    assert (again.batch, again.accepted, again.unchanged) == (None, 0, 3)
    change_part(actor=SYSTEM, at=AT, part_id=seal.pk, changes={"unit": "只"})
    undone = undo_import(actor=SYSTEM, at=AT, batch_uid=found.batch.uid)
    assert [kind for kind, _key in undone.kept] == ["part"]
    assert set(Part.objects.values_list("number", flat=True)) == {"00123", "P-9"}


def test_the_command_tries_and_takes_in_and_who_may_not_is_refused(tmp_path, capsys):
    path = written(tmp_path, MODELS.replace("AT-9,安泰,已有的,LIFT,,\n", ""))
    a_family("LIFT")
    assert main([str(path), "--kind", "models", "--source", "erp", "--dry-run"]) == 1
    assert not Model.objects.filter(code="AT-1").exists()
    assert main([str(path), "--kind", "models", "--source", "erp"]) == 1
    assert Model.objects.filter(source="erp").count() == 3
    assert capsys.readouterr().out
    with pytest.raises(NotAllowed):
        take(path, ImportKind.MODELS, acting("agent", a_region()))


def test_undo_keeps_what_only_a_file_on_its_way_in_refers_to(tmp_path):
    a_family("LIFT")
    found = take(written(tmp_path, "型号,厂家,产品名称,产品族\nAT-1,安泰,泵 1,LIFT\nAT-2,安泰,泵 2,LIFT\n"), ImportKind.MODELS)
    site = a_site(a_customer(a_region("east")))
    orders = written(tmp_path, "设备编号,日期\nN-7,2025-01-01\n")
    row = opened(orders, ImportKind.ORDERS)
    model = Model.objects.get(code="AT-1")
    to = Columns({"machine": "设备编号", "date": "日期"}, model.pk, site.pk)
    map_import(actor=SYSTEM, at=AT, file_uid=row.uid, to=to)
    undone = undo_import(actor=SYSTEM, at=AT, batch_uid=found.batch.uid)
    assert (undone.removed, undone.kept) == (1, (("model", model.pk),))
