"""The verbs about accounts: what each records, and whom it refuses."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.utils.translation import override

from anxiu.accounts import actions
from anxiu.accounts.actions import NewPerson
from anxiu.accounts.models import ApiToken, Outlet, Person, Post, Region
from anxiu.accounts.queries import actor_by_token, actor_of, found, history, holders
from anxiu.kernel.action import default_posts
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound
from anxiu.kernel.models import EventRow
from tests.given.assets import AT, a_person, a_region, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def hr(region: Region) -> Actor:
    return acting("hr", region)


@pytest.fixture
def administrator() -> Actor:
    return acting("administrator")


def kinds(person: Person) -> list[str]:
    rows = EventRow.objects.filter(subject_kind="person", subject_id=person.pk).order_by("id")
    return [row.kind for row in rows]


def new(region: Region | None = None, **more: object) -> NewPerson:
    said = {"name": "王晓梅", "email": " Xiaomei@Example.com ", "posts": (("agent", None),), "region_id": region.pk if region else None}
    return NewPerson(**{**said, **more})  # type: ignore[arg-type]


Call = Callable[[Actor, Person], object]
VERBS: dict[str, tuple[Call, str]] = {
    "add_person": (lambda who, _p: actions.add_person(actor=who, at=AT, new=new()), "hr"),
    "change_person": (lambda who, p: actions.change_person(actor=who, at=AT, person_id=p.pk, changes={"phone": "1"}), "hr"),
    "retire_person": (lambda who, p: actions.retire_person(actor=who, at=AT, person_id=p.pk), "hr"),
    "make_password_link": (lambda who, p: actions.make_password_link(actor=who, at=AT, person_id=p.pk), "hr"),
    "change_post": (lambda who, _p: actions.change_post(actor=who, at=AT, code="finance", permissions=frozenset()), "administrator"),
    "add_region": (lambda who, _p: actions.add_region(actor=who, at=AT, code="x", name_zh="西", name_en="West"), "administrator"),
    "change_region": (
        lambda who, p: actions.change_region(actor=who, at=AT, region_id=p.region_id or 0, changes={"name_en": "East"}),
        "administrator",
    ),
    "add_outlet": (
        lambda who, p: actions.add_outlet(actor=who, at=AT, region_id=p.region_id or 0, code="o", name_zh="店", name_en="Shop"),
        "administrator",
    ),
    "issue_token": (lambda who, p: actions.issue_token(actor=who, at=AT, person_id=p.pk, label="erp"), "administrator"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_for_its_posts_only(verb: str, region: Region) -> None:
    call, post = VERBS[verb]
    person = a_person("engineer", region)
    with pytest.raises(NotAllowed):
        call(acting("agent", region), person)
    call(acting(post), person)


def test_an_account_opens_with_a_tidy_address_and_its_place_in_the_alphabet(hr: Actor, region: Region) -> None:
    person = actions.add_person(actor=hr, at=AT, new=new(region))
    assert (person.email, person.name_key, person.has_usable_password()) == ("xiaomei@example.com", "wang xiao mei", False)
    assert kinds(person) == ["accounts.person_added"]
    with pytest.raises(Invalid) as refused:
        actions.add_person(actor=hr, at=AT, new=new(region, email="XIAOMEI@example.com"))
    assert (refused.value.code, refused.value.field) == ("accounts.email_taken", "email")


def test_only_what_differs_is_changed_and_told(hr: Actor, region: Region) -> None:
    person = a_person("agent", region)
    actions.change_person(
        actor=hr, at=AT, person_id=person.pk, changes={"name": person.name, "phone": "021-1"}, posts=(("agent", None),)
    )
    with override("en"):
        assert [line.sentence for line in history(person)] == ["Details changed: Phone", "Account opened"]
    actions.change_person(actor=hr, at=AT, person_id=person.pk, changes={}, posts=(("dispatcher", None), ("agent", region.pk)))
    assert set(person.holdings.values_list("post__code", "region_id")) == {("dispatcher", None), ("agent", region.pk)}
    with pytest.raises(Invalid) as refused:
        actions.change_person(actor=hr, at=AT, person_id=person.pk, changes={"is_active": False})
    assert refused.value.code == "accounts.not_changeable"


def test_nobody_makes_themselves_an_administrator(hr: Actor, region: Region) -> None:
    above = a_person("administrator", region)
    for call in (
        lambda: actions.change_person(actor=hr, at=AT, person_id=hr.id, changes={}, posts=(("hr", None), ("administrator", None))),
        lambda: actions.add_person(actor=hr, at=AT, new=new(region, posts=(("administrator", None),))),
        lambda: actions.change_person(actor=hr, at=AT, person_id=above.pk, changes={"email": "mine@example.com"}),
        lambda: actions.make_password_link(actor=hr, at=AT, person_id=above.pk),
        lambda: actions.retire_person(actor=hr, at=AT, person_id=above.pk),
    ):
        with pytest.raises(Invalid) as refused:
            call()
        assert refused.value.code == "accounts.only_administrators"


def test_whoever_sees_one_region_opens_accounts_there_only(region: Region) -> None:
    Post.objects.filter(code="supervisor").update(permissions=["accounts.add_person", "accounts.change_person"])
    lead, elsewhere = acting("supervisor", region), a_region()
    assert actions.add_person(actor=lead, at=AT, new=new(region)).region_id == region.pk
    with pytest.raises(NotFound):
        actions.add_person(actor=lead, at=AT, new=new(elsewhere, email="a@example.com"))
    with pytest.raises(NotFound):
        actions.change_person(actor=lead, at=AT, person_id=a_person("agent", elsewhere).pk, changes={"phone": "1"})
    with pytest.raises(Invalid) as refused:
        actions.add_person(actor=lead, at=AT, new=new(None, email="b@example.com"))
    assert (refused.value.code, refused.value.field) == ("kernel.required", "region")
    with pytest.raises(Invalid) as refused:
        actions.add_person(actor=lead, at=AT, new=new(region, email="c@example.com", posts=(("management", None),)))
    assert refused.value.code == "accounts.only_administrators"


def test_a_closed_account_takes_its_keys_along(hr: Actor, administrator: Actor, region: Region) -> None:
    person = a_person("agent", region)
    _, secret = actions.issue_token(actor=administrator, at=AT, person_id=person.pk, label="erp")
    assert actor_by_token(secret, AT) is not None
    actions.retire_person(actor=hr, at=AT, person_id=person.pk)
    assert actor_by_token(secret, AT) is None
    assert kinds(person) == ["accounts.person_added", "accounts.token_issued", "accounts.person_retired"]
    with pytest.raises(Invalid) as refused:
        actions.retire_person(actor=hr, at=AT, person_id=hr.id)
    assert refused.value.code == "accounts.not_oneself"


def test_a_key_is_revoked_once(administrator: Actor, region: Region) -> None:
    person = a_person("agent", region)
    token, _ = actions.issue_token(actor=administrator, at=AT, person_id=person.pk, label="erp")
    for _ in range(2):
        actions.revoke_token(actor=administrator, at=AT, token_id=token.pk)
    assert kinds(person).count("accounts.token_revoked") == 1
    with pytest.raises(NotAllowed):
        actions.revoke_token(actor=acting("hr"), at=AT, token_id=ApiToken.objects.get().pk)


def test_everybody_changes_a_few_things_of_their_own(region: Region) -> None:
    person = a_person("partner", region)
    actions.change_own(actor=actor_of(person), at=AT, changes={"language": "en", "phone": "13800000000"})
    person.refresh_from_db()
    assert (person.language, person.phone) == ("en", "13800000000")
    with pytest.raises(Invalid):
        actions.change_own(actor=actor_of(person), at=AT, changes={"region_id": "1"})
    with pytest.raises(NotFound):
        actions.change_own(actor=SYSTEM, at=AT, changes={"language": "en"})


def test_another_address_of_ones_own_needs_the_password(region: Region) -> None:
    person = a_person("agent", region)
    person.set_password("ten characters")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True)
    with pytest.raises(Invalid) as refused:
        actions.change_own_email(actor=actor_of(person), at=AT, email="new@example.com", password="guess")
    assert (refused.value.code, refused.value.field) == ("accounts.wrong_password", "password")
    actions.change_own_email(actor=actor_of(person), at=AT, email="New@example.com", password="ten characters")
    person.refresh_from_db()
    assert person.email == "new@example.com"
    assert not EmailAddress.objects.exists()


def test_places_have_codes_of_their_own_and_real_time_zones(administrator: Actor, region: Region) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_region(actor=administrator, at=AT, code=region.code, name_zh="又", name_en="Again")
    assert refused.value.code == "accounts.code_taken"
    with pytest.raises(Invalid) as refused:
        actions.change_region(actor=administrator, at=AT, region_id=region.pk, changes={"time_zone": "Mars/Base"})
    assert (refused.value.code, refused.value.field) == ("accounts.unknown_zone", "time_zone")
    outlet = actions.add_outlet(actor=administrator, at=AT, region_id=region.pk, code="o1", name_zh="店", name_en="Shop")
    actions.change_outlet(actor=administrator, at=AT, outlet_id=outlet.pk, changes={"is_partner": True, "name_en": "Shop"})
    assert Outlet.objects.get().is_partner
    assert [row.kind for row in EventRow.objects.filter(subject_kind="outlet")] == ["accounts.outlet_added", "accounts.outlet_changed"]
    with pytest.raises(NotAllowed):
        actions.change_outlet(actor=acting("hr"), at=AT, outlet_id=outlet.pk, changes={})


@pytest.mark.requirement("WF-01")
def test_what_a_post_may_do_is_data_and_holds_at_once(administrator: Actor, region: Region) -> None:
    person = a_person("agent", region)
    assert actor_of(person).may("orders.open_order")
    actions.change_post(actor=administrator, at=AT, code="agent", permissions=frozenset({"orders.view"}))
    assert actor_of(person).permissions == {"orders.view"}
    actions.install_posts()
    assert actor_of(person).permissions == {"orders.view"}
    for permissions, code in ((frozenset({"orders.fly"}), "accounts.unknown_permission"), (frozenset(), "accounts.locked_out")):
        with pytest.raises(Invalid) as refused:
            actions.change_post(actor=administrator, at=AT, code="administrator", permissions=permissions)
        assert refused.value.code == code
    assert default_posts().keys() >= set(Post.objects.get(code="administrator").permissions)


def test_people_are_found_by_name_pinyin_address_phone_and_post(hr: Actor, region: Region) -> None:
    person = actions.add_person(actor=hr, at=AT, new=new(region, phone="13811112222"))
    for typed in ("晓梅", "xiaomei", "wangxiao", "xiaomei@", "1112", "王 example"):
        assert list(found(hr, typed)) == [person], typed
    assert not found(hr, "nobody").exists()
    assert list(found(hr, post="agent", region=region.code)) == [person]
    assert not found(acting("supervisor", a_region()), "晓梅").exists()
    assert list(holders("agent", region.pk)) == [person]
