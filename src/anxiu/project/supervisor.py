"""Keeps the processes of `anxiu run` going: starts them, starts them again whenever they end, stops them together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anxiu.project.terminal import words

POLL_SECONDS = 0.2
CALM_SECONDS = 10  # a process that lived so long is started again at once
LONGEST_PAUSE = 30
MOST_FAILURES = 3
STOP_SECONDS = 25
CHECK_SECONDS = 3


@dataclass
class Child:
    """One process to keep going, by the arguments of the `anxiu` command it is."""

    arguments: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0
    start_at: float = 0
    pause: float = 0.5
    failures: int = 0  # in a row, each soon after its start

    @property
    def name(self) -> str:
        return self.arguments[0]


class Supervisor:
    """Starts children in sessions of their own, so that Ctrl-C reaches only us and we stop them in order."""

    def __init__(self, children: Sequence[Child], *, every_few_seconds: Callable[[], object]) -> None:
        self.children = children
        self.check = every_few_seconds
        self._told: list[int] = []
        self._lifeline, self._held = os.pipe()  # `_held` stays open exactly as long as we live

    def run(self, when_started: Callable[[], object]) -> int:
        """Keep the children going until we are told to stop; then stop them and return an exit code.

        A child that fails again and again before anything ever worked is no accident: then we give up.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: self._told.append(received))
        for child in self.children:
            self._start(child)
        try:
            started = False
            checked_at = time.monotonic()
            while not self._told:
                time.sleep(POLL_SECONDS)
                for child in self.children:
                    self._look_after(child)
                started = started or when_started() is not None
                if not started and any(child.failures >= MOST_FAILURES for child in self.children):
                    reason = words("Anxiu does not start; the reason is above.", "安修无法启动，原因见上。")
                    print(reason, file=sys.stderr)
                    return 1
                if time.monotonic() - checked_at > CHECK_SECONDS:
                    checked_at = time.monotonic()
                    self.check()
        finally:
            self._stop()
        return 0

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
        elif (code := child.process.poll()) is not None:
            lived = now - child.started_at
            calm = lived > CALM_SECONDS
            child.failures = 0 if calm or code == 0 else child.failures + 1
            child.pause = 0.5 if calm else min(child.pause * 2, LONGEST_PAUSE)
            child.process, child.start_at = None, now + child.pause
            # Also after exit code 0: a worker ends like that when the database has restarted.
            english = f"{child.name} ended ({code}), starting it again"
            chinese = f"{child.name} 已退出（{code}），正在重启"
            print(words(english, chinese), file=sys.stderr, flush=True)

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            [sys.executable, "-m", "anxiu.project.cli", *child.arguments],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "ANXIU_LIFELINE": str(self._lifeline)},
            pass_fds=[self._lifeline],
            start_new_session=True,
        )

    def _stop(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
