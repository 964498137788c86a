"""The life of a regulation version in the console: drafts, their review and log, comparing, printing."""

from anxiu.console.versions.urls import urlpatterns

__all__ = ["urlpatterns"]
