"""The person's own page: the row is the delivery."""

from anxiu.notify.choices import Medium, Reason
from anxiu.notify.models import Notice


class InApp:
    """Needs nothing and cannot fail."""

    medium = Medium.INAPP

    def waits_for(self) -> Reason | None:
        """Nothing."""
        return None

    def send(self, notice: Notice) -> None:
        """The row is there already."""
