"""The only way to read orders."""

from anxiu.orders.queries.history import Line, history
from anxiu.orders.queries.lists import (
    VIEW,
    claims,
    counts,
    earlier,
    filtered,
    least_loaded_owner,
    next_to_break,
    order,
    possible_duplicates,
    visible,
)  # fmt: skip
from anxiu.orders.queries.next_step import Needed, needed, verbs
from anxiu.orders.queries.work import document_to_sign, language_of, need_of

__all__ = [
    "VIEW", "Line", "Needed", "claims", "counts", "document_to_sign", "earlier", "filtered", "history",
    "language_of", "least_loaded_owner", "need_of", "needed", "next_to_break", "order",
    "possible_duplicates", "verbs", "visible",
]  # fmt: skip
