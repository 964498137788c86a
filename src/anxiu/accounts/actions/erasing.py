"""Erasing a colleague who left: the row stays under a neutral name, so that what was done keeps somebody who did it."""

from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext, override

from anxiu.accounts.actions.people import MASTER, sort_key, to_change
from anxiu.accounts.events import PersonErased
from anxiu.accounts.models import ApiToken, Client, Holding, Identity, Link, Person
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.erasure import erase_texts
from anxiu.kernel.errors import GateShut, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.gates import ask
from anxiu.kernel.models import Refused

GONE: Final = "erased.invalid"  # a domain that can never be (RFC 2606)


@action(posts={"administrator"})
def erase_person(*, actor: Actor, at: datetime, person_id: int) -> None:
    """Erase a colleague who left: name, numbers, login, links, what they were refused; what they did keeps a label.

    Records: PersonErased, on which those who keep copies erase them. Refuses: an account that is open, the last
    administrator, somebody who still has to do something, or who left too lately.
    """
    person = to_change(actor, person_id)
    if person.erased_at:
        return
    if person.retired_at is None:
        raise WrongState("accounts.still_open")
    masters = Person.objects.filter(is_active=True, is_service=False, holdings__post__permissions__contains=[MASTER])
    if not masters.exists():
        raise WrongState("accounts.last_administrator")
    if shut := ask([person], "erase_person", actor, at)[person.pk]:
        raise GateShut(
            "accounts.must_be_kept", missing=tuple(each for verdict in shut for each in verdict.missing),
            value_key=max(verdict.value_key for verdict in shut),
        )  # fmt: skip
    _close_doors(person)
    _nameless(person, at)
    texts = erase_texts("person", [person.pk])
    record(
        PersonErased(texts), subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at
    )


def _nameless(person: Person, at: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        person.name = gettext("Former colleague {number}").format(number=person.pk)
    with override("en"):
        person.name_en = gettext("Former colleague {number}").format(number=person.pk)
    person.name_key, person.email = sort_key(person.name), f"{person.uid}@{GONE}"
    person.phone, person.manager, person.last_login = "", None, None
    person.erased_at = at
    person.set_unusable_password()
    person.save()


def _close_doors(person: Person) -> None:
    """Whatever lets them in, or was kept of their coming in, is gone."""
    for rows in (
        EmailAddress.objects.filter(user=person), Authenticator.objects.filter(user=person),
        Identity.objects.filter(person=person), ApiToken.objects.filter(person=person),
        Client.objects.filter(person=person), Holding.objects.filter(person=person),
        Link.objects.filter(subject_kind="person", subject_id=person.pk),
        Refused.objects.filter(actor_id=person.pk),
    ):  # fmt: skip
        rows.delete()
    Person.objects.filter(manager=person).update(manager=None)
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
