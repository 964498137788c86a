from typing import Any

import pytest

from anxiu.catalogue import actions
from anxiu.catalogue.actions import NewFamily, NewFaultClass, NewModel, NewPart
from anxiu.catalogue.models import FaultClass, Part
from anxiu.catalogue.queries import families, fault_classes, find_parts, parts_for, suggest_faults
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid, NotAllowed, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.money import Money
from anxiu.workforce.choices import Difficulty
from tests.given.assets import AT, a_family, a_model, a_region, acting

pytestmark = pytest.mark.django_db


def a_fault(code: str = "LEAK", **more: Any) -> FaultClass:
    new = NewFaultClass(code, "漏油", "Oil leak", Difficulty.BASIC, **more)
    return actions.add_fault_class(actor=SYSTEM, at=AT, new=new)


def a_part(number: str = "P-100-A", **more: Any) -> Part:
    new = NewPart(number, "油封", "Oil seal", "个", Money(1250), **more)
    return actions.add_part(actor=SYSTEM, at=AT, new=new)


def arguments(verb: str) -> dict[str, Any]:
    family = a_family()
    model = a_model(family)
    return {
        "add_family": {"new": NewFamily("PUMP", "泵", "Pumps", 24)},
        "change_family": {"family_id": family.pk, "changes": {"warranty_months": 36}},
        "retire_family": {"family_id": a_family().pk},
        "add_model": {"new": NewModel(family.pk, "安泰", "AT-9", "AT-9")},
        "change_model": {"model_id": model.pk, "changes": {"name": "新名"}},
        "retire_model": {"model_id": model.pk},
        "add_fault_class": {"new": NewFaultClass("NOISE", "异响", "Noise", Difficulty.COMPLEX)},
        "change_fault_class": {"fault_class_id": a_fault().pk, "changes": {"difficulty": Difficulty.HARD}},
        "retire_fault_class": {"fault_class_id": a_fault("OLD").pk},
        "add_part": {"new": NewPart("P-2", "轴承", "Bearing", "套", Money(9900))},
        "change_part": {"part_id": a_part("P-3").pk, "changes": {"price_minor": 1}},
        "retire_part": {"part_id": a_part("P-4").pk},
    }[verb]


@pytest.mark.parametrize("thing", ["family", "model", "fault_class", "part"])
@pytest.mark.parametrize("verb", ["add", "change", "retire"])
def test_each_verb_is_for_its_posts(verb: str, thing: str) -> None:
    name, region = f"{verb}_{thing}", a_region()
    given = arguments(name)
    with pytest.raises(NotAllowed):
        getattr(actions, name)(actor=acting("agent", region), at=AT, **given)
    getattr(actions, name)(actor=acting("warehouse" if thing == "part" else "supervisor", region), at=AT, **given)


@pytest.mark.parametrize("verb", ["change_family", "change_model", "change_fault_class", "change_part"])
def test_what_is_closed_is_not_changed_and_a_change_of_nothing_not_recorded(verb: str) -> None:
    given = arguments(verb)
    recorded = EventRow.objects.count()
    getattr(actions, verb)(actor=SYSTEM, at=AT, **{**given, "changes": {}})
    assert EventRow.objects.count() == recorded
    key = next(name for name in given if name != "changes")
    thing = verb.removeprefix("change_")
    if thing == "family":
        with pytest.raises(WrongState, match=r"family_has_models"):
            actions.retire_family(actor=SYSTEM, at=AT, family_id=given[key])
        return
    getattr(actions, f"retire_{thing}")(actor=SYSTEM, at=AT, **{key: given[key]})
    with pytest.raises(WrongState, match=r"is_retired"):
        getattr(actions, verb)(actor=SYSTEM, at=AT, **given)


def test_codes_are_taken_once_and_figures_not_negative() -> None:
    family = a_family("PUMP")
    a_model(family, "安泰", "AT-9")
    a_part()
    a_fault()
    for add, args, code in (
        (a_family, {"code": "PUMP"}, "code_taken"), (a_model, {"family": family, "code": "AT-9"}, "code_taken"),
        (a_part, {}, "code_taken"), (a_fault, {}, "code_taken"), (a_family, {"months": -1}, "negative"),
        (a_family, {"skills": ("flying",)}, "unknown_qualification"),
        (a_part, {"number": "P-5", "fits_models": (0,)}, "unknown_model"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=rf"catalogue\.{code}"):
            add(**args)
    assert a_model(family, "另一家", "AT-9").code == "AT-9"


def test_parts_fit_models_families_or_everything() -> None:
    model, other = a_model(), a_model()
    everything = a_part("P-1")
    of_family = a_part("P-2", fits_families=(model.family_id,))
    of_model = a_part("P-3", fits_models=(other.pk,))
    assert list(parts_for(SYSTEM, model)) == [everything, of_family]
    assert list(parts_for(SYSTEM, other)) == [everything, of_model]
    actions.change_part(actor=SYSTEM, at=AT, part_id=everything.pk, changes={"fits_models": [other.pk]})
    assert list(parts_for(SYSTEM, model)) == [of_family]


def test_parts_are_found_by_number_and_name() -> None:
    part = a_part("P-100-A")
    for text in ("p-100", "P100A", "油封", "youfeng", "oil seal", "P-"):
        assert list(find_parts(SYSTEM, text)) == [part], text
    assert list(find_parts(SYSTEM, "轴承")) == []


def test_a_description_suggests_fault_classes_of_the_family_and_of_all() -> None:
    pump, other = a_family(), a_family()
    leak = a_fault("LEAK", family_id=pump.pk, keywords_zh=("渗油", "漏油"), keywords_en=("leak",))
    noise = a_fault("NOISE", keywords_zh=("异响",))
    a_fault("ELSEWHERE", family_id=other.pk, keywords_zh=("渗油",))
    found = suggest_faults(SYSTEM, pump.pk, "密封处渗油严重，LEAK，有异响")
    assert found == [(leak, ("渗油", "leak")), (noise, ("异响",))]
    assert list(fault_classes(SYSTEM, pump.pk)) == [leak, noise]


def test_the_catalogue_is_seen_by_staff_alone() -> None:
    a_family()
    assert families(acting("hr")).count() == 0
    assert families(acting("engineer")).count() == 1
