"""What the history says about clocks, in both languages: times in words, never codes."""

from datetime import timedelta

import pytest
from django.utils import translation

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.events import KINDS
from anxiu.kernel.messages import SENTENCES
from anxiu.regulation.choices import Severity
from anxiu.sla.actions import pause, resume, retarget, start, stop
from anxiu.sla.choices import ClockKind
from anxiu.sla.messages import phrases, span

from .conftest import MONDAY

MINUTE = timedelta(minutes=1)


def said(kind, body, language):
    with translation.override(language):
        return str(SENTENCES[kind]).format_map({**body, **phrases(kind, body)})


@pytest.mark.requirement("SLA-03")
def test_deadlines_are_told_in_words(case, told):
    one = case()
    start(one, [ClockKind.FIRST_RESPONSE, ClockKind.ARRIVAL], at=MONDAY, actor=SYSTEM)
    retarget(case(Severity.NORMAL, subject=one.subject), at=MONDAY, actor=SYSTEM)
    pause(one.subject, reason="parts", at=MONDAY + 5 * MINUTE, until=MONDAY + 90 * MINUTE, actor=SYSTEM)
    resume(one.subject, at=MONDAY + 25 * MINUTE, actor=SYSTEM)
    stop(one.subject, [ClockKind.FIRST_RESPONSE], at=MONDAY + 95 * MINUTE, actor=SYSTEM)
    sentences = {
        (language, kind): said(f"sla.{kind}", told(one.subject, f"sla.{kind}")[0], language)
        for language in ("zh-hans", "en") for kind in ("clocks_started", "clocks_retargeted", "clocks_stopped")
    }  # fmt: skip
    assert sentences == {
        ("zh-hans", "clocks_started"): "时限开始：首次响应 2026-05-11 09:30 前；到达现场 2026-05-11 13:00 前",
        ("zh-hans", "clocks_retargeted"): "因严重程度变更，时限改为：首次响应 2026-05-11 11:00 前；到达现场 2026-05-12 09:00 前",
        ("zh-hans", "clocks_stopped"): "时限结束：首次响应按时，用时 1 小时 15 分钟（含暂停 1 小时 35 分钟）",
        ("en", "clocks_started"): "Deadlines set: first response by 2026-05-11 09:30; arrival by 2026-05-11 13:00",
        ("en", "clocks_retargeted"): (
            "New deadlines, because the severity changed: first response by 2026-05-11 11:00; arrival by 2026-05-12 09:00"
        ),
        ("en", "clocks_stopped"): "Deadlines ended: first response kept after 1 h 15 min (1 h 35 min with pauses)",
    }


def test_every_event_of_the_clocks_has_a_sentence():
    kinds = {kind for kind in KINDS if kind.startswith("sla.")}
    assert kinds == {kind for kind in SENTENCES if kind.startswith("sla.")}
    assert len(kinds) == 17


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 min"), (59, "0 min"), (90 * 60, "1 h 30 min"), (26 * 3600 + 60, "1 d 2 h"), (-5, "0 min")]
)
def test_a_length_is_told_to_the_minute(seconds, words):
    with translation.override("en"):
        assert span(timedelta(seconds=seconds)) == words
