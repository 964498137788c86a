"""The soak's own judgement, on a run that was written down: it finds what is wrong, and blames no fault for it."""

import random
import smtplib
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from soak import checks, machine, report
from soak.actors import Load
from soak.asking import Asker, Attempt, Record
from soak.checks import Check, Run, answered, memory
from soak.faults import Fault
from soak.place import Service
from soak.sinks import Sinks

ROOT = Path(__file__).resolve().parents[2]


def attempt(at: float, status: int, said: str = "") -> Attempt:
    return Attempt(at, at + 0.1, "GET /orders", "web1", status, said)


def a_run(*attempts: Attempt, faults: tuple[Fault, ...] = (), services: tuple[Any, ...] = ()) -> Run:
    record = Record(attempts=list(attempts), refused=[each for each in attempts if 400 <= each.status < 500])
    load = Load({}, {}, record, Sinks(), threading.Event(), 1)
    place: Any = SimpleNamespace(services=services, sql=lambda *_: [("18.4", "256MB", "on", "on")])
    return Run(place, load, load.sinks, list(faults), 0, 0.0, 60.0)


def holds(run: Run) -> list[bool]:
    return [each.holds for each in answered(run)]


def test_a_failure_is_excused_by_a_fault_that_breaks_things_and_by_no_other() -> None:
    killed = Fault("kill -9", "web1", 10.0, 11.0, 12.0)
    assert holds(a_run(attempt(11, 503), attempt(12, 0), attempt(30, 200), faults=(killed,))) == [True] * 4
    assert holds(a_run(attempt(30, 500), faults=(killed,))) == [False, True, True, True]
    assert holds(a_run(attempt(30, 0), faults=(killed,))) == [True, False, True, True]
    for harmless in ("clock jumps", "outside"):
        assert holds(a_run(attempt(11, 500), faults=(Fault(harmless, "web1", 10.0, 11.0, 12.0),)))[0] is False


def test_a_refusal_is_found_whatever_happened() -> None:
    killed = Fault("kill -9", "web1", 10.0, 11.0, 12.0)
    assert holds(a_run(attempt(11, 409), faults=(killed,))) == [True, True, False, True]
    assert holds(a_run(attempt(11, 429))) == [True] * 4


def test_a_process_that_grows_is_found(tmp_path: Path) -> None:
    def service(late: float) -> Service:
        weights = [(float(at), 1, 150.0 if at < 50 else late) for at in range(100)]
        return Service("web1", [], {}, tmp_path / "log", tmp_path / "clock", 0, starts=1, memory=weights)

    assert memory(a_run(services=(service(170.0),))).holds
    assert not memory(a_run(services=(service(290.0),))).holds


def test_the_summary_says_what_does_not_hold() -> None:
    run = a_run(attempt(30, 500, "trace"))
    run.checks += [*answered(run), Check("Another", "7", holds=True)]
    said = "\n".join(report.lines(run, 5, 0.5))
    assert "4 of 5 checks hold" in said
    assert "| 1 **no** | Every answer of 500 and above came during a fault | 1 of 1: 1 in no fault |" in said
    assert "`500 GET /orders at web1: trace`" in said


@pytest.mark.processes
def test_a_machines_clock_is_off_and_ours_is_not_once_the_database_said_the_time(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    machine.write(clock, 900.0)
    look = (
        "import sys, time; from pathlib import Path; from datetime import UTC, datetime; from soak.machine import wind;"
        "true = time.time(); wind(Path(sys.argv[1])); from anxiu.kernel import time as ours;"
        "before = ours.now().timestamp() - true; ours.set_to(datetime.fromtimestamp(true, UTC), ours.monotonic(), ours.monotonic());"
        "print(round(time.time() - true, -2), round(before, -2), round(ours.now().timestamp() - true, -2))"
    )
    done = subprocess.run([sys.executable, "-c", look, str(clock)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["900.0", "900.0", "0.0"]


@pytest.mark.processes
def test_the_outside_takes_fails_and_remembers() -> None:
    sinks = Sinks().start()

    def mail() -> None:
        with smtplib.SMTP("127.0.0.1", sinks.smtp_port, timeout=5) as server:
            server.sendmail("a@example.com", ["b@example.com"], "Message-ID: <1@x>\r\nSubject: s\r\n\r\nhttp://x/p/rate/abc_1/\r\n")

    mail()
    assert [(each.id, each.to) for each in sinks.mails] == [("<1@x>", "b@example.com")]
    assert sinks.rating_links() == ["abc_1"]
    sinks.mode["smtp"] = "fail"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail()
    headers = {"Anxiu-Delivery": "d", "Anxiu-Attempt": "1"}
    ask = Asker(Record(), {"hook": f"http://127.0.0.1:{sinks.hooks_port}"}, random.Random(1), threading.Event())
    for mode, status in (("", 204), ("fail", 500)):
        sinks.mode["hooks"] = mode
        answer = ask.once("POST", "/hook", headers, json={"id": "e"})
        assert answer is not None
        assert answer.status_code == status
    sinks.mode["hooks"] = "refuse"
    assert ask.once("POST", "/hook", headers, json={"id": "e"}) is None
    assert [each.taken for each in sinks.calls] == [True, False, False]
    assert [each.status for each in ask.record.attempts] == [204, 500, 0]
    assert checks.during(ask.record.attempts[0], []) == ""
