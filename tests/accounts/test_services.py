"""Service accounts: programs under their own name, called by keys and clients only."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from anxiu.accounts import actions
from anxiu.accounts.choices import Bundle
from anxiu.accounts.models import Client, ClientSecret, Person, Region
from anxiu.accounts.queries import actor_by_token, actor_of, allowed, client_by, found, history, people
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound
from anxiu.kernel.models import EventRow
from tests.given.assets import AT, a_person, a_region, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def administrator() -> Actor:
    return acting("administrator")


@pytest.fixture
def service(region: Region) -> Person:
    return actions.add_service(actor=SYSTEM, at=AT, name="ERP", posts=(("agent", None),), region_id=region.pk)


@pytest.fixture
def client(service: Person) -> Client:
    return actions.add_client(actor=SYSTEM, at=AT, service_id=service.pk, label="nightly", bundles=[Bundle.READ])[0]


Call = Callable[[Actor, Client], object]
VERBS: dict[str, Call] = {
    "add_service": lambda who, _c: actions.add_service(actor=who, at=AT, name="CRM", posts=(("agent", None),)),
    "change_service": lambda who, c: actions.change_service(actor=who, at=AT, service_id=c.person_id, name="SAP"),
    "suspend_service": lambda who, c: actions.suspend_service(actor=who, at=AT, service_id=c.person_id),
    "retire_service": lambda who, c: actions.retire_service(actor=who, at=AT, service_id=c.person_id),
    "add_client": lambda who, c: actions.add_client(actor=who, at=AT, service_id=c.person_id, label="x", bundles=[Bundle.READ]),
    "add_client_secret": lambda who, c: actions.add_client_secret(actor=who, at=AT, client_id=c.client_id),
    "revoke_client": lambda who, c: actions.revoke_client(actor=who, at=AT, client_id=c.client_id),
}


@pytest.mark.parametrize("verb", VERBS)
def test_service_accounts_are_the_administrators(verb: str, client: Client, administrator: Actor) -> None:
    with pytest.raises(NotAllowed):
        VERBS[verb](acting("hr"), client)
    VERBS[verb](administrator, client)
    kind = {"retire_service": "service_retired", "suspend_service": "service_suspended"}.get(verb, "")
    assert EventRow.objects.filter(kind__endswith=kind, actor_id=administrator.id).exists()


def test_resuming_and_one_of_two_secrets_are_the_administrators_too(client: Client, administrator: Actor) -> None:
    actions.add_client_secret(actor=SYSTEM, at=AT, client_id=client.client_id)
    old = client.secrets.order_by("pk")[0]
    with pytest.raises(NotAllowed):
        actions.revoke_client_secret(actor=acting("hr"), at=AT, client_id=client.client_id, secret_id=old.pk)
    actions.revoke_client_secret(actor=administrator, at=AT, client_id=client.client_id, secret_id=old.pk)
    actions.suspend_service(actor=SYSTEM, at=AT, service_id=client.person_id)
    with pytest.raises(NotAllowed):
        actions.resume_service(actor=acting("hr"), at=AT, service_id=client.person_id)
    actions.resume_service(actor=administrator, at=AT, service_id=client.person_id)


def test_a_program_is_no_person(service: Person, administrator: Actor) -> None:
    assert actor_of(service).kind is ActorKind.SERVICE
    assert not people(administrator).filter(pk=service.pk).exists()
    assert not found(administrator, "ERP").exists()
    assert service not in allowed("orders.open_order", service.region_id)
    for call in (
        lambda: actions.change_person(actor=administrator, at=AT, person_id=service.pk, changes={"email": "mine@example.com"}),
        lambda: actions.make_password_link(actor=administrator, at=AT, person_id=service.pk),
        lambda: actions.retire_person(actor=administrator, at=AT, person_id=service.pk),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_program_cannot_log_in_even_with_a_password_or_a_session(service: Person, settings: object) -> None:
    service.set_password("wheels-of-autumn-9")
    service.save()
    browser = Browser()
    browser.post(reverse("account_login"), {"login": service.email, "password": "wheels-of-autumn-9"})
    assert browser.get(reverse("my_account")).status_code == 302
    browser.force_login(service, backend="anxiu.accounts.backend.Backend")
    assert browser.get(reverse("my_account")).status_code == 302


@pytest.mark.requirement("PF-02", "PF-04")
def test_what_a_program_does_stands_under_its_name(service: Person, administrator: Actor) -> None:
    _, secret = actions.issue_token(actor=administrator, at=AT, person_id=service.pk, label="x")
    caller = actor_by_token(secret, AT)
    assert caller is not None
    assert caller.actor.key == f"service:{service.pk}"
    actions.change_own(actor=caller.actor, at=AT, changes={"language": "en"})
    newest = history(service)[0]
    assert (newest.kind, newest.who) == ("accounts.person_changed", "ERP")
    row = EventRow.objects.filter(subject_id=service.pk, subject_kind="person").latest("id")
    assert (row.actor_kind, row.actor_id) == ("service", service.pk)


def test_suspended_it_stops_and_resumed_it_works_again_and_ended_it_does_not(service: Person, client: Client) -> None:
    _, key = actions.issue_token(actor=SYSTEM, at=AT, person_id=service.pk, label="x")
    _, secret = actions.add_client_secret(actor=SYSTEM, at=AT, client_id=client.client_id)

    def works() -> tuple[bool, bool]:
        return actor_by_token(key, AT) is not None, client_by(client.client_id, secret) is not None

    assert works() == (True, True)
    actions.suspend_service(actor=SYSTEM, at=AT, service_id=service.pk)
    assert works() == (False, False)
    with pytest.raises(NotFound):
        actions.suspend_service(actor=SYSTEM, at=AT, service_id=service.pk)
    actions.resume_service(actor=SYSTEM, at=AT, service_id=service.pk)
    assert works() == (True, True)
    with pytest.raises(Invalid) as refused:
        actions.resume_service(actor=SYSTEM, at=AT, service_id=service.pk)
    assert refused.value.code == "accounts.not_suspended"
    actions.retire_service(actor=SYSTEM, at=AT, service_id=service.pk)
    assert works() == (False, False)
    for call in (actions.resume_service, actions.suspend_service, actions.retire_service):
        with pytest.raises(NotFound):
            call(actor=SYSTEM, at=AT, service_id=service.pk)


def test_a_client_has_one_or_two_secrets_and_never_none(client: Client) -> None:
    first = client.secrets.get()
    with pytest.raises(Invalid) as refused:
        actions.revoke_client_secret(actor=SYSTEM, at=AT, client_id=client.client_id, secret_id=first.pk)
    assert refused.value.code == "accounts.last_secret"
    _, second = actions.add_client_secret(actor=SYSTEM, at=AT, client_id=client.client_id)
    with pytest.raises(Invalid) as refused:
        actions.add_client_secret(actor=SYSTEM, at=AT, client_id=client.client_id)
    assert refused.value.code == "accounts.two_secrets"
    assert not ClientSecret.objects.filter(digest=second).exists()  # its digest only
    actions.revoke_client_secret(actor=SYSTEM, at=AT, client_id=client.client_id, secret_id=first.pk)
    assert client_by(client.client_id, second) == client


def test_two_programs_of_one_name_would_be_one_in_every_history(service: Person) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_service(actor=SYSTEM, at=AT, name=" ERP ", posts=(("agent", None),))
    assert refused.value.code == "accounts.name_taken"


def test_nobody_makes_a_program_that_may_more_than_they(region: Region) -> None:
    from anxiu.accounts.models import Post

    Post.objects.filter(code="supervisor").update(permissions=["accounts.add_service", "accounts.add_client"])
    lead = acting("supervisor", region)
    for post in ("administrator", "management"):
        with pytest.raises(Invalid) as refused:
            actions.add_service(actor=lead, at=AT, name=post, posts=((post, None),), region_id=region.pk)
        assert refused.value.code == "accounts.only_administrators"
    above = actions.add_service(actor=SYSTEM, at=AT, name="all", posts=(("administrator", None),), region_id=region.pk)
    with pytest.raises(Invalid):
        actions.add_client(actor=lead, at=AT, service_id=above.pk, label="x", bundles=[Bundle.EVERYTHING])


def test_the_pages_of_a_program(service: Person, client: Client) -> None:
    person = a_person("administrator")
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(person, backend="anxiu.accounts.backend.Backend")
    assert b"ERP" in browser.get(reverse("services")).content
    page = browser.get(reverse("service", args=[service.uid])).content.decode()
    assert client.client_id in page
    assert "service.invalid" not in page
    made = browser.post(reverse("add_client", args=[service.uid]), {"label": "day", "bundles": ["read"], "key": "k"})
    shown = made.content.decode()
    newest = Client.objects.latest("pk")
    assert f"client_id={newest.client_id}" in shown
    assert "client_secret=" in shown
    again = browser.post(reverse("add_client", args=[service.uid]), {"label": "day", "bundles": ["read"], "key": "k"})
    assert "client_secret=" not in again.content.decode()
