"""The forms of the verbs about accounts."""

from datetime import timedelta
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.choices import Bundle
from anxiu.accounts.messages import BUNDLES
from anxiu.accounts.models import Person
from anxiu.accounts.queries import outlets, people, posts, regions
from anxiu.console.accounts.words import APPS, words
from anxiu.console.pages import VerbForm
from anxiu.console.people.forms import Named
from anxiu.kernel.action import default_posts
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

SPARE: Final = 2  # source: own choice; empty rows for posts in other regions
Held = tuple[str, int | None]


def named(row: Any) -> str:
    """A row's name in the reader's language."""
    return str(row.name_zh if (get_language() or "zh").startswith("zh") else row.name_en)


class ServiceForm(VerbForm):
    """A program's name and posts. A post ticked holds at home; further regions stand in rows below."""

    name = forms.CharField(label=_("Name"), max_length=80)
    region = Named(queryset=None, label=_("Region"), required=False)
    posts = forms.MultipleChoiceField(label=_("Posts"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, who: Actor, *args: Any, elsewhere: tuple[Held, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions(who)  # type: ignore[attr-defined]
        known = [(each.code, named(each)) for each in posts()]
        self.fields["posts"].choices = known  # type: ignore[attr-defined]
        self.rows = range(len(elsewhere) + SPARE)
        for number in self.rows:
            code, region_id = elsewhere[number] if number < len(elsewhere) else ("", None)
            self.fields[f"post_{number}"] = forms.ChoiceField(
                label=_("Also a post in another region"), choices=[("", "–"), *known], required=False, initial=code
            )
            self.fields[f"region_{number}"] = Named(
                queryset=regions(who), label=_("Region"), required=False, initial=region_id
            )

    def clean(self) -> dict[str, Any]:
        """Puts the posts together as `held`; a person without any could do nothing."""
        values = super().clean() or self.cleaned_data
        held: list[Held] = [(code, None) for code in values.pop("posts", [])]
        for number in self.rows:
            code, region = values.pop(f"post_{number}", ""), values.pop(f"region_{number}", None)
            if code and region:
                held.append((code, region.pk))
            elif code or region:
                self.add_error(f"region_{number}" if code else f"post_{number}", _("Please fill this in."))
        if not held and "posts" not in self.errors:
            self.add_error("posts", _("Choose at least one post: without one nothing is shown."))
        return {**values, "held": tuple(held)}


class PersonForm(ServiceForm):
    """Somebody's details and posts."""

    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    email = forms.EmailField(label=_("Email address"), help_text=_("They log in with it and get notices there."))
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    outlet = Named(queryset=None, label=_("Outlet"), required=False)
    manager = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Manager"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")])
    field_order = ("name", "name_en", "email", "phone", "region", "outlet", "manager", "language", "posts")

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(who, *args, **kwargs)
        self.fields["outlet"].queryset = outlets(who)  # type: ignore[attr-defined]
        self.fields["manager"].queryset = people(who).filter(is_active=True).order_by("name_key", "id")  # type: ignore[attr-defined]


class PostForm(VerbForm):
    """What a post may do, by the part of the program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(default_posts())
        for app in [*APPS, *sorted({name.split(".")[0] for name in known} - APPS.keys())]:
            offered = [(name, words(name)) for name in known if name.split(".")[0] == app]
            if offered:
                self.fields[app] = forms.MultipleChoiceField(
                    label=APPS.get(app, app), choices=offered, required=False, widget=forms.CheckboxSelectMultiple
                )

    def clean(self) -> dict[str, Any]:
        """One set of permissions out of the groups."""
        values = super().clean() or self.cleaned_data
        key = values.pop("key", "")
        return {"key": key, "permissions": frozenset(name for group in values.values() for name in group)}


class RegionForm(VerbForm):
    """A region's names and time zone."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    time_zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=48,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].help_text = _("Left empty: {zone}").format(zone=settings.TIME_ZONE)

    def clean_time_zone(self) -> str:
        """Only one the system knows."""
        zone: str = self.cleaned_data["time_zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("There is no time zone “{zone}”.").format(zone=zone))
        return zone


class NewRegionForm(RegionForm):
    """A new region."""

    code = forms.SlugField(label=_("Code"), max_length=32, help_text=_("Short, in Latin letters; it stays."))
    field_order = ("code", "name_zh", "name_en", "time_zone")


class OutletForm(VerbForm):
    """An outlet's names and region."""

    region = Named(queryset=None, label=_("Region"))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    is_partner = forms.BooleanField(label=_("A partner company runs it"), required=False)

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions(who)  # type: ignore[attr-defined]


class NewOutletForm(OutletForm):
    """A new outlet."""

    code = forms.SlugField(label=_("Code"), max_length=32, help_text=_("Short, in Latin letters; it stays."))
    field_order = ("code", "region", "name_zh", "name_en", "is_partner")


class TokenForm(VerbForm):
    """A key's name, what it may do, and its end."""

    label = forms.CharField(label=_("What it is for"), max_length=80)
    bundles = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(BUNDLES.items()), initial=[Bundle.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than its owner. Accounts, posts, keys and webhooks need the first one."),
    )  # fmt: skip
    lasts = forms.TypedChoiceField(
        label=_("Valid for"), coerce=int, initial=365,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("One year")), (0, _("Until revoked"))],
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The end as a moment."""
        values = super().clean() or self.cleaned_data
        lasts = values.pop("lasts", 0)
        values["bundles"] = [Bundle(each) for each in values.get("bundles", [])]
        return {**values, "expires_at": now() + timedelta(days=lasts) if lasts else None}


class ClientForm(VerbForm):
    """A client's name, and the most that it may ask for."""

    label = forms.CharField(label=_("What it is for"), max_length=80)
    bundles = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(BUNDLES.items()), initial=[Bundle.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than its owner. Accounts, posts, keys and webhooks need the first one."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The parts as such."""
        values = super().clean() or self.cleaned_data
        return {**values, "bundles": [Bundle(each) for each in values.get("bundles", [])]}


class OwnForm(VerbForm):
    """What people change about themselves."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect,
        help_text=_("Pages and notices come in it."),
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)


class EmailForm(VerbForm):
    """Another address, confirmed by the password."""

    email = forms.EmailField(label=_("New email address"))
    password = forms.CharField(
        label=_("Your present password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class SureForm(VerbForm):
    """For what cannot be taken back."""

    sure = forms.BooleanField(label=_("I know that this cannot be undone"))
