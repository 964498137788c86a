"""The only way to read facts: how far clauses are lived, indicators, and the orders behind every figure."""

from anxiu.kpi.queries.board import VIEW, Asked, compliance, evidence, tallies, verdicts, visible_cases
from anxiu.kpi.queries.facts import Recurring, behind, lag, people, recurring
from anxiu.kpi.queries.figures import (
    RANK,
    VIEW_INDICATORS,
    VIEW_TEAM,
    Slice,
    Span,
    Wanted,
    figures,
    goals,
    own,
    rules_of,
    sheet,
    sums_of,
    team,
    weights_of,
)  # fmt: skip
from anxiu.kpi.queries.pilots import VIEW_PILOTS, Comparison, compared, days_of, slices

__all__ = [
    "RANK", "VIEW", "VIEW_INDICATORS", "VIEW_PILOTS", "VIEW_TEAM", "Asked", "Comparison", "Recurring", "Slice", "Span",
    "Wanted", "behind", "compared", "compliance", "days_of", "evidence", "figures", "goals", "lag", "own", "people",
    "recurring", "rules_of", "sheet", "slices", "sums_of", "tallies", "team", "verdicts", "visible_cases", "weights_of",
]  # fmt: skip
