"""Taking back restores what was; what speaks against a version yields only where it says so; a base that moved on."""

from datetime import timedelta
from itertools import count
from urllib.parse import quote

import pytest
from django.test import Client

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut
from anxiu.kernel.time import moved_to
from anxiu.regulation import actions
from anxiu.regulation.choices import GroupRole, Origin
from anxiu.regulation.models import Clause, Figure, Member, Version
from anxiu.regulation.queries import document, figures, in_force, moved_on
from tests.api.conftest import Caller
from tests.regulation.conftest import AT, person_with
from tests.regulation.test_lifecycle import wording
from tests.regulation.test_version_pages import ENGLISH, WHY, _approved, post, read, text_of, v

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now():
    with moved_to(AT):
        yield


@pytest.fixture
def manager_person() -> Person:
    return person_with("management")


@pytest.fixture
def page(client: Client, manager_person: Person) -> Client:
    client.force_login(manager_person)
    return client


def begun(**more: object) -> Version:
    return actions.start_draft(actor=SYSTEM, at=AT, why="because", **{"source": actions.Source("r1"), **more})


@pytest.mark.requirement("REG-05")
@pytest.mark.parametrize("from_version", [False, True])
def test_a_change_that_is_taken_back_is_the_publications_again(page: Client, from_version: bool):
    version = begun()
    if from_version:
        version = begun(source=actions.Source(version_id=version.pk))
    clause = Clause.objects.filter(version=version, origin=Origin.PUBLISHED).first()
    figure = Figure.objects.filter(version=version, origin=Origin.PUBLISHED, key="orders.guarantee_days").first()
    assert clause
    assert figure
    actions.write_clause(actor=SYSTEM, at=AT, version_id=version.pk, number=clause.number, wording=wording(), why="try")
    raw = 111 if figure.raw != 111 else 112
    actions.set_figure(actor=SYSTEM, at=AT, version_id=version.pk, key=figure.key, raw=raw, why="try")
    for row in (clause, figure):
        row.refresh_from_db()
        assert row.origin == Origin.COMPANY
    html = page.get(v(version, "log/"), headers=ENGLISH).content.decode()
    import re

    for path in re.findall(rf"{v(version, 'log/')}\d+/undo/", html):
        assert post(page, path, why="taken back").status_code == 204
    for row in (clause, figure):
        row.refresh_from_db()
        assert row.origin == Origin.PUBLISHED
    actions.remove_clause(actor=SYSTEM, at=AT, version_id=version.pk, number=clause.number, why="try")
    html = page.get(v(version, "log/"), headers=ENGLISH).content.decode()
    path = re.findall(rf"{v(version, 'log/')}\d+/undo/", html)[0]
    assert post(page, path, why="taken back").status_code == 204
    assert Clause.objects.get(version=version, number=clause.number).origin == Origin.PUBLISHED


@pytest.mark.requirement("REG-08")
def test_despite_is_about_grades_and_nothing_else(page: Client, manager_person: Person):
    version = begun(source=actions.Source("default"))
    best = figures(version.pk)["feedback.scale"]
    actions.set_figure(actor=SYSTEM, at=AT, version_id=version.pk, key="feedback.bad_rating", raw=best, why="try")
    _approved(version, manager_person)
    shown = page.get(v(version, "put_in_force/"), headers=ENGLISH).content.decode()
    assert 'name="despite"' not in shown
    answer = post(page, v(version, "put_in_force/"), despite="on", **WHY)
    assert answer.status_code == 422
    with pytest.raises(GateShut) as shut:
        actions.put_in_force(
            actor=SYSTEM, at=AT, version_id=version.pk, in_force_from=AT, why="all the same", despite=True
        )
    assert [each.code for each in shut.value.missing] == ["feedback.mark_off_scale"]
    assert shut.value.field == ""


@pytest.mark.requirement("REG-02", "REG-09")
def test_a_region_reads_what_holds_for_the_whole_company_as_it_holds(north: Region):
    version = begun(region_id=north.pk, source=actions.Source("default"))

    def said() -> str:
        return str(document(SYSTEM, version.pk, "en"))

    key, new = "notify.too_old", "17 h"
    before = in_force(None, "", AT)
    assert figures(before.pk)[key] != new
    assert "17 h" not in said()
    actions.amend_version(
        actor=SYSTEM, at=AT, version_id=before.pk, in_force_from=AT, changes={key: new}, why="shorter"
    )
    assert Figure.objects.get(version=version, key=key).raw != new
    assert "17 h" in said()


@pytest.mark.requirement("REG-05", "REG-11")
def test_the_readiness_list_warns_of_a_base_that_moved_on(page: Client, manager_person: Person, north: Region):
    base = in_force(None, "", AT)
    version = begun(source=actions.Source(version_id=base.pk), region_id=north.pk)
    actor = actor_of(manager_person)
    assert moved_on(actor, version) is None
    with moved_to(AT + HOUR):
        later = actions.amend_version(
            actor=SYSTEM, at=AT + HOUR, version_id=base.pk, in_force_from=AT + HOUR,
            changes={"orders.guarantee_days": 99}, why="longer",
        )  # fmt: skip
        found = moved_on(actor, version)
        text = read(page, v(version, "readiness/"))
        answer = Caller(actor).get(f"/regulation/versions/{version.uid}/readiness").json()["moved_on"]
    assert found is not None
    assert (found.latest, found.figures, found.clauses) == (later, ("orders.guarantee_days",), ())
    assert f"{base.code}, which this draft began from, became {later.code} meanwhile" in text
    assert "Guarantee of repairs" in text
    assert answer == {"latest": str(later.uid), "figures": ["orders.guarantee_days"], "clauses": []}


@pytest.fixture
def crowd(north: Region) -> list[Person]:
    numbers = count(1)
    return [
        add_person(
            actor=SYSTEM, at=AT,
            new=NewPerson(name=f"员工{(n := next(numbers)):03}", email=f"p{n}@example.com", posts=(("engineer", None),), region_id=north.pk),
        )
        for _ in range(15)
    ]  # fmt: skip


@pytest.mark.requirement("REG-10")
def test_a_working_group_is_found_by_name_and_keeps_who_is_named(
    page: Client, manager_person: Person, crowd: list[Person]
):
    version = begun(source=actions.Source("default"))
    last, other = crowd[-1], crowd[3]
    members = [(manager_person.pk, GroupRole.LEAD), (last.pk, GroupRole.MEMBER)]
    actions.name_working_group(actor=SYSTEM, at=AT, version_id=version.pk, members=members, why="first")
    shown = page.get(v(version, "name_working_group/"), headers=ENGLISH).content.decode()
    assert shown.index(last.name) < shown.index(other.name)  # who is named stands first, however many there are
    assert shown.count('name="members"') == 2 + 12
    ticked = f"members={manager_person.pk}&members={last.pk}&lead={manager_person.pk}"
    found = page.get(v(version, f"name_working_group/people/?find={quote(other.name)}&{ticked}"), headers=ENGLISH)
    rows = found.content.decode()
    assert rows.count('name="members"') == 3
    assert rows.count("checked") == 3
    sent = {"lead": manager_person.pk, "members": [manager_person.pk, last.pk, other.pk], **WHY}
    assert post(page, v(version, "name_working_group/"), **sent).status_code == 204
    named = set(Member.objects.filter(version=version).values_list("person_id", "role"))
    assert named == {(manager_person.pk, "lead"), (last.pk, "member"), (other.pk, "member")}
    nobody = post(page, v(version, "name_working_group/"), members=[last.pk], **WHY)
    assert "Choose who leads." in text_of(nobody)


@pytest.mark.requirement("REG-10")
def test_a_member_whom_one_does_not_see_stays_in_the_group(north: Region, south: Region, crowd: list[Person]):
    version = begun(source=actions.Source("default"), region_id=south.pk)
    named = [(crowd[0].pk, GroupRole.LEAD), (crowd[1].pk, GroupRole.MEMBER)]
    actions.name_working_group(actor=SYSTEM, at=AT, version_id=version.pk, members=named, why="first")
    client = Client()
    mine = person_with("supervisor", south)
    client.force_login(mine)
    sent = {"lead": mine.pk, "members": [crowd[0].pk, crowd[1].pk], **WHY}
    assert post(client, v(version, "name_working_group/"), **sent).status_code == 204
    assert Member.objects.filter(version=version).count() == 3
    sent["members"] = [crowd[5].pk]
    assert post(client, v(version, "name_working_group/"), **sent).status_code == 422
