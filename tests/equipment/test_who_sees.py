"""One machine is shown to exactly those in whose lists it is."""

import pytest

from anxiu.accounts.queries import actor_of
from anxiu.customers.actions import assign_agent, change_customer
from anxiu.customers.choices import Tier
from anxiu.equipment.actions import retire_machine
from anxiu.equipment.queries import machine, machines, sees
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.errors import NotFound
from tests.given.assets import AT, a_base, a_person, a_region, acting

pytestmark = pytest.mark.django_db


def by_link(kind: str, key: int) -> Actor:
    return Actor(kind=ActorKind.LINK, id=1, permissions=frozenset(), subject=Subject(kind, key))


@pytest.mark.parametrize("retired", [False, True])
def test_a_machine_is_shown_to_exactly_those_in_whose_lists_it_is(*, retired: bool) -> None:
    base, elsewhere = a_base(), a_region()
    own = a_person("agent", elsewhere)
    change_customer(actor=SYSTEM, at=AT, customer_id=base.customer.pk, changes={"tier": Tier.KEY})
    assign_agent(actor=SYSTEM, at=AT, customer_id=base.customer.pk, person_id=own.pk)
    if retired:
        retire_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk)
    asking = [
        SYSTEM, acting("agent", base.region), acting("agent", elsewhere), actor_of(own), acting("management"),
        acting("hr", base.region), by_link("machine", base.machine.pk), by_link("machine", base.machine.pk + 1),
        by_link("site", base.site.pk), by_link("customer", base.customer.pk), by_link("order", base.machine.pk),
    ]  # fmt: skip
    listed = [machines(actor).filter(pk=base.machine.pk).exists() for actor in asking]
    assert listed == [True, True, False, True, True, False, True, False, not retired, not retired, False]
    assert [sees(actor, machines(SYSTEM).get(pk=base.machine.pk)) for actor in asking] == listed
    for actor, is_listed in zip(asking, listed, strict=True):
        if is_listed:
            assert machine(actor, base.machine.uid) == base.machine
        else:
            with pytest.raises(NotFound):
                machine(actor, base.machine.uid)
