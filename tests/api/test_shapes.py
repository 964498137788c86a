"""The description knows a shape by its last name only: two of one name would silently become one."""

from typing import get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from anxiu.api.notices import Stands
from anxiu.api.urls import api
from anxiu.kernel.action import VERBS
from anxiu.notify.choices import State


def _models() -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()
    waiting = [BaseModel]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in found:
                found.add(each)
                waiting.append(each)
    return {each for each in found if each.__module__.startswith("anxiu.api")}


def test_no_two_shapes_share_a_name():
    assert api.get_openapi_schema()["paths"]
    modes = ("validation", "serialization")
    _, described = models_json_schema([(each, mode) for each in sorted(_models(), key=str) for mode in modes])
    # Where two share a name, pydantic puts the module before it, unless they differ only in how they are written.
    assert [name for name in described["$defs"] if name.startswith("anxiu__") and "Input" not in name] == []


def test_every_state_of_a_notice_is_described():
    assert set(get_args(Stands)) == set(State)


def test_every_verb_of_the_staff_apps_is_an_operation():
    operations = {each["operationId"] for way in api.get_openapi_schema()["paths"].values() for each in way.values()}
    apps = {"workforce", "sla", "duties", "feedback", "regulation", "notify", "kpi"}
    verbs = {name for name, verb in VERBS.items() if name.partition(".")[0] in apps and verb.posts}
    assert {name for name in verbs if name.partition(".")[2] not in operations} == set()
