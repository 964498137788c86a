"""Who is somebody in one region cannot make themselves somebody in all: neither by accounts nor by the regulation."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from anxiu.accounts import actions
from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.choices import Reach
from anxiu.accounts.models import Holding, Person, Post
from anxiu.accounts.queries import actor_of
from anxiu.kernel.action import VERBS
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound
from anxiu.regulation.actions import adopt_preset, amend_version, withdraw_version
from anxiu.regulation.queries import in_force
from tests.walk.looking import state
from tests.walk.world import ALL, NOW, World

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


@pytest.mark.requirement("PF-08")
def test_who_sees_one_region_does_not_regulate_the_whole_company(world):
    member = actor_of(world.here.people[ALL])
    begins = NOW + timedelta(days=60)
    company = in_force(None, "", NOW).pk
    changes = {"sla.first_response": {"urgent": "PT1M", "normal": "PT2H", "minor": "PT8H"}}
    tries: list[Callable[[Actor], object]] = [
        lambda who: adopt_preset(actor=who, at=NOW, preset_code="default", in_force_from=begins),
        lambda who: amend_version(actor=who, at=NOW, version_id=company, in_force_from=begins, changes=changes),
        lambda who: withdraw_version(actor=who, at=NOW, version_id=company),
    ]
    resident = actor_of(_resident(world))
    before = state()
    for each in tries:
        with pytest.raises(NotAllowed):
            each(member)
    with pytest.raises(NotFound):
        withdraw_version(actor=resident, at=NOW, version_id=world.here.things["version"].pk)
    assert state() == before
    adopt_preset(actor=member, at=NOW, preset_code="default", in_force_from=begins, region_id=world.here.region.pk)
    withdraw_version(actor=member, at=NOW, version_id=world.here.things["version"].pk)


def _resident(world: World) -> Person:
    """Holds every permission in the other region and only lives here."""
    Person.objects.filter(pk=world.there.people[ALL].pk).update(region=world.here.region)
    Holding.objects.filter(person=world.there.people[ALL]).update(region=world.there.region)
    return Person.objects.get(pk=world.there.people[ALL].pk)
