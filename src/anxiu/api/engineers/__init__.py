"""Engineers over the API: who there is, what they hold, when they work; every verb of the workforce."""

from anxiu.api.engineers import verbs
from anxiu.api.engineers.reading import router

__all__ = ["router", "verbs"]
