"""Channels set up against a local server, and people with addresses there."""

from datetime import datetime
from typing import Any

from anxiu.accounts.models import Person
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.time import now
from anxiu.notify.actions import Settings, set_person_addresses, set_up_channel
from anxiu.notify.channels import offered
from anxiu.notify.choices import AddressKind, Carries, Medium
from anxiu.notify.models import Notice, Setup

TEMPLATES = {"*": "T1 title number"}


def set_up(
    actor: Actor, medium: str, url: str, *, place: int = 1, use: Carries = Carries.EVERYTHING, at: datetime | None = None, **more: Any
) -> Setup:
    """A channel that is on and asks the local server."""
    offer = offered(medium)
    config = {each.name: "1000002" if each.name in ("agent_id", "app_id") else f"{each.name}-x" for each in offer.fields}
    templates = more.pop("templates", TEMPLATES if offer.templates else {})
    given = Settings(
        is_on=True, place=place, use=use, to_customers=more.pop("to_customers", False), base_url=url, config=config,
        templates=templates, **more,
    )  # fmt: skip
    return set_up_channel(actor=actor, at=at or now(), medium=medium, settings=given)


def reached(actor: Actor, person: Person, **addresses: str) -> None:
    """Addresses of a person, and a phone."""
    given = {AddressKind(kind): value for kind, value in addresses.items()}
    set_person_addresses(actor=actor, at=now(), person_uid=person.uid, addresses=given)


def tried(notice: Notice) -> Notice:
    """A notice after one attempt."""
    from anxiu.notify import tasks

    tasks.deliver(notice.pk)
    notice.refresh_from_db()
    return notice


__all__ = ["SYSTEM", "Medium", "reached", "set_up", "tried"]
