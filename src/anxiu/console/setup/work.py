"""The steps about who works and on what: office, engineers, duty, customers and machines, labels, the first report."""

from collections import defaultdict
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Person
from anxiu.accounts.queries import people, posts, regions
from anxiu.catalogue.queries import families
from anxiu.console.setup.shapes import SHOWN, Button, Line, Step, asks, goes, listed, named, offered
from anxiu.customers.models import Contact, Site
from anxiu.customers.queries import customers
from anxiu.equipment.queries import labels_were_printed, machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import reading
from anxiu.orders.queries import visible
from anxiu.regulation.queries import in_force
from anxiu.sla.queries import duty_entries
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Qualification, Shift, ShiftPattern
from anxiu.workforce.queries import engineers, skills
from anxiu.workforce.values import INDUCTION_REQUIRED

HOURS = "hours"
OFFICE = (PostCode.AGENT, PostCode.DISPATCHER)


def office(actor: Actor, at: datetime) -> Step:
    """Who takes reports and who sends engineers."""
    words = {each.code: named(each) for each in posts()}
    held: dict[str, list[str]] = defaultdict(list)
    rows = people(actor).filter(is_active=True, holdings__post__code__in=OFFICE).order_by("id")
    for name, post in rows.values_list("name", "holdings__post__code").distinct():
        held[post].append(name)
    has_region = regions(actor).exists()
    lacks = [Line(_("Nobody is: {post}.").format(post=words[post])) for post in OFFICE if not held[post]]
    if not has_region:
        lacks.insert(0, Line(_("Add a region first: people belong to one.")))
    return Step(
        "office",
        _("Agent and dispatcher"),
        _("One takes reports, the other sends engineers. In a small company one person holds both posts."),
        "headset",
        all(held[post] for post in OFFICE),
        there=tuple(f"{words[post]}: {listed(held[post][:SHOWN], len(held[post]))}" for post in OFFICE if held[post]),
        lines=(*lacks, *_without_password(actor)),
        does=(
            *offered(actor, ("accounts.add_person", asks(_("Open an account"), "user-plus", "add_person", wide=True))),
            goes(_("People"), "users", "accounts"),
        ),
    )


def _without_password(actor: Actor) -> list[Line]:
    """People who cannot log in yet, each with the link to choose a password by."""
    nobody_chose = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    rows = people(actor).filter(nobody_chose, is_active=True).order_by("id")
    if not actor.may("accounts.make_password_link"):
        return []
    return [
        Line(
            _("{name} has not chosen a password yet.").format(name=each.name),
            (Button(_("Link for a new password"), "key", dialog=f"/people/{each.uid}/password/"),),
        )
        for each in rows[:SHOWN]
    ]


def hands(actor: Actor, at: datetime) -> Step:
    """An engineer who may be booked: with a skill, weekly hours and the induction."""
    found = list(engineers(actor).select_related("person").order_by("id")[:SHOWN])
    missing = _missing(actor, found, at)
    ready = [each.person.name for each in found if not missing[each.pk]]
    lines = [
        Line(_("{name} may not be booked yet.").format(name=each.person.name), _for(actor, each, missing[each.pk]))
        for each in found
        if missing[each.pk]
    ]
    if not skills().exists():
        lines.append(Line(_("A skill is missing: what an engineer must know for a kind of product.")))
    return Step(
        "hands",
        _("Engineers"),
        _("Only who has hours, the induction and the skill may be sent."),
        "users",
        bool(ready),
        there=(listed(ready, len(ready)),) if ready else (),
        lines=tuple(lines),
        does=offered(
            actor,
            ("workforce.add_skill", asks(_("Add skill"), "certificate", "add_skill")),
            ("workforce.add_engineer", asks(_("Add engineer"), "user-plus", "add_engineer", wide=True)),
        ),
    )


def _needs(actor: Actor, at: datetime) -> set[str]:
    """What the regulation and the products ask of everybody who is sent."""
    asked = reading(in_force(None, "", at).pk)(INDUCTION_REQUIRED)
    needs = {HOURS} | ({QualificationKind.INDUCTION} if asked else set())
    return needs | ({QualificationKind.SKILL} if families(actor).exclude(skills=[]).exists() else set())


def _missing(actor: Actor, found: list[Engineer], at: datetime) -> dict[int, set[str]]:
    """What each engineer lacks to be booked."""
    today, needs = timezone.localdate(at), _needs(actor, at)
    lasts = Q(valid_to=None) | Q(valid_to__gte=today)
    held = Qualification.objects.filter(lasts, engineer__in=found, revoked_at=None).values_list("engineer_id", "kind")
    there: dict[int, set[str]] = {each.pk: set() for each in found}
    for engineer_id, kind in held:
        there[engineer_id].add(kind)
    for engineer_id in ShiftPattern.objects.filter(lasts, engineer__in=found).values_list("engineer_id", flat=True):
        there[engineer_id].add(HOURS)
    coming = Shift.objects.filter(engineer__in=found, cancelled_at=None, ends_at__date__gte=today)
    for engineer_id in coming.values_list("engineer_id", flat=True):
        there[engineer_id].add(HOURS)
    return {key: needs - has for key, has in there.items()}


def _for(actor: Actor, engineer: Engineer, missing: set[str]) -> tuple[Button, ...]:
    """The dialogs that give an engineer what is missing."""
    known = (
        (
            QualificationKind.SKILL,
            "workforce.add_qualification",
            asks(_("Add a skill"), "certificate", "add_skill_held", engineer.uid),
        ),
        (
            HOURS,
            "workforce.set_shift_pattern",
            asks(_("Weekly hours"), "clock", "set_shift_pattern", engineer.uid, wide=True),
        ),
        (
            QualificationKind.INDUCTION,
            "workforce.add_qualification",
            asks(_("Record the induction"), "school", "add_induction", engineer.uid),
        ),
    )
    return offered(actor, *((permission, button) for need, permission, button in known if need in missing))


def duty(actor: Actor, at: datetime) -> Step:
    """Who is called when a promise breaks."""
    rows = duty_entries(actor).filter(until_at__gt=at).select_related("person").order_by("from_at", "id")
    names = list(dict.fromkeys(each.person.name for each in rows[: SHOWN * SHOWN]))
    return Step(
        "duty",
        _("Duty roster"),
        _("When a deadline breaks, a person on duty is called, not a mailbox."),
        "calendar-event",
        bool(names),
        there=(listed(names[:SHOWN], len(names)),) if names else (),
        does=(
            *offered(actor, ("sla.set_duty", asks(_("Put on duty"), "plus", "set_duty"))),
            goes(_("Duty roster"), "calendar-event", "roster"),
        ),
    )


def base(actor: Actor, at: datetime) -> Step:
    """Customers and their machines: a file, or one by hand."""
    number, own = machines(actor).count(), customers(actor)
    there = []
    if many := own.count():
        there.append(_("{customers} customers, {machines} machines").format(customers=many, machines=number))
    bare = (
        own.filter(retired_at=None)
        .annotate(
            has_site=Exists(Site.objects.filter(customer=OuterRef("pk"), retired_at=None)),
            has_contact=Exists(Contact.objects.filter(customer=OuterRef("pk"), retired_at=None)),
        )
        .filter(Q(has_site=False) | Q(has_contact=False))
        .order_by("-id")[:SHOWN]
    )
    lines = []
    for each in bare:
        lacks = []
        if not each.has_site:
            lacks.append(("customers.add_site", asks(_("Add site"), "map-pin", "add_site", each.uid)))
        if not each.has_contact:
            lacks.append(("customers.add_contact", asks(_("Add contact"), "phone", "add_contact", each.uid)))
        lines.append(Line(_("{name} has no site or no contact yet.").format(name=each.name), offered(actor, *lacks)))
    machine = (("equipment.add_machine", asks(_("Add machine"), "engine", "add_machine", wide=True)),) if many else ()
    return Step(
        "base",
        _("Customers and machines"),
        _("A known machine tells the agent its customer, warranty and history."),
        "engine",
        bool(number),
        there=tuple(there),
        lines=tuple(lines),
        does=offered(
            actor,
            ("equipment.open_import", goes(_("Import a file"), "file-import", "imports")),
            ("customers.add_customer", asks(_("Add customer"), "plus", "add_customer")),
            *machine,
        ),
    )


def labels(actor: Actor, at: datetime) -> Step:
    """Labels of the first machines, as a sheet to print."""
    sheet = [
        str(uid) for uid in machines(actor).filter(retired_at=None).order_by("id").values_list("uid", flat=True)[:SHEET]
    ]
    lines = () if sheet else (Line(_("There is no machine yet.")),)
    return Step(
        "labels",
        _("QR labels"),
        _("Whoever scans the label on a machine reports the fault of that very machine."),
        "qrcode",
        labels_were_printed(),
        lines=lines,
        does=(goes(_("Machines"), "engine", "machines"),),
        more={"sheet": sheet},
    )


SHEET = 21  # source: places on the sheet the labels are laid out for


def first(actor: Actor, at: datetime) -> Step:
    """The first report: from here on it is work."""
    newest = visible(actor).order_by("-id").values_list("number", flat=True)[:1]
    there = tuple(_("The newest order is {number}.").format(number=each) for each in newest)
    lines: tuple[Line, ...] = ()
    if not actor.may("orders.open_order"):
        agents = list(
            people(actor)
            .filter(is_active=True, holdings__post__code=PostCode.AGENT)
            .order_by("name")
            .values_list("name", flat=True)
            .distinct()[:SHOWN]
        )
        says = _("An agent takes reports: {names}. Log in as one of them, or give yourself the post.").format(
            names=listed(agents, len(agents)) or "–"
        )
        me = Person.objects.filter(pk=actor.person_id or 0).first()
        lines = (
            Line(
                says,
                offered(
                    actor,
                    (
                        "accounts.change_person",
                        asks(_("My own posts"), "id-badge-2", "change_person", me.uid, wide=True),
                    ),
                )
                if me
                else (),
            ),
        )
    return Step(
        "first",
        _("Take the first report"),
        _("Report a fault of one of your machines: a deadline runs from the first second."),
        "phone-incoming",
        bool(there),
        there=there,
        lines=lines,
        does=offered(actor, ("orders.open_order", goes(_("Take a report"), "headset", "intake", look="is-primary"))),
    )
