"""The addresses of logging in by the company's login service."""

from django.urls import path

from anxiu.console.sso.pages import sso_callback, sso_login

urlpatterns = [
    path("accounts/sso/login/", sso_login, name="sso_login"),
    path("accounts/sso/callback/", sso_callback, name="sso_callback"),
]
