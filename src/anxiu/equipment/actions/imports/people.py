"""How lines of people become accounts and engineers. An address that has an account is known and stays as it is.

Nobody gives by file what they could not give by hand: each line's posts, place and grade meet the rules of `add_person`
and `add_engineer`. No password is set; a link to choose one is made for a person when somebody asks for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from anxiu.accounts.actions import NewPerson, check_place, person_row, require_givable
from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Holding, Outlet, Person, Post, Region
from anxiu.accounts.queries import outlets, people, posts, regions
from anxiu.customers.choices import Language
from anxiu.equipment.actions.imports.lines import PersonLine, digest_of, digest_of_line
from anxiu.equipment.actions.imports.references import named, require
from anxiu.equipment.actions.imports.taking import Taking, Wanted
from anxiu.kernel.errors import Invalid
from anxiu.kernel.grams import folded
from anxiu.workforce.actions import NewEngineer, engineer_row
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import grades

ADDS_ENGINEERS: Final = "workforce.add_engineer"


@dataclass
class Known:
    """What lines of people speak of, what is taken by now, and what they make besides accounts."""

    taking: Taking
    posts: dict[str, Post]
    regions: dict[str, Region]
    outlets: dict[tuple[int, str], Outlet]
    addresses: dict[str, int]
    numbers: set[str]
    grades: dict[int, dict[str, str]] = field(default_factory=dict)
    held: dict[str, list[Post]] = field(default_factory=dict)
    engineers: dict[str, Engineer] = field(default_factory=dict)

    def grade(self, given: str, region: Region) -> str:
        """The code of a grade of the region's regulation."""
        if region.pk not in self.grades:
            rows = grades(region.pk, self.taking.at)
            self.grades[region.pk] = {
                folded(name): each.code for each in rows for name in (each.name.zh, each.name.en, each.code)
            }
        code = self.grades[region.pk].get(folded(given))
        if code is None:
            raise Invalid("workforce.unknown_grade", field="grade", grade=given)
        return code


def take_people(taking: Taking, lines: Sequence[PersonLine]) -> None:
    """Accounts with their posts first, then the engineers among them."""
    new = _left(taking, lines)
    known = _known(taking, new)

    def a_person(line: PersonLine) -> Callable[[], Person]:
        def build() -> Person:
            _require_free(known, line)
            wanted = _person(known, line)
            held = _posts(known, line)
            check_place(taking.actor, wanted.region_id, tuple((each.code, None) for each in held))
            row = person_row(wanted, taking.at, taking.source, _key(line))
            if line.grade:
                known.engineers[_key(line)] = _engineer(known, line, row)
            known.held[_key(line)] = held
            known.addresses[line.email] = line.line
            return row

        return build

    def an_engineer(line: PersonLine, row: Person) -> Callable[[], Engineer]:
        return lambda: known.engineers.get(_key(line)) or _engineer(known, line, row)

    rows = taking.layer("person", Person, [_wanted(each, a_person(each)) for each in new])
    _hold(known, rows)
    graded = [(each, rows[_key(each)]) for each in new if each.grade and _key(each) in rows]
    taking.layer("engineer", Engineer, [_wanted(each, an_engineer(each, row)) for each, row in graded])


def _key(line: PersonLine) -> str:
    """A digest, as of contacts: it stays when somebody is erased, so that the next import does not bring them back."""
    return digest_of(line.key or line.email)


def _wanted(line: PersonLine, build: Callable[[], Any]) -> Wanted:
    where, shown = ("key", line.key) if line.key else ("email", line.email)
    return Wanted(line.line, _key(line), digest_of_line(line), build, where, shown)


def _left(taking: Taking, lines: Sequence[PersonLine]) -> list[PersonLine]:
    """Lines of people without an account that came from elsewhere; one that is open and in sight is known."""
    rows = people(taking.actor).filter(email__in={each.email for each in lines}, is_active=True)
    there = {row.email: row for row in rows.exclude(source=taking.source).select_related("engineer")}
    for each in lines:
        row = there.get(each.email)
        if row is not None and each.grade and not hasattr(row, "engineer"):
            taking.refuse(each.line, Invalid("equipment.no_engineer_yet", field="grade", given=each.email))
    return [each for each in lines if each.email not in there]


def _known(taking: Taking, lines: Sequence[PersonLine]) -> Known:
    """What the lines of a chunk speak of, in a handful of statements."""
    emails = {each.email for each in lines}
    taken = dict(Person.objects.filter(email__in=emails).values_list("email", "pk"))
    stands = taking.lines_of("person", taken.values())
    numbers = Engineer.objects.filter(number__in={each.key for each in lines} - {""})
    return Known(
        taking=taking,
        posts=named(posts(), lambda row: (row.name_en, row.name_zh, row.code)),
        regions=named(regions(taking.actor), lambda row: (row.name_en, row.name_zh, row.code)),
        outlets={
            (row.region_id, folded(name)): row
            for row in outlets(taking.actor) for name in (row.name_en, row.name_zh, row.code)
        },
        addresses={email: stands.get(key, 0) for email, key in taken.items()},
        numbers=set(numbers.values_list("number", flat=True)),
    )  # fmt: skip


def _require_free(known: Known, line: PersonLine) -> None:
    """Refuse an address that another account has: one of this file, or one that is closed or out of sight."""
    if row := known.addresses.get(line.email):
        raise Invalid("equipment.address_twice", field="email", given=line.email, row=row)
    if line.email in known.addresses:
        raise Invalid("accounts.email_taken", field="email")


def _person(known: Known, line: PersonLine) -> NewPerson:
    region = outlet = None
    if line.region:
        region = require(known.regions, folded(line.region), "equipment.unknown_region", "region", line.region)
    if line.outlet:
        place = (region.pk if region else 0, folded(line.outlet))
        outlet = require(known.outlets, place, "equipment.unknown_outlet", "outlet", line.outlet)
    return NewPerson(
        line.name, line.email, (), phone=line.phone, language=line.language or Language.CHINESE, name_en=line.name_en,
        region_id=region.pk if region else None, outlet_id=outlet.pk if outlet else None,
    )  # fmt: skip


def _posts(known: Known, line: PersonLine) -> list[Post]:
    """The posts a line names, and the engineer's where there is a grade; refuses one that is not theirs to give."""
    found = []
    for given in (*line.posts, *([PostCode.ENGINEER.value] if line.grade else [])):
        if folded(given) not in known.posts:
            raise Invalid("accounts.unknown_post", field="posts", post=given)
        found.append(known.posts[folded(given)])
    require_givable(known.taking.actor, found)
    return list(dict.fromkeys(found))


def _engineer(known: Known, line: PersonLine, person: Person) -> Engineer:
    if not known.taking.actor.may(ADDS_ENGINEERS):
        raise Invalid("equipment.engineers_not_yours", field="grade")
    if missing := [name for name in ("region", "started_on") if not getattr(line, name)]:
        wrong = tuple(Invalid("kernel.required", field=each) for each in missing)
        raise Invalid("kernel.required", field=missing[0], errors=wrong)
    if line.key in known.numbers:
        raise Invalid("workforce.number_taken", field="key")
    assert line.started_on is not None
    region = require(known.regions, folded(line.region), "equipment.unknown_region", "region", line.region)
    new = NewEngineer(
        person.pk, region.pk, known.grade(line.grade, region), line.started_on, person.outlet_id, line.key, line.base
    )
    return engineer_row(new, person, known.taking.at, known.taking.source, _key(line))


def _hold(known: Known, rows: dict[str, Person]) -> None:
    """Give new people their posts, in the places their own region is."""
    Holding.objects.bulk_create(
        Holding(person=rows[key], post=post) for key, held in known.held.items() for post in held
    )
