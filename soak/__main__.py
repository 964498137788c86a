"""`make soak`: kill everything, again and again, under load, and look for what was lost. docs/operate/soak.md is its last word.

make soak ARGS="--minutes 2"              a short one
make soak ARGS="--minutes 30 --seed 7"    the long one; with --keep its summary becomes docs/operate/soak.md
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from soak import actors, checks, report
from soak.asking import Record
from soak.backups import Backups
from soak.checks import Run
from soak.faults import Faults
from soak.place import ROOT, Place, eventually
from soak.sinks import Sinks

PORTS = (8680, 8681)
WORKERS = 3
START_SECONDS = 90
PAUSE = (3.0, 9.0)
BACKUPS_AT = (0.3, 0.65)
BEHIND = -90.0
MINUTE = 60


def main() -> int:
    """Run, check, write it down; 1 when a check does not hold."""
    chosen = _parser().parse_args()
    folder = Path(chosen.out) if chosen.out else Path(tempfile.mkdtemp(prefix="anxiu-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    sinks = Sinks().start()
    place = Place(folder / "run", sinks.smtp_port, tuple(chosen.ports))
    try:
        run = soak(place, sinks, chosen)
        text = "\n".join(report.lines(run, chosen.seed, chosen.minutes)) + "\n"
    finally:
        sinks.stop.set()
        place.leave()
    (folder / "summary.md").write_text(text)
    if chosen.keep:
        (ROOT / "docs" / "operate" / "soak.md").write_text(text)
    print(text)
    if not chosen.out and all(each.holds for each in run.checks):
        shutil.rmtree(folder)
    return 0 if all(each.holds for each in run.checks) else 1


def soak(place: Place, sinks: Sinks, chosen: argparse.Namespace) -> Run:
    """The whole run, from an empty folder to the checks."""
    if not place.disk.is_small:
        say("WITHOUT A FULL DISK: a small file system can only be mounted as root on Linux. This fault is left out.")
    known = prepare(place, sinks)
    place.start()
    for each in place.webs:
        if eventually(lambda each=each: each.answers("/readyz"), START_SECONDS) is None:  # type: ignore[misc]
            raise RuntimeError(f"{each.name} does not answer: {each.log.read_text()[-2000:]}")
    [(first,)] = place.sql("select max(position) from kernel_position")
    over = threading.Event()
    load = actors.Load(
        known, {each.name: f"http://127.0.0.1:{each.port}" for each in place.webs}, Record(), sinks, over, chosen.seed
    )
    faults = Faults(place, sinks, chosen.seed, PAUSE)
    run = Run(place, load, sinks, faults.log, first, time.time())
    if not place.disk.is_small:
        run.notes.append("Without a full disk: the run had no small file system to fill.")
    backups = Backups(place)
    _let_it_run(run, faults, backups, chosen.minutes)
    _look(run, backups)
    return run


def prepare(place: Place, sinks: Sinks) -> dict[str, object]:
    """The database, a company, and five machines."""
    say("preparing")
    place.command("prepare")
    made = place.command(
        f"http://127.0.0.1:{sinks.hooks_port}/hook", module="soak.company", DATABASE_URL=place.server.owner_url
    )
    known: dict[str, object] = json.loads(made.stdout)
    for number, port in enumerate(place.ports, 1):
        place.add(f"web{number}", ["web", "--port", str(port)], port=port)
    shutil.copytree(place.folder / "web1" / "static", place.folder / "web2" / "static")  # seconds of compressing
    place.command("prepare", name="web2")
    for number in range(1, WORKERS + 1):
        place.add(f"worker{number}", ["worker"], ahead=BEHIND if number == WORKERS else 0)
    return known


def _let_it_run(run: Run, faults: Faults, backups: Backups, minutes: float) -> None:
    say(f"{minutes:g} minutes of load and faults")
    threads = actors.start(run.load)
    killing = threading.Thread(target=faults.run, daemon=True)
    killing.start()
    taking = threading.Thread(target=_take_backups, args=[backups, minutes], daemon=True)
    taking.start()
    until = run.began + minutes * MINUTE
    while (left := until - time.time()) > 0:
        time.sleep(min(left, 30))
        say(
            f"{max(until - time.time(), 0) / MINUTE:.1f} min left, {len(run.load.record.attempts)} requests, {len(run.faults)} faults"
        )
    faults.over.set()
    killing.join()
    run.load.over.set()
    run.ended = time.time()
    for each in threads:
        each.join(actors_patience(run))
    taking.join()


def actors_patience(run: Run) -> float:
    """How long the load's end may take: an actor finishes the order it is at."""
    return 60.0


def _take_backups(backups: Backups, minutes: float) -> None:
    began = time.monotonic()
    for share in BACKUPS_AT:
        time.sleep(max(0.0, began + minutes * MINUTE * share - time.monotonic()))
        backups.take()


def _look(run: Run, backups: Backups) -> None:
    for mode in run.sinks.mode:
        run.sinks.mode[mode] = ""
    add = run.checks.append
    add(checks.timed("come to rest", lambda: checks.come_to_rest(run), say))
    for each in checks.timed("asked again", lambda: list(checks.asked_again(run)), say):
        add(each)
    checks.timed("rest again", lambda: checks.come_to_rest(run), say)
    run.checks.extend(checks.answered(run))
    run.checks += [checks.jobs(run), checks.memory(run), checks.tabs(run)]
    run.place.stop_machines()
    run.checks += [each(run) for each in (checks.orders, checks.events, checks.mails, checks.webhooks, checks.clocks)]
    inside = checks.timed(
        "inside",
        lambda: run.place.command(str(run.first), module="soak.inside", DATABASE_URL=run.place.server.owner_url),
        say,
    )
    run.checks.extend(checks.inside(run, json.loads(inside.stdout)))
    run.checks.extend(checks.verified(run))
    add(checks.timed("restore", lambda: backups.check(run), say))


def say(text: str) -> None:
    """To whoever waits."""
    print(f"- {text}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30, help="how long the load lasts")
    parser.add_argument("--seed", type=int, default=1, help="the same seed chooses the same faults and requests")
    parser.add_argument("--out", help="an empty folder to keep everything in (default: a temporary one)")
    parser.add_argument("--ports", type=int, nargs=2, default=PORTS, help="of the two web machines")
    parser.add_argument("--keep", action="store_true", help="write the summary to docs/operate/soak.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
