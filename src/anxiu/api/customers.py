"""Customers, their sites and contacts: one operation a verb, and what their pages show."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Router

from anxiu.accounts.queries import people
from anxiu.api import customer_schemas as s
from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line
from anxiu.api.auth import actor_of
from anxiu.api.doing import IN_USE, REFUSED, UNREAD, Closed, act, paged
from anxiu.api.finding import key_of, outlet_key, region_key, renamed, site_key
from anxiu.customers import actions
from anxiu.customers.actions import NewContact, NewCustomer, NewSite
from anxiu.customers.choices import Tier, Use
from anxiu.customers.queries import (
    MATCHES_MOST,
    VIEW,
    code_match,
    contact,
    contacts,
    customer,
    customers,
    full_phone,
    matching,
    phone_match,
    site,
    sites,
    stated,
    text_match,
)
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.time import now

router = Router(tags=["customers"])


# ---- customers -------------------------------------------------------------------------------------------------------
def _found(actor: Actor, words: str) -> list[int]:
    """Customers by name, pinyin or code, or by the number of somebody there."""
    there = contacts(actor).filter(phone_match(words), retired_at=None)
    theirs = list(there.order_by().values_list("customer_id", flat=True)[:MATCHES_MOST])
    return matching(customers(actor), text_match(words) | code_match(words) | Q(pk__in=theirs))


@router.get("/customers", response={200: s.CustomersOut, **UNREAD}, summary="List customers")
def list_customers(
    request: HttpRequest, q: Line = "", tier: Tier | None = None, region: Code = "", closed: Closed = IN_USE,
    after: Cursor = "", limit: Limit = PAGE,
) -> s.CustomersOut:  # fmt: skip
    """Customers the caller sees, newest first; `q` searches name, pinyin, code and the numbers of contacts."""
    actor = actor_of(request)
    rows = customers(actor).filter(retired_at__isnull=not closed)
    rows = rows.filter(tier=tier) if tier else rows
    rows = rows.filter(region__code=region) if region else rows
    rows = rows.filter(pk__in=_found(actor, q)) if q.strip() else rows
    return s.CustomersOut(**paged(rows, after, limit, s.CustomerOut.of))


@router.get("/customers/{uuid:uid}", response={200: s.CustomerOut, **UNREAD}, summary="One customer")
def get_customer(request: HttpRequest, uid: UUID) -> s.CustomerOut:
    """A customer, retired ones too. Leaves an access row. Sites and contacts are lists of their own."""
    actor = actor_of(request)
    row = customer(actor, uid)
    note_access(actor, AccessKind.DETAIL, "customer", [row.pk], now())
    return s.CustomerOut.of(row)


@router.post("/customers", response={201: s.CustomerOut, **REFUSED}, summary="Take on a customer: add_customer")
def add_customer(request: HttpRequest, body: s.CustomerIn, key: Key) -> HttpResponse:
    """Take on a customer."""

    def work(actor: Actor) -> s.CustomerOut:
        given = body.model_dump(exclude={"region"})
        new = NewCustomer(region_id=region_key(actor, body.region) or 0, **given)
        return s.CustomerOut.of(actions.add_customer(actor=actor, at=now(), new=new))

    return act(request, key, "customers.add_customer", work, status=201)


@router.post(
    "/customers/{uuid:uid}/actions/change_customer",
    response={200: s.CustomerOut, **REFUSED},
    summary="Change a customer's details",
)
def change_customer(request: HttpRequest, uid: UUID, body: s.CustomerChangeIn, key: Key) -> HttpResponse:
    """Change a customer's details. One who is no key customer any more has no agent of their own."""

    def work(actor: Actor) -> s.CustomerOut:
        row = customer(actor, uid)
        changes = renamed(actor, body.given())
        return s.CustomerOut.of(
            actions.change_customer(actor=actor, at=now(), customer_id=row.pk, changes=changes)
        )

    return act(request, key, "customers.change_customer", work)


@router.post(
    "/customers/{uuid:uid}/actions/assign_agent",
    response={200: s.CustomerOut, **REFUSED},
    summary="Give a key customer an agent of their own",
)
def assign_agent(request: HttpRequest, uid: UUID, body: s.AgentIn, key: Key) -> HttpResponse:
    """Give a key customer an agent of their own, or take the agent back."""

    def work(actor: Actor) -> s.CustomerOut:
        row = customer(actor, uid)
        who = key_of(people(actor), "person", uid=body.person) if body.person else None
        return s.CustomerOut.of(actions.assign_agent(actor=actor, at=now(), customer_id=row.pk, person_id=who))

    return act(request, key, "customers.assign_agent", work)


@router.post(
    "/customers/{uuid:uid}/actions/retire_customer",
    response={200: s.CustomerOut, **REFUSED},
    summary="Serve a customer no longer",
)
def retire_customer(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Serve a customer no longer, nor any of their sites and contacts."""

    def work(actor: Actor) -> s.CustomerOut:
        actions.retire_customer(actor=actor, at=now(), customer_id=customer(actor, uid).pk)
        return s.CustomerOut.of(customer(actor, uid))

    return act(request, key, "customers.retire_customer", work)


# ---- sites -----------------------------------------------------------------------------------------------------------
@router.get("/sites", response={200: s.SitesOut, **UNREAD}, summary="List sites")
def list_sites(
    request: HttpRequest, customer: UUID | None = None, region: Code = "", closed: Closed = IN_USE, after: Cursor = "",
    limit: Limit = PAGE,
) -> s.SitesOut:  # fmt: skip
    """Sites the caller sees, newest first; of one customer or region."""
    rows = sites(actor_of(request)).filter(retired_at__isnull=not closed)
    rows = rows.filter(customer__uid=customer) if customer else rows
    rows = rows.filter(region__code=region) if region else rows
    return s.SitesOut(**paged(rows, after, limit, s.SiteOut.of))


@router.post("/customers/{uuid:uid}/actions/add_site", response={201: s.SiteOut, **REFUSED}, summary="Add a site")
def add_site(request: HttpRequest, uid: UUID, body: s.SiteIn, key: Key) -> HttpResponse:
    """Add a site to a customer."""

    def work(actor: Actor) -> s.SiteOut:
        row = customer(actor, uid)
        new = NewSite(
            body.name, body.address, region_key(actor, body.region), outlet_key(actor, body.outlet),
            body.place.place() if body.place else None,
        )  # fmt: skip
        return s.SiteOut.of(actions.add_site(actor=actor, at=now(), customer_id=row.pk, new=new))

    return act(request, key, "customers.add_site", work, status=201)


@router.post("/sites/{uuid:uid}/actions/change_site", response={200: s.SiteOut, **REFUSED}, summary="Change a site")
def change_site(request: HttpRequest, uid: UUID, body: s.SiteChangeIn, key: Key) -> HttpResponse:
    """Change a site's details or place. Machines that stand there follow its region."""

    def work(actor: Actor) -> s.SiteOut:
        row = site(actor, uid)
        changes = renamed(actor, body.given("place"))
        if "place" in body.model_fields_set:
            changes["place"] = body.place.place() if body.place else None
        return s.SiteOut.of(actions.change_site(actor=actor, at=now(), site_id=row.pk, changes=changes))

    return act(request, key, "customers.change_site", work)


@router.post(
    "/sites/{uuid:uid}/actions/retire_site", response={200: s.SiteOut, **REFUSED}, summary="Serve a site no longer"
)
def retire_site(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Serve a site no longer; its contacts go with it."""

    def work(actor: Actor) -> s.SiteOut:
        actions.retire_site(actor=actor, at=now(), site_id=site(actor, uid).pk)
        return s.SiteOut.of(site(actor, uid))

    return act(request, key, "customers.retire_site", work)


# ---- contacts --------------------------------------------------------------------------------------------------------
@router.get("/contacts", response={200: s.ContactsOut, **UNREAD}, summary="List contacts")
def list_contacts(
    request: HttpRequest, customer: UUID | None = None, site: UUID | None = None, closed: Closed = IN_USE,
    after: Cursor = "", limit: Limit = PAGE,
) -> s.ContactsOut:  # fmt: skip
    """Contacts of customers the caller sees, newest first; numbers with their middle hidden."""
    actor = actor_of(request)
    actor.require(VIEW)
    rows = contacts(actor).filter(retired_at__isnull=not closed)
    rows = rows.filter(customer__uid=customer) if customer else rows
    rows = rows.filter(site__uid=site) if site else rows
    return s.ContactsOut(**paged(rows, after, limit, s.ContactOut.of))


@router.get(
    "/contacts/{uuid:uid}/phone", response={200: s.ReachOut, **UNREAD}, summary="A contact's number and address in full"
)
def get_contact_phone(request: HttpRequest, uid: UUID) -> s.ReachOut:
    """A contact's number and address in full; who asked is kept."""
    actor = actor_of(request)
    row = full_phone(actor, uid)
    note_access(actor, AccessKind.UNMASK, "contact", [row.pk], now())
    return s.ReachOut(phone=row.phone, email=row.email)


@router.post(
    "/customers/{uuid:uid}/actions/add_contact", response={201: s.ContactOut, **REFUSED}, summary="Add a contact"
)
def add_contact(request: HttpRequest, uid: UUID, body: s.NewContactIn, key: Key) -> HttpResponse:
    """Add somebody we talk to at a customer."""

    def work(actor: Actor) -> s.ContactOut:
        row = customer(actor, uid)
        new = NewContact(site_id=site_key(actor, body.site), **body.model_dump(exclude={"site"}))
        return s.ContactOut.of(actions.add_contact(actor=actor, at=now(), customer_id=row.pk, new=new))

    return act(request, key, "customers.add_contact", work, status=201)


@router.post(
    "/contacts/{uuid:uid}/actions/change_contact",
    response={200: s.ContactOut, **REFUSED},
    summary="Change a contact's details",
)
def change_contact(request: HttpRequest, uid: UUID, body: s.ContactChangeIn, key: Key) -> HttpResponse:
    """Change a contact's details; who may not see the number leaves it out and it stays."""

    def work(actor: Actor) -> s.ContactOut:
        row = contact(actor, uid)
        changes = body.given()
        if "site" in changes:
            changes["site_id"] = site_key(actor, changes.pop("site"))
        return s.ContactOut.of(actions.change_contact(actor=actor, at=now(), contact_id=row.pk, changes=changes))

    return act(request, key, "customers.change_contact", work)


def _gone(request: HttpRequest, uid: UUID, key: str, verb: str) -> HttpResponse:
    def work(actor: Actor) -> s.ContactOut:
        getattr(actions, verb)(actor=actor, at=now(), contact_id=contact(actor, uid).pk)
        return s.ContactOut.of(contact(actor, uid))

    return act(request, key, f"customers.{verb}", work)


@router.post(
    "/contacts/{uuid:uid}/actions/retire_contact",
    response={200: s.ContactOut, **REFUSED},
    summary="Note that somebody is no longer to be talked to",
)
def retire_contact(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Note that somebody is no longer to be talked to; their details stay until erased."""
    return _gone(request, uid, key, "retire_contact")


@router.get(
    "/contacts/{uuid:uid}/consents", response={200: s.ConsentsOut, **UNREAD}, summary="What a contact agreed to"
)
def get_consents(request: HttpRequest, uid: UUID) -> s.ConsentsOut:
    """The last word on each use of a contact's data; a use nobody asked about is missing."""
    actor = actor_of(request)
    actor.require(VIEW)
    return _consents(contact(actor, uid).pk)


def _consents(contact_id: int) -> s.ConsentsOut:
    said = stated([Subject("contact", contact_id)])
    return s.ConsentsOut(items=[s.ConsentOut.of(each) for each in said.values()])


@router.post(
    "/contacts/{uuid:uid}/actions/state_consent",
    response={200: s.ConsentsOut, **REFUSED},
    summary="Note what a contact agrees to",
)
def state_consent(request: HttpRequest, uid: UUID, body: s.ConsentIn, key: Key) -> HttpResponse:
    """Note what a contact agrees to or no longer agrees to; who declines is not written to about it."""

    def work(actor: Actor) -> s.ConsentsOut:
        row = contact(actor, uid)
        said = {use: yes for use, yes in ((Use.PROGRESS, body.progress), (Use.SURVEY, body.survey)) if yes is not None}
        actions.state_consent(actor=actor, at=now(), contact_id=row.pk, said=said, means=body.means)
        return _consents(row.pk)

    return act(request, key, "customers.state_consent", work)


@router.post(
    "/contacts/{uuid:uid}/actions/erase_contact",
    response={200: s.ContactOut, **REFUSED},
    summary="Erase somebody's personal data",
)
def erase_contact(request: HttpRequest, uid: UUID, body: s.EraseIn, key: Key) -> HttpResponse:
    """Erase somebody's personal data everywhere and for good; 409 says what must still be kept, and until when."""

    def work(actor: Actor) -> s.ContactOut:
        actions.erase_contact(
            actor=actor, at=now(), contact_id=contact(actor, uid).pk, why=body.why, photos=body.photos
        )
        return s.ContactOut.of(contact(actor, uid))

    return act(request, key, "customers.erase_contact", work)


@router.post(
    "/customers/{uuid:uid}/actions/erase_customer",
    response={200: s.CustomerOut, **REFUSED},
    summary="Erase a private customer's personal data",
)
def erase_customer(request: HttpRequest, uid: UUID, body: s.EraseIn, key: Key) -> HttpResponse:
    """Erase name, sites and people of a private customer for good; 409 says what must still be kept, and until when."""

    def work(actor: Actor) -> s.CustomerOut:
        actions.erase_customer(
            actor=actor, at=now(), customer_id=customer(actor, uid).pk, why=body.why, photos=body.photos
        )
        return s.CustomerOut.of(customer(actor, uid))

    return act(request, key, "customers.erase_customer", work)
