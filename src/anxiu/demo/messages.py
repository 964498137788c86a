"""Codes of the demo, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "demo.has_data": _("There is data already. The demo company is only played into an empty database."),
        "demo.enough_orders": _("There are {found} orders already; ask for more of them."),
        "demo.needs_superuser": _(
            "Copies are made by a superuser of the database: name one in DATABASE_ADMIN_URL, or use our own server."
        ),
        "demo.was_stopped": _("Copying was stopped here before it ended. Begin again with an empty database."),
        "demo.no_demo": _("Only the demo company is copied, and another one works in this database."),
    }
)
