"""Rating by link: stars or a score, phrases, words, and whether one would recommend us."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from anxiu.accounts.choices import LinkPurpose
from anxiu.feedback.actions import NPS_MOST, WORDS_MOST
from anxiu.feedback.actions import rate as rate_order
from anxiu.feedback.models import Rating
from anxiu.feedback.queries import is_rateable, rating_of, scale_of, tags_of
from anxiu.feedback.values import RECOVERY_AT
from anxiu.kernel.errors import Refusal, WrongState
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders.models import Order
from anxiu.portal.pages import REFUSED, enter, language, machine_name, page, person_name, put_into

RATED: Final = "feedback.already_rated"
STARS_MOST: Final = 5  # source: own choice; more stars than these are no longer counted at a glance
BUTTONS_MOST: Final = 10  # source: own choice; as many numbers as stand in a row on a phone


class RatingForm(forms.Form):
    """How it was; only the stars or the score must be given."""

    score = forms.TypedChoiceField(label=gettext_lazy("Your rating"), coerce=int, widget=forms.RadioSelect)
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("What stood out?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, max_length=WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    nps = forms.TypedChoiceField(
        label=gettext_lazy("Would you recommend us?"), required=False, coerce=int, empty_value=None,
        choices=[(str(each), str(each)) for each in range(NPS_MOST + 1)], widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, order: Order, **more: Any) -> None:
        super().__init__(*args, **more)
        best = scale_of(order)
        self.scale = [str(each) for each in range(best, 0, -1)]
        self.look = "stars" if best <= STARS_MOST else "buttons" if best <= BUTTONS_MOST else "number"
        score, tags = self.fields["score"], self.fields["tags"]
        assert isinstance(score, forms.ChoiceField)
        assert isinstance(tags, forms.ChoiceField)
        score.choices = [(each, each) for each in (self.scale if self.look == "stars" else reversed(self.scale))]
        required = _("Please choose a number of stars.") if self.look == "stars" else _("Please give a score.")
        score.error_messages["required"] = required
        if self.look == "number":
            self.fields["score"] = forms.IntegerField(
                label=score.label, min_value=1, max_value=best, error_messages={"required": required},
                help_text=_("From 1 to %(best)s; %(best)s is the best.") % {"best": best},
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "score"}),
            )  # fmt: skip
        tags.choices = [(each.code, each.words.in_language(language())) for each in tags_of(order)]


@page
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, secret: str) -> HttpResponse:
    """Rate the work once; afterwards the same address shows what was said."""
    found = enter(request, secret, LinkPurpose.RATE)
    order = found.order
    if (given := rating_of(order)) is not None:
        return _thanks(request, order, given)
    if not is_rateable(order):
        raise WrongState("feedback.not_finished")
    form = RatingForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        try:
            rate_order(actor=found.actor, at=now(), order_uid=order.uid, **form.cleaned_data)
        except Refusal as refusal:
            if refusal.code == RATED:
                return redirect("rate", secret=secret)
            put_into(form, refusal)
        else:
            return redirect("rate", secret=secret)
    context = {
        "title": _("How was it?"), "lead": machine_name(order), "order": order, "form": form,
        "engineer": person_name(order.engineer.person) if order.engineer else "",
    }  # fmt: skip
    return render(request, "portal/rate.html", context, status=REFUSED if request.method == "POST" else 200)


def _thanks(request: HttpRequest, order: Order, given: Rating) -> HttpResponse:
    named = {each.code: each.words.in_language(language()) for each in tags_of(order)}
    context = {
        "title": _("Thank you for your rating"), "order": order, "rating": given,
        "stars": [each < given.score for each in range(given.scale)] if given.scale <= STARS_MOST else [],
        "tags": [named.get(each, each) for each in given.tags],
        "is_low": given.score <= reading(order.version_id)(RECOVERY_AT),
    }  # fmt: skip
    return render(request, "portal/rated.html", context)
