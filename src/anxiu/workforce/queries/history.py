"""An engineer's history as sentences in the reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxiu.accounts.queries import names
from anxiu.kernel.actor import ACCOUNTS, Actor
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import now
from anxiu.kernel.values import Words
from anxiu.workforce.messages import BAR_REASONS, FIELDS
from anxiu.workforce.models import Engineer, Skill
from anxiu.workforce.queries.engineers import VIEW_STANDING, figures, zone_of
from anxiu.workforce.values import CERTIFICATES, GRADES

LINES: Final = 50  # source: own choice; about two years of an engineer
_CONDUCT: Final = {"workforce.engineer_barred", "workforce.bar_lifted"}


@dataclass(frozen=True, slots=True)
class Line:
    """One event: what happened, when, who did it, and the words that were said."""

    kind: str
    at: datetime
    who: str
    sentence: str
    detail: str


def history(actor: Actor, engineer: Engineer, at: datetime) -> list[Line]:
    """The newest events of an engineer the caller may see; suspensions only for those who may. 5 statements."""
    found = EventRow.objects.filter(subject_kind="engineer", subject_id=engineer.pk).prefetch_related("sealed")
    whole = actor.may(VIEW_STANDING) or actor.person_id == engineer.person_id
    if not whole:
        found = found.exclude(kind__in=_CONDUCT)
    events = list(found.order_by("-id")[:LINES])
    people = names(each.actor_id for each in events if each.actor_kind in ACCOUNTS)
    words, zone = _names(engineer, at), zone_of(engineer.region)
    lines = []
    for each in events:
        body = {key: _shown(key, value, words, zone) for key, value in json.loads(each.body).items()}
        person = people.get(each.actor_id or 0) if each.actor_kind in ACCOUNTS else None
        who = person.name if person else _("System")
        said = [one.text for one in each.sealed.all()] if whole else []
        if each.kind == "workforce.engineer_barred":
            said = [str(body["reason_code"]), *said]
        sentence = str(SENTENCES[each.kind]).format(**body)
        lines.append(Line(each.kind, each.occurred_at, who, sentence, " · ".join(said)))
    return lines


def qualification_names(region_id: int | None = None, at: datetime | None = None) -> dict[str, str]:
    """Codes of skills, certificates and grades as people say them, in the language of the request."""
    language = get_language() or "zh-hans"
    reading = figures(region_id, at or now())
    known: dict[str, Words] = {each.code: Words(each.name_zh, each.name_en) for each in Skill.objects.all()}
    known |= {each.code: each.name for each in reading(CERTIFICATES)}
    known |= {each.code: each.name for each in reading(GRADES)}
    return {code: each.in_language(language) for code, each in known.items()}


def _names(engineer: Engineer, at: datetime) -> Mapping[str, str]:
    spoken = qualification_names(engineer.region_id, at)
    return {**spoken, "induction": _("Induction"), "certificate": _("Certificate")}


def _shown(key: str, value: Any, words: Mapping[str, str], zone: tzinfo) -> Any:
    """A part of a body as people read it."""
    if key in ("code", "grade", "before", "after"):
        return words.get(value, value)
    if key == "reason_code":
        return BAR_REASONS.get(value, value)
    if key == "fields":
        return ", ".join(dict.fromkeys(str(FIELDS.get(each, each)) for each in value))
    if key.endswith(("_at", "_from", "_until")) and isinstance(value, str) and "T" in value:
        return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
    if key.startswith("valid_") and isinstance(value, str):
        return date.fromisoformat(value).isoformat()
    return value
