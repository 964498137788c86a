"""The compliance board over the API: every clause in force with its cases, and the cases behind each figure."""

from datetime import date, datetime, timedelta
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Path as InPath
from ninja import Router
from pydantic import BaseModel

from anxiu.accounts.models import Person
from anxiu.accounts.queries import regions
from anxiu.api.asking import PAGE, Code, Cursor, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED
from anxiu.api.timing import Moment
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.time import now
from anxiu.kpi.choices import Standing, Verdict
from anxiu.kpi.models import CaseFact
from anxiu.kpi.queries import VIEW, Asked, compliance, evidence
from anxiu.kpi.rules.board import Line as BoardLine
from anxiu.kpi.rules.board import Tally
from anxiu.orders.queries import visible
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import in_force

router = Router(tags=["compliance"])
USUAL = timedelta(days=90)
Number = Annotated[str, InPath(max_length=12, pattern=r"^[0-9A-Za-z.]+$")]


class WeekTallyOut(BaseModel):
    """The cases of a week, named by its Monday."""

    week: date
    kept: int
    broken: int


class TallyOut(BaseModel):
    """How many cases were kept, broken and exempt; `share` of those that count, from 0 to 1, null when none counts."""

    kept: int
    broken: int
    exempt: int
    share: float | None
    weeks: list[WeekTallyOut]

    @staticmethod
    def of(tally: Tally) -> "TallyOut":
        """From a tally."""
        return TallyOut(
            kept=tally.kept, broken=tally.broken, exempt=tally.exempt, share=tally.share,
            weeks=[WeekTallyOut(week=week, kept=kept, broken=broken) for week, kept, broken in tally.weeks],
        )  # fmt: skip


class BoardLineOut(BaseModel):
    """A clause with its cases; `standing` says where they come from or why there are none."""

    number: str
    chapter: str
    title: str
    control: str
    manual: str
    keys: list[str]
    standing: Standing
    tally: TallyOut

    @staticmethod
    def of(line: BoardLine) -> "BoardLineOut":
        """From a line of the board."""
        clause = line.clause
        return BoardLineOut(
            number=clause.number, chapter=clause.chapter, title=clause.title, control=clause.control,
            manual=clause.manual, keys=list(clause.keys), standing=line.standing, tally=TallyOut.of(line.tally),
        )  # fmt: skip


class BoardOut(BaseModel):
    """Every clause in force, and the whole at a glance."""

    version: UUID
    since: datetime
    until: datetime
    measured: int
    unmeasured: int
    total: TallyOut
    clauses: list[BoardLineOut]


class CaseOut(BaseModel):
    """A case: what became of it, about which order (empty where the caller does not see it), whose part it was."""

    order: UUID | None
    region: str
    person: UUID | None
    person_name: str
    key: str
    verdict: Verdict
    because: str
    severity: str
    at: datetime
    net_seconds: int | None
    gross_seconds: int | None

    @staticmethod
    def of(row: CaseFact, order: UUID | None) -> "CaseOut":
        """From a fact and the order it is about."""
        return CaseOut(
            order=order, region=row.region.code, person=row.person.uid if row.person else None,
            person_name=row.person.name if row.person else "", key=row.value_key, verdict=Verdict(row.verdict),
            because=row.because, severity=row.severity, at=row.at, net_seconds=_seconds(row.net),
            gross_seconds=_seconds(row.gross),
        )  # fmt: skip


class CasesOut(BaseModel):
    """A page of cases."""

    items: list[CaseOut]
    next: str


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _asked(actor: Actor, since: datetime | None, until: datetime | None, region: str) -> tuple[Asked, Version]:
    """Which cases, and the version whose clauses they are put beside: the region's, else the caller's own."""
    actor.require(VIEW)
    end = until or now()
    found = regions(actor).filter(code=region).first() if region else None
    if region and found is None:
        raise Invalid("api.unknown_code", field="region", given=region)
    home = Person.objects.filter(pk=actor.person_id or 0).values_list("region", flat=True).first()
    asked = Asked(since or end - USUAL, end, found.pk if found else None)
    return asked, in_force(asked.region_id or home, "", now())


@router.get("/compliance", response={200: BoardOut, **REFUSED}, summary="The compliance board")
def get_compliance(
    request: HttpRequest, since: Moment | None = None, until: Moment | None = None, region: Code = "",
    language: Line = "zh-hans",
) -> BoardOut:  # fmt: skip
    """Every clause in force with its cases: of the last 90 days and all regions the caller sees, unless said."""
    actor = actor_of(request)
    asked, version = _asked(actor, since, until, region)
    board = compliance(actor, version, asked, "en" if language == "en" else "zh-hans")
    return BoardOut(
        version=version.uid, since=asked.since, until=asked.until, measured=board.measured,
        unmeasured=board.unmeasured, total=TallyOut.of(board.total),
        clauses=[BoardLineOut.of(each) for each in board.lines],
    )  # fmt: skip


@router.get("/compliance/{str:number}/cases", response={200: CasesOut, **REFUSED}, summary="The cases under a clause")
def list_cases(
    request: HttpRequest, number: Number, since: Moment | None = None, until: Moment | None = None, region: Code = "",
    verdict: Verdict | None = None, after: Cursor = "", limit: Limit = PAGE,
) -> CasesOut:  # fmt: skip
    """The cases under one clause of the version in force, newest first."""
    actor = actor_of(request)
    asked, version = _asked(actor, since, until, region)
    clause = Clause.objects.filter(version=version, number=number).first()
    if clause is None:
        raise NotFound("kernel.not_found")
    found, following = page_of(evidence(actor, asked, tuple(clause.value_keys), verdict or ""), after, limit)
    ids = {cast("CaseFact", each).order_id for each in found}
    orders = dict(visible(actor).filter(pk__in=ids).values_list("pk", "uid")) if ids else {}
    return CasesOut(items=[CaseOut.of(each, orders.get(each.order_id)) for each in found], next=following)
