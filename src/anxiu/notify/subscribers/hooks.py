"""Who is told that a target of webhooks was switched off because it failed too long."""

from django.utils.timezone import get_default_timezone

from anxiu.accounts.queries import allowed
from anxiu.hooks.choices import Off
from anxiu.hooks.events import TargetSwitchedOff
from anxiu.hooks.models import Target
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.notify.actions import Message, tell_people
from anxiu.notify.choices import Kind
from anxiu.notify.links import hook_address


@reactor("notify.hook_off", TargetSwitchedOff)
def hook_off(fact: Recorded) -> None:
    """Whoever may switch it on again; not when one of them switched it off."""
    if fact["why"] != Off.FAILING:
        return
    row = Target.objects.get(pk=fact.subject.id)
    said = {"purpose": row.purpose, "address": row.url, "since": row.failing_since, "url": hook_address(row)}
    people = list(allowed("hooks.switch_target_on", None))
    tell_people(Message(Kind.HOOK_OFF, fact, get_default_timezone(), said), people, by_email=True)
