"""The operations about people, deadlines, to-dos, the regulation, notices and the board, called by outsiders."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from anxiu.accounts.models import Person
from tests.walk.looking import state, text_of, told
from tests.walk.test_api import NEVER, OUTSIDERS, Program, before, person, programs
from tests.walk.test_console import may
from tests.walk.world import ALL, NOW, Half, World

__all__ = ["before", "programs"]  # fixtures
BASE = "/api/v1"
SOON = {
    "starts_at": (NOW + timedelta(days=5)).isoformat(), "ends_at": (NOW + timedelta(days=5, hours=4)).isoformat()
}  # fmt: skip
LATER = (NOW + timedelta(days=60)).isoformat()
ENGINEER, VERSION = "/engineers/{engineer}", "/regulation/versions/{version}"
DELIVERY, READING = "/deliveries/{notice}", "/readings/mine/{reading}"
REVIEWED, REMARK = "/regulation/versions/{reviewed}", "/remarks/{remark}"
PILOT = "/regulation/pilots/{pilot}"
HOOK, SENT = "/hooks/{hook}", "/hooks/deliveries/{hook_delivery}"
MAILBOX, MAIL = "/mailboxes/{mailbox}", "/mails/{mail}"
# What reads one thing, and the permission it asks for before it looks.
READS = {
    "get_engineer": (ENGINEER, ""), "get_week": (f"{ENGINEER}/week", ""),
    "get_engineer_history": (f"{ENGINEER}/history", ""), "get_duty": ("/duties/{duty}", ""),
    "get_version": (VERSION, "regulation.view"), "list_figures": (f"{VERSION}/figures", "regulation.view"),
    "get_readiness": (f"{VERSION}/readiness", "regulation.view"), "list_clauses": (f"{VERSION}/clauses", "regulation.view"),
    "list_comments": (f"{VERSION}/comments", "regulation.view"), "get_version_log": (f"{VERSION}/log", "regulation.view"),
    "list_questions": (f"{VERSION}/questions", "regulation.view_drafts"), "get_sitting": (f"{READING}/sitting", ""),
    "get_delivery": (DELIVERY, "notify.view_failures"),
    "get_export": ("/exports/{export}", ""), "get_export_content": ("/exports/{export}/content", ""),
    "get_target": (HOOK, "hooks.view_targets"), "get_hook_delivery": (SENT, "hooks.view_targets"),
    "get_mailbox": (MAILBOX, "mail.view_mailboxes"), "get_mail": (MAIL, "mail.view_mails"),
    "get_pilot": (PILOT, "regulation.view"), "get_pilot_comparison": (f"{PILOT}/comparison", "kpi.view_pilots"),
}  # fmt: skip
LISTS = {
    "list_duties": ("/duties", ""), "list_ratings": ("/ratings", ""), "list_clocks": ("/clocks", ""),
    "list_clocks_set_aside": ("/clocks/set_aside", "sla.retry_clock"), "list_escalations": ("/escalations", ""),
    "list_roster": ("/roster", "sla.view_roster"), "list_versions": ("/regulation/versions", "regulation.view"),
    "list_pilots": ("/regulation/pilots", "regulation.view"),
    "list_notices": ("/notices", ""), "list_deliveries": ("/deliveries", "notify.view_failures"),
    "list_targets": ("/hooks", "hooks.view_targets"),
    "list_hook_deliveries": ("/hooks/deliveries", "hooks.view_targets"),
    "list_mailboxes": ("/mailboxes", "mail.view_mailboxes"), "list_mails": ("/mails", "mail.view_mails"),
    "list_remarks": ("/remarks", ""), "list_sessions": ("/sessions", ""),
    "list_readings": ("/readings", "uptake.view_readings"), "list_my_readings": ("/readings/mine", ""),
    "get_compliance": ("/compliance", "kpi.view_compliance"),
    "list_cases": ("/compliance/3.1/cases", "kpi.view_compliance"),
    "list_refused": ("/refused", "trace.view_refused"), "list_exports": ("/exports", ""),
    "get_indicators": ("/indicators", "kpi.view_indicators"), "get_score": ("/indicators/score", "kpi.view_indicators"),
    "get_indicator": ("/indicators/first_fix", "kpi.view_indicators"),
    "list_indicator_orders": ("/indicators/wait/orders", "kpi.view_indicators"),
}  # fmt: skip
COUNTED = {"list_refused", "get_compliance", "list_cases", "get_indicators", "get_score", "get_indicator", "list_indicator_orders"}  # the world is not folded into facts
COMPANY = {
    "list_skills": ("/skills", "workforce.view_engineers"), "list_presets": ("/regulation/presets", "regulation.view"),
    "list_reviews": ("/reviews", "uptake.view_reviews"),
    "get_preset": ("/regulation/presets/r1", "regulation.view"),
    "get_calendar": ("/calendar", "regulation.view"), "get_calendar_year": ("/calendar/2026", "regulation.view"),
    "list_event_kinds": ("/hooks/kinds", "hooks.view_targets"),
    "list_channels": ("/channels", "notify.view_channels"),
    "list_failed_jobs": ("/failures/jobs", "notify.view_failures"),
    "list_failed_projectors": ("/failures/projectors", "notify.view_failures"),
}  # fmt: skip
HOURS = {"valid_from": "2026-12-01", "hours": []}
INDUCTION = {"kind": "induction", "valid_from": "2026-01-01"}
WHY, BECAUSE = {"reason": "x"}, {"why": "x"}
CLAUSE = {
    "number": "1.1", "title_zh": "x", "title_en": "x", "text_zh": "x", "text_en": "x", "control": "manual", **BECAUSE
}  # fmt: skip
ASKED = {
    "code": "first-call", "number": "3.1", "situation_zh": "x", "situation_en": "x", "why_zh": "x", "why_en": "x",
    "choices": [{"zh": "x", "en": "x", "right": True}, {"zh": "y", "en": "y"}], **BECAUSE,
}  # fmt: skip
# Verbs about a thing of a region: where, and what they take so that nothing but the scope stands against them.
VERBS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "workforce.change_engineer": (ENGINEER, {"number": "x"}), "workforce.set_grade": (ENGINEER, {"grade": "junior", **WHY}),
    "workforce.retire_engineer": (ENGINEER, {}), "workforce.add_qualification": (ENGINEER, INDUCTION),
    "workforce.bar": (ENGINEER, {"barred_from": LATER, "reason": "safety"}),
    "workforce.set_shift_pattern": (ENGINEER, HOURS), "workforce.add_shift": (ENGINEER, {"kind": "work", **SOON}),
    "workforce.book_leave": (ENGINEER, {"kind": "annual", **SOON}),
    "workforce.revoke_qualification": ("/qualifications/{qualification}", WHY),
    "workforce.lift_bar": ("/standings/{bar}", WHY), "workforce.cancel_shift": ("/shifts/{shift_key}", {}),
    "workforce.cancel_leave": ("/leaves/{leave_key}", {}), "sla.acknowledge": ("/escalations/{call}", {}),
    "sla.retry_clock": ("/clocks/{clock_key}", {}), "sla.remove_duty": ("/roster/{on_duty}", {}),
    "feedback.resolve_recovery": ("/duties/{duty}", {"outcome": "content", "words": "x"}),
    "regulation.amend_version": (VERSION, {"changes": {"feedback.bad_rating": 1}}),
    "regulation.withdraw_version": (VERSION, {}),
    "regulation.describe_draft": (VERSION, {"name_en": "x", **BECAUSE}),
    "regulation.set_figure": (VERSION, {"key": "feedback.bad_rating", "raw": 1, **BECAUSE}),
    "regulation.write_clause": (VERSION, CLAUSE), "regulation.add_clause": (VERSION, CLAUSE),
    "regulation.remove_clause": (VERSION, {"number": "1.1", **BECAUSE}),
    "regulation.add_question": (VERSION, ASKED), "regulation.write_question": (VERSION, ASKED),
    "regulation.remove_question": (VERSION, {"code": "first-call", **BECAUSE}),
    "regulation.move_question": (VERSION, {"code": "first-call", "place": 1, **BECAUSE}),
    "uptake.remark_on_clause": (REVIEWED, {"number": "3.1", "kind": "remark", "text": "x"}),
    "uptake.record_session": (REVIEWED, {"held_at": NOW.isoformat(), "place": "x", "words": "x", "people": []}),
    "uptake.reply_to_remark": (REMARK, {"text": "x"}), "uptake.settle_remark": (REMARK, {"text": "x"}),
    "uptake.take_quiz": (READING, {"answers": {"first-call": [0]}}), "uptake.acknowledge_version": (READING, {}),
    "regulation.name_working_group": (VERSION, {"members": [], **BECAUSE}),
    "regulation.submit_for_review": (VERSION, BECAUSE), "regulation.return_to_draft": (VERSION, BECAUSE),
    "regulation.approve_version": (VERSION, BECAUSE), "regulation.discard_draft": (VERSION, BECAUSE),
    "regulation.put_in_force": (VERSION, BECAUSE),
    "regulation.start_pilot": (VERSION, {"until_date": "2031-01-01", "leader": NEVER, "indicators": ["wait"], "purpose": "x"}),
    "regulation.roll_out_pilot": (PILOT, BECAUSE), "regulation.withdraw_pilot": (PILOT, BECAUSE),
    "regulation.comment_on_clause": ("/regulation/versions/{reviewed}", {"number": "1.1", "text": "x"}),
    "regulation.settle_comment": (VERSION, {"comment": NEVER, "taken_up": True, "answer": "x"}), "notify.resend": (DELIVERY, {}),
    "hooks.change_target": (HOOK, {"purpose": "x"}), "hooks.renew_secret": (HOOK, {}), "hooks.send_test": (HOOK, {}),
    "hooks.repeat_deliveries": (HOOK, {"from_at": "2026-01-01T00:00:00Z", "until_at": "2026-01-02T00:00:00Z"}),
    "mail.change_mailbox": (MAILBOX, {"most_an_hour": 7}), "mail.try_mailbox": (MAILBOX, {}),
    "mail.switch_mailbox_off": (MAILBOX, {}), "mail.switch_mailbox_on": (MAILBOX, {}),
    "mail.take_mail_in": (MAIL, {}), "mail.dismiss_mail": (MAIL, {}),
    "trace.cancel_export": ("/exports/{export}", {}), "hooks.switch_target_off": (HOOK, {}), "hooks.switch_target_on": (HOOK, {}), "hooks.repeat_delivery": (SENT, {}),
}  # fmt: skip
# Verbs that make something, or are about what is the company's.
DAY = {"date": "2031-05-01", "is_work": False, "name_zh": "x", "name_en": "x"}
MAKING: dict[str, tuple[str, Mapping[str, Any]]] = {
    "workforce.add_engineer": ("/engineers", {"person": NEVER, "region": "x", "grade": "x", "started_date": "2026-01-01"}),
    "workforce.add_skill": ("/skills", {"code": "x", "name_zh": "x", "name_en": "x"}),
    "workforce.retire_skill": ("/skills/x/actions/retire_skill", {}),
    "sla.set_duty": ("/roster/actions/set_duty", {"person": NEVER, "post": "agent", "from_at": LATER, "until_at": LATER}),
    "sla.set_calendar_day": ("/calendar/actions/set_calendar_day", DAY),
    "sla.confirm_year": ("/calendar/2031/actions/confirm_year", {}),
    "regulation.adopt_preset": ("/regulation/versions", {"preset": "default"}),
    "regulation.start_draft": ("/regulation/drafts", {"preset": "default", "why": "x"}),
    "uptake.decide_on_clause": (f"/reviews/{NEVER}/actions/decide_on_clause", {
        "version": NEVER, "number": "3.1", "decision": "keep", "why": "x",
    }),
    "uptake.close_review": (f"/reviews/{NEVER}/actions/close_review", BECAUSE),
    "notify.set_up_channel": ("/channels/wecom/actions/set_up_channel", {"is_on": False, "place": 1, "use": "nothing"}),
    "notify.test_channel": ("/channels/email/actions/test_channel", {"address": "x"}),
    "notify.choose_channels": ("/notices/actions/choose_channels", {"chosen": {}}),
    "notify.retry_job": ("/failures/jobs/1/actions/retry_job", {}),
    "trace.export_lists": ("/exports/actions/export_lists", {"address": "/customers/"}),
    "hooks.add_target": ("/hooks", {"url": "https://example.com/", "purpose": "x", "kinds": ["orders.opened"]}),
    "mail.add_mailbox": ("/mailboxes", {
        "address": "x@example.com", "host": "imap.example.com", "login": "x", "password": "x", "region": "x",
    }),
    "notify.mark_read": ("/notices/actions/mark_read", {"notices": []}),
}  # fmt: skip
WALKED = {*READS, *LISTS, *COMPANY, *(name.partition(".")[2] for name in (*VERBS, *MAKING))}


def address(template: str, half: Half) -> str:
    """The address of a thing of this region."""
    things = {name: each.uid for name, each in half.things.items() if hasattr(each, "uid")}
    keys = {f"{name}_key": half.things[name].pk for name in ("shift", "leave", "clock")}
    return BASE + template.format(engineer=half.company.engineer.uid, **things, **keys)


def never(template: str) -> str:
    """The same address for what never was."""
    names = (
        "engineer", "duty", "version", "reading", "remark", "reviewed", "notice", "qualification", "bar", "call", "on_duty",
        "pilot", "hook", "hook_delivery", "mailbox", "mail", "export",
    )  # fmt: skip
    keys = dict.fromkeys(("shift_key", "leave_key", "clock_key"), 2_000_000_000)
    return BASE + template.format(**dict.fromkeys(names, NEVER), **keys)


ABOUT_VERSIONS = {
    "get_version", "list_figures", "list_versions", "get_readiness", "list_clauses", "list_comments", "get_version_log",
    "list_my_readings",
    "list_pilots", "get_pilot", "get_pilot_comparison",
}  # fmt: skip


def lives_where_it_holds(who: str, name: str) -> bool:
    """What holds in a region is read by everybody whose home it is."""
    return who == "stranger" and name in ABOUT_VERSIONS


def holds(world: World, who: str, permission: str) -> bool:
    return may(person(world, who), permission)


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", READS)
def test_reading_what_is_hidden_answers_as_if_it_had_never_been(name, world, programs, before):
    template, permission = READS[name]
    for who in OUTSIDERS:
        if lives_where_it_holds(who, name):
            continue
        answer, nothing = (programs[who].read(url) for url in (address(template, world.there), never(template)))
        assert answer.status_code == (404 if holds(world, who, permission) else 403), (who, answer.content)
        assert (answer["Content-Type"], answer.content) == ("application/problem+json", nothing.content)
        assert not told(text_of(answer), world.there)
    assert programs[f"there {ALL}"].read(address(template, world.there)).status_code == 200
    assert state() == before


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_nothing_of_another_region(name, world, programs):
    path, permission = LISTS[name]
    for who in OUTSIDERS:
        if lives_where_it_holds(who, name):
            continue
        for query in ("", f"?q={world.there.open.number}", "?limit=1"):
            answer = programs[who].read(BASE + path + query)
            assert answer.status_code == (200 if holds(world, who, permission) else 403), (who, answer.content)
            assert not told(text_of(answer), world.there, lives_there=who in ("stranger", "nobody"))
    reader = _reader(name, world)
    if name not in COUNTED:
        assert told(text_of(Program.of(reader).read(BASE + path)), world.there)


def _reader(name: str, world: World) -> Person:
    """Somebody in the region for whom the list is not empty."""
    found: Person = world.there.things["page"].person if name == "list_notices" else world.there.people[ALL]
    return found


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", COMPANY)
def test_what_is_the_companys_is_read_by_who_holds_the_permission(name, world, programs):
    path, permission = COMPANY[name]
    for who in OUTSIDERS:
        answer = programs[who].read(BASE + path)
        assert answer.status_code == (200 if holds(world, who, permission) else 403), who


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("name", VERBS)
def test_no_verb_reaches_a_thing_of_another_region(name, world, programs, before):
    template, body = VERBS[name]
    path = f"{template}/actions/{name.partition('.')[2]}"
    for who in OUTSIDERS:
        answer = programs[who].write(address(path, world.there), body)
        nothing = programs[who].write(never(path), body)
        assert answer.status_code == (404 if holds(world, who, name) else 403), (who, answer.content)
        assert (answer["Content-Type"], answer.content) == ("application/problem+json", nothing.content)
        assert not told(text_of(answer), world.there)
    assert state() == before


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", MAKING)
def test_nothing_is_made_by_who_may_not(name, world, programs, before):
    path, body = MAKING[name]
    without = [who for who in OUTSIDERS if not holds(world, who, name)]
    assert "nobody" in without
    for who in without:
        assert programs[who].write(BASE + path, body).status_code == 403, who
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_what_is_hidden_cannot_be_named_in_what_is_made(world, programs, before):
    here, there = world.here, world.there
    engineer = {"grade": "junior", "started_date": "2026-01-01"}
    duty = {"post": "agent", "from_at": NOW.isoformat(), "until_at": LATER}
    mine, theirs = str(here.people["warehouse"].uid), str(there.people["warehouse"].uid)
    for path, body in (
        ("/engineers", {**engineer, "person": mine, "region": there.region.code}),
        ("/engineers", {**engineer, "person": theirs, "region": here.region.code}),
        ("/engineers", {**engineer, "person": mine, "region": here.region.code, "outlet": there.outlet.code}),
        ("/roster/actions/set_duty", {**duty, "person": theirs, "region": here.region.code}),
        ("/roster/actions/set_duty", {**duty, "person": mine, "region": there.region.code}),
        ("/regulation/versions", {"preset": "default", "region": there.region.code, "in_force_from": LATER}),
    ):  # fmt: skip
        answer = programs[f"here {ALL}"].write(BASE + path, body)
        assert answer.status_code in (404, 422), (path, body, answer.content)
        assert not told(text_of(answer), there, *map(str, body.values()))
    page = {"notices": [str(there.things["page"].uid)]}
    assert programs[f"here {ALL}"].write(f"{BASE}/notices/actions/mark_read", page).json() == {"marked": 0}
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_without_a_token_nothing_is_answered(world, before):
    program, there = Program(), world.there
    answers = [program.read(address(path, there)) for path, _ in (*READS.values(), *LISTS.values(), *COMPANY.values())]
    for name, (template, body) in VERBS.items():
        answers.append(program.write(address(f"{template}/actions/{name.partition('.')[2]}", there), body))
    answers += [program.write(BASE + path, body) for path, body in MAKING.values()]
    assert {answer.status_code for answer in answers} == {401}
    assert not any(told(text_of(answer), there) for answer in answers)
    assert state() == before
