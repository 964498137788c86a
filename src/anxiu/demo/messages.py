"""Codes of the demo, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "demo.has_data": _("There is data already. The demo company is only played into an empty database."),
    }
)
