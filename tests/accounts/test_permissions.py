"""One allowed and one refused actor for every verb, and for everything there is to see."""

import inspect
import re
from pathlib import Path

import pytest

from anxiu.accounts.choices import PostCode
from anxiu.accounts.queries import LINK_PERMISSIONS, actor_of
from anxiu.kernel.action import VERBS, VIEWS
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.time import now
from tests.given.assets import a_person, a_region

TESTS = Path(__file__).resolve().parents[1]
OURS = {name: verb for name, verb in VERBS.items() if verb.function.__module__.startswith("anxiu.")}


@pytest.fixture(scope="module")
def texts() -> str:
    """All tests, but those that only look at what there is."""
    paths = (path for path in TESTS.rglob("*.py") if path.parent.name != "shape" and path != Path(__file__))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.fixture
def staff(db) -> dict[str, Actor]:
    """Somebody of each post, and of that post alone."""
    region = a_region()
    return {post.value: actor_of(a_person(post.value, region)) for post in PostCode}


@pytest.mark.requirement("PF-04", "WF-01")
def test_whoever_holds_a_post_may_what_it_may_and_nobody_else(staff):
    for name, verb in OURS.items():
        may = {post for post, actor in staff.items() if actor.may(name)}
        assert may == verb.posts, name
        for post in staff.keys() - verb.posts:
            with pytest.raises(NotAllowed) as refused:
                verb.function(actor=staff[post], at=now())
            assert refused.value.params == {"permission": name}
        for post in verb.posts if _needs_more(verb.function) else ():
            with pytest.raises(TypeError):  # past the permission: what it then misses is the rest of the call
                verb.function(actor=staff[post], at=now())


def _needs_more(function) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any(each.default is each.empty for each in parameters if each.name not in {"actor", "at"})


def test_whoever_holds_a_post_sees_what_it_sees_and_nobody_else(staff):
    for name, posts in VIEWS.items():
        assert {post for post, actor in staff.items() if actor.may(name)} == posts, name


def test_every_verb_is_refused_to_somebody_and_allowed_to_the_system():
    nobody = Actor(ActorKind.PERSON, 1)
    for name, verb in OURS.items():
        assert SYSTEM.may(name)
        with pytest.raises(NotAllowed):
            verb.function(actor=nobody, at=now())


def test_a_link_may_only_what_its_purpose_is_for():
    for purpose, permissions in LINK_PERMISSIONS.items():
        link = Actor(ActorKind.LINK, 1, permissions)
        for name, verb in OURS.items():
            if name not in permissions:
                with pytest.raises(NotAllowed):
                    verb.function(actor=link, at=now())
        assert not link.everything, purpose


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_verb_is_played_by_some_test(name, texts):
    assert re.search(rf"\b{name.split('.')[1]}\b", texts)
