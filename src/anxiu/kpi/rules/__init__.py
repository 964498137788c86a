"""What events say about the regulation."""

from anxiu.kpi.rules.judging import Case, cases

__all__ = ["Case", "cases"]
