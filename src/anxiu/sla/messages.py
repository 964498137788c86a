"""Codes of the service clocks, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "sla.pause_ends_before_it_begins": _("The pause must end after it begins."),
        "sla.clock_ended": _("This clock has ended; there is nothing left to take on."),
        "sla.nothing_to_acknowledge": _("This call needs no word, or somebody has taken it on already."),
        "sla.duty_ends_before_it_begins": _("The duty must end after it begins."),
        "sla.duty_is_over": _("This duty would be over already."),
        "sla.needs_a_region": _("Choose a region: only who sees the whole company may name somebody for all of it."),
        "sla.year_is_empty": _("{year} has no holiday yet. Enter its days first."),
    },
    sentences={
        "sla.clocks_started": _("Clocks started: {clocks}"),
        "sla.clocks_stopped": _("Clocks ended: {clocks}"),
        "sla.clocks_paused": _("Time stands still for {clocks} until {until}"),
        "sla.clocks_resumed": _("Time counts again for {clocks}"),
        "sla.clocks_retargeted": _("New deadlines for {clocks}"),
        "sla.clock_warned": _("Little time is left for {clock}: due {due_at}"),
        "sla.clock_broken": _("The deadline for {clock} passed: it was {due_at}"),
        "sla.breach_withdrawn": _("The breach for {clock} is withdrawn: it was done in time"),
        "sla.escalated": _("{person_id} was called about {clock} (level {level})"),
        "sla.nobody_to_call": _("Nobody could be called about {clock}"),
        "sla.escalation_acknowledged": _("{person_id} took on {clock} (level {level})"),
        "sla.clock_failed": _("The clock for {clock} could not be evaluated and was set aside"),
        "sla.clock_retried": _("The clock for {clock} runs again"),
        "sla.duty_set": _("On duty as {post} from {from_at} to {until_at}"),
        "sla.duty_removed": _("No longer on duty as {post}"),
        "sla.calendar_day_set": _("{day} was set in the calendar"),
        "sla.year_published": _("The calendar of {year} was taken over: {days} days ({source})"),
    },
)
