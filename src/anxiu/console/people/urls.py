"""Addresses of the pages about engineers. A verb's address carries the verb's name."""

from django.urls import path

from anxiu.console.people import listing, profile, verbs

_OF_ENGINEER = (
    verbs.change_engineer,
    verbs.set_grade,
    verbs.retire_engineer,
    verbs.add_skill_held,
    verbs.add_certificate,
    verbs.add_induction,
    verbs.bar,
    verbs.set_shift_pattern,
    verbs.add_shift,
    verbs.book_leave,
)
_OF_ROW = (verbs.revoke_qualification, verbs.lift_bar, verbs.cancel_shift, verbs.cancel_leave, verbs.retire_skill)

urlpatterns = [
    path("engineers/", listing.engineers, name="engineers"),
    path("engineers/add_engineer/", verbs.add_engineer, name="add_engineer"),
    path("engineers/skills/", listing.skills, name="skills"),
    path("engineers/skills/add_skill/", verbs.add_skill, name="add_skill"),
    path("engineers/<uuid:uid>/", profile.engineer, name="engineer"),
    *(path(f"engineers/<uuid:uid>/{one.__name__}/", one, name=one.__name__) for one in _OF_ENGINEER),
    *(path(f"engineers/{one.__name__}/<int:key>/", one, name=one.__name__) for one in _OF_ROW),
]
