"""What machines do after their sites change."""

from collections.abc import Sequence

from anxiu.accounts.events import PersonErased
from anxiu.customers.events import ContactErased, CustomerErased, SiteChanged
from anxiu.customers.models import Site
from anxiu.equipment.actions.erasing import forget_person
from anxiu.equipment.models import Machine
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import projector, reactor


def _nothing() -> None:
    """A machine's region is copied, not counted: reading all events again puts it right without emptying it."""


@projector("equipment.region_of_site", SiteChanged, reset=_nothing)
def follow_site(facts: Sequence[Recorded]) -> None:
    """Machines are in the region of their site."""
    moved = {fact.subject.id for fact in facts if "region_id" in fact["fields"]}
    for site_id, region_id in Site.objects.filter(pk__in=moved).values_list("pk", "region_id"):
        Machine.objects.filter(site_id=site_id).exclude(region_id=region_id).update(region_id=region_id)


@reactor("equipment.erase_person", ContactErased, CustomerErased, PersonErased)
def erase_person(fact: Recorded) -> None:
    """What a customer called their machines, and what the files of an import said of anybody, goes with the person."""
    forget_person(fact.subject)
