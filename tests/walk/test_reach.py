"""Who looks after the accounts of a region cannot get hold of one that sees or may do more than they."""

from collections.abc import Callable

import pytest

from anxiu.accounts import actions
from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.choices import Reach
from anxiu.accounts.models import Person, Post
from anxiu.accounts.queries import actor_of
from anxiu.kernel.action import VERBS
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid
from tests.walk.looking import state
from tests.walk.world import NOW, World

GRIPS: dict[str, Callable[[Actor, Person], object]] = {
    "change_person": lambda who, whom: actions.change_person(
        actor=who, at=NOW, person_id=whom.pk, changes={"email": "mine@evil.example"}
    ),
    "make_password_link": lambda who, whom: actions.make_password_link(actor=who, at=NOW, person_id=whom.pk),
    "issue_token": lambda who, whom: actions.issue_token(actor=who, at=NOW, person_id=whom.pk, label="x"),
    "retire_person": lambda who, whom: actions.retire_person(actor=who, at=NOW, person_id=whom.pk),
}


@pytest.fixture
def keeper(world: World) -> Actor:
    """Keeps the accounts of one region: every verb about them, but for deciding what posts may do."""
    verbs = {name for name in VERBS if name.startswith("accounts.")} - {"accounts.change_post"}
    Post.objects.create(
        code="keeper", name_zh="账号员", name_en="Keeper", reach=Reach.REGION,
        permissions=sorted({*verbs, "accounts.view_people", "accounts.view_posts"}),
    )  # fmt: skip
    return actor_of(person("keeper", world.here.region.pk, ("keeper", None)))


def person(name: str, region_id: int, *posts: tuple[str, int | None]) -> Person:
    return add_person(actor=SYSTEM, at=NOW, new=NewPerson(name, f"{name}@x.example", posts, region_id=region_id))


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("grip", GRIPS)
def test_an_account_above_ones_own_is_out_of_reach(grip, world, keeper):
    here, there = world.here.region.pk, world.there.region.pk
    above = [
        person("administrator", here, ("administrator", None)), person("manager", here, ("management", None)),
        person("both", here, ("agent", None), ("agent", there)),
    ]  # fmt: skip
    before = state()
    for each in above:
        with pytest.raises(Invalid, match="only_administrators"):
            GRIPS[grip](keeper, each)
    assert state() == before
    GRIPS[grip](keeper, person("equal", here, ("agent", None), ("supervisor", here)))
