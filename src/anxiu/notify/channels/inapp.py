"""The person's own page: the row is the delivery."""

from anxiu.notify.channels import Account
from anxiu.notify.choices import Reason
from anxiu.notify.models import Notice


class InApp:
    """Needs nothing and cannot fail."""

    def waits_for(self, account: Account | None) -> Reason | None:
        """Nothing."""
        return None

    def send(self, notice: Notice, account: Account | None) -> None:
        """The row is there already."""
