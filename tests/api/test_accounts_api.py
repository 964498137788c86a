"""People, posts and places over the API."""

from hashlib import sha256

import pytest

from anxiu.accounts.models import Person
from tests.given.assets import a_person, a_region, acting


@pytest.fixture
def administrator(db, calling):
    return calling(acting("administrator"))


def done(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.mark.requirement("PF-02")
def test_an_account_from_first_to_last(administrator, calling):
    region, other = a_region(), a_region()
    new = {"name": "韩梅梅", "email": "Han@Example.com", "region": region.code,
           "posts": [{"post": "agent"}, {"post": "dispatcher", "region": other.code}]}  # fmt: skip
    made = done(administrator.post("/people", new), 201)
    assert (made["email"], made["region"]) == ("han@example.com", region.code)
    assert made["posts"] == [{"post": "agent", "region": ""}, {"post": "dispatcher", "region": other.code}]
    at = f"/people/{made['uid']}"
    act = f"{at}/actions"
    assert "/accounts/" in done(administrator.post(f"{act}/make_password_link"))["url"]
    changed = done(administrator.post(f"{act}/change_person", {"name_en": "Han Meimei", "posts": [{"post": "agent"}]}))
    assert (changed["name_en"], changed["posts"], changed["region"]) == ("Han Meimei", [{"post": "agent", "region": ""}], region.code)
    assert done(administrator.post(f"{act}/change_person", {"region": other.code}))["posts"] == changed["posts"]
    issued = done(administrator.post(f"{act}/issue_token", {"label": "till"}), 201)
    name = issued["token"]["fingerprint"]
    assert sha256(issued["secret"].encode()).hexdigest().startswith(name)
    assert issued["secret"] not in administrator.get(f"{at}/tokens").content.decode()
    revoked = done(administrator.post(f"{at}/tokens/{name}/actions/revoke_token"))
    assert (revoked["label"], bool(revoked["revoked_at"])) == ("till", True)
    assert [each["uid"] for each in done(administrator.get("/people", q="hanmeimei"))["items"]] == [made["uid"]]
    assert done(administrator.post(f"{act}/retire_person"))["is_active"] is False
    shown = done(administrator.get(at))
    assert shown["history"][0]["kind"] == "accounts.person_retired"
    assert [each["uid"] for each in done(administrator.get("/people", closed=True))["items"]] == [made["uid"]]


def test_one_changes_what_is_ones_own(db, calling):
    person = a_person("engineer", a_region())
    person.set_password("old horse battery")
    person.save()
    from anxiu.accounts.queries import actor_of

    mine = calling(actor_of(person))
    assert done(mine.post("/me/actions/change_own", {"phone": "021 5555 6666"}))["phone"] == "021 5555 6666"
    assert "orders.arrive" in done(mine.get("/me"))["permissions"]
    wrong = mine.post("/me/actions/change_own_email", {"email": "new@example.com", "password": "guess"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "accounts.wrong_password")
    body = {"email": "new@example.com", "password": "old horse battery"}
    assert done(mine.post("/me/actions/change_own_email", body))["email"] == "new@example.com"


@pytest.mark.requirement("PF-02")
def test_posts_and_places(administrator):
    body = {"code": "north", "name_zh": "北区", "name_en": "North"}
    assert done(administrator.post("/regions", body), 201)["time_zone"] == ""
    changed = done(administrator.post("/regions/north/actions/change_region", {"time_zone": "Asia/Urumqi"}))
    assert (changed["name_en"], changed["time_zone"]) == ("North", "Asia/Urumqi")
    outlet = {"code": "n1", "region": "north", "name_zh": "一店", "name_en": "One"}
    assert done(administrator.post("/outlets", outlet), 201)["is_partner"] is False
    assert done(administrator.post("/outlets/n1/actions/change_outlet", {"is_partner": True}))["is_partner"] is True
    assert [each["code"] for each in done(administrator.get("/outlets", region="north"))["items"]] == ["n1"]
    assert done(administrator.get("/regions"))["items"][0]["code"] == "north"
    post = {each["code"]: each for each in done(administrator.get("/posts"))["items"]}["warehouse"]
    fewer = [each for each in post["permissions"] if each != "catalogue.add_part"]
    assert done(administrator.post("/posts/warehouse/actions/change_post", {"permissions": fewer}))["permissions"] == fewer
    assert administrator.post("/posts/never/actions/change_post", {"permissions": []}).status_code == 404


def test_the_same_key_opens_one_account(administrator):
    new = {"name": "韩梅梅", "email": "han@example.com", "posts": [{"post": "hr"}]}
    first, again = administrator.post("/people", new, key="k"), administrator.post("/people", new, key="k")
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Person.objects.filter(email="han@example.com").count() == 1


def test_who_may_not_is_refused(db, calling):
    agent = calling(acting("agent", a_region()))
    assert agent.get("/people").status_code == agent.get("/posts").status_code == 403
    assert agent.post("/regions", {"code": "x", "name_zh": "x", "name_en": "x"}).status_code == 403
    hr = calling(acting("hr"))
    new = {"name": "x", "email": "x@example.com", "posts": [{"post": "administrator"}]}
    assert hr.post("/people", new).json()["code"] == "accounts.only_administrators"


@pytest.mark.requirement("PF-04")
def test_another_region_sees_nothing(db, calling):
    region, person = a_region(), a_person("agent", a_region())
    from anxiu.accounts.models import Post

    Post.objects.filter(code="agent").update(permissions=["accounts.view_posts", "accounts.change_person", "accounts.add_outlet"])
    stranger = calling(acting("agent", region))
    assert str(person.uid) not in stranger.get("/people").content.decode()
    assert stranger.get(f"/people/{person.uid}").status_code == stranger.get(f"/people/{person.uid}/tokens").status_code == 404
    assert stranger.post(f"/people/{person.uid}/actions/change_person", {"name": "x"}).status_code == 404
    outlet = {"code": "n1", "region": person.region.code, "name_zh": "一店", "name_en": "One"}
    assert stranger.post("/outlets", outlet).status_code == 422
    assert [each["code"] for each in done(stranger.get("/regions"))["items"]] == [region.code]
