"""Sites: added, changed, closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from anxiu.customers import events
from anxiu.customers.actions.checks import ask_gates, locked_customer, require_outlet, require_region, sealed_changes
from anxiu.customers.actions.rows import NewSite, set_place, site_row
from anxiu.customers.models import Site
from anxiu.customers.queries import sites
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record

SITE_FIELDS: Final = frozenset({"name", "address", "region_id", "outlet_id", "place"})


def _locked_site(actor: Actor, site_id: int) -> Site:
    row = sites(actor).select_for_update(of=("self",)).filter(pk=site_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if row.retired_at:
        raise WrongState("customers.site_is_retired")
    return row


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def add_site(*, actor: Actor, at: datetime, customer_id: int, new: NewSite) -> Site:
    """Add a site to a customer.

    Records: SiteAdded. Refuses: a retired customer, a region or outlet out of sight.
    """
    customer = locked_customer(actor, customer_id)
    row = site_row(new, customer)
    require_region(actor, row.region_id)
    require_outlet(actor, row.outlet_id)
    row.save(force_insert=True)
    record(
        events.SiteAdded(customer.pk, Sealed(row.name), Sealed(row.address)),
        subject=Subject("site", row.pk), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def change_site(*, actor: Actor, at: datetime, site_id: int, changes: Mapping[str, Any]) -> Site:
    """Change a site's details or place. Machines that stand there follow its region.

    Records: SiteChanged, when something differs. Refuses: a retired site, a region or outlet out of sight.
    """
    row = _locked_site(actor, site_id)
    if wrong := changes.keys() - SITE_FIELDS:
        raise Invalid("kernel.not_changeable", field=sorted(wrong)[0])
    fields = tuple(sorted(name for name, value in changes.items() if getattr(row, name) != value))
    if not fields:
        return row
    for name in fields:
        if name == "place":
            set_place(row, changes[name])
        else:
            setattr(row, name, changes[name])
    if "region_id" in fields:
        require_region(actor, row.region_id)
    require_outlet(actor, row.outlet_id if "outlet_id" in fields else None)
    require_fitting(row)
    row.save()
    record(
        events.SiteChanged(fields, sealed_changes(changes, fields)),
        subject=Subject("site", row.pk), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "administrator"})
def retire_site(*, actor: Actor, at: datetime, site_id: int) -> None:
    """Serve a site no longer; its contacts go with it.

    Records: SiteRetired. Refuses: when something higher up still needs it, such as a machine that stands there.
    """
    row = _locked_site(actor, site_id)
    ask_gates(row, "retire_site", actor, at)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    row.contacts.filter(retired_at=None).update(retired_at=at)
    record(events.SiteRetired(), subject=Subject("site", row.pk), region_id=row.region_id, actor=actor, at=at)
