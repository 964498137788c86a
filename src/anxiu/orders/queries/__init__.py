"""The only way to read orders."""

from anxiu.orders.queries.history import Line, history
from anxiu.orders.queries.lists import (
    VIEW,
    claims,
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
from anxiu.orders.queries.process import (
    StepLines,
    checklists,
    items_at,
    items_of,
    left_at,
    open_items,
    process_for,
    process_of,
    ticked,
)  # fmt: skip
from anxiu.orders.queries.work import document_to_sign, language_of, need_of, phone_of, standing_entries

__all__ = [
    "VIEW", "Line", "Needed", "StepLines", "checklists", "claims", "counts", "document_to_sign", "earlier",
    "entries_to_show", "files_to_show", "filtered", "guarantee_of_part", "history", "items_at", "items_of",
    "language_of", "least_loaded_owner", "left_at", "listed", "may_take_over", "need_of", "needed", "next_to_break",
    "open_items", "order", "order_to_show", "phone_of", "possible_duplicates", "process_for", "process_of",
    "questions_to_show", "sees", "standing_entries", "ticked", "verbs", "visible", "visits_to_show",
]  # fmt: skip
