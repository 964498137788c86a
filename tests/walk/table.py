"""One row for each address of the console: what it names, what it takes, and who may ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anxiu.accounts.choices import LinkPurpose
from anxiu.console.order_verbs import VERBS
from anxiu.kernel.actor import Subject
from anxiu.sla.queries import clocks_of
from tests.walk.world import NOW, Half

Names = Callable[[Half], Mapping[str, object]]
Body = Callable[[Half], Mapping[str, object]]
NOT_THERE = 404


@dataclass(frozen=True)
class Row:
    """An address. `needs` is the permission to ask at all; `body` is what a form that would go through holds.

    `unseen` is what somebody gets who may ask, but not about this region. `company` marks what belongs to no region, `home` what everybody may read of the region they live in, and what the world has none of is not `found`. What a refusal
    repeats of the form is what it `echoes`.
    """

    name: str
    needs: str = ""
    thing: Names | None = None
    gets: bool = True
    found: bool = True
    body: Body | None = None
    unseen: tuple[int, int] = (NOT_THERE, NOT_THERE)
    company: bool = False
    home: bool = False
    echoes: Callable[[Half], str] = lambda half: "\0"
    searches: tuple[str, ...] = ()
    label: str = ""

    def url(self, half: Half) -> str:
        """The address, naming the thing of this region."""
        return reverse(self.name, kwargs=dict(self.thing(half)) if self.thing else None)

    def url_of_nothing(self, half: Half) -> str:
        """The same address, naming what never was."""
        never = {"uid": uuid4(), "key": 2_000_000_000, "pk": 2_000_000_000, "code": "never"}
        named = self.thing(half) if self.thing else {}
        return reverse(self.name, kwargs={name: never.get(name, value) for name, value in named.items()})

    def __str__(self) -> str:
        return self.label or self.name


def key() -> str:
    return uuid4().hex


def uid(of: Callable[[Half], Any]) -> Names:
    return lambda half: {"uid": of(half).uid}


def known(name: str, by: str = "uid") -> Names:
    """One of the things that stand around the orders."""
    column = "uid" if by == "uid" else "pk"
    return lambda half: {by: getattr(half.things[name], column)}


def plain(half: Half) -> Mapping[str, object]:
    """A form that asks nothing but to be sure."""
    return {"key": key()}


ORDER = uid(lambda half: half.open)
CUSTOMER, SITE = uid(lambda half: half.company.customer), uid(lambda half: half.company.site)
CONTACT, MACHINE = uid(lambda half: half.company.contact), uid(lambda half: half.company.machine)
ENGINEER, PERSON = uid(lambda half: half.company.engineer), uid(lambda half: half.people["agent"])
SEEN = (200, 422)  # the dialog names nothing, and its verb is refused


def form(**given: object) -> Body:
    return lambda half: {"key": key(), **given}


def _csv_of_nothing(half: Half) -> Mapping[str, object]:
    """A file that is kept by nobody: what is opened is the company's, whoever may."""
    file = SimpleUploadedFile("new.csv", b"\n", "text/csv")
    return {"key": key(), "kind": "customers", "source": "erp", "file": file}


def _duty(half: Half) -> Mapping[str, object]:
    times = {"from_at": f"{NOW:%Y-%m-%dT%H:%M}", "until_at": f"{NOW:%Y-%m}-28T10:00"}
    return {
        "key": key(),
        "person": half.people["agent"].pk,
        "post": "supervisor",
        "region": half.region.pk,
        "rank": 0,
        **times,
    }


def _adopted(half: Half) -> Mapping[str, object]:
    return {
        "key": key(), "preset_code": "default", "region_id": half.region.pk, "order_type": "",
        "in_force_from": f"{NOW.year + 1}-01-01T00:00",
    }  # fmt: skip


def _person(half: Half) -> Mapping[str, object]:
    return {
        "key": key(), "name": "新同事", "email": "new@example.com", "region": half.region.pk, "language": "zh-hans",
        "posts": ["agent"],
    }  # fmt: skip


def _engineer(half: Half) -> Mapping[str, object]:
    return {
        "key": key(), "name": "新师傅", "email": "hands@example.com", "region": half.region.pk, "grade": "senior",
        "started_date": "2026-01-01",
    }  # fmt: skip


def _outlet(half: Half) -> Mapping[str, object]:
    return {"key": key(), "code": "new-o", "region": half.region.pk, "name_zh": "新", "name_en": "New"}


def _customer(half: Half) -> Mapping[str, object]:
    return {"key": key(), "name": "新客户", "tier": "standard", "region_id": half.region.pk, "language": "zh-hans"}


def _machine(half: Half) -> Mapping[str, object]:
    model, site = half.company.machine.model_id, half.company.site.pk
    return {"key": key(), "model_id": model, "site_id": site, "serial": "NEW-1"}


def _report(half: Half) -> Mapping[str, object]:
    company = half.company
    ids = {"machine": company.machine.pk, "customer": company.customer.pk, "contact": company.contact.pk}
    return {"key": key(), "words": "停了", "region": half.region.pk, **ids}


def _session(half: Half) -> Mapping[str, object]:
    came = half.people["agent"].pk
    return {"key": key(), "held_at": f"{NOW:%Y-%m-%dT%H:%M}", "place": "x", "words": "x", "person_ids": came}


def _terms(half: Half) -> Mapping[str, object]:
    days = {"starts_on": f"{NOW:%Y-%m-%d}", "ends_on": f"{NOW.year + 1}-02-01"}
    return {"key": key(), "number": "WALK-1", "level": "full", "visits_per_year": 4, **days}


def _contract(half: Half) -> Mapping[str, object]:
    return {**_terms(half), "customer_id": half.company.customer.pk}


def _cover(half: Half) -> Mapping[str, object]:
    return {"key": key(), "covers_all": "named", "machine_ids": [half.company.machine.pk]}


def _labels(half: Half) -> Mapping[str, object]:
    return {"uid": [str(half.company.machine.uid)]}


DESK = (
    Row("desk", searches=("?tab=ended", "?q={mark}", "?region={mark}-r")),
    Row("search", searches=("?q={mark}", "?q={number}", "?q={phone}", "?q={mark}-SN")),
    Row("orders", "orders.view", searches=("?q={mark}", "?q={number}", "?region={mark}-r", "?tab=ended&q={mark}")),
    Row("order", "orders.view", ORDER),
    Row("order_process", "orders.view", ORDER),
    Row("order_clock", "orders.view", lambda half: {"uid": half.open.uid, "key": clocks_of(Subject("order", half.open.pk))[0].pk}),
    Row("order_engineers", "orders.book_visit", ORDER),
    Row("correct_entry", "orders.add_entry", lambda half: {"uid": half.open.uid, "entry": uuid4()}, body=lambda half: {"key": key(), "kind": "note", "text": half.mark}),
    Row("order_identify", "orders.identify_machine", ORDER, body=lambda half: {"key": key(), "machine": half.company.machine.pk}),
    Row("order_machines", "orders.identify_machine", ORDER, searches=("?find={mark}-SN", "?find={mark}")),
    Row("answer_question", "orders.answer_question", uid(lambda half: half.question), body=form(text="马上")),
    Row("order_phone", "orders.view_phone", ORDER, gets=False, body=plain),
    Row("intake", "orders.open_order", body=_report, unseen=(200, 422), searches=(
        "?q={mark}", "?q={phone}", "?machine={machine}", "?customer={customer}", "?contact={contact}",
    )),
    Row("intake_propose", "orders.open_order", searches=("?words=x&machine={machine}", "?customer={customer}")),
)  # fmt: skip
ORDER_VERBS = tuple(
    Row(
        "order_verb", f"orders.{name}", lambda half, name=name: {"uid": half.open.uid, "name": name}, body=plain,
        label=f"order_verb {name}",
    )
    for name in VERBS
)  # fmt: skip
ORDER_LINKS = tuple(
    Row(
        "order_link", "orders.send_link", lambda half, purpose=purpose: {"uid": half.signing.uid, "purpose": purpose},
        body=plain, label=f"order_link {purpose}",
    )
    for purpose in (LinkPurpose.TRACK.value, LinkPurpose.SIGN.value)
)  # fmt: skip
WORKFORCE = (
    Row("engineers", "workforce.view_engineers", searches=("?q={mark}", "?region={region}", "?state=retired&q={mark}")),
    Row("add_engineer", "workforce.add_engineer", body=_engineer, unseen=SEEN),
    Row("skills", "workforce.view_engineers", searches=("?q={mark}",)),
    Row("add_skill", "workforce.add_skill", company=True),
    Row("engineer", "workforce.view_engineers", ENGINEER),
    Row("change_engineer", "workforce.change_engineer", ENGINEER, body=plain),
    Row("set_grade", "workforce.set_grade", ENGINEER, body=form(grade="senior", reason="x")),
    Row("retire_engineer", "workforce.retire_engineer", ENGINEER, body=plain),
    Row("add_skill_held", "workforce.add_qualification", ENGINEER, body=form(level=1, valid_from="2026-01-01")),
    Row("add_certificate", "workforce.add_qualification", ENGINEER, body=form(name="x", valid_from="2026-01-01")),
    Row("add_induction", "workforce.add_qualification", ENGINEER, body=form(valid_from="2026-01-01")),
    Row("bar", "workforce.bar", ENGINEER, body=form(barred_from="2026-06-01T00:00", reason="safety", note="x")),
    Row("set_shift_pattern", "workforce.set_shift_pattern", ENGINEER, body=form(valid_from="2026-06-01")),
    Row("add_shift", "workforce.add_shift", ENGINEER, body=plain),
    Row("book_leave", "workforce.book_leave", ENGINEER, body=plain),
    Row("revoke_qualification", "workforce.revoke_qualification", known("qualification", "key"), body=form(reason="x")),
    Row("lift_bar", "workforce.lift_bar", known("bar", "key"), body=form(reason="x")),
    Row("cancel_shift", "workforce.cancel_shift", known("shift", "key"), body=plain),
    Row("cancel_leave", "workforce.cancel_leave", known("leave", "key"), body=plain),
    Row("retire_skill", "workforce.retire_skill", lambda half: {"key": 1}, company=True, found=False),
)  # fmt: skip
CUSTOMERS = (
    Row("customers", "customers.view", searches=("?q={mark}", "?q={phone}", "?region={region}", "?tab=closed&q={mark}")),
    Row("add_customer", "customers.add_customer", body=_customer, unseen=SEEN),
    Row("customer", "customers.view", CUSTOMER),
    Row("change_customer", "customers.change_customer", CUSTOMER, body=_customer),
    Row("assign_agent", "customers.assign_agent", CUSTOMER, body=plain),
    Row("retire_customer", "customers.retire_customer", CUSTOMER, body=plain),
    Row("add_site", "customers.add_site", CUSTOMER, body=form(name="x")),
    Row("add_contact", "customers.add_contact", CUSTOMER, body=form(name="x", language="en")),
    Row("change_site", "customers.change_site", SITE, body=form(name="x")),
    Row("retire_site", "customers.retire_site", SITE, body=plain),
    Row("change_contact", "customers.change_contact", CONTACT, body=form(name="x", language="en")),
    Row("retire_contact", "customers.retire_contact", CONTACT, body=plain),
    Row("state_consent", "customers.state_consent", CONTACT, body=form(survey="no", means="phone")),
    Row("erase_contact", "customers.erase_contact", CONTACT, body=form(why="asked", sure="on")),
    Row("erase_customer", "customers.erase_customer", CUSTOMER, body=form(why="asked", sure="on")),
    Row("contact_phone", "customers.view_phone", CONTACT, gets=False, body=plain),
)  # fmt: skip
CONTRACT = known("contract")
CONTRACTS = (
    Row("contracts", "contracts.view", searches=("?q={mark}", "?region={region}", "?tab=coming&q={mark}", "?within=30")),
    Row("add_contract", "contracts.add_contract", body=_contract, unseen=SEEN, searches=("?customer={customer_uid}",)),
    Row("contract", "contracts.view", CONTRACT),
    Row("change_contract", "contracts.change_contract", CONTRACT, body=_terms),
    Row("set_contract_cover", "contracts.set_contract_cover", CONTRACT, body=_cover),
    Row("end_contract", "contracts.end_contract", CONTRACT, body=form(ends_on=f"{NOW:%Y-%m-%d}", reason="other")),
    Row("renew_contract", "contracts.renew_contract", CONTRACT, body=form(
        number="NEXT-1", starts_on=f"{NOW.year + 2}-01-01", ends_on=f"{NOW.year + 2}-12-31"
    )),
)  # fmt: skip
EQUIPMENT = (
    Row("machines", "equipment.view", searches=("?q={mark}", "?q={mark}-SN", "?region={region}", "?tab=closed&q={mark}")),
    Row("add_machine", "equipment.add_machine", body=_machine, unseen=SEEN,
        searches=("?customer={customer_uid}", "?site={site_uid}")),
    Row("machine_labels", "equipment.view", gets=False, body=_labels),
    Row("machine", "equipment.view", MACHINE),
    Row("change_machine", "equipment.change_machine", MACHINE, body=plain),
    Row("move_machine", "equipment.move_machine", MACHINE, body=plain),
    Row("retire_machine", "equipment.retire_machine", MACHINE, body=plain),
    Row("renew_label", "equipment.renew_label", MACHINE, body=plain),
    Row("add_document", "equipment.add_document", MACHINE, body=plain),
    Row("imports", "equipment.view_imports"),
    Row("open_import", "equipment.open_import", gets=False, body=_csv_of_nothing, company=True),
    Row("import_file", "equipment.view_imports", known("import_file")),
    Row("map_import", "equipment.map_import", known("import_file"), gets=False, body=plain),
    Row("start_import", "equipment.start_import", known("import_file"), body=plain),
    Row("drop_import", "equipment.drop_import", known("import_file"), body=plain),
    Row("undo_import", "equipment.undo_import", known("batch"), body=plain, unseen=SEEN),
    Row("file", thing=known("photo"), label="file photo"),
    Row("file", thing=known("evidence"), label="file evidence"),
    Row("file", thing=known("manual"), label="file manual"),
)  # fmt: skip


def _catalogue() -> tuple[Row, ...]:
    """Families, models, fault classes and parts: the same for everybody."""
    lists = tuple(Row(name, "catalogue.view", company=True) for name in ("catalogue", "fault_classes", "parts"))
    machine: Callable[[Half], Any] = lambda half: half.company.machine  # noqa: E731
    kinds: dict[str, Callable[[Half], Any]] = {
        "family": lambda half: machine(half).model.family, "model": lambda half: machine(half).model,
        "fault_class": lambda half: half.company.fault,
    }  # fmt: skip
    verbs = [Row(f"add_{kind}", f"catalogue.add_{kind}", company=True) for kind in (*kinds, "part")]
    for kind, of in kinds.items():
        verbs += [
            Row(f"{verb}_{kind}", f"catalogue.{verb}_{kind}", uid(of), company=True) for verb in ("change", "retire")
        ]
    part = known("part")
    verbs += [Row(f"{verb}_part", f"catalogue.{verb}_part", part, company=True) for verb in ("change", "retire")]
    return (*lists, *verbs)


def _versions() -> tuple[Row, ...]:
    """A version that the people of the region review, and the one that will hold there."""
    reviewed, later, view = known("reviewed"), known("version"), "regulation.view"
    reads = ("version", "version_readiness", "version_review", "version_log", "print_version", "version_pdf")
    moves = (
        "describe_draft", "name_working_group", "submit_for_review", "return_to_draft", "approve_version",
        "put_in_force", "discard_draft", "comment_on_clause", "add_clause",
    )  # fmt: skip

    def with_it(**more: object) -> Names:
        return lambda half: {"uid": half.things["reviewed"].uid, **more}

    def _begun(half: Half) -> Mapping[str, object]:
        return {"key": key(), "source": "pdefault", "region_id": half.region.pk, "order_type": "", "why": "x"}

    purpose = form(regions=[], order_types=["repair"], until_date="2031-01-01", indicators=["wait"], purpose="x")
    return (
        Row("pilots", view, home=True), Row("pilot", view, known("pilot"), home=True),
        Row("start_pilot", "regulation.start_pilot", reviewed, body=purpose),
        Row("roll_out_pilot", "regulation.roll_out_pilot", known("pilot"), body=form(why="x")),
        Row("withdraw_pilot", "regulation.withdraw_pilot", known("pilot"), body=form(why="x")),
        Row("manuals", view, company=True), Row("post_manual", view, lambda half: {"post": "agent"}, company=True),
        Row("post_manual_pdf", view, lambda half: {"post": "agent"}, company=True),
        Row("drafts", view, home=True), Row("compare_versions", view, home=True),
        Row("start_draft", "regulation.start_draft", body=_begun, unseen=SEEN),
        *(Row(name, view, reviewed) for name in reads),
        *(Row(name, f"regulation.{name}", reviewed, body=form(why="x")) for name in moves),
        Row("withdraw_version", "regulation.withdraw_version", later, body=form(why="x")),
        Row("set_figure", "regulation.set_figure", with_it(key="sla.arrival"), body=form(why="x")),
        Row("write_clause", "regulation.write_clause", with_it(number="3.1"), body=form(why="x")),
        Row("remove_clause", "regulation.remove_clause", with_it(number="3.1"), body=form(why="x")),
        Row("comment_on_this_clause", "regulation.comment_on_clause", with_it(number="3.1"), body=form(text="x")),
        Row("settle_comment", "regulation.settle_comment", lambda half: {
            "uid": half.things["reviewed"].uid, "comment": half.things["comment"].uid,
        }, body=form(taken_up="yes", answer="x")),
        Row("remark_on_clause", "uptake.remark_on_clause", with_it(number="3.1"), body=form(kind="remark", text="x")),
        Row("record_session", "uptake.record_session", reviewed, body=_session),
        Row("version_quiz", "regulation.view_drafts", reviewed),
        Row("add_question", "regulation.add_question", reviewed, body=form(why="x")),
        Row("write_question", "regulation.write_question", with_it(code="first-call"), body=form(why="x")),
        Row("remove_question", "regulation.remove_question", with_it(code="first-call"), body=form(why="x")),
        Row("move_question", "regulation.move_question", with_it(code="first-call"), body=form(place=1, why="x")),
        Row("group_people", "regulation.name_working_group", reviewed, searches=("?find={mark}",)),
        Row("undo_change", "regulation.set_figure", lambda half: {
            "uid": half.things["reviewed"].uid, "change": half.things["change"].pk,
        }, body=form(why="x")),
    )  # fmt: skip


REGULATION = (
    Row("regulation", "regulation.view", home=True),
    Row("regulation_process", "regulation.view", lambda half: {"order_type": "repair"}, company=True),
    Row("compliance", "kpi.view_compliance", home=True),
    Row("compliance_cases", "kpi.view_compliance", lambda half: {"number": "3.1"}, company=True),
    Row("regulation_presets", "regulation.view", company=True),
    Row("regulation_preset", "regulation.view", lambda half: {"code": "r1"}, company=True),
    Row("personal_data", "privacy.view_person", searches=("?q={mark}", "?q={phone}")),
    Row("retention", "privacy.view_person", company=True),
    Row("personal_data_of", "privacy.view_person", lambda half: {"kind": "customer", "uid": half.company.customer.uid}),
    Row("export_person", "privacy.export_person", lambda half: {"kind": "customer", "uid": half.company.customer.uid}, body=plain),
    Row("person_export", "privacy.export_person", known("person_export")),
    Row("exports"), Row("export_lists", "trace.export_lists", gets=False, company=True, body=lambda half: {"of": "/nothing/", "format": "csv"}),
    Row("export_file", thing=known("export")),
    Row("cancel_export", "trace.cancel_export", known("export"), body=plain),
    Row("export_evidence", "trace.export_evidence", ORDER, body=form(language="en")),
    Row("refused", "trace.view_refused", searches=("?q={number}", "?q={mark}")),
    Row("dashboard", "kpi.view_indicators", home=True),
    Row("today", "orders.book_visit", searches=("?region={mark}-r",)),
    Row("indicator", "kpi.view_indicators", lambda half: {"code": "first_fix"}, company=True),
    Row("indicator_orders", "kpi.view_indicators", lambda half: {"code": "wait"}, company=True),
    Row("indicator_people", "kpi.rank_people", lambda half: {"code": "wait"}, company=True),
    Row("regulation_adopt", "regulation.adopt_preset", body=_adopted, unseen=SEEN),
    Row("regulation_version", "regulation.view", known("version"), home=True),
    Row("regulation_amend", "regulation.amend_version", lambda half: {
        "uid": half.things["version"].uid, "key": "sla.first_response",
    }, body=plain),
    *_versions(),
    Row("learn", "uptake.acknowledge_version", home=True),
    Row("learn_version", "uptake.acknowledge_version", known("reading")),
    Row("take_quiz", "uptake.take_quiz", known("reading"), body=plain),
    Row("attempt", "uptake.take_quiz", lambda half: {"uid": half.things["reading"].uid, "number": 1}),
    Row("acknowledge_version", "uptake.acknowledge_version", known("reading"), body=plain),
    Row("remarks", "uptake.remark_on_clause", searches=("?q={mark}", "?tab=settled", "?tab=mine")),
    Row("remark", "uptake.remark_on_clause", known("remark")),
    Row("reply_to_remark", "uptake.reply_to_remark", known("remark"), body=form(text="x")),
    Row("settle_remark", "uptake.settle_remark", known("remark"), body=form(text="x")),
    Row("reviews", "uptake.view_reviews", company=True),
    Row("review", "uptake.view_reviews", known("review"), company=True),
    Row("decide_on_clause", "uptake.decide_on_clause", lambda half: {
        "uid": half.things["review"].uid, "number": "3.1",
    }, company=True),
    Row("close_review", "uptake.close_review", known("review"), company=True),
    Row("sessions", "uptake.acknowledge_version"),
    Row("readings", "uptake.view_readings", searches=("?tab=all&q={mark}", "?tab=all&region={mark}-r", "?tab=overdue")),
    Row("escalations", "orders.view", searches=("?tab=all",)),
    Row("acknowledge", "sla.acknowledge", known("call"), body=plain),
    Row("clocks_set_aside", "sla.retry_clock"),
    Row("retry_clock", "sla.retry_clock", known("clock", "key"), body=plain),
    Row("roster", "sla.view_roster"),
    Row("set_duty", "sla.set_duty", body=_duty, unseen=SEEN),
    Row("remove_duty", "sla.remove_duty", known("on_duty"), body=plain, unseen=SEEN),
    Row("calendar", "regulation.view", company=True),
    Row("calendar_year", "regulation.view", lambda half: {"year": 2026}, company=True),
    Row("confirm_year", "sla.confirm_year", lambda half: {"year": 2026}, company=True),
    Row("set_calendar_day", "sla.set_calendar_day", company=True),
)  # fmt: skip
NOTICES = (
    Row("inbox", searches=("?tab=all",)),
    Row("mark_all_read", "notify.mark_read"),
    Row("mark_read", "notify.mark_read", known("page"), gets=False, body=plain, unseen=(NOT_THERE, 204)),
    Row("deliveries", "notify.view_failures", searches=("?q={number}", "?q=contact@{mark}.example.com")),
    Row("delivery", "notify.view_failures", known("notice")),
    Row("resend", "notify.resend", known("notice"), body=plain),
    Row("failures", "notify.view_failures"),
    Row("retry_job", "notify.retry_job", lambda half: {"key": 1}, company=True, found=False),
    Row("duties", searches=("?tab=all", "?tab=done", "?tab=region")),
    Row("resolve_recovery", "feedback.resolve_recovery", known("duty"), body=form(outcome="content", words="x")),
)  # fmt: skip
CHANNEL = lambda half: {"medium": "wecom"}  # noqa: E731 - the company's, not a region's
CHANNELS = (
    Row("channels", "notify.view_channels", company=True), Row("channel", "notify.view_channels", CHANNEL, company=True),
    Row("set_up_channel", "notify.set_up_channel", CHANNEL, company=True),
    Row("test_channel", "notify.test_channel", CHANNEL, company=True),
    Row("choose_channels", "notify.choose_channels", body=plain, unseen=(NOT_THERE, 204)),
    Row("set_person_addresses", "notify.set_person_addresses", PERSON, body=form(wecom="x")),
    Row("set_contact_address", "notify.set_contact_address", CONTACT, body=form(wechat="x")),
)  # fmt: skip
SET_UP = (
    Row("set_up", "accounts.set_up"),
    Row("set_up_later", "accounts.set_up", gets=False, company=True, body=form(step="mail")),
)
HOOKED, SENT = known("hook"), known("hook_delivery")


def _target(half: Half) -> Mapping[str, object]:
    return {
        "key": key(), "url": "https://example.com/", "purpose": "x", "of_orders": ["orders.opened"],
        "regions": [half.region.pk],
    }  # fmt: skip


HOOKS = (
    Row("hooks", "hooks.view_targets"), Row("hook_log", "hooks.view_targets"),
    Row("add_target", "hooks.add_target", body=_target, unseen=SEEN),
    Row("hook", "hooks.view_targets", HOOKED), Row("change_target", "hooks.change_target", HOOKED, body=_target),
    Row("renew_secret", "hooks.renew_secret", HOOKED, body=plain),
    Row("send_test", "hooks.send_test", HOOKED, body=plain),
    Row("repeat_deliveries", "hooks.repeat_deliveries", HOOKED,
        body=form(from_at="2026-01-01T00:00", until_at="2026-01-02T00:00")),
    Row("switch_target_off", "hooks.switch_target_off", HOOKED, body=plain),
    Row("switch_target_on", "hooks.switch_target_on", HOOKED, body=plain),
    Row("hook_delivery", "hooks.view_targets", SENT), Row("repeat_delivery", "hooks.repeat_delivery", SENT, body=plain),
)  # fmt: skip
MAILBOX, MAIL = known("mailbox"), known("mail")


def _mailbox(half: Half) -> Mapping[str, object]:
    return {
        "key": key(), "address": "x@example.com", "host": "imap.example.com", "port": 993, "security": "tls", "login": "x",
        "password": "x", "folder": "INBOX", "region_id": half.region.pk, "order_type": "repair", "strangers": "aside",
        "most_an_hour": 20,
    }  # fmt: skip


MAILS = (
    Row("mails", "mail.view_mails", searches=("?tab=taken", "?reason=stranger")), Row("mail", "mail.view_mails", MAIL),
    Row("take_mail_in", "mail.take_mail_in", MAIL, body=plain), Row("dismiss_mail", "mail.dismiss_mail", MAIL, body=plain),
    Row("mailboxes", "mail.view_mailboxes"), Row("mailbox", "mail.view_mailboxes", MAILBOX),
    Row("add_mailbox", "mail.add_mailbox", body=_mailbox, unseen=SEEN),
    Row("change_mailbox", "mail.change_mailbox", MAILBOX, body=_mailbox),
    Row("try_mailbox", "mail.try_mailbox", MAILBOX, body=plain),
    Row("switch_mailbox_off", "mail.switch_mailbox_off", MAILBOX, body=plain),
    Row("switch_mailbox_on", "mail.switch_mailbox_on", MAILBOX, body=plain),
    Row("reply_by_mail", "mail.reply_by_mail", ORDER, body=form(text="x")),
)  # fmt: skip
ACCOUNTS = (
    Row("accounts", "accounts.view_posts", searches=("?q={mark}", "?region={mark}-r", "?tab=closed", "?q={phone}")),
    Row("add_person", "accounts.add_person", body=_person, unseen=SEEN),
    Row("person", "accounts.view_posts", PERSON),
    Row("change_person", "accounts.change_person", PERSON, body=_person),
    Row("retire_person", "accounts.retire_person", PERSON, body=plain),
    Row("erase_person", "accounts.erase_person", PERSON, body=form(sure="on")),
    Row("issue_token", "accounts.issue_token", PERSON, body=form(label="x", lasts=30, bundles=["read"])),
    Row("make_password_link", "accounts.make_password_link", PERSON, body=plain),
    Row("revoke_token", "accounts.revoke_token", known("token", "pk"), body=plain),
    Row("services", "accounts.view_posts", searches=("?tab=closed",)),
    Row("add_service", "accounts.add_service", body=form(name="x", posts=["agent"]), unseen=SEEN),
    Row("service", "accounts.view_posts", known("service")),
    Row("change_service", "accounts.change_service", known("service"), body=form(name="x", posts=["agent"])),
    Row("suspend_service", "accounts.suspend_service", known("service"), body=plain),
    Row("resume_service", "accounts.resume_service", known("service"), body=plain),
    Row("retire_service", "accounts.retire_service", known("service"), body=plain),
    Row("add_client", "accounts.add_client", known("service"), body=form(label="x", bundles=["read"])),
    Row("add_client_secret", "accounts.add_client_secret", known("client", "pk"), body=plain),
    Row("revoke_client", "accounts.revoke_client", known("client", "pk"), body=plain),
    Row("revoke_client_secret", "accounts.revoke_client_secret", known("secret", "pk"), body=plain),
    Row("posts", "accounts.view_posts", company=True),
    Row("change_post", "accounts.change_post", lambda half: {"code": "agent"}, company=True),
    Row("places", "accounts.view_posts"),
    Row("add_region", "accounts.add_region", company=True),
    Row("change_region", "accounts.change_region", lambda half: {"code": half.region.code}, body=plain),
    Row("add_outlet", "accounts.add_outlet", body=_outlet, unseen=SEEN, searches=("?region={mark}-r",)),
    Row("change_outlet", "accounts.change_outlet", lambda half: {"code": half.outlet.code}, body=plain),
    Row("my_account"),
    Row("my_email", "accounts.change_own_email"),
)  # fmt: skip
CONSOLE: tuple[Row, ...] = (
    *DESK, *ORDER_VERBS, *ORDER_LINKS, *WORKFORCE, *CUSTOMERS, *CONTRACTS, *EQUIPMENT, *_catalogue(), *REGULATION, *NOTICES, *CHANNELS, *HOOKS,
    *MAILS, *ACCOUNTS, *SET_UP,
)  # fmt: skip
# Asked without a login: these tell nothing of anybody.
OPEN = (
    "healthz", "readyz", "metrics", "set_language", "openapi-json", "openapi-view", "api-root",
    "token", "revoke", "metadata", "sso_login", "sso_callback",
)  # fmt: skip
LOGIN = (
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code", "mfa_authenticate",
)  # fmt: skip
ONES_OWN = (
    "account_reauthenticate", "account_email", "account_change_password", "account_set_password", "mfa_index",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
)  # fmt: skip
