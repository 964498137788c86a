"""Codes of the API itself, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "api.bad_span": _("The span must not end before it begins, nor be longer than three years."),
        "api.bad_cursor": _("This cursor was not given out here."),
        "api.unknown_code": _("There is no “{given}”."),
    }
)
