"""Floor and Anxiu measured in turn, round by round, and the ratios of each round."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median

from bench.load import Sample, drive, warm
from bench.operations import Operation, Stream
from bench.place import Web


@dataclass
class Compared:
    """One operation at one number of connections, over all rounds."""

    operation: Operation
    connections: int
    ours: list[Sample] = field(default_factory=list)
    floor: list[Sample] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """Our rate over the floor's, of each round."""
        return [mine.rate / bare.rate for mine, bare in zip(self.ours, self.floor, strict=True)]

    @property
    def holds(self) -> bool:
        """Whether the median round reaches what is wanted."""
        return median(self.ratios) >= self.operation.least

    @property
    def wrong(self) -> int:
        """Answers that were no 2xx, on either side."""
        return sum(sum(each.wrong.values()) for each in [*self.ours, *self.floor])

    def plain(self) -> dict[str, object]:
        """For the record on disk; latencies as percentiles."""
        return {
            "name": self.operation.name, "connections": self.connections, "ratios": [round(each, 3) for each in self.ratios],
            "ours": [_plain(each) for each in self.ours], "floor": [_plain(each) for each in self.floor],
        }  # fmt: skip


def compare(operation: Operation, webs: tuple[Web, Web], connections: int, rounds: int, seconds: float) -> Compared:
    """Measure one operation on both sides, the first side changing from round to round."""
    ours, floor = webs
    result = Compared(operation, connections)
    for web, make in ((ours, operation.ours), (floor, operation.floor)):
        warm(web.port, make)
    for number in range(rounds):
        sides = [(ours, operation.ours, result.ours), (floor, operation.floor, result.floor)]
        for web, make, kept in sides if number % 2 else reversed(sides):
            kept.append(_window(web, make, connections, seconds))
    return result


def _window(web: Web, make: Callable[[], Stream], connections: int, seconds: float) -> Sample:
    streams = [make() for _ in range(connections)]
    web_ms, database_ms = web.cpu_ms(), web.place.backends_ms()
    sample = drive(web.port, streams, seconds)
    sample.web_ms, sample.database_ms = web.cpu_ms() - web_ms, web.place.backends_ms() - database_ms
    return sample


def _plain(sample: Sample) -> dict[str, object]:
    found = asdict(sample)
    del found["latencies_ms"]
    found["example"] = sample.example.decode(errors="replace")[:300]
    answers = len(sample.latencies_ms)
    return {
        **found, "rate": round(sample.rate, 1), "answers": answers, "p50_ms": round(sample.percentile(0.5), 2),
        "p95_ms": round(sample.percentile(0.95), 2), "p99_ms": round(sample.percentile(0.99), 2),
    }  # fmt: skip


def spread(values: list[float]) -> tuple[float, float, float]:
    """The least, the middle and the largest."""
    return min(values), median(values), max(values)


def cpu_per_request(samples: list[Sample]) -> tuple[float, float]:
    """CPU milliseconds of web and database per answer: the middle of the rounds."""
    web = median(each.web_ms / max(len(each.latencies_ms), 1) for each in samples)
    database = median(each.database_ms / max(len(each.latencies_ms), 1) for each in samples)
    return web, database
