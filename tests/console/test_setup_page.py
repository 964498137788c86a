"""The guide of the first hours: what each step says of the data, what it leads to, and how it is put off."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Person, Region
from anxiu.console.setup import company, work
from anxiu.console.setup.pages import CODES, STEPS
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.time import now
from anxiu.notify import actions as notices
from anxiu.notify.choices import State
from anxiu.notify.models import Notice
from anxiu.orders.models import Order
from anxiu.regulation.actions import adopt_preset
from anxiu.sla.actions import NewDuty, set_duty
from anxiu.sla.models import PublishedYear
from tests.given.assets import a_base, a_person, a_region, acting
from tests.given.orders import LONG_AGO, a_company, opened

pytestmark = pytest.mark.django_db
POSTS = (("administrator", None), ("hr", None))


@pytest.fixture
def chief() -> Person:
    new = NewPerson(name="陈总", email="chief@example.com", posts=POSTS)
    return add_person(actor=SYSTEM, at=LONG_AGO, new=new)


@pytest.fixture
def actor(chief):
    from anxiu.accounts.queries import actor_of

    return actor_of(chief)


@pytest.fixture
def page(login, chief):
    return login(chief)


def done(actor) -> set[str]:
    return {each.code for each in (step(actor, now()) for step in STEPS) if each.is_done}


def words(step) -> str:
    return " ".join(map(str, (*step.there, *(each.says for each in step.lines), *step.warns)))


# ---- the state of each step ------------------------------------------------------------------------------------------
def test_an_empty_company_has_done_nothing(actor, settings):
    PublishedYear.objects.all().delete()
    assert done(actor) == set()
    assert {step(actor, now()).code for step in STEPS} == CODES


def test_the_company_is_known_by_its_own_name_and_phone(actor, monkeypatch, settings):
    env = settings.ENV
    monkeypatch.setattr(env, "company_zh", "沪安电梯")
    assert not company.company(actor, now()).is_done
    monkeypatch.setattr(env, "company_phone", "021-5555")
    step = company.company(actor, now())
    assert step.is_done
    assert "021-5555" in words(step)


def test_a_region_is_enough_and_then_outlets_are_offered(actor):
    assert [each.icon for each in company.places(actor, now()).does] == ["plus"]
    region = a_region()
    step = company.places(actor, now())
    assert step.is_done
    assert region.name_zh in words(step) or region.name_en in words(step)
    assert any("outlets" in each.dialog for each in step.does)


def test_a_regulation_is_chosen_when_one_was_put_in_force(actor):
    before = company.regulation(actor, now())
    assert not before.is_done
    assert len(before.more["cards"]) == 6
    adopt_preset(actor=actor, at=now(), preset_code="r1", region_id=None, order_type="", in_force_from=now())
    assert company.regulation(actor, now()).is_done


def test_a_year_that_is_not_published_is_said_loudly(actor):
    year = timezone.localdate(now()).year
    PublishedYear.objects.filter(year=year).delete()
    step = company.calendar(actor, now())
    assert not step.is_done
    assert str(year) in str(step.warns[0])
    PublishedYear.objects.create(year=year, source="x", changed_at=now())
    after = company.calendar(actor, now())
    assert after.is_done
    assert after.there


def test_people_products_machines_and_the_first_order(actor):
    there = a_company()
    assert {"places", "products", "office", "hands", "base"} <= done(actor)
    assert not work.first(actor, now()).is_done
    order = opened(there, now() - timedelta(minutes=5))
    step = work.first(actor, now())
    assert step.is_done
    assert order.number in words(step)


def test_an_engineer_who_lacks_something_is_named_with_what_gives_it(actor):
    engineer = a_company().engineer
    engineer.patterns.all().delete()
    engineer.shifts.all().delete()
    step = work.hands(actor, now())
    assert not step.is_done
    line = next(each for each in step.lines if engineer.person.name in str(each.says))
    assert [each.dialog.split("?")[0].rstrip("/").rsplit("/", 1)[-1] for each in line.does] == ["set_shift_pattern"]


def test_a_person_without_a_password_gets_a_link(actor):
    agent = a_person("agent", a_region())
    line = next(each for each in work.office(actor, now()).lines if agent.name in str(each.says))
    assert line.does[0].dialog == reverse("make_password_link", args=[agent.uid])


def test_a_customer_without_site_or_contact_is_named(actor):
    from tests.given.assets import a_customer

    row = a_customer(a_region())
    line = next(each for each in work.base(actor, now()).lines if row.name in str(each.says))
    assert len(line.does) == 2


def test_who_is_on_duty(actor):
    person = a_person("supervisor", a_region())
    assert not work.duty(actor, now()).is_done
    new = NewDuty(person_id=person.pk, post="supervisor", region_id=None, from_at=now(), until_at=now() + timedelta(days=9))
    set_duty(actor=actor, at=now(), new=new)
    step = work.duty(actor, now())
    assert step.is_done
    assert person.name in words(step)


def test_labels_are_printed_from_the_page(actor, page):
    machine = a_base().machine
    step = work.labels(actor, now())
    assert step.more["sheet"] == [str(machine.uid)]
    assert not step.is_done
    answer = page.post(reverse("machine_labels"), {"uid": step.more["sheet"]})
    assert answer.content[:4] == b"%PDF"
    assert work.labels(actor, now()).is_done


# ---- the test notice -------------------------------------------------------------------------------------------------
def test_without_a_mail_server_the_test_waits_and_says_why(page, actor, settings):
    settings.EMAIL_HOST = ""
    address = f"{reverse('test_channel', args=['email'])}?back=set_up"
    assert "chief@example.com" in page.get(address).content.decode()
    answer = page.post(address, {"key": uuid4().hex, "address": "chief@example.com"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("set_up"))
    row = Notice.objects.get(kind="test")
    assert (row.state, row.reason, row.address) == (State.HELD, "no_server", "chief@example.com")
    step = company.mail(actor, now())
    assert not step.is_done
    assert "No mail server is configured" in page.get(reverse("set_up")).content.decode()
    Notice.objects.update(state=State.SENT, sent_at=now())
    assert company.mail(actor, now()).is_done


def test_with_a_mail_server_the_test_leaves(actor, settings, mailoutbox):
    from anxiu.notify.tasks import deliver

    settings.EMAIL_HOST = "mail.example.com"
    row = notices.test_channel(actor=actor, at=now(), medium="email", address="chief@example.com")
    assert row.state == State.QUEUED
    assert deliver(row.pk) == "sent"
    assert mailoutbox[0].to == ["chief@example.com"]


def test_only_who_may_sends_a_test():
    with pytest.raises(NotAllowed):
        notices.test_channel(actor=acting("agent", a_region()), at=now(), medium="email", address="x@example.com")


# ---- the page --------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("PF-06")
def test_an_administrator_begins_here_until_the_first_order_or_put_aside(page):
    assert page.get("/")["Location"] == reverse("set_up")
    shown = page.get(reverse("set_up")).content.decode()
    assert shown.count("data-done=") == len(STEPS)
    assert 'href="/setup/"' in shown
    answer = page.post(reverse("set_up_later"), {"step": "all"})
    assert answer["Location"] == "/"
    assert page.get("/").status_code == 200
    assert 'href="/setup/"' in page.get("/").content.decode()
    page.post(reverse("set_up_later"), {"step": "all"})
    assert page.get("/").status_code == 302
    opened(a_company(), now() - timedelta(minutes=5))
    after = page.get("/")
    assert after.status_code == 200
    assert 'href="/setup/"' not in after.content.decode()
    assert Order.objects.count() == 1


def test_a_step_is_put_off_and_taken_up_again(page):
    page.post(reverse("set_up_later"), {"step": "mail"})
    assert page.cookies["anxiu_setup"].value == "mail"
    assert "Take it up again" in page.get(reverse("set_up")).content.decode()
    page.post(reverse("set_up_later"), {"step": "mail"})
    page.post(reverse("set_up_later"), {"step": "nonsense"})
    assert page.cookies["anxiu_setup"].value == ""
    assert page.get(reverse("set_up_later")).status_code == 405


def test_a_dialog_of_the_guide_leads_back_to_it(page):
    fields = {"key": uuid4().hex, "name": "新客户", "tier": "standard", "region_id": a_region().pk, "language": "zh-hans"}
    answer = page.post(f"{reverse('add_customer')}?back=set_up", fields)
    assert answer["HX-Redirect"] == reverse("set_up")
    elsewhere = page.post(f"{reverse('add_customer')}?back=//evil.example", {**fields, "key": uuid4().hex, "name": "另一家"})
    assert elsewhere["HX-Redirect"].startswith("/customers/")


def test_nobody_else_is_led_here(login):
    agent = login(a_person("agent", a_region()))
    assert agent.get("/").status_code == 200
    assert agent.get(reverse("set_up")).status_code == 403
    assert agent.post(reverse("set_up_later"), {"step": "all"}).status_code == 403
    assert Region.objects.count() == 1


def test_the_demo_company_says_so_and_how_to_leave_it(page, monkeypatch, settings):
    monkeypatch.setattr(settings.ENV, "demo", True)
    opened(a_company(), now() - timedelta(minutes=5))
    assert 'href="/setup/"' in page.get("/").content.decode()
    shown = page.get(reverse("set_up")).content.decode()
    assert "This is the demo company" in shown
    assert "--own you@example.com" in shown


def test_the_page_asks_few_questions(page, django_assert_max_num_queries):
    a_company()
    page.get(reverse("set_up"))
    with django_assert_max_num_queries(50):
        page.get(reverse("set_up"))
