"""The operating manual of a post, made from a version of the regulation: verbs, rules, limits, flow chart."""

from anxiu.console.manual.pages import urlpatterns

__all__ = ["urlpatterns"]
