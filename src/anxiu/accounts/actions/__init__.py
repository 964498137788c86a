"""The only way to change accounts."""

from anxiu.accounts.actions.clients import (
    add_client,
    add_client_secret,
    give_access_back,
    grant_access,
    revoke_client,
    revoke_client_secret,
)
from anxiu.accounts.actions.erasing import erase_person
from anxiu.accounts.actions.keys import (
    issue_token,
    make_link,
    make_password_link,
    note_use,
    revoke_links,
    revoke_token,
)
from anxiu.accounts.actions.people import (
    NewPerson,
    add_person,
    change_own,
    change_own_email,
    change_person,
    check_place,
    person_row,
    require_givable,
    retire_person,
    sort_key,
)
from anxiu.accounts.actions.places import add_outlet, add_region, change_outlet, change_region
from anxiu.accounts.actions.posts import BUILT_IN, change_post, install_posts
from anxiu.accounts.actions.services import (
    add_service,
    change_service,
    resume_service,
    retire_service,
    suspend_service,
)
from anxiu.accounts.actions.sso import Claimed, recognise

__all__ = [
    "BUILT_IN",
    "Claimed",
    "NewPerson",
    "add_client",
    "add_client_secret",
    "add_outlet",
    "add_person",
    "add_region",
    "add_service",
    "change_outlet",
    "change_own",
    "change_own_email",
    "change_person",
    "change_post",
    "change_region",
    "change_service",
    "check_place",
    "erase_person",
    "give_access_back",
    "grant_access",
    "install_posts",
    "issue_token",
    "make_link",
    "make_password_link",
    "note_use",
    "person_row",
    "recognise",
    "require_givable",
    "resume_service",
    "retire_person",
    "retire_service",
    "revoke_client",
    "revoke_client_secret",
    "revoke_links",
    "revoke_token",
    "sort_key",
    "suspend_service",
]  # fmt: skip
