"""What is done to the installation, at random moments from the seed, each written down with how long it took to recover."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg

from soak.place import Place, Service, eventually
from soak.sinks import MODES, Sinks

RECOVERY_SECONDS = 90
CLOCKS = (-90.0, -7.0, 0.0, 7.0, 90.0)
SEQUENCER = 0x616E_7869_7500  # anxiu.kernel.sequencer.LOCK, as pg_locks shows it in two halves


@dataclass
class Fault:
    """One thing that was done."""

    kind: str
    target: str
    began: float
    ended: float = 0.0  # when it was over: nothing is broken any more
    recovered: float = 0.0  # when what it hit worked again
    note: str = ""

    @property
    def seconds(self) -> float:
        """From the beginning until all worked again."""
        return max(self.recovered, self.ended) - self.began


@dataclass
class Faults:
    """Does them, one after the other; those of the outside and of clocks last beside the others."""

    place: Place
    sinks: Sinks
    seed: int
    pause: tuple[float, float]
    log: list[Fault] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.seed} faults")
        self.kinds: dict[str, tuple[int, Callable[[], None]]] = {
            "kill web": (4, self.kill_web), "kill worker": (4, self.kill_worker),
            "kill sequencing worker": (3, self.kill_sequencer), "kill database": (3, self.kill_database),
            "freeze web": (2, self.freeze_web), "freeze worker": (2, self.freeze_worker),
            "cut connections": (3, self.cut), "full disk": (3, self.full), "mail server": (3, lambda: self.outside("smtp")),
            "webhook target": (3, lambda: self.outside("hooks")), "clock": (4, self.clock),
        }  # fmt: skip
        if not self.place.disk.is_small:
            del self.kinds["full disk"]

    def run(self) -> None:
        """Until told to stop; every kind once before any comes again."""
        waiting: list[str] = []
        while not self.over.wait(self.dice.uniform(*self.pause)):
            if not waiting:
                waiting = [name for name, (weight, _) in self.kinds.items() for _ in range(weight)]
                self.dice.shuffle(waiting)
                first = list(dict.fromkeys(waiting))
                waiting = [*first, *_without(waiting, first)]
            self.kinds[waiting.pop(0)][1]()

    def begun(self, kind: str, target: str, note: str = "") -> Fault:
        """Write down that something is done now."""
        made = Fault(kind, target, time.time(), note=note)
        self.log.append(made)
        return made

    def over_now(self, fault: Fault, works: Callable[[], bool]) -> None:
        """It is over: how long until what it hit works?"""
        fault.ended = time.time()
        if eventually(works, RECOVERY_SECONDS) is None:
            fault.note += f" did not recover within {RECOVERY_SECONDS} s"
        fault.recovered = time.time()

    # ---- processes ---------------------------------------------------------------------------------------------------
    def kill_web(self) -> None:
        web = self.dice.choice(self.place.webs)
        fault = self.begun("kill -9", web.name)
        web.signal(signal.SIGKILL)
        self.over_now(fault, web.answers)

    def kill_worker(self) -> None:
        worker = self.dice.choice(self.place.workers)
        fault = self.begun("kill -9", worker.name)
        before = worker.starts
        worker.signal(signal.SIGKILL)
        self.over_now(fault, lambda: worker.starts > before and self.sequenced())

    def kill_sequencer(self) -> None:
        """Let one worker be the only one that can be elected, hold it in the middle of its transaction, kill it there."""
        chosen = self.dice.choice(self.place.workers)
        others = [each for each in self.place.workers if each is not chosen]
        fault = self.begun("kill -9 while it sequences", chosen.name)
        for each in others:
            each.signal(signal.SIGSTOP)
        before = chosen.starts
        try:
            with suppress(psycopg.Error), psycopg.connect(self.place.server.owner_url) as connection:
                # One that is frozen in the middle of its own turn would keep us, and we keep it frozen.
                connection.execute("set lock_timeout = '3s'")
                connection.execute("lock table kernel_position in share mode")
                held = eventually(self.is_sequencing, 6, 0.02)
                fault.note = "" if held is not None else "no event came meanwhile"
                chosen.signal(signal.SIGKILL)
        finally:
            chosen.signal(signal.SIGKILL)
            for each in others:
                each.signal(signal.SIGCONT)
        self.over_now(fault, lambda: chosen.starts > before and self.sequenced())

    def is_sequencing(self) -> bool:
        """Whether somebody holds the sequencer's lock."""
        high, low = SEQUENCER >> 32, SEQUENCER & 0xFFFF_FFFF
        asked = "select count(*) from pg_locks where locktype = 'advisory' and classid = %s and objid = %s and granted"
        return bool(self.place.sql(asked, high, low)[0][0])

    def kill_database(self) -> None:
        pid = self.place.database_pid()
        fault = self.begun("kill -9", "database")
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.over_now(fault, lambda: self.place.database_pid() != pid and self.works())

    def freeze_web(self) -> None:
        self.freeze(self.dice.choice(self.place.webs), self.dice.uniform(2, 6))

    def freeze_worker(self) -> None:
        # Now and then longer than the 30 seconds after which its jobs are given to others.
        self.freeze(self.dice.choice(self.place.workers), self.dice.choice([3.0, 6.0, 36.0]))

    def freeze(self, service: Service, seconds: float) -> None:
        fault = self.begun("freeze", service.name, f"{seconds:.0f} s")
        service.signal(signal.SIGSTOP)
        self.over.wait(seconds)
        service.signal(signal.SIGCONT)
        self.over_now(fault, service.answers if service.port else self.sequenced)

    # ---- what lies between and below ---------------------------------------------------------------------------------
    def cut(self) -> None:
        fault = self.begun("cut connections", "database")
        with suppress(psycopg.Error):
            asked = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'anxiu' and pid <> pg_backend_pid()"
            fault.note = f"{self.place.admin(asked)[0][0]} connections"
        self.over_now(fault, self.works)

    def full(self) -> None:
        fault = self.begun("full disk", "media")
        self.place.disk.fill()
        self.over.wait(self.dice.uniform(4, 9))
        self.place.disk.empty()
        self.over_now(fault, lambda: True)

    def outside(self, name: str) -> None:
        mode = self.dice.choice(MODES)
        fault = self.begun("outside", "mail server" if name == "smtp" else "webhook target", mode)
        self.sinks.mode[name] = mode

        def again() -> None:
            self.over.wait(self.dice.uniform(8, 16))
            self.sinks.mode[name] = ""
            fault.ended = fault.recovered = time.time()

        threading.Thread(target=again, daemon=True).start()

    def clock(self) -> None:
        """A clock that jumps; the last worker keeps the old clock it was started with."""
        service = self.dice.choice([*self.place.webs, *self.place.workers[:-1]])
        ahead = self.dice.choice(CLOCKS)
        fault = self.begun("clock jumps", service.name, f"{ahead:+.0f} s from the true time")
        self.place.shift(service, ahead)
        self.over_now(fault, lambda: True)

    # ---- whether all works -------------------------------------------------------------------------------------------
    def sequenced(self) -> bool:
        """Nothing older than a second waits for its position."""
        asked = "select count(*) from kernel_pending p where p.event_id <= (select max(event_id) from kernel_position)"
        return self.place.sql(asked)[0][0] == 0

    def works(self) -> bool:
        """Database, both web machines, and the sequencer."""
        return all(each.answers("/readyz") for each in self.place.webs) and self.sequenced()


def _without(names: list[str], taken: list[str]) -> list[str]:
    left = list(names)
    for each in taken:
        left.remove(each)
    return left
