"""How the demo company's people take up the regulation: most read it, pass and acknowledge it; some have not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from anxiu.accounts.models import Person
from anxiu.demo.hours import DAY, office
from anxiu.demo.reforms import ROLLED_OUT, TRIED, TRIED_IN
from anxiu.demo.staff import LOGINS
from anxiu.demo.stage import Stage, Story
from anxiu.demo.words import DOMAIN
from anxiu.kernel.actor import SYSTEM
from anxiu.regulation.queries import in_force
from anxiu.regulation.rules.quiz import is_right, shuffled
from anxiu.uptake.actions import acknowledge_version, keep_readings, remark_on_clause, settle_remark, take_quiz
from anxiu.uptake.choices import ReadingState, RemarkKind
from anxiu.uptake.models import Reading
from anxiu.uptake.queries import mine, sitting

SHOWN: Final = f"{LOGINS['engineer']}@{DOMAIN}"  # has something to read
REMINDED: Final = 3 * DAY
FAILS: Final = 0.25  # share of people who do not pass at once
PUTS_OFF: Final = 0.2  # share of people who have not acknowledged the last version
ONLY_PASSED: Final = 0.3  # share of those who have at least answered the questions
HOUR: Final = timedelta(hours=1)
# Clause, kind, what was said, and the answer to it, if there is one already.
SAID: Final = (
    ("4.2", RemarkKind.PROPOSAL, "夜班在现场时来不及在 15 分钟内答复，建议夜间放宽。", ""),
    ("5.5", RemarkKind.QUESTION, "地下车库经常没有定位，只扫设备码可以吗？", "可以：第 5.5 条写明扫码同样有效。"),
    ("3.7", RemarkKind.REMARK, "合同客户问起 85% 怎么算，建议条文里举一个例子。", ""),
    ("8.4", RemarkKind.MISTAKE, "手册里还写 24 小时，和新版本不一致。", "手册按新版本自动生成，请刷新后再看。"),
    ("5.3", RemarkKind.PROPOSAL, "出发前清单建议加上“备用电源”。", ""),
)  # fmt: skip
Playing = tuple[Stage, Random]


def learning(stage: Stage, beginning: datetime, until: datetime) -> list[Story]:
    """Everybody's reading of the company's two versions, and what they say of them."""
    people = Person.objects.filter(is_active=True, holdings__isnull=False).select_related("region")
    people = people.distinct().order_by("pk")
    dice = Random(people.count())  # one of its own: what else is played does not change
    readers = [_reads((stage, dice), each, beginning, until) for each in people]
    return [_keeping(beginning, until), _remarks(stage, until), *readers]


def _keeping(beginning: datetime, until: datetime) -> Iterator[datetime]:
    """Readings are given out, and who is slow is reminded."""
    for at in (office(beginning + HOUR), until - REMINDED + HOUR):
        yield at
        keep_readings(actor=SYSTEM, at=at)


def _remarks(stage: Stage, until: datetime) -> Iterator[datetime]:
    """What people in the field say of clauses; some of it was answered."""
    staff, said = stage.staff, []
    for place, (number, kind, text, answer) in enumerate(SAID):
        region = staff.regions[place % len(staff.regions)]
        person = staff.engineers[region.pk][place].person if place % 2 else staff.agents[region.pk][0]
        at = office(until - ROLLED_OUT + (place + 1) * DAY)
        yield at
        version = in_force(person.region_id, "", at)
        made = remark_on_clause(
            actor=stage.actor(person), at=at, version_id=version.pk, number=number, kind=kind, text=text
        )
        said.append((made, answer))
    at = office(until - 2 * DAY)
    yield at
    boss = stage.actor(staff.shown["supervisor"])
    for made, answer in said:
        if answer:
            settle_remark(actor=boss, at=at, remark_uid=made.uid, text=answer)


def _reads(playing: Playing, person: Person, beginning: datetime, until: datetime) -> Iterator[datetime]:
    """Somebody acknowledges the first version in its time; the second one perhaps not yet."""
    _stage, dice = playing
    at = office(beginning + dice.uniform(1, 10) * DAY)
    yield at
    yield from _takes_up(playing, person, at, leaves_open=False)
    if person.email == SHOWN or (dice.random() < PUTS_OFF and dice.random() > ONLY_PASSED):
        return
    begun = TRIED if person.region and person.region.code == TRIED_IN else ROLLED_OUT
    at = office(until - begun + dice.uniform(0.5, 9) * DAY)
    yield at
    yield from _takes_up(playing, person, at, leaves_open=dice.random() < PUTS_OFF * ONLY_PASSED)


def _takes_up(playing: Playing, person: Person, at: datetime, *, leaves_open: bool) -> Iterator[datetime]:
    stage, dice = playing
    actor = stage.actor(person)
    row = mine(actor).filter(state=ReadingState.OPEN).first()
    if row is None:
        return
    if dice.random() < FAILS:
        take_quiz(actor=actor, at=at, reading_uid=row.uid, answers=_answers(row, wrong=3))
        at += 20 * HOUR
        yield at
    take_quiz(actor=actor, at=at, reading_uid=row.uid, answers=_answers(row, wrong=0))
    if not leaves_open:
        acknowledge_version(actor=actor, at=at, reading_uid=row.uid)


def _answers(row: Reading, *, wrong: int) -> dict[str, list[int]]:
    """Answers to the next sitting, the first ones wrong."""
    asked = sitting(row)
    given = {}
    for place, each in enumerate(asked.drawn):
        order = shuffled(each, asked.seed)
        given[each.code] = [at for at, choice in enumerate(order) if is_right(each, [choice]) is (place >= wrong)][:1]
    return given
