"""`anxiu administrator`: the first login of an installation."""

import pytest

from anxiu.accounts.actions import retire_person
from anxiu.accounts.cli import main
from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from tests.given.assets import a_person, a_region

pytestmark = pytest.mark.requirement("PF-06")


@pytest.fixture
def said(db: None, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def test_the_first_account_chooses_a_password_and_may_set_up_everything(said, client):
    assert main(["Chief@Example.com", "--name", "陈总", "--address", "http://site.example"]) == 0
    link = said.readouterr().out.strip()
    assert link.startswith("http://site.example/accounts/password/reset/key/")
    chief = Person.objects.get(email="chief@example.com")
    assert chief.name == "陈总"
    assert actor_of(chief).may("accounts.change_post")
    assert actor_of(chief).may("workforce.add_engineer")
    page = client.get(link.removeprefix("http://site.example"), follow=True)
    form = {"password1": "a-long-password-9", "password2": "a-long-password-9"}
    client.post(page.redirect_chain[-1][0], form)
    chief.refresh_from_db()
    assert chief.check_password("a-long-password-9")


def test_again_it_is_a_way_back_in(said):
    main(["chief@example.com"])
    first = said.readouterr().out
    main(["chief@example.com"])
    assert said.readouterr().out
    assert first
    assert Person.objects.filter(email="chief@example.com").count() == 1


def test_what_is_no_address_is_refused(said):
    with pytest.raises(SystemExit):
        main(["chief"])
    assert "chief" not in Person.objects.values_list("email", flat=True)


def test_somebody_who_is_there_already_becomes_an_administrator_and_keeps_their_posts(said):
    agent = a_person("agent", a_region())
    main([agent.email])
    assert actor_of(agent).may("accounts.change_post")
    assert set(agent.holdings.values_list("post__code", flat=True)) == {"agent", "administrator", "hr"}


def test_a_closed_account_stays_closed(said):
    agent = a_person("agent", a_region())
    retire_person(actor=SYSTEM, at=now(), person_id=agent.pk)
    with pytest.raises(SystemExit):
        main([agent.email])
    assert "closed" in said.readouterr().err
