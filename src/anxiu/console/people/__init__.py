"""Pages about engineers: the list, the skills matrix, one engineer, and a dialog for every verb."""

from anxiu.console.people.urls import urlpatterns

__all__ = ["urlpatterns"]
