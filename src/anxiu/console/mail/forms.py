"""The forms of the verbs about mail."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import regions
from anxiu.console.accounts.forms import named
from anxiu.console.pages import VerbForm
from anxiu.kernel.actor import Actor
from anxiu.mail.actions import NewMailbox
from anxiu.mail.messages import SECURITIES, STRANGERS
from anxiu.mail.models import Mailbox
from anxiu.orders.messages import TYPES

PORTS: Final = 65535
PORT: Final = 993  # source: RFC 8314: IMAP over TLS
LIMIT: Final = 1000


class MailboxForm(VerbForm):
    """Where mail comes in, how to get it, and what becomes of it."""

    address = forms.EmailField(label=_("Mail address"), help_text=_("Customers write to it; answers go there too."))
    host = forms.CharField(
        label=_("IMAP server"),
        max_length=253,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "imap.example.com"}),
    )
    security = forms.ChoiceField(label=_("Encryption"), choices=list(SECURITIES.items()))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=PORTS, initial=PORT)
    login = forms.CharField(label=_("User name"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("Password"), max_length=500, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Many providers want a password of its own for programs. It is stored sealed."),
    )  # fmt: skip
    folder = forms.CharField(
        label=_("Folder"), max_length=120, initial="INBOX", help_text=_("It is only read: nothing in it is changed.")
    )
    region_id = forms.TypedChoiceField(label=_("Region"), coerce=int)
    order_type = forms.ChoiceField(label=_("Opens orders for"), choices=list(TYPES.items()))
    strangers = forms.ChoiceField(
        label=_("Mail from an unknown address"), choices=list(STRANGERS.items()), initial="aside"
    )
    most_an_hour = forms.IntegerField(
        label=_("Most mails from one address in an hour"), min_value=1, max_value=LIMIT, initial=20,
        help_text=_("What comes beyond is set aside: two machines that answer each other stop here."),
    )  # fmt: skip
    plus_tags = forms.BooleanField(
        label=_("The provider delivers name+tag@… to this mailbox"), required=False,
        help_text=_("Then answers find their order even where a mail program drops the references."),
    )  # fmt: skip

    def __init__(self, who: Actor, *args: Any, row: Mailbox | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {
                name: getattr(row, name) for name in NewMailbox.__dataclass_fields__ if name != "password"
            }
        super().__init__(*args, **kwargs)
        self.fields["region_id"].choices = [(each.pk, named(each)) for each in regions(who)]  # type: ignore[attr-defined]
        if row is not None:
            self.fields["password"].required = False
            self.fields["password"].help_text = _(
                "Leave it empty to keep the present one; another server needs it anew."
            )


class TakeIn(VerbForm):
    """Into which order."""

    number = forms.CharField(
        label=_("Number of the order"), max_length=16, required=False,
        help_text=_("Empty: a new order is opened for it."),
    )  # fmt: skip
