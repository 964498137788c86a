"""The only way to read facts: how far clauses are lived, indicators, and the orders behind every figure."""

from anxiu.kpi.queries.board import VIEW, Asked, compliance, evidence, tallies, verdicts, visible_cases
from anxiu.kpi.queries.facts import behind, faults, hours, lag, people
from anxiu.kpi.queries.figures import (
    RANK,
    VIEW_INDICATORS,
    VIEW_TEAM,
    Span,
    Wanted,
    figures,
    goals,
    own,
    rules_of,
    sheet,
    sums_of,
    team,
)  # fmt: skip

__all__ = [
    "RANK", "VIEW", "VIEW_INDICATORS", "VIEW_TEAM", "Asked", "Span", "Wanted", "behind", "compliance", "evidence",
    "faults", "figures", "goals", "hours", "lag", "own", "people", "rules_of", "sheet", "sums_of", "tallies", "team",
    "verdicts", "visible_cases",
]  # fmt: skip
