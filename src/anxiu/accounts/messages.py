"""Codes of the accounts app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.choices import Bundle
from anxiu.kernel.messages import register

register(
    refusals={
        "accounts.link_closed": _("This link is no longer valid. Ask for a new one."),
        "accounts.email_taken": _("Somebody already has this email address."),
        "accounts.code_taken": _("This code is already used."),
        "accounts.unknown_post": _("There is no post “{post}”."),
        "accounts.unknown_permission": _("There is no permission “{permission}”."),
        "accounts.not_changeable": _("This field cannot be changed here."),
        "accounts.not_oneself": _("You cannot close your own account."),
        "accounts.still_open": _("The account is still open. Close it first."),
        "accounts.last_administrator": _("Nobody would be left who may change posts."),
        "accounts.must_be_kept": _("This person cannot be erased yet:"),
        "accounts.locked_out": _("Administrators must keep the right to change posts."),
        "accounts.only_administrators": _("Only somebody who may change posts can give this account or post."),
        "accounts.wrong_password": _("This is not your present password."),
        "accounts.no_bundle": _("Choose what the key may do."),
        "accounts.two_secrets": _("The client has two secrets already. Revoke one first."),
        "accounts.last_secret": _("This is the client's only secret. Make another one first, or revoke the client."),
        "accounts.not_suspended": _("The service account is not suspended."),
        "accounts.name_taken": _("There is a service account of this name already."),
        "accounts.unknown_zone": _("There is no time zone “{zone}”."),
    },
    sentences={
        "accounts.person_added": _("Account opened"),
        "accounts.person_changed": _("Details changed: {fields}"),
        "accounts.person_retired": _("Account closed"),
        "accounts.person_erased": _("Personal data erased"),
        "accounts.post_changed": _("Permissions of {post} changed"),
        "accounts.password_link_made": _("Link for a new password made"),
        "accounts.region_added": _("Region {code} added"),
        "accounts.region_changed": _("Region changed: {fields}"),
        "accounts.outlet_added": _("Outlet {code} added"),
        "accounts.outlet_changed": _("Outlet changed: {fields}"),
        "accounts.token_issued": _("API key issued"),
        "accounts.token_revoked": _("API key revoked"),
        "accounts.identity_linked": _("Linked with the company's login service"),
        "accounts.service_added": _("Service account opened"),
        "accounts.service_changed": _("Details changed: {fields}"),
        "accounts.service_suspended": _("Service account suspended"),
        "accounts.service_resumed": _("Service account resumed"),
        "accounts.service_retired": _("Service account ended"),
        "accounts.client_added": _("Client {client} added"),
        "accounts.client_secret_added": _("Second secret of client {client} made"),
        "accounts.client_secret_revoked": _("Secret of client {client} revoked"),
        "accounts.client_revoked": _("Client {client} revoked"),
    },
)

# What the events call a field, as people say it.
FIELDS = {
    "name": _("Name"), "name_en": _("English name"), "name_zh": _("Chinese name"), "phone": _("Phone"),
    "language": _("Language"), "region_id": _("Region"), "outlet_id": _("Outlet"), "manager_id": _("Manager"),
    "photo_digest": _("Photo"), "email": _("Email address"), "posts": _("Posts"), "time_zone": _("Time zone"),
    "is_partner": _("Partner"),
}  # fmt: skip

# What a key may do, as people choose it.
BUNDLES: Final[Mapping[str, Promise | str]] = {
    Bundle.EVERYTHING: _("Everything its owner may"),
    Bundle.READ: _("Read only"),
    Bundle.INTAKE: _("Report faults and follow them"),
    Bundle.ORDERS: _("Orders, deadlines, to-dos"),
    Bundle.RECORDS: _("Customers, machines, catalogue, files"),
    Bundle.WORKFORCE: _("Engineers"),
    Bundle.REGULATION: _("Regulation and figures"),
}
