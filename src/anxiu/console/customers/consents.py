"""What a contact agreed to: shown at their name, noted as they say it."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.customers import actions
from anxiu.customers.choices import ConsentMeans, Use
from anxiu.customers.messages import CONSENT_MEANS, USES, WORDINGS
from anxiu.customers.models import Consent, Contact
from anxiu.customers.queries import contact, stated
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.time import now

ANSWERS: Final = (("", _("not asked")), ("yes", _("agrees")), ("no", _("does not agree")))
BY_US: Final = (ConsentMeans.PHONE, ConsentMeans.MAIL, ConsentMeans.PERSON)


class ConsentForm(VerbForm):
    """What they said, and how. The words are those to read out."""

    progress = forms.ChoiceField(
        label=USES[Use.PROGRESS], choices=ANSWERS, required=False, help_text=WORDINGS[Use.PROGRESS].words
    )
    survey = forms.ChoiceField(
        label=USES[Use.SURVEY], choices=ANSWERS, required=False, help_text=WORDINGS[Use.SURVEY].words
    )
    means = forms.ChoiceField(label=_("They said so"), choices=[(each.value, CONSENT_MEANS[each]) for each in BY_US])


@page("customers.state_consent")
def state_consent(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Note what somebody agrees to."""
    row = contact(actor, uid)
    said = stated([Subject("contact", row.pk)])
    before = {use.value: "yes" if each.given else "no" for use, each in said.items()}

    def run(values: dict[str, Any]) -> object:
        now_said = {use: values[use.value] == "yes" for use in (Use.PROGRESS, Use.SURVEY) if values[use.value]}
        means = ConsentMeans(values["means"])
        return actions.state_consent(actor=actor, at=now(), contact_id=row.pk, said=now_said, means=means)

    lead = _("Read it out as it stands. From then on it is kept to: who declines is not written to about it.")
    verb = Verb(_("Consent of {name}").format(name=row.name), _("Save"), run, lead=lead, done=_("Saved."))
    return dialog(request, actor, ConsentForm(request.POST or None, initial=before), verb)


def with_consents(rows: Iterable[Contact]) -> None:
    """Hang on each contact what they declined, for the card; one statement."""
    by_key = {each.pk: each for each in rows}
    said = Consent.objects.filter(subject_kind="contact", subject_id__in=by_key)
    last = said.order_by("subject_id", "use", "-id").distinct("subject_id", "use")
    for each in by_key.values():
        each.declines = []  # type: ignore[attr-defined]
    for consent in last:
        if not consent.given:
            by_key[consent.subject_id].declines.append(USES[consent.use])  # type: ignore[attr-defined]
