"""What a channel is given of this installation: what was set up, the token all workers share, templates and facts."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from anxiu.kernel.time import now
from anxiu.notify.channels import Granted, Undelivered, channel, offered
from anxiu.notify.choices import Reason
from anxiu.notify.messages import KINDS
from anxiu.notify.models import Notice, Setup, Token
from anxiu.notify.rules import Template, template_of
from anxiu.notify.sealing import opened, sealed
from anxiu.orders.models import Order

EARLY: Final = timedelta(minutes=5)  # source: own choice; renewed before it ends while a request is on its way
ANY: Final = "*"  # the template of every kind that has none of its own


class SetUp:
    """A channel's account as an administrator set it up."""

    def __init__(self, row: Setup) -> None:
        self._row = row
        self.base_url = (row.base_url or offered(row.medium).base_url).rstrip("/")
        self.config: Mapping[str, str] = {**row.config, **opened(row.secret, row.medium)}

    def token(self, fetch: Callable[[], Granted], bad: str = "") -> str:
        """The token all workers share. Of those that find it ended, one asks for a new one; the others wait for it."""
        medium = self._row.medium
        with transaction.atomic():
            Setup.objects.select_for_update(no_key=True).get(pk=self._row.pk)
            held = Token.objects.filter(medium=medium, until__gt=now()).first()
            known = opened(held.sealed, medium).get("token", "") if held else ""
            if known and known != bad:
                return known
            new = fetch()
            until = now() + max(new.lasts - EARLY, timedelta(0))
            box = sealed({"token": new.token}, medium)
            Token.objects.update_or_create(medium=medium, defaults={"sealed": box, "until": until})
        return new.token

    def template(self, kind: str) -> Template | None:
        """The vendor's template for a kind of notice, or the one for all that have none."""
        line = self._row.templates.get(kind) or self._row.templates.get(ANY)
        return template_of(line) if line else None

    def facts(self, notice: Notice) -> Mapping[str, str]:
        """What may fill a template."""
        number = ""
        if notice.subject_kind == "order":
            number = Order.objects.values_list("number", flat=True).filter(pk=notice.subject_id).first() or ""
        chinese = notice.language.startswith("zh")
        with translation.override(notice.language):
            kind = str(KINDS[notice.kind])
        company = settings.ENV.company_zh if chinese else settings.ENV.company_en
        return {"title": notice.title, "number": number or "-", "company": company, "kind": kind}


def account(medium: str) -> SetUp | None:
    """A channel's account; none while it is not set up or off, or its secrets cannot be opened any more."""
    row = Setup.objects.filter(medium=medium, is_on=True).first()
    if row is None:
        return None
    made = SetUp(row)
    whole = all(made.config.get(each.name) for each in offered(medium).fields if each.is_needed)
    return made if whole else None


def waits_for(medium: str) -> Reason | None:
    """What is missing before anything can be sent by a channel."""
    return channel(medium).waits_for(account(medium) if offered(medium).fields else None)


def hand_over(notice: Notice) -> None:
    """Send a claimed notice by its channel, or raise `Undelivered`."""
    try:
        channel(notice.medium).send(notice, account(notice.medium))
    except Undelivered:
        raise
    except Exception as error:
        if not offered(notice.medium).fields:
            raise
        # A channel that breaks is no reason to try for ever: what it said is on record, a person looks.
        repeats = offered(notice.medium).repeats
        reason = Reason.MALFORMED if repeats else Reason.UNCERTAIN
        raise Undelivered(reason, type(error).__name__, again=repeats) from error
