"""The addresses of pages: the surfaces that are there, login, a load balancer's. Those of the API are in `api_urls`."""

import importlib.util

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from anxiu.project import views
from anxiu.project.watching import page

# Surfaces by prefix; each is there when its package is.
SURFACES = {"": "anxiu.console.urls", "p/": "anxiu.portal.urls", "r/": "anxiu.portal.labels"}


def _exists(module: str) -> bool:
    package = module.rpartition(".")[0]
    return importlib.util.find_spec(package) is not None and importlib.util.find_spec(module) is not None


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", page.metrics, name="metrics"),
    # Before the library's own page, which would change the address one logs in with and not ask for the password.
    path("accounts/email/", RedirectView.as_view(pattern_name="my_account"), name="account_email"),
    path("accounts/", include("allauth.urls")),
    *(path(prefix, include(module)) for prefix, module in SURFACES.items() if _exists(module)),
]
handler400 = "anxiu.project.views.bad_request"
handler403 = "anxiu.project.views.forbidden"
handler404 = "anxiu.project.views.not_found"
handler500 = "anxiu.project.views.server_error"
