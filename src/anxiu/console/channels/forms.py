"""The forms of the verbs about channels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import VerbForm
from anxiu.notify.actions import Settings
from anxiu.notify.actions.accounts import ANY
from anxiu.notify.actions.channels import OF_PEOPLE
from anxiu.notify.channels import OFFERS, Offer
from anxiu.notify.choices import URGENT, Carries, Kind, Medium
from anxiu.notify.messages import ADDRESSES, KINDS, USES
from anxiu.notify.models import Setup

OF, SAID = "of_", "says_"
PLACES = 99  # source: own choice; as many channels as anybody has
TO_STAFF = [each for each in Kind if each not in (Kind.TEST, Kind.DIGEST)]


class SetUpForm(VerbForm):
    """Credentials, what the channel carries and where it stands; templates stand in a group that opens."""

    is_on = forms.BooleanField(label=_("Switched on"), required=False)
    place = forms.IntegerField(
        label=_("Place in the order"), min_value=1, max_value=PLACES,
        help_text=_("The lowest number is asked first; the next one if it cannot send. Email stands at 50 at first."),
    )
    use = forms.ChoiceField(label=_("Carries to people of ours"), choices=list(USES.items()))
    to_customers = forms.BooleanField(label=_("Customers are told by it too"), required=False)

    def __init__(self, offer: Offer, row: Setup | None, *args: Any, **kwargs: Any) -> None:
        self.offer = offer
        by_email = offer.medium == Medium.EMAIL  # as it is used while nobody has placed it
        fresh = {"place": 50 if by_email else 10, "use": Carries.EVERYTHING, "is_on": True, "to_customers": by_email}
        first = {name: getattr(row, name) for name in ("is_on", "place", "use", "to_customers")} if row else fresh
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        if offer.address in OF_PEOPLE:  # no customer has such an address
            del self.fields["to_customers"]
        for each in offer.fields:
            self.fields[f"{OF}{each.name}"] = self._credential(each, row)
        if offer.fields:
            self.fields["base_url"] = forms.CharField(
                label=_("Base address"), required=False, max_length=200, initial=row.base_url if row else "",
                help_text=_("Only for private deployments; else {url} is asked.").format(url=offer.base_url),
            )
        if offer.costs:
            self.fields["daily_most"] = forms.IntegerField(
                label=_("Most messages a day"), required=False, min_value=0, initial=row.daily_most if row else None,
                help_text=_("Each is paid for. Empty: no limit. From four fifths on, this page warns."),
            )
        if offer.templates:
            self._add_templates(row.templates if row else {})

    @staticmethod
    def _credential(each: Any, row: Setup | None) -> forms.CharField:
        if not each.is_secret:
            first = row.config.get(each.name, "") if row else ""
            return forms.CharField(label=each.words, required=False, max_length=200, initial=first)
        stays = _("Is kept; leave it empty to leave it as it is.") if row and row.secret else ""
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(label=each.words, required=False, max_length=500, widget=widget, help_text=stays)

    def _add_templates(self, held: dict[str, str]) -> None:
        for kind, words in [(ANY, _("Every other kind")), *((each, KINDS[each]) for each in TO_STAFF)]:
            name = "any" if kind == ANY else kind
            self.fields[f"{SAID}{name}"] = forms.CharField(
                label=str(words), required=False, max_length=300, initial=held.get(kind, "")
            )

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields beside the templates."""
        return [each for each in self.visible_fields() if not each.name.startswith(SAID)]

    @property
    def templates(self) -> list[forms.BoundField]:
        """The templates, a field each kind of notice."""
        return [each for each in self.visible_fields() if each.name.startswith(SAID)]

    def clean(self) -> dict[str, Any]:
        """The settings as the verb takes them."""
        values = super().clean() or self.cleaned_data
        known = {name.removeprefix(SAID): line for name, line in values.items() if name.startswith(SAID) and line}
        settings = Settings(
            is_on=values.get("is_on", False), place=values.get("place") or 0,
            use=Carries(values.get("use") or Carries.NOTHING),
            to_customers=values.get("to_customers", False), base_url=values.get("base_url") or "",
            config={each.name: values.get(f"{OF}{each.name}") or "" for each in self.offer.fields},
            templates={ANY if name == "any" else name: line for name, line in known.items()},
            daily_most=values.get("daily_most"),
        )  # fmt: skip
        return {"key": values.get("key", ""), "settings": settings}


class TestForm(VerbForm):
    """To whom a test goes."""

    __test__ = False
    address = forms.CharField(max_length=254)

    def __init__(self, offer: Offer, own: str, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"address": own}
        super().__init__(*args, **kwargs)
        self.fields["address"].label = ADDRESSES.get(offer.address, _("Address"))  # type: ignore[assignment]


class AddressesForm(VerbForm):
    """A person's ids with the vendors."""

    def __init__(self, kinds: Any, held: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[kind] = forms.CharField(
                label=str(ADDRESSES[kind]), required=False, max_length=128, initial=held.get(kind, "")
            )


AS_IT_IS, NOWHERE = "-", "own"


class ChoicesForm(VerbForm):
    """By which channel one wants to be told of what first."""

    def __init__(self, on: list[str], held: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(AS_IT_IS, _("as the company has it")), *((each, OFFERS[each].words) for each in on)]
        for kind in OUTSIDE:
            own = [] if kind in URGENT else [(NOWHERE, _("own page only"))]
            first = held.get(kind)
            self.fields[kind] = forms.ChoiceField(
                label=str(KINDS[kind]), choices=[*words, *own], required=False,
                initial=AS_IT_IS if first is None else first or NOWHERE,
            )

    def clean(self) -> dict[str, Any]:
        """The choices as the verb takes them."""
        values = super().clean() or self.cleaned_data
        read = {AS_IT_IS: None, "": None, NOWHERE: ""}
        chosen = {Kind(kind): read.get(values[kind], values[kind]) for kind in OUTSIDE if kind in values}
        return {"key": values.get("key", ""), "chosen": chosen}


# What leaves the house for people of ours; everything else lies on their own page only.
OUTSIDE = (
    Kind.VISIT_OFFERED, Kind.VISIT_TAKEN_AWAY, Kind.VISIT_CALLED_OFF, Kind.ESCALATED, Kind.NOBODY_TO_CALL,
    Kind.MAIL_CAME, Kind.HAND_OVER_ASKED, Kind.LOW_RATING, Kind.PLAN_WAITS, Kind.REPLY_CAME, Kind.REPLY_MISSED,
    Kind.READING_DUE, Kind.READING_LATE, Kind.PILOT_STARTED, Kind.PILOT_ENDED, Kind.HOOK_OFF,
    Kind.MAILBOX_FAILING,
)  # fmt: skip
