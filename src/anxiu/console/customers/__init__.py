"""Customers in the console: list, page, verbs."""

from django.urls import path

from anxiu.console.customers import consents, erasing, verbs
from anxiu.console.customers.detail import contact_phone, customer_page
from anxiu.console.customers.listing import listed

urlpatterns = [
    path("customers/", listed, name="customers"),
    path("customers/add/", verbs.add_customer, name="add_customer"),
    path("customers/<uuid:uid>/", customer_page, name="customer"),
    path("customers/<uuid:uid>/change/", verbs.change_customer, name="change_customer"),
    path("customers/<uuid:uid>/agent/", verbs.assign_agent, name="assign_agent"),
    path("customers/<uuid:uid>/close/", verbs.retire_customer, name="retire_customer"),
    path("customers/<uuid:uid>/sites/add/", verbs.add_site, name="add_site"),
    path("customers/<uuid:uid>/contacts/add/", verbs.add_contact, name="add_contact"),
    path("sites/<uuid:uid>/change/", verbs.change_site, name="change_site"),
    path("sites/<uuid:uid>/close/", verbs.retire_site, name="retire_site"),
    path("contacts/<uuid:uid>/change/", verbs.change_contact, name="change_contact"),
    path("contacts/<uuid:uid>/consent/", consents.state_consent, name="state_consent"),
    path("contacts/<uuid:uid>/close/", verbs.retire_contact, name="retire_contact"),
    path("contacts/<uuid:uid>/erase/", erasing.erase_contact, name="erase_contact"),
    path("customers/<uuid:uid>/erase/", erasing.erase_customer, name="erase_customer"),
    path("contacts/<uuid:uid>/phone/", contact_phone, name="contact_phone"),
]
