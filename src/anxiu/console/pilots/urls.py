"""The addresses of pilots. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.pilots import pages, verbs

P = "regulation/pilots/<uuid:uid>/"
urlpatterns = [
    path("regulation/pilots/", pages.pilots_page, name="pilots"),
    path(P, pages.pilot_page, name="pilot"),
    path(f"{P}roll_out_pilot/", verbs.roll_out_pilot, name="roll_out_pilot"),
    path(f"{P}withdraw_pilot/", verbs.withdraw_pilot, name="withdraw_pilot"),
    path("regulation/versions/<uuid:uid>/start_pilot/", verbs.start_pilot, name="start_pilot"),
]
