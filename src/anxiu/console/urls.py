"""Addresses of the console, gathered from its modules."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

MODULES = (
    "desk", "search", "process_pages", "order_clocks", "exported", "mail", "orders", "order_links", "order_phone",
    "intake", "people", "customers", "contracts", "equipment", "catalogue", "versions", "pilots", "learning", "manual",
    "regulation", "presets", "compliance", "dashboard", "clocks", "refused", "privacy", "notices", "channels", "hooks",
    "accounts", "sso", "files", "setup",
)  # fmt: skip
urlpatterns: list[URLPattern | URLResolver] = []
for name in MODULES:
    if find_spec(f"anxiu.console.{name}"):
        urlpatterns += import_module(f"anxiu.console.{name}").urlpatterns
if settings.DEBUG:
    from anxiu.console.gallery import gallery, portal_gallery

    urlpatterns += [path("gallery/", gallery, name="gallery"), path("gallery/portal/", portal_gallery)]
