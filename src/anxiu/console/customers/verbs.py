"""The verbs about customers, sites and contacts, as dialogs."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.customers.forms import (
    AgentForm,
    ContactForm,
    CustomerForm,
    SiteForm,
    plain,
    site_initial,
    site_values,
)
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.customers import actions
from anxiu.customers.actions import NewContact, NewCustomer, NewSite
from anxiu.customers.choices import Tier
from anxiu.customers.queries import contact, customer, site
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

Values = dict[str, Any]


@page("customers.add_customer")
def add_customer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take on a customer."""

    def run(values: Values) -> object:
        found = plain(values)
        new = NewCustomer(**{**found, "tier": Tier(found["tier"])})
        return reverse("customer", args=[actions.add_customer(actor=actor, at=now(), new=new).uid])

    verb = Verb(_("Add customer"), _("Add"), run, done=_("The customer was added."), go=str, keep="add_customer")
    return dialog(request, actor, CustomerForm(actor, request.POST or None), verb)


@page("customers.change_customer")
def change_customer(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a customer's details."""
    row = customer(actor, uid)
    names = ("name", "code", "tier", "region_id", "language")
    form = CustomerForm(actor, request.POST or None, initial={name: getattr(row, name) for name in names})
    form.fields["code"].required = True

    def run(values: Values) -> object:
        return actions.change_customer(actor=actor, at=now(), customer_id=row.pk, changes=plain(values))

    return dialog(request, actor, form, Verb(_("Change customer"), _("Save"), run, done=_("Saved.")))


@page("customers.assign_agent")
def assign_agent(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Give a key customer an agent of their own."""
    row = customer(actor, uid)
    form = AgentForm(actor, request.POST or None, initial={"person_id": row.own_agent_id})

    def run(values: Values) -> object:
        return actions.assign_agent(actor=actor, at=now(), customer_id=row.pk, **plain(values))

    lead = _("In every channel the customer reaches this person first.")
    return dialog(request, actor, form, Verb(_("Own agent"), _("Assign"), run, lead=lead, done=_("Saved.")))


@page("customers.retire_customer")
def retire_customer(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Serve a customer no longer."""
    row = customer(actor, uid)

    def run(values: Values) -> object:
        return actions.retire_customer(actor=actor, at=now(), customer_id=row.pk)

    lead = _("Sites and contacts are closed with the customer. What happened so far stays.")
    done = _("The customer was closed.")
    verb = Verb(_("Close customer"), _("Close customer"), run, lead=lead, danger=True, done=done)
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("customers.add_site")
def add_site(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Add a site to a customer."""
    row = customer(actor, uid)
    form = SiteForm(actor, request.POST or None, initial={"region_id": row.region_id})

    def run(values: Values) -> object:
        return actions.add_site(actor=actor, at=now(), customer_id=row.pk, new=NewSite(**site_values(values)))

    return dialog(request, actor, form, Verb(_("Add site"), _("Add"), run, done=_("The site was added.")))


@page("customers.change_site")
def change_site(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a site."""
    row = site(actor, uid)
    form = SiteForm(actor, request.POST or None, initial=site_initial(row))

    def run(values: Values) -> object:
        changes = site_values(values)
        if row.place and changes["place"] and _same(row.place, changes["place"]):
            del changes["place"]  # a place that was measured keeps its accuracy and source
        return actions.change_site(actor=actor, at=now(), site_id=row.pk, changes=changes)

    return dialog(request, actor, form, Verb(_("Change site"), _("Save"), run, done=_("Saved.")))


def _same(one: Any, other: Any) -> bool:
    return (one.latitude, one.longitude) == (other.latitude, other.longitude)


@page("customers.retire_site")
def retire_site(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Serve a site no longer."""
    row = site(actor, uid)

    def run(values: Values) -> object:
        return actions.retire_site(actor=actor, at=now(), site_id=row.pk)

    done = _("The site was closed.")
    verb = Verb(_("Close site"), _("Close site"), run, lead=row.name, danger=True, done=done)
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("customers.add_contact")
def add_contact(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Add somebody at a customer."""
    row = customer(actor, uid)
    form = ContactForm(row, request.POST or None, initial={"language": row.language})

    def run(values: Values) -> object:
        return actions.add_contact(actor=actor, at=now(), customer_id=row.pk, new=NewContact(**plain(values)))

    return dialog(request, actor, form, Verb(_("Add contact"), _("Add"), run, done=_("The contact was added.")))


@page("customers.change_contact")
def change_contact(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a contact. Who may not see the number leaves it as it is by leaving the field empty."""
    row = contact(actor, uid)
    names = ["name", "role", "site_id", "language"]
    if may_see := actor.may("customers.view_phone"):
        names += ["phone", "email"]
        if request.method == "GET":
            note_access(actor, AccessKind.UNMASK, "contact", [row.pk], now())
    form = ContactForm(row.customer, request.POST or None, initial={name: getattr(row, name) for name in names})
    if not may_see:
        form.fields["phone"].help_text = _("Left empty, the present one stays.")
        form.fields["email"].help_text = _("Left empty, the present one stays.")

    def run(values: Values) -> object:
        changes = plain(values)
        if not may_see:
            changes = {name: value for name, value in changes.items() if value or name not in ("phone", "email")}
        return actions.change_contact(actor=actor, at=now(), contact_id=row.pk, changes=changes)

    return dialog(request, actor, form, Verb(_("Change contact"), _("Save"), run, done=_("Saved.")))


@page("customers.retire_contact")
def retire_contact(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Note that somebody is no longer there."""
    row = contact(actor, uid)

    def run(values: Values) -> object:
        return actions.retire_contact(actor=actor, at=now(), contact_id=row.pk)

    done = _("The contact was closed.")
    verb = Verb(_("Close contact"), _("Close contact"), run, lead=row.name, danger=True, done=done)
    return dialog(request, actor, VerbForm(request.POST or None), verb)
