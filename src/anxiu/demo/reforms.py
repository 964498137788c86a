"""How the demo company changes its regulation: a draft, its review, a trial in one region, and what became of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from anxiu.demo.hours import DAY, local, office
from anxiu.demo.stage import Stage, Story
from anxiu.kernel.actor import SYSTEM
from anxiu.regulation import actions
from anxiu.regulation.actions import Source, Trial
from anxiu.regulation.choices import GroupRole
from anxiu.regulation.models import Version
from anxiu.uptake.actions import NewSession, keep_readings, record_session

TRIED: Final = 45 * DAY  # how long ago the trial began
ROLLED_OUT: Final = 10 * DAY  # how long ago it became everybody's: its reading is not over yet
TRIED_IN: Final = "puxi"  # the region where nothing else changed
INDICATORS: Final = ("satisfaction", "resolution", "clocks")
CHANGES: Final = (
    ("sla.warning_share", 75, "预警过早，一线反映提醒太多。"),
    ("feedback.recovery_due", "20 h", "补救时限按回访结果收紧。"),
)
HOUR: Final = timedelta(hours=1)


def reforms(stage: Stage, beginning: datetime, until: datetime) -> list[Story]:
    """The second version, from its draft to its rolling out, and the sessions held on the first."""
    return [_second_version(stage, until), _sessions(stage, beginning)]


def _second_version(stage: Stage, until: datetime) -> Iterator[datetime]:
    staff = stage.staff
    author, boss = stage.actor(staff.shown["administrator"]), stage.actor(staff.shown["management"])
    region = next(each for each in staff.regions if each.code == TRIED_IN)
    reader = staff.agents[region.pk][0]
    at = office(until - TRIED - 9 * DAY)
    yield at
    first = Version.objects.earliest("pk")
    draft = actions.start_draft(
        actor=author, at=at, source=Source(version_id=first.pk), why="一季度回访与一线意见汇总后修订。"
    ).pk
    for key, raw, why in CHANGES:
        actions.set_figure(actor=author, at=at, version_id=draft, key=key, raw=raw, why=why)
    group = [(staff.shown["supervisor"].pk, GroupRole.LEAD), (reader.pk, GroupRole.MEMBER)]
    actions.name_working_group(actor=author, at=at, version_id=draft, members=group, why="由主管牵头，浦西客服参加。")
    actions.submit_for_review(actor=author, at=at, version_id=draft, why="请工作组评审两处数值。")
    at = office(at + 2 * DAY)
    yield at
    comment = actions.comment_on_clause(
        actor=stage.actor(reader), at=at, version_id=draft, number="8.4",
        text="夜间收到的低分，20 小时内联系可能打扰客户，能否按工作时间计算？",
    )  # fmt: skip
    at = office(at + DAY)
    yield at
    actions.settle_comment(
        actor=author, at=at, version_id=draft, comment_id=comment.pk, taken_up=False,
        answer="先按自然时间在浦西试行，看投诉与补救结果再定。",
    )  # fmt: skip
    at = office(at + 2 * DAY)
    yield at
    actions.approve_version(actor=boss, at=at, version_id=draft, why="同意先试点，后推广。")
    at = office(until - TRIED)
    yield at
    trial = Trial(
        regions=(region.pk,), order_types=(), until_date=local(until - ROLLED_OUT).date(),
        leader_id=staff.shown["supervisor"].pk, indicators=INDICATORS,
        purpose="验证较晚的预警与较短的补救时限是否影响满意度和按时率。",
    )  # fmt: skip
    pilot = actions.start_pilot(actor=boss, at=at, version_id=draft, trial=trial, starts_at=at, despite=True)
    keep_readings(actor=SYSTEM, at=at)
    at = office(until - ROLLED_OUT)
    yield at
    actions.roll_out_pilot(
        actor=boss, at=at, pilot_uid=pilot.uid, in_force_from=at,
        why="浦西试行五周，案例虽少，未见不利迹象；一线反映提醒适量，推广到全公司。", despite=True,
    )  # fmt: skip
    keep_readings(actor=SYSTEM, at=at)


def _sessions(stage: Stage, beginning: datetime) -> Iterator[datetime]:
    """The regulation is explained to those who work by it, region by region."""
    staff = stage.staff
    boss = stage.actor(staff.shown["supervisor"])
    for number, region in enumerate(staff.regions):
        at = office(beginning + (6 + 2 * number) * DAY)
        yield at
        came = [each.person for each in staff.engineers[region.pk]] + staff.agents[region.pk]
        new = NewSession(
            held_at=at, place=f"{region.name_zh}服务站会议室",
            words="逐条讲解时限、派工与签收；用上季度三起超时工单作案例。",
            person_ids=[each.pk for each in came[: 12 - number]], numbers=("3.1", "3.3", "5.3", "7.1"),
        )  # fmt: skip
        record_session(actor=boss, at=at + HOUR, version_id=Version.objects.earliest("pk").pk, new=new)
