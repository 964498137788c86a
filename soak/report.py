"""The summary people read, as Markdown."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

from bench.machine import describe_any
from soak.checks import BREAKING, Run, windows

HEAD = """# What a soak found

`make soak` loads an installation of two web machines and three workers and kills its parts all the while: see
[scale.md](scale.md) for what such an installation is, `soak/` for how it is done. This page was written by its last run.
"""


def lines(run: Run, seed: int, minutes: float) -> Iterator[str]:
    """The whole page."""
    yield HEAD
    at = datetime.fromtimestamp(run.began, UTC)
    good = sum(each.holds for each in run.checks)
    yield f"**{at:%Y-%m-%d}, {minutes:g} minutes, seed {seed}: {good} of {len(run.checks)} checks hold.**"
    yield "; ".join(f"{name} {value}" for name, value in describe_any(run.place.sql).items())
    yield from (f"\n{note}" for note in run.notes)
    yield from ("", "## Checks", "| | question | found |", "| --- | --- | --- |")
    for number, each in enumerate(run.checks, 1):
        yield f"| {number}{'' if each.holds else ' **no**'} | {each.question} | {_cell(each.found)} |"
    for number, each in enumerate(run.checks, 1):
        if each.wrong:
            yield f"\n**{number}. {each.question}**\n"
            yield from (f"- `{_cell(line)[:500]}`" for line in each.wrong[:8])
    yield from _load(run)
    yield from _faults(run)
    yield from _latencies(run)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").replace("`", "'").split())


def _load(run: Run) -> Iterator[str]:
    record = run.load.record
    seconds = max(run.ended - run.began, 1)
    yield from ("", "## Load")
    answered = sum(200 <= each.status < 400 for each in record.attempts)
    done = ", ".join(
        f"{number} {what}" for what, number in sorted(record.done.items()) if not what.startswith("refused")
    )
    yield f"{len(record.attempts)} requests in {seconds / 60:.1f} minutes, {answered / seconds:.1f} good answers a second; {done}; {record.exported} lists exported; {len(run.load.tabs)} open tabs."
    refused = Counter({what: number for what, number in record.done.items() if what.startswith("refused")})
    yield from (f"- {number} × {_cell(what)[:200]}" for what, number in refused.most_common(8))


def _faults(run: Run) -> Iterator[str]:
    yield from (
        "",
        "## Faults",
        "| what | where | times | back at work after, median and longest s |",
        "| --- | --- | --- | --- |",
    )
    by: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in run.faults:
        by[each.kind, each.target].append(each.seconds if each.kind in BREAKING else 0.0)
    for (kind, target), took in sorted(by.items()):
        shown = f"{median(took):.1f}, {max(took):.1f}" if kind in BREAKING else "–"
        yield f"| {kind} | {target} | {len(took)} | {shown} |"
    yield "\nThe time of a freeze and of a full disk is part of theirs. The last worker kept a clock 90 s behind from its start."


def _latencies(run: Run) -> Iterator[str]:
    yield from (
        "",
        "## Latencies",
        "| when | good answers | p50 ms | p99 ms | longest s |",
        "| --- | --- | --- | --- | --- |",
    )
    spans = windows(run.faults)
    by: dict[str, list[float]] = defaultdict(list)
    for each in run.load.record.attempts:
        if 200 <= each.status < 400:
            kinds = {kind for begin, end, kind in spans if each.began <= end and each.ended >= begin}
            for kind in kinds or {"no fault"}:
                by[kind].append(each.ended - each.began)
    for kind, took in sorted(by.items()):
        ordered = sorted(took)
        p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
        yield f"| {kind} | {len(took)} | {median(took) * 1000:.0f} | {p99 * 1000:.0f} | {ordered[-1]:.1f} |"
