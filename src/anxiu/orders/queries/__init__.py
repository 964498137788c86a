"""The only way to read orders."""

from anxiu.orders.queries.history import Line, history
from anxiu.orders.queries.lists import (
    VIEW,
    claims,
    completed_on,
    counts,
    earlier,
    filtered,
    guarantee_of_part,
    least_loaded_owner,
    may_take_over,
    next_to_break,
    order,
    possible_duplicates,
    sees,
    visible,
)  # fmt: skip
from anxiu.orders.queries.next_step import Needed, needed, verbs
from anxiu.orders.queries.page import (
    entries_to_show,
    files_to_show,
    listed,
    order_to_show,
    questions_to_show,
    visits_to_show,
)  # fmt: skip
from anxiu.orders.queries.work import (
    awaits_signature,
    document_to_sign,
    language_of,
    need_of,
    phone_of,
    standing_entries,
)  # fmt: skip

__all__ = [
    "VIEW", "Line", "Needed", "awaits_signature", "claims", "completed_on", "counts", "document_to_sign", "earlier",
    "entries_to_show", "files_to_show", "filtered", "guarantee_of_part", "history", "language_of",
    "least_loaded_owner", "listed", "may_take_over", "need_of", "needed", "next_to_break", "order", "order_to_show",
    "phone_of", "possible_duplicates", "questions_to_show", "sees", "standing_entries", "verbs", "visible",
    "visits_to_show",
]  # fmt: skip
