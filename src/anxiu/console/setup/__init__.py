"""The guide of the first hours: what a new company needs, in order, each with the dialog or page that does it."""

from django.urls import path

from anxiu.console.setup.pages import put_off, set_up

urlpatterns = [
    path("setup/", set_up, name="set_up"),
    path("setup/put_off/", put_off, name="set_up_later"),
]
