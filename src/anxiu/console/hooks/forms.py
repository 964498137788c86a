"""The forms of the verbs about webhooks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import regions
from anxiu.console.accounts.forms import named
from anxiu.console.accounts.words import APPS
from anxiu.console.pages import VerbForm, local
from anxiu.hooks.models import Target
from anxiu.hooks.queries import kind_in_words, kinds
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

GROUP = "of_"


def grouped(of: list[str]) -> list[tuple[str, Any, list[tuple[str, str]]]]:
    """Kinds of events by the part of the program they come from, each in words."""
    apps = [*APPS, *sorted({each.split(".")[0] for each in of} - APPS.keys())]
    found = []
    for app in apps:
        choices = [(each, kind_in_words(each)) for each in of if each.split(".")[0] == app]
        if choices:
            found.append((app, APPS.get(app, app), choices))
    return found


class TargetForm(VerbForm):
    """Where to, what for, and which events; the kinds stand in groups that open."""

    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("It begins with https:// and is on the internet."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )  # fmt: skip
    purpose = forms.CharField(label=_("What it is for"), max_length=120)
    regions = forms.MultipleChoiceField(
        label=_("Only events of these regions"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all regions, and what belongs to none."),
    )  # fmt: skip

    def __init__(self, who: Actor, *args: Any, row: Target | None = None, **kwargs: Any) -> None:
        first = {"url": row.url, "purpose": row.purpose, "regions": row.region_ids} if row else {}
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = [(each.pk, named(each)) for each in regions(who)]  # type: ignore[attr-defined]
        chosen = set(row.kinds) if row else set()
        for app, label, choices in grouped(kinds()):
            held = [kind for kind, _words in choices if kind in chosen]
            self.fields[f"{GROUP}{app}"] = forms.MultipleChoiceField(
                label=label, choices=choices, required=False, initial=held, widget=forms.CheckboxSelectMultiple
            )

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields beside the kinds."""
        return [each for each in self.visible_fields() if not each.name.startswith(GROUP)]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The kinds of events, a field each part of the program, with how many are ticked."""
        found = [each for each in self.visible_fields() if each.name.startswith(GROUP)]
        return [{"field": each, "ticked": len(each.value() or ()), "of": len(each.field.choices)} for each in found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One list of kinds, and regions as keys."""
        values = super().clean() or self.cleaned_data
        chosen = [kind for name in list(values) if name.startswith(GROUP) for kind in values.pop(name)]
        if not chosen:
            self.add_error(None, _("Choose at least one event."))
        region_ids = tuple(int(each) for each in values.pop("regions", []))
        return {**values, "kinds": tuple(chosen), "region_ids": region_ids}


class SpanForm(VerbForm):
    """A span of time."""

    from_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    until_at = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        at = now()
        kwargs["initial"] = {"from_at": local(at - timedelta(days=1)), "until_at": local(at)}
        super().__init__(*args, **kwargs)
