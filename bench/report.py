"""What was found, as a table to read and as a file to compare with."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.facts import BOARD_MS, DASHBOARD_MS, FACTS_PER_SECOND, FactsFound
from bench.following import Rate
from bench.imports import MOST_MB, ImportsFound
from bench.million import BROAD_TIMES, MOST_GROWTH, PAGE_MS, SEARCH_MS, MillionFound, p95
from bench.rounds import Compared, cpu_per_request, spread
from bench.values import ValuesFound

REACTOR_MS, EVENTS_PER_SECOND, MEMORY_MB, START_SECONDS = 300, 2000, 200, 3
LAG_SECONDS, VALUE_US = 2, 20


@dataclass
class Found:
    """Everything that was measured; what was not asked for is empty."""

    machine: dict[str, str]
    counts: dict[str, int]
    load_before: float
    compared: list[Compared] = field(default_factory=list)
    statements: dict[str, int] = field(default_factory=dict)
    start_seconds: dict[str, list[float]] = field(default_factory=dict)
    memory_mb: dict[str, tuple[float, float]] = field(default_factory=dict)
    reactor_ms: list[float] = field(default_factory=list)
    rate: Rate | None = None
    lag_seconds: list[float] = field(default_factory=list)
    values: ValuesFound | None = None


@dataclass(frozen=True)
class Line:
    """One figure beside what is wanted of it."""

    name: str
    found: str
    wanted: str
    holds: bool


def lines(found: Found) -> list[Line]:
    """The figures that something is wanted of, in the order they are told."""
    return [*_ratios(found), *_statements(found), *_absolute(found)]


def _ratios(found: Found) -> Iterator[Line]:
    for each in found.compared:
        least, middle, most = spread(each.ratios)
        shown = f"{middle:.0%} ({least:.0%}–{most:.0%})"
        wrong = f", {each.wrong} wrong answers" if each.wrong else ""
        name = f"{each.operation.title}, {each.connections} at a time"
        yield Line(name, f"{shown} of the floor{wrong}", f"≥ {each.operation.least:.0%}", each.holds and not each.wrong)


def _statements(found: Found) -> Iterator[Line]:
    asked = {each.operation.name: each.operation for each in found.compared}
    for name, count in found.statements.items():
        most = asked[name].most_statements
        yield Line(f"statements: {asked[name].title}", str(count), f"≤ {most}", count <= most)


def _absolute(found: Found) -> Iterator[Line]:
    if found.reactor_ms:
        ordered = sorted(found.reactor_ms)
        p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        shown = f"p50 {median(ordered):.0f} ms, p99 {p99:.0f} ms"
        yield Line("event to reactor, idle", shown, f"p99 ≤ {REACTOR_MS} ms", p99 <= REACTOR_MS)
    if rate := found.rate:
        shown = f"{rate.both:.0f}/s (alone: sequencer {rate.sequenced:.0f}/s, projectors {rate.projected:.0f}/s)"
        yield Line("sequencer and projectors", shown, f"≥ {EVENTS_PER_SECOND}/s", rate.both >= EVENTS_PER_SECOND)
    if found.lag_seconds:
        shown = f"p50 {median(found.lag_seconds):.2f} s, longest {max(found.lag_seconds):.2f} s"
        yield Line("events to facts, 100 a second", shown, f"≤ {LAG_SECONDS} s", max(found.lag_seconds) <= LAG_SECONDS)
    if values := found.values:
        shown = f"mean {values.mean_us:.1f} µs, slowest of {values.values} {values.slowest_us:.1f} µs"
        yield Line("reading a value", shown, f"≤ {VALUE_US} µs", values.slowest_us <= VALUE_US)
        shown = f"{values.first} the first time, {values.after} after"
        yield Line("statements for values", shown, "0 after the first", not values.after)
    if found.memory_mb:
        (resident, own), (bare, _) = found.memory_mb["ours"], found.memory_mb["floor"]
        shown = f"RSS {resident:.0f} MB, PSS {own:.0f} MB (floor RSS {bare:.0f} MB)"
        yield Line("web process after the load", shown, f"≤ {MEMORY_MB} MB", resident <= MEMORY_MB)
    if found.start_seconds:
        ours, bare = (median(found.start_seconds[each]) for each in ("ours", "floor"))
        yield Line(
            "cold start of web, to its first page",
            f"{ours:.2f} s (floor {bare:.2f} s)",
            f"≤ {START_SECONDS} s",
            ours <= START_SECONDS,
        )


def table(found: Found, told: list[Line]) -> Iterator[str]:
    """Everything as Markdown."""
    yield f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {found.load_before:.0f} % of the processors in use before"
    yield "; ".join(f"{name} {value}" for name, value in found.machine.items())
    yield "rows: " + ", ".join(f"{number:,} {table}" for table, number in found.counts.items())
    yield from ("", "| figure | found | wanted | holds |", "| --- | --- | --- | --- |")
    for each in told:
        yield f"| {each.name} | {each.found} | {each.wanted} | {'yes' if each.holds else '**no**'} |"
    if found.compared:
        yield from (
            "", "| operation | answers/s | floor | p50 / p99 ms | floor | CPU ms web + database | floor |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        )  # fmt: skip
    for done in found.compared:
        yield _costs(done)


def _costs(done: Compared) -> str:
    cells = [f"{done.operation.title}, {done.connections} at a time"]
    sides = (done.ours, done.floor)
    cells += [f"{median(each.rate for each in side):.0f}" for side in sides]
    for side in sides:
        cells.append(" / ".join(f"{median(each.percentile(share) for each in side):.1f}" for share in (0.5, 0.99)))
    cells += ["{:.2f} + {:.2f}".format(*cpu_per_request(side)) for side in sides]
    rates, latencies, processors = cells[1:3], cells[3:5], cells[5:7]
    return "| " + " | ".join([cells[0], *rates, *latencies, *processors]) + " |"


def write(found: Found, root: Path, *, keep: bool) -> None:
    """Write it all down: always what was found last, and on request a dated file to be committed."""
    plain = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"), "machine": found.machine, "rows": found.counts,
        "load_before_percent": found.load_before, "figures": [asdict(each) for each in lines(found)],
        "compared": [each.plain() for each in found.compared], "statements": found.statements,
        "start_seconds": found.start_seconds, "memory_mb": found.memory_mb,
        "reactor_ms": [round(each, 1) for each in found.reactor_ms], "rate": asdict(found.rate) if found.rate else None,
        "lag_seconds": [round(each, 3) for each in found.lag_seconds],
        "values": asdict(found.values) if found.values else None,
    }  # fmt: skip
    text = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
    places = [root / "bench" / "out" / "last.json"]
    if keep:
        places.append(root / "bench" / "results" / f"{datetime.now(UTC):%Y-%m-%d}.json")
    for each in places:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_text(text)


def of_facts(found: FactsFound) -> list[Line]:
    """The figures of a million facts."""
    wanted = {"dashboard": DASHBOARD_MS, "compliance board": BOARD_MS}
    lines = []
    for name in found.pages:
        most = wanted.get(name.partition(",")[0])
        middle, high = median(found.pages[name]), found.p95(name)
        shown = f"p50 {middle:.0f} ms, p95 {high:.0f} ms"
        lines.append(Line(name, shown, f"p95 ≤ {most} ms" if most else "–", most is None or high <= most))
    folded = f"{found.folded:.0f} events/s, {found.folded_cpu:.0f} per second of its own CPU"
    lines.append(Line("facts folded again", folded, f"≥ {FACTS_PER_SECOND}/s", found.folded >= FACTS_PER_SECOND))
    return lines


def of_imports(found: ImportsFound) -> list[Line]:
    """The figures of a large file."""
    lines = []
    for name, seconds in found.seconds.items():
        peak = found.peak_mb[name]
        count = found.counts[name]
        shown = f"{count:,} rows in {seconds:.1f} s, {count / seconds:,.0f} rows/s, at most {peak:.0f} MB"
        here, there = found.cpu[name]
        shown += f", processor {here:.1f} s + database {there:.1f} s"
        if found.server_mb[name]:
            shown += f" (a database process {found.server_mb[name]:.0f} MB of its own)"
        lines.append(Line(name, shown, f"≤ {MOST_MB} MB", peak <= MOST_MB))
    return lines


def of_million(found: MillionFound) -> list[Line]:
    """The figures of a million orders: beside the floor, beside ten thousand, pages by the slowest, searches."""
    told = []
    for each in found.floor:
        least, middle, most = spread(each.ratios)
        name = f"{each.operation.title}, {each.connections} at a time"
        shown = f"{middle:.0%} ({least:.0%}–{most:.0%}) of the floor"
        told.append(Line(name, shown, f"≥ {each.operation.least:.0%}", each.holds and not each.wrong))
    for each in found.grown:
        least, middle, most = spread([1 / ratio for ratio in each.ratios])
        shown = f"{middle:.2f} ({least:.2f}–{most:.2f}) times as long as with ten thousand"
        told.append(Line(each.operation.title, shown, f"≤ {MOST_GROWTH}", middle <= MOST_GROWTH and not each.wrong))
    for name, spent in sorted(found.pages.items(), key=lambda pair: -p95(pair[1])):
        shown = f"p50 {median(spent):.0f} ms, p95 {p95(spent):.0f} ms"
        told.append(Line(name, shown, f"p95 ≤ {PAGE_MS} ms", p95(spent) <= PAGE_MS))
    narrow = median(median(spent) for name, spent in found.searches.items() if not name.startswith("words"))
    for name, spent in found.searches.items():
        shown = f"p50 {median(spent):.0f} ms, p95 {p95(spent):.0f} ms, {median(spent) / narrow:.1f} times a narrow one"
        holds = p95(spent) <= SEARCH_MS and median(spent) <= BROAD_TIMES * narrow
        told.append(Line(f"searching {name}", shown, f"p95 ≤ {SEARCH_MS} ms, ≤ {BROAD_TIMES} times", holds))
    return told


def table_of(lines: list[Line], machine: dict[str, str], rows: dict[str, int]) -> Iterator[str]:
    """Figures as a table, below what they were measured on."""
    yield ", ".join(f"{name}: {value}" for name, value in machine.items())
    yield ", ".join(f"{count:,} rows of {name}" for name, count in rows.items())
    yield "| figure | found | wanted | holds |"
    yield "| --- | --- | --- | --- |"
    for each in lines:
        yield f"| {each.name} | {each.found} | {each.wanted} | {'yes' if each.holds else '**no**'} |"
