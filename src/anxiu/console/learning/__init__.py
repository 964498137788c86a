"""Learning the regulation: one's own reading and quiz, and who has not acknowledged it."""

from anxiu.console.learning.urls import urlpatterns

__all__ = ["urlpatterns"]
