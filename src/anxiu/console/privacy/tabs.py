"""The tabs above the pages about personal data."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

PAGES: Final = (("personal_data", _("Persons")), ("retention", _("Times of keeping")))


def tabs(chosen: str) -> list[dict[str, Any]]:
    """Both, with the one that is shown marked."""
    return [{"label": label, "url": reverse(name), "active": name == chosen} for name, label in PAGES]
