"""The demo company's people: posts in four regions, forty engineers with what they hold, who is on duty."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from anxiu.accounts.actions import NewPerson, add_outlet, add_person, add_region, sort_key
from anxiu.accounts.models import Person, Region
from anxiu.demo.hours import DAY, local
from anxiu.demo.words import AREAS, DOMAIN, LINES, NAMES, Area
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.geo import Place
from anxiu.sla.actions import NewDuty, set_duty
from anxiu.workforce.actions import (
    Hours,
    NewEngineer,
    NewQualification,
    add_engineer,
    add_qualification,
    add_shift,
    add_skill,
    set_shift_pattern,
)  # fmt: skip
from anxiu.workforce.choices import QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Skill

PASSWORD: Final = "anxiu-demo-2026"  # noqa: S105  a demo's; its addresses end in .example
LEVELS: Final = {"junior": 1, "intermediate": 2, "senior": 3}
GRADES: Final = ("junior",) * 3 + ("intermediate",) * 3 + ("senior",) * 4
BY_DAY, BY_NIGHT = (time(8), time(18)), (time(20), time(8))
# Days of the week (1 Monday) on which each of a region's ten engineers works, and from when to when: somebody is there
# on every day and in every night. The last one is on call at night beside that.
WEEKS: Final = (
    ((1, 2, 3, 4, 5), BY_DAY), ((2, 3, 4, 5, 6), BY_DAY), ((1, 2, 3, 4, 5), BY_DAY), ((1, 2, 3, 4, 5), BY_DAY),
    ((2, 3, 4, 5, 6), BY_DAY), ((3, 4, 5, 6, 7), BY_DAY), ((7, 1, 2, 3, 4), BY_DAY), ((1, 2, 3, 4), BY_NIGHT),
    ((5, 6, 7), BY_NIGHT), ((2, 3, 4, 5, 6), BY_DAY),
)  # fmt: skip
NEWCOMER, OF_THE_LOGIN, ON_CALL = 2, 6, 9
# Two of the south's came only in the eighth week; one of each other region takes their time to answer.
SHORT_OF_PEOPLE, CAME_LATER = "south", (3, 5)
SLOW_TO_ANSWER: Final = {"pudong": 4, "puxi": 3, "north": 9}
# One login a post, shown when the demo starts: post and mailbox.
LOGINS: Final = {
    "agent": "agent", "dispatcher": "dispatcher", "engineer": "engineer", "supervisor": "supervisor",
    "warehouse": "warehouse", "hr": "hr", "finance": "finance", "management": "management", "partner": "partner",
    "administrator": "admin",
}  # fmt: skip
# Those whose login is shown do this work in all regions, so that there is something to see; the others in their own.
OF_A_REGION: Final = ("supervisor", "dispatcher", "agent")


@dataclass(slots=True)
class Staff:
    """Who works there, by region."""

    regions: list[Region] = field(default_factory=list)
    agents: dict[int, list[Person]] = field(default_factory=dict)
    dispatchers: dict[int, Person] = field(default_factory=dict)
    supervisors: dict[int, Person] = field(default_factory=dict)
    engineers: dict[int, list[Engineer]] = field(default_factory=dict)
    shown: dict[str, Person] = field(default_factory=dict)
    slow_to_answer: set[Engineer] = field(default_factory=set)
    favourite: int = 0


class Names:
    """Chinese names, each once."""

    def __init__(self, dice: Random) -> None:
        self._left = list(NAMES)
        dice.shuffle(self._left)

    def next(self) -> str:
        """A name nobody has yet."""
        return self._left.pop()


@dataclass(frozen=True, slots=True)
class Hiring:
    """What hiring needs: chance, names, when it happens, and the present it leads up to."""

    dice: Random
    names: Names
    at: datetime
    until: datetime

    def person(
        self, post: str, box: str, region: Region, *, manager_id: int | None = None, outlet_id: int | None = None,
        where: tuple[int | None, ...] = (None,),
    ) -> NewPerson:
        """Somebody new, with a post at home or in the regions named; with a password where their mailbox is shown."""
        name = self.names.next()
        surname, _, given = sort_key(name).partition(" ")
        return NewPerson(
            name=name, name_en=f"{surname.title()} {given.replace(' ', '').title()}", email=f"{box}@{DOMAIN}",
            posts=tuple((post, each) for each in where), phone=f"139{self.dice.randrange(10**8):08}",
            password=PASSWORD if box in LOGINS.values() else None, region_id=region.pk, manager_id=manager_id,
            outlet_id=outlet_id,
        )  # fmt: skip

    def add(self, new: NewPerson) -> Person:
        """Give somebody an account and a post."""
        return add_person(actor=SYSTEM, at=self.at, new=new)


def hire(hiring: Hiring) -> Staff:
    """Open the regions and give everybody an account, a post and what they need."""
    staff, at = Staff(), hiring.at
    for line in LINES:
        add_skill(actor=SYSTEM, at=at, code=line.code, name_zh=line.skill[0], name_en=line.skill[1])
    skills = {each.code: each for each in Skill.objects.all()}
    for area in AREAS:
        region = add_region(actor=SYSTEM, at=at, code=area.code, name_zh=area.zh, name_en=area.en)
        staff.regions.append(region)
        add_outlet(
            actor=SYSTEM, at=at, region_id=region.pk, code=f"{area.code}-1", name_zh=f"{area.zh}服务站",
            name_en=f"{area.en} station",
        )  # fmt: skip
    _headquarters(hiring, staff)
    for region, area in zip(staff.regions, AREAS, strict=True):
        _desk(hiring, staff, region)
        _crew(hiring, staff, region, area, skills)
    _duties(hiring, staff)
    return staff


def _headquarters(hiring: Hiring, staff: Staff) -> None:
    """One of each post, whose logins are shown; a partner with an outlet of their own."""
    region, everywhere = staff.regions[0], tuple(each.pk for each in staff.regions)
    outlet = add_outlet(
        actor=SYSTEM, at=hiring.at, region_id=region.pk, code=f"{region.code}-p", name_zh="川沙合作网点",
        name_en="Chuansha partner", is_partner=True,
    )  # fmt: skip
    for post, box in LOGINS.items():
        if post != "engineer":
            where = everywhere if post in OF_A_REGION else (None,)
            outlet_id = outlet.pk if post == "partner" else None
            staff.shown[post] = hiring.add(hiring.person(post, box, region, outlet_id=outlet_id, where=where))


def _desk(hiring: Hiring, staff: Staff, region: Region) -> None:
    """A region's supervisor, dispatcher and two agents beside the one who answers for all regions."""
    chief = hiring.add(hiring.person("supervisor", f"supervisor.{region.code}", region))

    def below(post: str, box: str) -> Person:
        return hiring.add(hiring.person(post, f"{box}.{region.code}", region, manager_id=chief.pk))

    staff.supervisors[region.pk] = chief
    staff.agents[region.pk] = [below("agent", "agent1"), below("agent", "agent2"), staff.shown["agent"]]
    own = below("dispatcher", "dispatcher")
    staff.dispatchers[region.pk] = staff.shown["dispatcher"] if region is staff.regions[0] else own


def _duties(hiring: Hiring, staff: Staff) -> None:
    """Named people answer for their posts, so that a broken promise reaches somebody: this week one for all regions."""
    monday = local(hiring.until).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= DAY * monday.weekday()
    week, end = 7 * DAY, monday + 21 * DAY
    for region in staff.regions:
        own, dispatcher = staff.supervisors[region.pk], staff.dispatchers[region.pk]
        for person, first, last, rank in (
            (own, hiring.at, monday, 0), (staff.shown["supervisor"], monday, monday + week, 0),
            (own, monday, monday + week, 1), (own, monday + week, end, 0),
        ):  # fmt: skip
            _on_duty(hiring.at, NewDuty(person.pk, "supervisor", first, last, region.pk, rank))
        _on_duty(hiring.at, NewDuty(dispatcher.pk, "dispatcher", hiring.at, end, region.pk))
    _on_duty(hiring.at, NewDuty(staff.shown["management"].pk, "management", hiring.at, hiring.until + 90 * DAY))


def _on_duty(at: datetime, new: NewDuty) -> None:
    set_duty(actor=SYSTEM, at=at, new=new)


# ---- engineers -------------------------------------------------------------------------------------------------------
def _crew(hiring: Hiring, staff: Staff, region: Region, area: Area, skills: dict[str, Skill]) -> None:
    """A region's ten engineers. One of the first region's has the login that is shown, and is rarely idle."""
    crew = staff.engineers[region.pk] = []
    for number in range(len(GRADES)):
        if area.code != SHORT_OF_PEOPLE or number not in CAME_LATER:
            crew.append(_engineer(hiring, staff, region, number, skills))
            if SLOW_TO_ANSWER.get(area.code) == number:
                staff.slow_to_answer.add(crew[-1])


def reinforce(hiring: Hiring, staff: Staff) -> None:
    """The region that was short of people gets those it waited for."""
    region = next(each for each in staff.regions if each.code == SHORT_OF_PEOPLE)
    skills = {each.code: each for each in Skill.objects.all()}
    staff.engineers[region.pk] += [_engineer(hiring, staff, region, number, skills) for number in CAME_LATER]


def _engineer(hiring: Hiring, staff: Staff, region: Region, number: int, skills: dict[str, Skill]) -> Engineer:
    area = next(each for each in AREAS if each.code == region.code)
    is_shown = area is AREAS[0] and number == OF_THE_LOGIN
    box = "engineer" if is_shown else f"e{number + 1:02}.{area.code}"
    person = hiring.person("engineer", box, region, manager_id=staff.supervisors[region.pk].pk)
    started = (hiring.at - hiring.dice.randrange(60, 2600) * DAY).date()
    latitude, longitude = hiring.dice.choice(area.districts).at
    base = Place(
        latitude + hiring.dice.uniform(-0.03, 0.03), longitude + hiring.dice.uniform(-0.03, 0.03), 50, "typed"
    )
    new = NewEngineer(person, region.pk, GRADES[number], started, base=base)
    made = add_engineer(actor=SYSTEM, at=hiring.at, new=new)
    _hold(hiring, made, number, area, skills)
    _work(hiring, made, number, every_day=is_shown)
    if is_shown:
        staff.favourite = made.pk
    return made


def _hold(hiring: Hiring, made: Engineer, number: int, area: Area, skills: dict[str, Skill]) -> None:
    """Induction, two of three skills (a senior all) and their certificates; some lapse soon, one has lapsed."""
    started, grade = made.started_date, GRADES[number]
    held = []
    if number != NEWCOMER:
        held.append(NewQualification(QualificationKind.INDUCTION, started + timedelta(days=5)))
    lines = LINES if grade == "senior" else (LINES[number % 3], LINES[(number + 1) % 3])
    for line in lines:
        held.append(
            NewQualification(QualificationKind.SKILL, started, skill_id=skills[line.code].pk, level=LEVELS[grade])
        )
        soon = hiring.dice.random() < 0.08
        lapses = hiring.until + hiring.dice.randrange(*((15, 50) if soon else (90, 900))) * DAY
        if number == 4 and area is AREAS[-1]:
            lapses = hiring.until - 12 * DAY
        held += [
            NewQualification(
                QualificationKind.CERTIFICATE, started, lapses.date(), code=code, issuer="上海市应急管理局",
                number=f"T{hiring.dice.randrange(10**11):011}",
            )
            for code in line.certificates
        ]  # fmt: skip
    for paper in held:
        add_qualification(actor=SYSTEM, at=hiring.at, engineer_id=made.pk, new=paper)


def _work(hiring: Hiring, made: Engineer, number: int, *, every_day: bool) -> None:
    """Weekly hours, and nights on call."""
    days, (start, end) = WEEKS[number]
    week = [Hours(day, start, end) for day in (range(1, 8) if every_day else days)]
    set_shift_pattern(actor=SYSTEM, at=hiring.at, engineer_id=made.pk, hours=week, valid_from=hiring.at.date())
    if number != ON_CALL and not every_day:
        return
    evening = local(hiring.until).replace(hour=18, minute=0, second=0, microsecond=0)
    for day in range(-3, 7):
        starts_at = evening + day * DAY
        add_shift(
            actor=SYSTEM, at=hiring.at, engineer_id=made.pk, kind=ShiftKind.ON_CALL, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=14),
        )  # fmt: skip
