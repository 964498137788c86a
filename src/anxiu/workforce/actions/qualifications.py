"""Skills, certificates and inductions that engineers hold."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record
from anxiu.workforce.actions.locking import locked, subject
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.events import QualificationAdded, QualificationExpiring, QualificationRevoked
from anxiu.workforce.models import Engineer, Qualification, Skill
from anxiu.workforce.queries import figures, zone_of
from anxiu.workforce.values import CERTIFICATE_REMINDERS, CERTIFICATES

LEVELS: Final = range(1, 4)  # source: own choice; three levels: assists, works alone, teaches
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewQualification:
    """A skill (`skill_id`, `level`), a certificate (`code` of a known kind, or a `name`), or the induction."""

    kind: QualificationKind
    valid_from: date
    valid_to: date | None = None
    skill_id: int | None = None
    level: int | None = None
    code: str = ""
    name: str = ""
    issuer: str = ""
    number: str = ""
    evidence_digest: str = ""


@action(posts={"hr", "supervisor"})
def add_qualification(*, actor: Actor, at: datetime, engineer_id: int, new: NewQualification) -> Qualification:
    """Give an engineer a skill, a certificate or the induction.

    Records: QualificationAdded. Refuses: an unknown skill or certificate, a level out of range, an end too early.
    """
    engineer = locked(actor, engineer_id)
    skill = _skill(new)
    _check_certificate(new, engineer, at)
    row = qualification_row(new, engineer, skill, at)
    row.save(force_insert=True)
    record(
        QualificationAdded(row.pk, row.kind, code_of(row), row.level, row.valid_from, row.valid_to),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


def _skill(new: NewQualification) -> Skill | None:
    if new.kind != QualificationKind.SKILL:
        return None
    skill = Skill.objects.filter(pk=new.skill_id or 0, retired_at=None).first()
    if skill is None:
        raise Invalid("workforce.unknown_skill", field="skill")
    return skill


def qualification_row(
    new: NewQualification, engineer: Engineer, skill: Skill | None, at: datetime, source: str = "", source_id: str = ""
) -> Qualification:
    """A qualification's row, not yet saved. Refuses: a level out of range, no name, an end before the start."""
    if skill is not None and new.level not in LEVELS:
        raise Invalid("workforce.level_out_of_range", field="level")
    if new.kind == QualificationKind.CERTIFICATE and not new.code and not new.name.strip():
        raise Invalid("workforce.name_or_code", field="name")
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise Invalid("workforce.ends_before_start", field="valid_to")
    row = Qualification(
        engineer=engineer, kind=new.kind, skill=skill, level=new.level if skill else None, code=new.code,
        name=new.name.strip(), valid_from=new.valid_from, valid_to=new.valid_to, issuer=new.issuer, number=new.number,
        evidence_digest=new.evidence_digest, source=source, source_id=source_id, created_at=at,
    )  # fmt: skip
    require_fitting(row)
    return row


def _check_certificate(new: NewQualification, engineer: Engineer, at: datetime) -> None:
    if new.kind != QualificationKind.CERTIFICATE:
        return
    if new.code and new.code not in {each.code for each in figures(engineer.region_id, at)(CERTIFICATES)}:
        raise Invalid("workforce.unknown_certificate", field="code", certificate=new.code)


def code_of(row: Qualification) -> str:
    """What events call it: the code of the skill or certificate, or the kind itself."""
    return row.skill.code if row.skill else row.code or row.kind


@action(posts={"hr", "supervisor"})
def revoke_qualification(*, actor: Actor, at: datetime, qualification_id: int, reason: str) -> Qualification:
    """End a qualification before its time.

    Records: QualificationRevoked. Refuses: one already revoked.
    """
    row = Qualification.objects.select_related("skill").filter(pk=qualification_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    engineer = locked(actor, row.engineer_id)
    if not Qualification.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at):
        raise WrongState("workforce.already_revoked")
    row.revoked_at = at
    record(
        QualificationRevoked(row.pk, row.kind, code_of(row), Sealed(reason)),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts=set())
def remind_of_expiry(*, actor: Actor, at: datetime) -> int:
    """Tell of every qualification that came within a reminder's days of lapsing, once for each reminder.

    Records: QualificationExpiring. One that was renewed meanwhile is left out: the newer one is reminded of.
    """
    told = 0
    regions = {each.region_id: each.region for each in _with_expiries().distinct("region_id")}
    for region_id, region in regions.items():
        today = at.astimezone(zone_of(region)).date()
        reminders = figures(region_id, at)(CERTIFICATE_REMINDERS)
        for days in sorted(reminders):
            told += _remind(actor, at, region_id, (today, days))
    return told


def _with_expiries() -> QuerySet[Engineer]:
    held = Qualification.objects.filter(revoked_at=None, valid_to__isnull=False).values("engineer_id")
    return Engineer.objects.filter(retired_at=None, pk__in=held).select_related("region").order_by("region_id")


def _remind(actor: Actor, at: datetime, region_id: int, limit: tuple[date, int]) -> int:
    today, days = limit
    due = (
        Qualification.objects.select_related("skill", "engineer")
        .select_for_update(of=("self",), skip_locked=True)
        .filter(engineer__region_id=region_id, engineer__retired_at=None, revoked_at=None)
        .filter(valid_to__gte=today, valid_to__lte=today + days * _DAY)
        .filter(Q(reminded_days=None) | Q(reminded_days__gt=days))
        .exclude(Exists(_newer()))
        .order_by("pk")
    )
    rows = list(due)
    for row in rows:
        assert row.valid_to is not None, "asked for above"
        row.reminded_days = days
        record(
            QualificationExpiring(row.pk, row.kind, code_of(row), row.valid_to, days, CERTIFICATE_REMINDERS.key),
            subject=subject(row.engineer), region_id=region_id, actor=actor, at=at,
        )  # fmt: skip
    Qualification.objects.bulk_update(rows, ["reminded_days"])
    return len(rows)


def _newer() -> QuerySet[Qualification]:
    """Another one of the same thing that lasts longer."""
    return Qualification.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")),
        engineer=OuterRef("engineer"), kind=OuterRef("kind"), code=OuterRef("code"), name=OuterRef("name"),
        revoked_at=None,
    ).filter(Q(skill=OuterRef("skill")) | Q(skill=None))  # fmt: skip
