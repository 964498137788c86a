"""Reading regulations: which version holds, its figures, the document people read, and the work on versions."""

from anxiu.regulation.queries.comparing import preset_sheets, sheets
from anxiu.regulation.queries.reading import (
    VIEW,
    VIEW_DRAFTS,
    clause_about,
    document,
    figure_in_words,
    figures,
    in_force,
    order_type_in_words,
    preset,
    presets,
    terms,
    under_way,
    versions,
)
from anxiu.regulation.queries.working import (
    Change,
    authors_of,
    comments,
    enforcers,
    group,
    known_of,
    log,
    readiness,
)

__all__ = [
    "VIEW",
    "VIEW_DRAFTS",
    "Change",
    "authors_of",
    "clause_about",
    "comments",
    "document",
    "enforcers",
    "figure_in_words",
    "figures",
    "group",
    "in_force",
    "known_of",
    "log",
    "order_type_in_words",
    "preset",
    "preset_sheets",
    "presets",
    "readiness",
    "sheets",
    "terms",
    "under_way",
    "versions",
]
