"""Orders over the API: what is read, and one operation a verb, all on one router."""

from anxiu.api.orders import process, triage, verbs
from anxiu.api.orders.reading import router

__all__ = ["process", "router", "triage", "verbs"]
