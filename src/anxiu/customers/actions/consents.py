"""What somebody agreed to have their data used for, and what not: stated, never overwritten; the last word counts."""

from collections.abc import Mapping
from datetime import datetime

from anxiu.customers.actions.contacts import locked_contact
from anxiu.customers.choices import CHOSEN, ConsentMeans, Use
from anxiu.customers.events import ConsentDeclined, ConsentGiven
from anxiu.customers.messages import WORDINGS
from anxiu.customers.models import Consent
from anxiu.customers.queries import stated
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.events import record


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def state_consent(
    *, actor: Actor, at: datetime, contact_id: int, said: Mapping[Use, bool], means: ConsentMeans
) -> list[Consent]:
    """Note what a contact agrees to or no longer agrees to, as they said it and by which way.

    Records: ConsentGiven, ConsentDeclined for each that is new. Refuses: nothing said, a use nobody chooses, a contact
    that is gone.
    """
    row = locked_contact(actor, contact_id)
    if row.retired_at:
        raise WrongState("customers.contact_is_retired")
    if not said or not said.keys() <= CHOSEN:
        raise Invalid("customers.nothing_said", field="said")
    return note_consents(
        said, means, subject=Subject("contact", row.pk), region_id=row.customer.region_id, actor=actor, at=at
    )


def note_consents(
    said: Mapping[Use, bool], means: ConsentMeans, *, subject: Subject, region_id: int | None, actor: Actor,
    at: datetime,
) -> list[Consent]:
    """Keep what was said for the first time, or otherwise than before; part of a caller's change.

    Records: ConsentGiven, ConsentDeclined.
    """
    before = stated([subject])
    made: list[Consent] = []
    for use, given in said.items():
        if use in before and before[use].given == given and before[use].wording == WORDINGS[use].version:
            continue
        wording = WORDINGS[use].version
        made.append(Consent.objects.create(
            subject_kind=subject.kind, subject_id=subject.id, use=use, given=given, at=at, means=means,
            wording=wording, noted_by_id=actor.person_id,
        ))  # fmt: skip
        fact = ConsentGiven(use, means, wording) if given else ConsentDeclined(use, means, wording)
        record(fact, subject=subject, region_id=region_id, actor=actor, at=at)
    return made
