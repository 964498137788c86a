"""The only way to change customers, sites and contacts."""

from anxiu.customers.actions.consents import note_consents, state_consent
from anxiu.customers.actions.contacts import add_contact, change_contact, retire_contact
from anxiu.customers.actions.customers import add_customer, assign_agent, change_customer, retire_customer
from anxiu.customers.actions.erasing import erase_contact, erase_customer
from anxiu.customers.actions.rows import (
    OURS,
    NewContact,
    NewCustomer,
    NewSite,
    Source,
    contact_row,
    customer_row,
    site_row,
)
from anxiu.customers.actions.sites import add_site, change_site, retire_site

__all__ = [
    "OURS", "NewContact", "NewCustomer", "NewSite", "Source", "add_contact", "add_customer", "add_site", "assign_agent",
    "change_contact", "change_customer", "change_site", "contact_row", "customer_row", "erase_contact",
    "erase_customer", "note_consents", "retire_contact", "retire_customer", "retire_site", "site_row", "state_consent",
]  # fmt: skip
