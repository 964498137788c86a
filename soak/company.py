"""A small company to work with, made by the real verbs: `python -m soak.company HOOK-ADDRESS` prints it as JSON."""

import json
import sys
from datetime import date

import django

ENGINEERS = 6
MACHINES = 40
DESKS = ("agent", "dispatcher", "supervisor")


def make(hook: str) -> dict[str, object]:
    """Two regions, an engineer for each journey, and a target for webhooks."""
    from anxiu.accounts.actions import issue_token
    from anxiu.hooks.actions import NewTarget, add_target
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.sequencer import catch_up
    from anxiu.kernel.time import now
    from anxiu.orders.choices import State
    from anxiu.orders.models import Order
    from anxiu.orders.queries import items_at
    from anxiu.trace.heads import sign_head
    from tests.given.assets import a_machine, a_person
    from tests.given.orders import a_company, an_engineer

    company, at = a_company(), now()

    def token(person_id: int) -> str:
        return issue_token(actor=SYSTEM, at=at, person_id=person_id, label="soak")[1]

    engineers = [company.engineer, *(an_engineer(company.region) for _ in range(ENGINEERS - 1))]
    machines = [
        company.machine,
        *(
            a_machine(company.site, company.machine.model, serial=f"SOAK-{number:04}", installed_on=date(2025, 6, 1))
            for number in range(MACHINES)
        ),
    ]
    people = {post: a_person(post, company.region) for post in DESKS}
    boss = a_person("administrator")
    kinds = ("orders.opened", "orders.arrived", "orders.archived", "feedback.rated")
    add_target(actor=SYSTEM, at=at, new=NewTarget(hook, "soak", kinds))
    probe = Order(order_type="repair", version_id=_version(company.region.pk, at), state=State.PREPARING)
    catch_up()
    sign_head(at.date())
    return {
        "tokens": {**{post: token(person.pk) for post, person in people.items()}, "administrator": token(boss.pk)},
        "sessions": {post: _session(person) for post, person in people.items()},
        "engineers": [[str(each.uid), token(each.person_id)] for each in engineers],
        "machines": [[str(each.uid), each.label_code] for each in machines],
        "contact": str(company.contact.uid), "region": company.region.pk, "region_code": company.region.code,
        "model": company.machine.model.code, "customer": company.customer.code, "site": company.site.name,
        "fault": str(company.fault.uid),
        "checked": [each.code for each in items_at(probe, State.PREPARING) if each.mandatory],
    }  # fmt: skip


def _version(region_id: int, at: object) -> int:
    from anxiu.regulation.queries import in_force

    return in_force(region_id, "repair", at).pk  # type: ignore[arg-type]


def _session(person: object) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()  # type: ignore[attr-defined]
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(make(sys.argv[1])))
