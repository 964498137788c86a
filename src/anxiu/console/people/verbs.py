"""A dialog for every verb about engineers."""

from collections import Counter
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from anxiu.accounts.actions import NewPerson
from anxiu.console.pages import Verb, VerbForm, dialog, page, require_there
from anxiu.console.people import forms
from anxiu.kernel.actor import Actor
from anxiu.kernel.geo import Place
from anxiu.kernel.time import now
from anxiu.workforce import actions
from anxiu.workforce.choices import BarReason, LeaveKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Leave, Qualification, Shift, Skill, Standing
from anxiu.workforce.queries import engineer_by_uid, engineers, profile

_MORNING = time(9)  # what a new shift or leave is offered to begin with


def _today() -> str:
    return timezone.localdate(now()).isoformat()


def _offered(hour: time = _MORNING) -> datetime:
    local = timezone.localtime(now())
    return datetime.combine(local.date(), hour, local.tzinfo)


# ---- engineers -----------------------------------------------------------------------------------------------------
@page("workforce.add_engineer")
def add_engineer(request: HttpRequest, who: Actor) -> HttpResponse:
    """Make somebody an engineer."""
    form = forms.EngineerForm(who, request.POST or None, initial={"started_date": _today()})

    def run(given: dict[str, Any]) -> object:
        latitude, longitude = given["base_latitude"], given["base_longitude"]
        base = Place(latitude, longitude) if latitude is not None and longitude is not None else None
        person = NewPerson(
            name=given["name"], email=given["email"], phone=given["phone"], posts=(("engineer", None),),
            region_id=given["region"].pk, outlet_id=given["outlet"].pk if given["outlet"] else None,
        )  # fmt: skip
        new = actions.NewEngineer(
            person=given["person"].pk if given["person"] else person, region_id=given["region"].pk,
            outlet_id=given["outlet"].pk if given["outlet"] else None, grade=given["grade"], number=given["number"],
            started_date=given["started_date"], base=base,
        )  # fmt: skip
        return actions.add_engineer(actor=who, at=now(), new=new)

    verb = Verb(
        title=_("Add engineer"),
        lead=_("Choose somebody who has an account, or give the name and address of a new person."),
        submit=_("Add engineer"),
        run=run,
        done=_("The engineer was added."),
        go=lambda made: reverse("engineer", args=[made.uid]),  # type: ignore[attr-defined]
    )
    return dialog(request, who, form, verb)


@page("workforce.change_engineer")
def change_engineer(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Change where an engineer belongs."""
    engineer = engineer_by_uid(who, uid)
    held = ("region", "outlet", "number", "started_date", "base_latitude", "base_longitude")
    form = forms.WhereForm(who, request.POST or None, initial={each: getattr(engineer, each) for each in held})

    def run(given: dict[str, Any]) -> object:
        changes = {
            "region_id": given["region"].pk, "outlet_id": given["outlet"].pk if given["outlet"] else None,
            "number": given["number"] or engineer.number, "started_date": given["started_date"],
            "base_latitude": given["base_latitude"], "base_longitude": given["base_longitude"],
        }  # fmt: skip
        return actions.change_engineer(actor=who, at=now(), engineer_id=engineer.pk, changes=changes)

    return dialog(request, who, form, Verb(_("Change details"), _("Save"), run, done=_("The details were changed.")))


@page("workforce.set_grade")
def set_grade(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Give another grade."""
    engineer = engineer_by_uid(who, uid)
    form = forms.GradeForm(engineer.region_id, request.POST or None, initial={"grade": engineer.grade})

    def run(given: dict[str, Any]) -> object:
        return actions.set_grade(actor=who, at=now(), engineer_id=engineer.pk, **given)

    return dialog(request, who, form, Verb(_("Set grade"), _("Set grade"), run, done=_("The grade was set.")))


@page("workforce.retire_engineer")
def retire_engineer(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """End somebody's work as an engineer."""
    engineer = engineer_by_uid(who, uid)

    def run(_given: dict[str, Any]) -> object:
        return actions.retire_engineer(actor=who, at=now(), engineer_id=engineer.pk)

    lead = _("No more orders go to this engineer. The account and everything done stay.")
    verb = Verb(_("End work as an engineer"), _("End work"), run, lead=lead, danger=True, done=_("The work was ended."))
    return dialog(request, who, VerbForm(request.POST or None), verb)


# ---- qualifications ------------------------------------------------------------------------------------------------
def _qualify(
    request: HttpRequest, who: Actor, uid: UUID, form: VerbForm, title: str, kind: QualificationKind
) -> HttpResponse:
    engineer = engineer_by_uid(who, uid)

    def run(given: dict[str, Any]) -> object:
        skill = given.pop("skill", None)
        new = actions.NewQualification(kind=kind, skill_id=skill.pk if skill else None, **given)
        return actions.add_qualification(actor=who, at=now(), engineer_id=engineer.pk, new=new)

    return dialog(request, who, form, Verb(title, _("Add"), run, done=_("The qualification was added.")))


@page("workforce.add_qualification")
def add_skill_held(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Give a skill."""
    form = forms.SkillHeldForm(request.POST or None, initial={"valid_from": _today(), "level": 2})
    return _qualify(request, who, uid, form, _("Add a skill"), QualificationKind.SKILL)


@page("workforce.add_qualification")
def add_certificate(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Give a certificate."""
    region_id = engineer_by_uid(who, uid).region_id
    form = forms.CertificateForm(region_id, request.POST or None, initial={"valid_from": _today()})
    return _qualify(request, who, uid, form, _("Add a certificate"), QualificationKind.CERTIFICATE)


@page("workforce.add_qualification")
def add_induction(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Record the induction."""
    form = forms.InductionForm(request.POST or None, initial={"valid_from": _today()})
    return _qualify(request, who, uid, form, _("Record the induction"), QualificationKind.INDUCTION)


@page("workforce.revoke_qualification")
def revoke_qualification(request: HttpRequest, who: Actor, key: int) -> HttpResponse:
    """End a qualification."""
    require_there(Qualification.objects.filter(engineer__in=engineers(who, retired=True)), key)

    def run(given: dict[str, Any]) -> object:
        return actions.revoke_qualification(actor=who, at=now(), qualification_id=key, **given)

    verb = Verb(_("Revoke the qualification"), _("Revoke"), run, danger=True, done=_("The qualification was revoked."))
    return dialog(request, who, forms.ReasonForm(request.POST or None), verb)


# ---- standing ------------------------------------------------------------------------------------------------------
@page("workforce.bar")
def bar(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Suspend from orders."""
    engineer = engineer_by_uid(who, uid)
    form = forms.BarForm(request.POST or None, initial={"barred_from": timezone.localtime(now())})

    def run(given: dict[str, Any]) -> object:
        given["reason"] = BarReason(given["reason"])
        return actions.bar(actor=who, at=now(), engineer_id=engineer.pk, **given)

    lead = _("From this moment no order is assigned. Visits already booked stay: hand them over.")
    done = _("The engineer is suspended.")
    verb = Verb(_("Suspend from orders"), _("Suspend"), run, lead=lead, danger=True, done=done)
    return dialog(request, who, form, verb)


@page("workforce.lift_bar")
def lift_bar(request: HttpRequest, who: Actor, key: int) -> HttpResponse:
    """End a suspension."""
    require_there(Standing.objects.filter(engineer__in=engineers(who, retired=True)), key)

    def run(given: dict[str, Any]) -> object:
        return actions.lift_bar(actor=who, at=now(), standing_id=key, **given)

    verb = Verb(_("Lift the suspension"), _("Lift it"), run, done=_("The suspension was lifted."))
    return dialog(request, who, forms.ReasonForm(request.POST or None), verb)


# ---- shifts and leave ----------------------------------------------------------------------------------------------
@page("workforce.set_shift_pattern")
def set_shift_pattern(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Set the weekly hours."""
    shown = profile(who, uid, now())
    initial: dict[str, Any] = {"valid_from": _today()}
    held = Counter[int]()
    for each in shown.patterns:
        place = f"{each.weekday}_{held[each.weekday]}"
        initial |= {f"start_{place}": each.start, f"end_{place}": each.end}
        held[each.weekday] += 1
    form = forms.PatternForm(max(held.values(), default=1), request.POST or None, initial=initial)

    def run(given: dict[str, Any]) -> object:
        return actions.set_shift_pattern(actor=who, at=now(), engineer_id=shown.engineer.pk, **given)

    lead = _("Days left empty are off. An end before the start is on the next day.")
    return dialog(request, who, form, Verb(_("Weekly hours"), _("Save"), run, lead=lead, done=_("The hours were set.")))


@page("workforce.add_shift")
def add_shift(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Add a single shift."""
    engineer = engineer_by_uid(who, uid)
    initial = {"starts_at": _offered(), "ends_at": _offered(time(18))}
    form = forms.ShiftForm(request.POST or None, initial=initial)

    def run(given: dict[str, Any]) -> object:
        given["kind"] = ShiftKind(given["kind"])
        return actions.add_shift(actor=who, at=now(), engineer_id=engineer.pk, **given)

    return dialog(request, who, form, Verb(_("Add a shift"), _("Add"), run, done=_("The shift was added.")))


@page("workforce.cancel_shift")
def cancel_shift(request: HttpRequest, who: Actor, key: int) -> HttpResponse:
    """Take a shift back."""
    require_there(Shift.objects.filter(engineer__in=engineers(who, retired=True)), key)

    def run(_given: dict[str, Any]) -> object:
        return actions.cancel_shift(actor=who, at=now(), shift_id=key)

    verb = Verb(_("Cancel the shift"), _("Cancel the shift"), run, danger=True, done=_("The shift was cancelled."))
    return dialog(request, who, VerbForm(request.POST or None), verb)


@page("workforce.book_leave")
def book_leave(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """Grant leave."""
    engineer = engineer_by_uid(who, uid)
    initial = {"starts_at": _offered(), "ends_at": _offered(time(18))}
    form = forms.LeaveForm(request.POST or None, initial=initial)

    def run(given: dict[str, Any]) -> object:
        given["kind"] = LeaveKind(given["kind"])
        return actions.book_leave(actor=who, at=now(), engineer_id=engineer.pk, **given)

    return dialog(request, who, form, Verb(_("Book leave"), _("Book leave"), run, done=_("The leave was booked.")))


@page("workforce.cancel_leave")
def cancel_leave(request: HttpRequest, who: Actor, key: int) -> HttpResponse:
    """Take a leave back."""
    require_there(Leave.objects.filter(engineer__in=engineers(who, retired=True)), key)

    def run(_given: dict[str, Any]) -> object:
        return actions.cancel_leave(actor=who, at=now(), leave_id=key)

    verb = Verb(_("Cancel the leave"), _("Cancel the leave"), run, danger=True, done=_("The leave was cancelled."))
    return dialog(request, who, VerbForm(request.POST or None), verb)


# ---- skills --------------------------------------------------------------------------------------------------------
@page("workforce.add_skill")
def add_skill(request: HttpRequest, who: Actor) -> HttpResponse:
    """Add a skill to the company's list."""

    def run(given: dict[str, Any]) -> object:
        return actions.add_skill(actor=who, at=now(), **given)

    form = forms.SkillForm(request.POST or None)
    return dialog(request, who, form, Verb(_("Add skill"), _("Add"), run, done=_("The skill was added.")))


@page("workforce.retire_skill")
def retire_skill(request: HttpRequest, who: Actor, key: int) -> HttpResponse:
    """Give a skill to nobody any more."""
    require_there(Skill.objects.filter(retired_at=None), key)

    def run(_given: dict[str, Any]) -> object:
        return actions.retire_skill(actor=who, at=now(), skill_id=key)

    lead = _("Nobody is given it any more; those who hold it keep it.")
    verb = Verb(_("Retire the skill"), _("Retire"), run, lead=lead, danger=True, done=_("The skill was retired."))
    return dialog(request, who, VerbForm(request.POST or None), verb)
