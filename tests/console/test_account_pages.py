"""The pages about accounts, through a browser's own requests."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from anxiu.accounts.models import ApiToken, Outlet, Person, Post, Region
from anxiu.accounts.queries import actor_by_token
from anxiu.console.accounts.words import APPS, PERMISSIONS
from anxiu.kernel.action import default_posts
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import now
from tests.given.assets import a_person, a_region

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def login(region: Region) -> Login:
    def log_in(post: str | Person, language: str = "en") -> Client:
        person = post if isinstance(post, Person) else a_person(post, region)
        client = Client(headers={"accept-language": language})
        client.force_login(person, backend="anxiu.accounts.backend.Backend")
        return client

    return log_in


def text(answer: Any) -> str:
    return str(answer.content.decode())


def send(client: Client, verb: str, /, *args: object, **values: object) -> Any:
    return client.post(reverse(verb, args=args), {"key": uuid4().hex, **values})


def test_every_permission_has_words_in_both_languages() -> None:
    assert PERMISSIONS.keys() == default_posts().keys()
    assert APPS.keys() == {name.split(".")[0] for name in default_posts()}
    with override("zh-hans"):
        assert [each for each in [*PERMISSIONS.values(), *APPS.values()] if not re.search("[\u4e00-\u9fff]", str(each))] == []


def test_the_pages_are_for_those_who_may_see_accounts(login: Login, region: Region) -> None:
    person = a_person("agent", region)
    pages = [reverse("accounts"), reverse("posts"), reverse("places"), reverse("person", args=[person.uid])]
    for client, status in ((login("administrator"), 200), (login("hr"), 200), (login("agent"), 403)):
        assert {client.get(page).status_code for page in pages} == {status}
    assert login("agent").get(reverse("my_account")).status_code == 200
    assert Client().get(reverse("my_account")).status_code == 302


def test_the_list_finds_and_filters(login: Login, region: Region) -> None:
    one, two = a_person("agent", region), a_person("dispatcher", a_region())
    client = login("administrator")
    page = text(client.get(reverse("accounts"), {"post": "agent"}))
    assert one.email in page
    assert two.email not in page
    assert two.email in text(client.get(reverse("accounts"), {"region": two.region.code}))  # type: ignore[union-attr]
    assert two.email in text(client.get(reverse("accounts"), {"q": two.email}))
    assert one.email not in text(client.get(reverse("accounts"), {"tab": "closed"}))


def test_the_list_costs_the_same_however_long(
    login: Login, region: Region, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = login("administrator")
    for _ in range(5):
        a_person("agent", region)
    with django_assert_max_num_queries(11):
        client.get(reverse("accounts"))


def test_an_account_is_opened_changed_and_closed(login: Login, region: Region) -> None:
    client, other = login("hr"), a_region()
    said = {"name": "周静", "email": "zhou@example.com", "region": region.pk, "language": "en"}
    refused = send(client, "add_person", **said)
    assert refused.status_code == 422
    assert "Choose at least one post" in text(refused)
    done = send(client, "add_person", **said, posts=["agent"], post_0="dispatcher", region_0=other.pk)
    person = Person.objects.get(email="zhou@example.com")
    assert (done.status_code, done["HX-Redirect"]) == (204, reverse("person", args=[person.uid]))
    assert set(person.holdings.values_list("post__code", "region_id")) == {("agent", None), ("dispatcher", other.pk)}
    form = text(client.get(reverse("change_person", args=[person.uid])))
    assert re.search(r'value="agent"[^>]*checked', form)
    assert re.search(rf'<option value="{other.pk}" selected>', form)
    assert send(client, "change_person", person.uid, **{**said, "name": "周敬"}, posts=["supervisor"]).status_code == 204
    person.refresh_from_db()
    assert (person.name, [each.post.code for each in person.holdings.all()]) == ("周敬", ["supervisor"])
    assert send(client, "retire_person", person.uid).status_code == 204
    person.refresh_from_db()
    assert not person.is_active
    assert "Link for a new password" not in text(client.get(reverse("person", args=[person.uid])))


def test_a_new_colleague_chooses_the_password_by_the_link(login: Login, region: Region) -> None:
    person, client = a_person("agent", region), login("hr")
    shown = text(send(client, "make_password_link", person.uid))
    link = re.search(r"data-copy=\"http://testserver([^\"]+)\"", shown)
    assert link
    theirs = Client()
    page = theirs.get(link[1], follow=True)
    answer = theirs.post(page.redirect_chain[-1][0], {"password1": "wheels of autumn", "password2": "wheels of autumn"})
    assert answer.status_code == 302
    assert theirs.login(email=person.email, password="wheels of autumn")
    again = Client().get(link[1], follow=True)
    assert "password1" not in text(again)


def test_a_key_is_shown_once_and_never_stored(login: Login, region: Region) -> None:
    person, client, key = a_person("agent", region), login("administrator"), uuid4().hex
    answer = send(client, "issue_token", person.uid, label="ERP", lasts="90", bundles=["read"], key=key)
    secret = re.search(r"anxiu_[\w-]+", text(answer))
    assert answer.status_code == 200
    assert secret
    assert actor_by_token(secret[0], now()) is not None
    again = text(send(client, "issue_token", person.uid, label="ERP", lasts="90", bundles=["read"], key=key))
    assert "anxiu_" not in again
    assert "shown only once" in again
    token = ApiToken.objects.get()
    assert not EventRow.objects.filter(body__contains=secret[0]).exists()
    assert "ERP" in text(client.get(reverse("person", args=[person.uid])))
    assert send(client, "revoke_token", token.pk).status_code == 204
    assert actor_by_token(secret[0], now()) is None
    assert login("hr").get(reverse("issue_token", args=[person.uid])).status_code == 403


@pytest.mark.requirement("WF-01")
def test_a_post_is_changed_in_the_matrix(login: Login) -> None:
    client = login("administrator")
    assert "Take reports and open orders" in text(client.get(reverse("posts")))
    form = text(client.get(reverse("change_post", args=["finance"])))
    assert re.search(r'value="orders.view"[^>]*checked', form)
    assert send(client, "change_post", "finance", customers=["customers.view"]).status_code == 204
    assert Post.objects.get(code="finance").permissions == ["customers.view"]
    refused = send(client, "change_post", "administrator", customers=["customers.view"])
    assert refused.status_code == 422
    assert "Administrators must keep" in text(refused)
    assert login("hr").get(reverse("change_post", args=["finance"])).status_code == 403


def test_regions_and_outlets_are_added_and_changed(login: Login) -> None:
    client = login("administrator")
    refused = send(client, "add_region", code="west", name_zh="西区", name_en="West", time_zone="Asia/Nowhere")
    assert "There is no time zone" in text(refused)
    assert send(client, "add_region", code="west", name_zh="西区", name_en="West", time_zone="Asia/Urumqi").status_code == 204
    assert send(client, "change_region", "west", name_zh="西部", name_en="West", time_zone="").status_code == 204
    west = Region.objects.get(code="west")
    assert (west.name_zh, west.time_zone) == ("西部", "")
    assert send(client, "add_outlet", code="w1", region=west.pk, name_zh="一店", name_en="One", is_partner="on").status_code == 204
    assert send(client, "change_outlet", "w1", region=west.pk, name_zh="一店", name_en="First").status_code == 204
    assert (Outlet.objects.get().name_en, Outlet.objects.get().is_partner) == ("First", False)
    assert "First" in text(client.get(reverse("places")))


@pytest.mark.requirement("PF-07")
def test_the_language_chosen_is_the_persons_from_then_on(login: Login, region: Region) -> None:
    person = a_person("engineer", region)
    client = login(person, "zh-cn")
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/me/"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.language == "en"
    assert "About you" in text(client.get(reverse("my_account")))
    answer = client.post(reverse("my_account"), {"key": uuid4().hex, "language": "zh-hans", "phone": "139", "name_en": "Lee"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.language, person.phone, person.name_en) == ("zh-hans", "139", "Lee")
    assert "个人资料" in text(client.get(reverse("my_account")))
    assert Client().post(reverse("set_language"), {"language": "en", "next": "/"}).status_code == 302


def test_ones_own_address_changes_with_the_password(login: Login, region: Region) -> None:
    person = a_person("agent", region)
    person.set_password("ten characters")
    person.save()
    client = login(person)
    assert send(client, "my_email", email="new@example.com", password="no").status_code == 422
    assert send(client, "my_email", email="new@example.com", password="ten characters").status_code == 204
    assert Person.objects.get(pk=person.pk).email == "new@example.com"
