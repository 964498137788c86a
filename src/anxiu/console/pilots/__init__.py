"""Pilots: which versions are on trial and where, how they compare, and the verbs that start and decide them."""

from anxiu.console.pilots.urls import urlpatterns

__all__ = ["urlpatterns"]
