"""Learning the regulation: reading and quiz, who has not acknowledged it, remarks, reviews, sessions."""

from anxiu.console.learning.urls import urlpatterns

__all__ = ["urlpatterns"]
