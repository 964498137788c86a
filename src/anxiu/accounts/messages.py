"""Codes of the accounts app, in words."""

from django.utils.translation import gettext_lazy as _

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
        "accounts.locked_out": _("Administrators must keep the right to change posts."),
    },
    sentences={
        "accounts.person_added": _("Account opened"),
        "accounts.person_changed": _("Details changed: {fields}"),
        "accounts.person_retired": _("Account closed"),
        "accounts.post_changed": _("Permissions of {post} changed"),
        "accounts.token_issued": _("API key issued"),
        "accounts.token_revoked": _("API key revoked"),
    },
)
