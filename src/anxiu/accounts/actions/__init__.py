"""The only way to change accounts."""

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
    retire_person,
    sort_key,
)
from anxiu.accounts.actions.places import add_outlet, add_region, change_outlet, change_region
from anxiu.accounts.actions.posts import BUILT_IN, change_post, install_posts

__all__ = [
    "BUILT_IN", "NewPerson", "add_outlet", "add_person", "add_region", "change_outlet", "change_own",
    "change_own_email", "change_person", "change_post", "change_region", "install_posts", "issue_token", "make_link",
    "make_password_link", "note_use", "retire_person", "revoke_links", "revoke_token", "sort_key",
]  # fmt: skip
