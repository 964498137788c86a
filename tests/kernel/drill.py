"""Run as processes of their own by test_processes.py: writers that commit late, and a company to report faults to."""

import json
import multiprocessing
import random
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import django

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
LATEST_COMMIT = 0.03  # seconds that a transaction stays open behind its event
ROLLED_BACK = 0.02


def write(writer: int, number: int) -> None:
    """Record `number` events one after the other, each committed some time after it was written, some never."""
    from django.db import transaction

    from anxiu.kernel.actor import SYSTEM, Subject
    from anxiu.kernel.events import Event, event, record

    @event(f"drill.written_{writer}")
    @dataclass(frozen=True)
    class Written(Event):
        """A writer wrote."""

        number: int

    dice = random.Random(writer)
    for each in range(number):
        with transaction.atomic():
            record(Written(each), subject=Subject("drill", writer), region_id=None, actor=SYSTEM, at=AT)
            time.sleep(dice.random() * LATEST_COMMIT)
            if dice.random() < ROLLED_BACK:
                transaction.set_rollback(True)


def follow(stop: "multiprocessing.synchronize.Event") -> None:
    """Be one of the sequencers until told to stop and nothing is left."""
    from anxiu.kernel.sequencer import sequence

    while not stop.is_set() or sequence():
        if not sequence():
            time.sleep(0.005)


def write_and_follow(writers: int, number: int, sequencers: int) -> None:
    """All of them at once, forked so that they start together."""
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    following = [context.Process(target=follow, args=[stop]) for _ in range(sequencers)]
    writing = [context.Process(target=write, args=[each, number]) for each in range(writers)]
    for process in (*following, *writing):
        process.start()
    for process in writing:
        process.join()
    stop.set()
    for process in following:
        process.join()
    assert all(process.exitcode == 0 for process in (*following, *writing))


def company() -> None:
    """Somebody to report faults to, and a token of one who may: printed as JSON."""
    from anxiu.accounts.actions import issue_token
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import now
    from tests.given.orders import a_company

    made = a_company()
    _, secret = issue_token(actor=SYSTEM, at=now(), person_id=made.dispatcher.person_id, label="drill")
    sys.stdout.write(json.dumps({"token": secret, "machine": str(made.machine.uid), "contact": str(made.contact.uid)}))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "write":
        write_and_follow(*map(int, sys.argv[2:]))
    else:
        company()
