"""How lines of qualifications become what engineers hold. One that is there already is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from anxiu.equipment.actions.imports.lines import QualificationLine, digest_of, digest_of_line
from anxiu.equipment.actions.imports.references import named, require
from anxiu.equipment.actions.imports.taking import Taking, Wanted
from anxiu.kernel.errors import Invalid
from anxiu.kernel.grams import folded
from anxiu.workforce.actions import NewQualification, qualification_row
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Qualification, Skill
from anxiu.workforce.queries import engineers, figures, skills
from anxiu.workforce.values import CERTIFICATES


@dataclass
class Known:
    """What lines of qualifications speak of."""

    taking: Taking
    engineers: dict[str, Engineer]
    skills: dict[str, Skill]
    codes: dict[int, dict[str, str]] = field(default_factory=dict)

    def wanted(self, line: QualificationLine, engineer: Engineer) -> tuple[NewQualification, Skill | None]:
        """What a line says, with the skill or the kind of certificate it names."""
        skill, code, name = None, "", line.name
        if line.kind == QualificationKind.SKILL:
            skill = require(self.skills, folded(line.name), "equipment.unknown_skill", "name", line.name)
            name = ""
        elif line.kind == QualificationKind.CERTIFICATE and (code := self._code(line.name, engineer)):
            name = ""
        new = NewQualification(
            line.kind, line.valid_from, line.valid_to, skill.pk if skill else None, line.level, code, name,
            line.issuer, line.number,
        )  # fmt: skip
        return new, skill

    def _code(self, given: str, engineer: Engineer) -> str:
        """The code of a certificate that the region's regulation knows by this code or name; empty for another."""
        if engineer.region_id not in self.codes:
            rows = figures(engineer.region_id, self.taking.at)(CERTIFICATES)
            self.codes[engineer.region_id] = {
                folded(name): each.code for each in rows for name in (each.name.zh, each.name.en, each.code)
            }
        return self.codes[engineer.region_id].get(folded(given), "")


def take_qualifications(taking: Taking, lines: Sequence[QualificationLine]) -> None:
    """Skills, certificates and inductions of engineers in sight."""
    found = _engineers(taking, {each.engineer for each in lines})
    known = Known(taking, found, named(skills(), lambda row: (row.name_en, row.name_zh, row.code)))
    there = _there(taking, found.values())
    asked = []
    for each in lines:
        engineer = found.get(folded(each.engineer))
        if engineer is None:
            taking.refuse(each.line, Invalid("equipment.unknown_engineer", field="engineer", given=each.engineer))
            continue
        try:
            new, skill = known.wanted(each, engineer)
        except Invalid as refusal:
            taking.refuse(each.line, refusal)
            continue
        if (engineer.pk, *_what(new)) not in there:
            asked.append(_asked(taking, each, engineer, (new, skill)))
    taking.layer("qualification", Qualification, asked)


def _asked(
    taking: Taking, line: QualificationLine, engineer: Engineer, said: tuple[NewQualification, Skill | None]
) -> Wanted:
    """A certificate is known by whose it is, what, its number and its first day: renewed, it is another."""
    new, skill = said
    key = digest_of(engineer.pk, *_what(new))

    def build() -> Qualification:
        return qualification_row(new, engineer, skill, taking.at, taking.source, key)

    return Wanted(line.line, key, digest_of_line(line), build, "name", line.name or line.kind)


def _what(new: NewQualification) -> tuple[object, ...]:
    return new.kind.value, new.skill_id, new.code, folded(new.name), new.number, new.valid_from


def _engineers(taking: Taking, given: Collection[str]) -> dict[str, Engineer]:
    """Engineers at work, by number or by the address they log in with."""
    wanted = {folded(each) for each in given}
    by = Q(number__in=given) | Q(person__email__in=wanted)
    rows = engineers(taking.actor).filter(by).select_related("person", "region")
    return {name: row for row in rows for name in (row.person.email, folded(row.number))}


def _there(taking: Taking, whose: Collection[Engineer]) -> set[tuple[object, ...]]:
    """What these engineers hold that did not come from this source."""
    rows = Qualification.objects.filter(engineer__in=whose, revoked_at=None).exclude(source=taking.source)
    return {
        (row.engineer_id, row.kind, row.skill_id, row.code, folded(row.name), row.number, row.valid_from)
        for row in rows
    }
