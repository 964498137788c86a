"""Escalations, the duty roster and the calendar in the console. A verb's address carries the verb's name."""

from django.urls import path

from anxiu.console.clocks import calendar, escalations, roster

urlpatterns = [
    path("escalations/", escalations.escalations, name="escalations"),
    path("escalations/<uuid:uid>/acknowledge/", escalations.acknowledge, name="acknowledge"),
    path("escalations/set-aside/", escalations.failed, name="clocks_set_aside"),
    path("escalations/set-aside/<int:key>/retry_clock/", escalations.retry_clock, name="retry_clock"),
    path("roster/", roster.roster, name="roster"),
    path("roster/set_duty/", roster.set_duty, name="set_duty"),
    path("roster/<uuid:uid>/remove_duty/", roster.remove_duty, name="remove_duty"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.calendar, name="calendar_year"),
    path("calendar/<int:year>/confirm_year/", calendar.confirm_year, name="confirm_year"),
    path("calendar/set_calendar_day/", calendar.set_calendar_day, name="set_calendar_day"),
]
