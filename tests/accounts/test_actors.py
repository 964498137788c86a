"""Who may do and see what: posts, regions, tokens and links."""

from datetime import UTC, datetime, timedelta

import pytest

from anxiu.accounts.actions import (
    NewPerson,
    add_outlet,
    add_person,
    add_region,
    change_person,
    change_post,
    install_posts,
    issue_token,
    make_link,
    retire_person,
    revoke_links,
    revoke_token,
    sort_key,
)  # fmt: skip
from anxiu.accounts.choices import LinkPurpose, PostCode, Reach
from anxiu.accounts.models import ApiToken, Holding, Link, Person, Post
from anxiu.accounts.queries import (
    LINK_PERMISSIONS,
    actor_by_token,
    actor_of,
    actor_of_link,
    digest,
    holders,
    link_by_secret,
    outlets,
    people,
    regions,
)  # fmt: skip
from anxiu.accounts.rules import Grant, Held, grant
from anxiu.kernel.action import VERBS, default_posts
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.models import EventRow, SealedText
from tests.given.assets import a_person, a_region, acting

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


# ---- the rule --------------------------------------------------------------------------------------------------------
def held(reach: Reach, region: int | None = None, *permissions: str) -> Held:
    return Held(reach, region, frozenset(permissions))


@pytest.mark.parametrize(
    ("holdings", "home", "expected"),
    [
        ([], 1, Grant(frozenset(), frozenset())),
        ([held(Reach.OWN, None, "a")], 1, Grant(frozenset("a"), frozenset())),
        ([held(Reach.REGION, None, "a")], 1, Grant(frozenset("a"), frozenset({1}))),
        ([held(Reach.REGION, 2, "a"), held(Reach.REGION, 3, "b")], 1, Grant(frozenset("ab"), frozenset({2, 3}))),
        ([held(Reach.REGION, None)], None, Grant(frozenset(), frozenset())),
        ([held(Reach.REGION, 2), held(Reach.COMPANY, None, "c")], 1, Grant(frozenset("c"), None)),
    ],
)
def test_posts_add_up(holdings, home, expected):
    assert grant(holdings, home) == expected


# ---- people ----------------------------------------------------------------------------------------------------------
def new(**more) -> NewPerson:
    return NewPerson(**{"name": "李娜", "email": "Li.Na@Example.com ", "posts": (("agent", None),), **more})


@pytest.mark.requirement("PF-04")
def test_a_person_does_what_the_posts_allow_in_the_regions_they_are_held_in():
    north, south = a_region(), a_region()
    person = add_person(actor=SYSTEM, at=AT, new=new(posts=(("agent", north.pk), ("dispatcher", south.pk)), region_id=north.pk))
    actor = actor_of(person)
    both = {name for name, posts in default_posts().items() if posts & {"agent", "dispatcher"}}
    assert actor.permissions == both
    assert actor.regions == {north.pk, south.pk}
    assert actor.person_id == person.pk


def test_an_address_is_kept_in_small_letters_and_taken_once():
    person = add_person(actor=SYSTEM, at=AT, new=new())
    assert (person.email, person.name_key, person.has_usable_password()) == ("li.na@example.com", "li na", False)
    with pytest.raises(Invalid) as refused:
        add_person(actor=SYSTEM, at=AT, new=new(email="LI.NA@example.com"))
    assert refused.value.code == "accounts.email_taken"


def test_names_and_addresses_are_sealed_in_the_event():
    person = add_person(actor=SYSTEM, at=AT, new=new())
    row = EventRow.objects.get(kind="accounts.person_added", subject_id=person.pk)
    assert "李娜" not in row.body
    assert "example" not in row.body
    assert set(SealedText.objects.filter(event=row).values_list("text", flat=True)) == {"李娜", "li.na@example.com"}


def test_an_unknown_post_is_refused_and_leaves_nobody():
    with pytest.raises(Invalid) as refused:
        add_person(actor=SYSTEM, at=AT, new=new(posts=(("wizard", None),)))
    assert refused.value.code == "accounts.unknown_post"
    assert not Person.objects.filter(email="li.na@example.com").exists()


def test_posts_can_be_changed_and_only_listed_fields():
    person, region = a_person("agent"), a_region()
    change_person(actor=SYSTEM, at=AT, person_id=person.pk, changes={"name": "王芳"}, posts=(("supervisor", region.pk),))
    person.refresh_from_db()
    assert (person.name_key, [each.post.code for each in person.holdings.all()]) == ("wang fang", ["supervisor"])
    for field in ("is_active", "password", "uid", "retired_at"):
        with pytest.raises(Invalid) as refused:
            change_person(actor=SYSTEM, at=AT, person_id=person.pk, changes={field: "x"})
        assert refused.value.code == "accounts.not_changeable"


def test_hr_cannot_make_itself_administrator():
    hr = a_person("hr")
    for attempt in (
        lambda: change_person(actor=actor_of(hr), at=AT, person_id=hr.pk, changes={}, posts=(("administrator", None),)),
        lambda: add_person(actor=actor_of(hr), at=AT, new=new(posts=(("administrator", None),))),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == "accounts.only_administrators"
    assert {each.post.code for each in hr.holdings.all()} == {"hr"}


def test_an_administrator_may_give_any_post():
    admin = acting("administrator")
    assert add_person(actor=admin, at=AT, new=new(posts=(("administrator", None),))).pk


def test_whoever_left_has_no_account_no_token_and_no_place_among_holders():
    region = a_region()
    person = a_person("agent", region)
    _, secret = issue_token(actor=SYSTEM, at=AT, person_id=person.pk, label="x")
    assert holders("agent", region.pk).get() == person
    retire_person(actor=SYSTEM, at=AT, person_id=person.pk)
    assert actor_by_token(secret, AT) is None
    assert not holders("agent", region.pk).exists()
    assert ApiToken.objects.get(person=person).revoked_at == AT


def test_nobody_closes_their_own_account():
    hr = a_person("hr")
    with pytest.raises(Invalid) as refused:
        retire_person(actor=actor_of(hr), at=AT, person_id=hr.pk)
    assert refused.value.code == "accounts.not_oneself"


def test_people_of_other_regions_are_not_there():
    here, there = a_region(), a_region()
    agent, neighbour = a_person("agent", here), a_person("agent", there)
    actor = actor_of(agent)
    assert set(people(actor).filter(pk__in=[agent.pk, neighbour.pk])) == {agent}
    assert list(regions(actor)) == [here]
    assert list(outlets(actor)) == []
    engineer = a_person("engineer", here)
    assert list(people(actor_of(engineer))) == [engineer]


def test_names_are_in_pinyin_order():
    assert sorted(["赵", "安", "李娜", "Bob"], key=sort_key) == ["安", "Bob", "李娜", "赵"]


# ---- posts -----------------------------------------------------------------------------------------------------------
def test_every_verb_is_offered_to_its_posts_once():
    for post in Post.objects.all():
        assert set(post.known) == default_posts().keys()
        assert set(post.permissions) == {name for name, posts in default_posts().items() if post.code in posts}


def test_what_a_company_took_away_stays_away_and_what_is_new_is_offered():
    agent = Post.objects.get(code="agent")
    change_post(actor=SYSTEM, at=AT, code="agent", permissions=frozenset(agent.permissions) - {"orders.open_order"})
    install_posts()
    agent.refresh_from_db()
    assert "orders.open_order" not in agent.permissions
    agent.known.remove("orders.cancel")  # as if the verb came with a new release
    agent.permissions.remove("orders.cancel")
    agent.save()
    install_posts()
    agent.refresh_from_db()
    assert "orders.cancel" in agent.permissions
    assert "orders.open_order" not in agent.permissions


def test_posts_hold_only_what_exists_and_administrators_cannot_lock_themselves_out():
    for code, permissions, said in (
        ("agent", {"orders.fly"}, "accounts.unknown_permission"),
        ("administrator", {"orders.cancel"}, "accounts.locked_out"),
    ):
        with pytest.raises(Invalid) as refused:
            change_post(actor=SYSTEM, at=AT, code=code, permissions=frozenset(permissions))
        assert refused.value.code == said


def test_the_built_in_posts_are_there_with_their_reach():
    assert set(Post.objects.values_list("code", flat=True)) >= {each.value for each in PostCode}
    assert Post.objects.get(code="engineer").reach == Reach.OWN


def test_the_same_post_is_held_once_even_without_a_region():
    person = add_person(actor=SYSTEM, at=AT, new=new(posts=(("agent", None), ("agent", None))))
    assert Holding.objects.filter(person=person).count() == 1


def test_codes_of_regions_and_outlets_are_taken_once():
    region = a_region("east")
    add_outlet(actor=SYSTEM, at=AT, region_id=region.pk, code="east-1", name_zh="东一", name_en="East 1")
    with pytest.raises(Invalid):
        add_region(actor=SYSTEM, at=AT, code="east", name_zh="东", name_en="East")
    with pytest.raises(Invalid):
        add_outlet(actor=SYSTEM, at=AT, region_id=region.pk, code="east-1", name_zh="东一", name_en="East 1")


# ---- tokens and links ------------------------------------------------------------------------------------------------
def test_a_token_acts_as_its_person_until_it_ends():
    person = a_person("agent", a_region())
    token, secret = issue_token(actor=SYSTEM, at=AT, person_id=person.pk, label="x", expires_at=AT + timedelta(days=1))
    caller = actor_by_token(secret, AT)
    assert caller
    assert (caller.actor, caller.person, caller.token_id) == (actor_of(person), person, token.pk)
    assert actor_by_token(secret, AT + timedelta(days=1)) is None
    assert actor_by_token(secret + "x", AT) is None
    assert secret not in str(vars(token))
    revoke_token(actor=SYSTEM, at=AT, token_id=token.pk)
    assert actor_by_token(secret, AT) is None


SUBJECT = Subject("order", 5)


def test_a_link_opens_one_door_until_it_ends():
    secret = make_link(purpose=LinkPurpose.TRACK, subject=SUBJECT, at=AT, lasts=timedelta(days=1))
    link = link_by_secret(secret, LinkPurpose.TRACK, AT)
    actor = actor_of_link(link)
    assert (actor.subject, actor.person_id, actor.permissions) == (SUBJECT, None, LINK_PERMISSIONS[LinkPurpose.TRACK])
    assert not actor.sees_region(1)
    for purpose, at in ((LinkPurpose.SIGN, AT), (LinkPurpose.TRACK, AT + timedelta(days=1))):
        with pytest.raises(NotFound) as refused:
            link_by_secret(secret, purpose, at)
        assert refused.value.code == "accounts.link_closed"
    assert revoke_links(subject=SUBJECT, purpose=LinkPurpose.TRACK, at=AT) == 1
    with pytest.raises(NotFound):
        link_by_secret(secret, LinkPurpose.TRACK, AT)


def test_only_the_digest_of_a_link_is_stored():
    secret = make_link(purpose=LinkPurpose.RATE, subject=SUBJECT, at=AT, lasts=None)
    link = Link.objects.get(digest=digest(secret))
    assert secret not in str(vars(link))
    assert not EventRow.objects.filter(body__contains=secret).exists()


def test_what_links_may_do_are_verbs_that_exist():
    assert {each for permissions in LINK_PERMISSIONS.values() for each in permissions} <= VERBS.keys()
    assert set(LINK_PERMISSIONS) == set(LinkPurpose)
