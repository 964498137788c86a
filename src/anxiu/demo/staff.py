"""The demo company's people: posts in four regions, forty engineers with what they hold, who is on duty."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from anxiu.accounts.actions import NewPerson, add_outlet, add_person, add_region
from anxiu.accounts.models import Person, Region
from anxiu.demo.words import AREAS, GIVEN, LINES, PINYIN_DOMAIN, SURNAMES
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.geo import Place
from anxiu.sla.actions import NewDuty, set_duty
from anxiu.workforce.actions import (
    Hours, NewEngineer, NewQualification, add_engineer, add_qualification, add_shift, add_skill, bar, set_shift_pattern,
)  # fmt: skip
from anxiu.workforce.choices import BarReason, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Skill

PASSWORD: Final = "anxiu-demo-2026"
ENGINEERS_A_REGION: Final = 10
GRADES: Final = ("junior", "junior", "junior", "intermediate", "intermediate", "intermediate", "intermediate", "senior", "senior", "senior")
# One login a role, shown when the demo starts: post, mailbox, Chinese and English name of the role.
ROLES: Final = (
    ("agent", "agent"), ("dispatcher", "dispatcher"), ("engineer", "engineer"), ("supervisor", "supervisor"),
    ("warehouse", "warehouse"), ("hr", "hr"), ("finance", "finance"), ("management", "management"),
    ("partner", "partner"), ("administrator", "admin"),
)  # fmt: skip


@dataclass(slots=True)
class Staff:
    """Who works there, by region."""

    regions: list[Region] = field(default_factory=list)
    agents: dict[int, list[Person]] = field(default_factory=dict)
    dispatchers: dict[int, Person] = field(default_factory=dict)
    supervisors: dict[int, Person] = field(default_factory=dict)
    engineers: dict[int, list[Engineer]] = field(default_factory=dict)


class Names:
    """Chinese names, each once."""

    def __init__(self, dice: Random) -> None:
        self._left = [f"{surname}{given}" for surname in SURNAMES for given in GIVEN]
        dice.shuffle(self._left)

    def next(self) -> str:
        """A name nobody has yet."""
        return self._left.pop()


def hire(dice: Random, names: Names, at: datetime, until: datetime) -> Staff:
    """Open the regions and give everybody an account, a post and what they need."""
    staff = Staff()
    for number, area in enumerate(AREAS):
        region = add_region(actor=SYSTEM, at=at, code=area.code, name_zh=area.zh, name_en=area.en)
        staff.regions.append(region)
        add_outlet(actor=SYSTEM, at=at, region_id=region.pk, code=f"{area.code}-1", name_zh=f"{area.zh}服务站", name_en=f"{area.en} station")
        first = number == 0
        staff.agents[region.pk] = [
            _person(names, at, "agent", region, "agent" if first and not n else f"agent.{area.code}{n}") for n in range(2)
        ]
        staff.dispatchers[region.pk] = _person(names, at, "dispatcher", region, "dispatcher" if first else f"dispatcher.{area.code}")
        staff.supervisors[region.pk] = _person(names, at, "supervisor", region, "supervisor" if first else f"supervisor.{area.code}")
    for post, box in ROLES:
        if post not in ("agent", "dispatcher", "supervisor", "engineer", "management"):
            _person(names, at, post, staff.regions[0], box)
    boss = _person(names, at, "management", None, "management")
    skills = {line.code: add_skill(actor=SYSTEM, at=at, code=line.code, name_zh=line.skill[0], name_en=line.skill[1]) for line in LINES}
    for region in staff.regions:
        staff.engineers[region.pk] = [_engineer(dice, names, at, until, region, skills, n) for n in range(ENGINEERS_A_REGION)]
        _on_duty(staff, region, at, until)
    set_duty(actor=SYSTEM, at=at, new=NewDuty(boss.pk, "management", at, until + timedelta(days=365)))
    return staff


def _person(names: Names, at: datetime, post: str, region: Region | None, box: str) -> Person:
    new = NewPerson(
        name=names.next(), email=f"{box}@{PINYIN_DOMAIN}", posts=((post, None),), phone="021 5888 0000",
        region_id=region.pk if region else None, password=PASSWORD if "." not in box else None,
    )  # fmt: skip
    return add_person(actor=SYSTEM, at=at, new=new)


def _on_duty(staff: Staff, region: Region, at: datetime, until: datetime) -> None:
    """Named people answer for their posts, so that a broken promise reaches somebody."""
    later = until + timedelta(days=365)
    for post, person in (("supervisor", staff.supervisors[region.pk]), ("dispatcher", staff.dispatchers[region.pk])):
        set_duty(actor=SYSTEM, at=at, new=NewDuty(person.pk, post, at, later, region_id=region.pk))


def _engineer(
    dice: Random, names: Names, at: datetime, until: datetime, region: Region, skills: dict[str, Skill], number: int
) -> Engineer:
    """An engineer: two of three skills, their certificates, hours, and now and then what keeps somebody from going."""
    area = next(each for each in AREAS if each.code == region.code)
    _, latitude, longitude = dice.choice(area.districts)
    box = "engineer" if region.code == AREAS[0].code and number == 0 else f"e{number + 1:02}.{region.code}"
    person = NewPerson(
        name=names.next(), email=f"{box}@{PINYIN_DOMAIN}", posts=(("engineer", None),), region_id=region.pk,
        phone=f"139{dice.randrange(10**8):08}", password=PASSWORD if box == "engineer" else None,
    )  # fmt: skip
    started = (until - timedelta(days=dice.randrange(400, 3000))).date()
    base = Place(latitude + dice.uniform(-0.03, 0.03), longitude + dice.uniform(-0.03, 0.03), 50, "typed")
    made = add_engineer(actor=SYSTEM, at=at, new=NewEngineer(person, region.pk, GRADES[number], started, base=base))
    newcomer = number == 2
    if not newcomer:
        _hold(at, made, NewQualification(QualificationKind.INDUCTION, started + timedelta(days=5)))
    level = 1 + ("junior", "intermediate", "senior").index(GRADES[number])
    lines = [LINES[number % 3], LINES[(number + 1) % 3]]
    for line in lines:
        _hold(at, made, NewQualification(QualificationKind.SKILL, started, skill_id=skills[line.code].pk, level=level))
        for code in line.certificates:
            lapses = date.fromordinal(until.date().toordinal() + dice.choice((20, 200, 400, 700)))
            if number == 5:
                lapses = until.date() - timedelta(days=12)
            paper = NewQualification(
                QualificationKind.CERTIFICATE, started, lapses, code=code, issuer="上海市应急管理局", number=f"T{dice.randrange(10**11):011}"
            )
            _hold(at, made, paper)
    days = range(1, 7) if number % 2 else range(1, 6)
    week = [Hours(day, time(8), time(18)) for day in days]
    if number in (7, 8):
        week = [Hours(day, time(0), time(0)) for day in range(1, 8)]
    set_shift_pattern(actor=SYSTEM, at=at, engineer_id=made.pk, hours=week, valid_from=at.date())
    if number == 9:
        add_shift(actor=SYSTEM, at=at, engineer_id=made.pk, kind=ShiftKind.ON_CALL, starts_at=until - timedelta(days=3), ends_at=until + timedelta(days=14))
    if number == 3 and region.code == AREAS[1].code:
        bar(
            actor=SYSTEM, at=at, engineer_id=made.pk, barred_from=until - timedelta(days=4), barred_until=until + timedelta(days=10),
            reason=BarReason.TRAINING, note="三次低分，停派培训",
        )  # fmt: skip
    return made


def _hold(at: datetime, engineer: Engineer, paper: NewQualification) -> None:
    add_qualification(actor=SYSTEM, at=at, engineer_id=engineer.pk, new=paper)
