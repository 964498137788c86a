"""The steps about the company itself: its name, places, regulation, calendar, products, and whether mail leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxiu.accounts.queries import outlets, regions
from anxiu.catalogue.queries import families, fault_classes, models
from anxiu.console.clocks.calendar import missing_year, week
from anxiu.console.presets import card
from anxiu.console.setup.shapes import SHOWN, Line, Step, asks, goes, listed, named, offered
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import reading
from anxiu.notify.choices import Medium, State
from anxiu.notify.messages import REASONS, STATES
from anxiu.notify.queries import email_is_configured, last_test
from anxiu.regulation.queries import in_force, presets, versions
from anxiu.sla.queries import published_years
from anxiu.sla.values import WORKING_HOURS

SETTINGS = "ANXIU_COMPANY_ZH, ANXIU_COMPANY_EN, ANXIU_COMPANY_PHONE, ANXIU_LANGUAGE, ANXIU_TIME_ZONE"


def _some(rows: QuerySet[Any]) -> str:
    """The names of the first few rows, and how many there are."""
    found = list(rows[: SHOWN + 1])
    return listed([named(each) for each in found[:SHOWN]], len(found) if len(found) <= SHOWN else rows.count())


def company(actor: Actor, at: datetime) -> Step:
    """Name and phone: settings of the installation, so they are shown with how to change them."""
    env = settings.ENV
    known = type(env).model_fields
    is_ours = (env.company_zh, env.company_en) != (known["company_zh"].default, known["company_en"].default)
    lines = [
        Line(
            _("Settings of the installation say these: {names}. Set them and start Anxiu again.").format(names=SETTINGS)
        )
    ]
    if not is_ours:
        lines.insert(
            0, Line(_("The name is still the one Anxiu comes with. Customers would read it on receipts and reports."))
        )
    if not env.company_phone:
        lines.insert(0, Line(_("No phone number is set. Customers look for it on every page they get.")))
    language = "中文" if env.language.startswith("zh") else "English"
    return Step(
        "company",
        _("Company"),
        _("Customers read this name and number on every page, mail and report."),
        "building",
        is_ours and bool(env.company_phone),
        there=tuple(
            filter(None, (f"{env.company_zh} · {env.company_en}", env.company_phone, f"{language} · {env.time_zone}"))
        ),
        lines=tuple(lines),
    )


def places(actor: Actor, at: datetime) -> Step:
    """The first region; outlets are for companies that have several."""
    there = tuple(filter(None, [_some(regions(actor)), _some(outlets(actor))]))
    has_region = regions(actor).exists()
    outlet = (("accounts.add_outlet", asks(_("Add outlet"), "building-store", "add_outlet")),) if has_region else ()
    return Step(
        "places",
        _("Region and outlet"),
        _("Who works where decides who sees an order. One region is enough to begin."),
        "map-pin",
        has_region,
        there=there,
        does=offered(actor, ("accounts.add_region", asks(_("Add region"), "plus", "add_region")), *outlet),
    )


def regulation(actor: Actor, at: datetime) -> Step:
    """Which of the regulations that ship with the program the company begins with."""
    language, held = get_language() or "zh-hans", in_force(None, "", at)
    chosen = versions(actor).exclude(in_force_from=None).exists()
    says = _("{name} is in force.").format(name=held.name_zh if language.startswith("zh") else held.name_en)
    cards: Sequence[Any] = [] if chosen else [card(code, language, holds=held.preset) for code in presets()]
    return Step(
        "regulation",
        _("Regulation"),
        _("Deadlines, steps and proofs come from it. Begin with the one nearest to your trade and change it later."),
        "scale",
        chosen,
        there=(says,),
        more={"cards": cards, "may_adopt": actor.may("regulation.adopt_preset")},
        does=(goes(_("Compare and read"), "book", "regulation_presets"),),
    )


def calendar(actor: Actor, at: datetime) -> Step:
    """Working hours and this year's holidays; loud where a year is not certain."""
    today, published = timezone.localdate(at), published_years()
    held = in_force(None, "", at)
    hours = tuple(f"{days} {' '.join(spans) or _('closed')}" for days, spans in week(reading(held.pk)(WORKING_HOURS)))
    is_sure = today.year in published
    warns = []
    if not is_sure:
        warns.append(
            _(
                "The holidays of {year} are provisional: every deadline in working hours that reaches into them may"
                " move. Enter them, then confirm the year."
            ).format(year=today.year)
        )
    if following := missing_year(today, published):
        warns.append(
            _("The days of {year} are not entered yet: deadlines that reach into it are provisional.").format(
                year=following
            )
        )
    confirm = (
        ()
        if is_sure
        else (("sla.confirm_year", asks(_("Confirm the year"), "calendar-event", "confirm_year", today.year)),)
    )
    return Step(
        "calendar",
        _("Working hours and holidays"),
        _("Deadlines in working hours count only these days."),
        "calendar",
        is_sure,
        there=hours,
        warns=tuple(warns),
        does=(
            goes(_("Look at the year"), "calendar", "calendar"),
            *offered(
                actor,
                (
                    "regulation.amend_version",
                    asks(_("Working hours"), "clock", "regulation_amend", held.uid, WORKING_HOURS.key, wide=True),
                ),
                *confirm,
            ),
        ),
    )


def products(actor: Actor, at: datetime) -> Step:
    """What the company services: a family, a model, the classes of fault."""
    has_family, has_model, has_fault = families(actor).exists(), models(actor).exists(), fault_classes(actor).exists()
    there = tuple(filter(None, [_some(families(actor)), _some(fault_classes(actor))]))
    model = (("catalogue.add_model", asks(_("Add model"), "box", "add_model")),) if has_family else ()
    lacks = (
        (has_family, _("A family is missing: what is serviced alike, with its warranty.")),
        (has_model, _("A model is missing.")),
        (has_fault, _("A class of fault is missing: what callers report.")),
    )
    return Step(
        "products",
        _("Products"),
        _("Warranty, needed skills and the choice of faults come from here."),
        "packages",
        has_model and has_fault,
        there=there,
        lines=tuple(Line(says) for is_there, says in lacks if not is_there and there),
        does=(
            *offered(
                actor,
                ("catalogue.add_family", asks(_("Add family"), "plus", "add_family")),
                *model,
                ("catalogue.add_fault_class", asks(_("Add class of fault"), "alert-circle", "add_fault_class")),
                ("equipment.open_import", goes(_("Import a file"), "file-import", "imports")),
            ),
        ),
    )


def mail(actor: Actor, at: datetime) -> Step:
    """Whether a mail to oneself leaves, or why not."""
    test = last_test(actor)
    there, lines = [], []
    if test:
        there.append(f"{test.address}: {STATES[test.state]}")
        if test.reason:
            lines.append(Line(f"{REASONS.get(test.reason, '')}{' · ' + test.error if test.error else ''}"))
    if not email_is_configured():
        lines.append(
            Line(
                _(
                    "Name a mail server by ANXIU_SMTP_URL and ANXIU_MAIL_FROM and start Anxiu again;"
                    " what waits is then sent."
                )
            )
        )
    return Step(
        "mail",
        _("Mail"),
        _("Receipts, links to sign and alarms go by email."),
        "mail",
        test is not None and test.state == State.SENT,
        there=tuple(there),
        lines=tuple(lines),
        does=offered(
            actor, ("notify.test_channel", asks(_("Send myself a test"), "send", "test_channel", Medium.EMAIL))
        ),
    )
