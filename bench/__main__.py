"""`make bench`: fill a database with a company's orders, then measure Anxiu beside the floor. README.md explains.

make bench                                  everything, about eight minutes (the first time longer)
make bench ARGS="open page --rounds 2"      some of it
make bench ARGS="--keep"                    everything, written to bench/results to be committed
make bench ARGS="facts"                     a million facts: dashboard, board, rebuilding; alone, about ten minutes
make bench ARGS="million"                   a million orders beside ten thousand; alone, the first time more than an hour
make bench ARGS="plans"                     its pages and searches only, and the plans of the heaviest statements
make bench ARGS="imports --rows 100000"     a large file of machines: trial, import, undo, and their memory; alone
make bench ARGS="exports --rows 100000"     a long list of orders as CSV and as a workbook, and their memory; alone
"""

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median

from bench import company, exports, facts, following, imports, machine, million, report, statements, values
from bench.company import Known
from bench.operations import Operation, operations
from bench.place import ROOT, Place, Web, floor, ours
from bench.report import Found
from bench.rounds import compare

ORDERS = 100_000
STARTS = 5
EVENTS = 20_000
REACTED = 100
ALONE, MANY = 1, 8  # connections
COMPARED = ("state", "open", "page", "order", "list", "items")
STREAM_A_SECOND, STREAM_SECONDS = 100, 30
ABSOLUTE = ("start", "reactor", "sequencer", "lag", "values")
FACTS, IMPORTS, EXPORTS, A_MILLION, PLANS = "facts", "imports", "exports", "million", "plans"
IMPORTED = 100_000


def main() -> int:
    """Measure what was asked for and say what was found; 1 when a figure does not hold."""
    chosen = _parser().parse_args()
    wanted = set(chosen.what) or {*COMPARED, *ABSOLUTE}
    if wanted == {A_MILLION}:
        return _million(chosen)
    if wanted == {PLANS}:
        return _plans(chosen)
    place = Place(Path(chosen.folder))
    if wanted == {FACTS}:
        return _facts(place, chosen)
    if wanted == {IMPORTS}:
        return _imports(place, chosen.rows)
    if wanted == {EXPORTS}:
        lines = report.of_imports(exports.measure(place, chosen.rows, _say))
        print("\n".join(report.table_of(lines, machine.describe(place), {"the list": chosen.rows})))
        return 0 if all(each.holds for each in lines) else 1
    company.keep(place, chosen.orders, _say, fresh=chosen.fresh)
    known = company.stage(place, _say)
    found = Found(machine.describe(place), known.counts, machine.load())
    found.machine["web processes"] = f"{chosen.processes} a side"
    asked = [each for each in operations(known) if each.name in wanted]
    if "start" in wanted:
        _start(place, known, found)
    if "reactor" in wanted:
        _say(f"event to reactor, {REACTED} times")
        found.reactor_ms = following.reactor_ms(place, known, REACTED)
    if asked:
        _compare(place, known, asked, chosen, found)
        for each in asked:
            _say(f"statements: {each.title}")
            found.statements[each.name] = statements.count(each.ours)
    if "sequencer" in wanted:
        _say(f"sequencer and projectors, {EVENTS} events")
        found.rate = following.rate(place, EVENTS)
    if "lag" in wanted:
        _say(f"events to facts, {STREAM_A_SECOND} a second for {STREAM_SECONDS} s")
        found.lag_seconds = following.lag_seconds(place, STREAM_A_SECOND, STREAM_SECONDS)
    if "values" in wanted:
        found.values = values.measure()
    lines = report.lines(found)
    print("\n".join(report.table(found, lines)))
    report.write(found, ROOT, keep=chosen.keep)
    return 0 if all(each.holds for each in lines) else 1


def _facts(place: Place, chosen: argparse.Namespace) -> int:
    """A million facts, measured alone: their database is another one."""
    found = facts.measure(place, chosen.orders, _say, fresh=chosen.fresh)
    lines = report.of_facts(found)
    print("\n".join(report.table_of(lines, machine.describe(place), found.rows)))
    return 0 if all(each.holds for each in lines) else 1


def _imports(place: Place, rows: int) -> int:
    """A large file, measured alone: its database is another one."""
    lines = report.of_imports(imports.measure(place, rows, _say))
    print("\n".join(report.table_of(lines, machine.describe(place), {"the file": rows})))
    return 0 if all(each.holds for each in lines) else 1


def _million(chosen: argparse.Namespace) -> int:
    """A million orders, measured alone: they have a database server of their own."""
    place, found = million.measure(
        Path(chosen.folder), chosen.rounds, chosen.seconds, chosen.processes, (ALONE, MANY), _say, again=chosen.again
    )
    lines = report.of_million(found)
    print("\n".join(report.table_of(lines, machine.describe(place), found.rows)))
    return 0 if all(each.holds for each in lines) else 1


def _plans(chosen: argparse.Namespace) -> int:
    """Pages and searches of a million orders; the plans are written beside this file."""
    place, found = million.pages_only(Path(chosen.folder), _say)
    lines = report.of_million(found)
    print("\n".join(report.table_of(lines, machine.describe(place), found.rows)))
    return 0 if all(each.holds for each in lines) else 1


def _start(place: Place, known: Known, found: Found) -> None:
    """Cold starts, one side after the other: from the command to the first page."""
    for _ in range(STARTS):
        for name, start in _sides(place, known).items():
            with start() as web:
                found.start_seconds.setdefault(name, []).append(web.start_seconds)
    _say("cold starts: " + ", ".join(f"{name} {median(each):.2f} s" for name, each in found.start_seconds.items()))


def _compare(place: Place, known: Known, asked: list[Operation], chosen: argparse.Namespace, found: Found) -> None:
    """Both sides, in turn, each operation at both numbers of connections; then what a process weighs."""
    sides = _sides(place, known, chosen.processes)
    with sides["ours"]() as mine, sides["floor"]() as bare:
        for operation in asked:
            for connections in (ALONE, MANY):
                done = compare(operation, (mine, bare), connections, chosen.rounds, chosen.seconds)
                found.compared.append(done)
                _say(f"{operation.title}, {connections} at a time: {median(done.ratios):.0%} of the floor")
        found.memory_mb = {"ours": mine.memory_mb(), "floor": bare.memory_mb()}


def _sides(place: Place, known: Known, processes: int = 1) -> dict[str, Callable[[], AbstractContextManager[Web]]]:
    cookie = {"Cookie": f"anxiu_session={known.session}", "Accept": "text/html"}
    token = {"Authorization": f"Bearer {known.floor_token}"}
    return {
        "ours": lambda: ours(place, "/orders/", cookie, processes),
        "floor": lambda: floor(place, "/orders/", token, processes),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "what", nargs="*", choices=[[], *COMPARED, *ABSOLUTE, FACTS, IMPORTS, EXPORTS, A_MILLION, PLANS],
        help="what to measure (default: everything)",
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each side has its turn")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long a turn lasts")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count(), help="web processes (default: one a processor)"
    )
    parser.add_argument("--orders", type=int, default=ORDERS, help="orders in the database")
    parser.add_argument("--rows", type=int, default=IMPORTED, help="rows of the large file, or of the list")
    parser.add_argument("--folder", default=str(ROOT / ".anxiu" / "bench"), help="where the data is kept")
    parser.add_argument("--fresh", action="store_true", help="play the company anew")
    parser.add_argument("--again", action="store_true", help="a million: with what the last run left")
    parser.add_argument("--keep", action="store_true", help="write the figures to bench/results")
    return parser


def _say(text: str) -> None:
    print(f"- {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
