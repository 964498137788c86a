"""What a person agreed to is kept by use, with when, how and which wording; and who declines is not written to."""

from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from anxiu.accounts.actions import issue_token
from anxiu.accounts.models import Person
from anxiu.customers.actions import state_consent
from anxiu.customers.choices import ConsentMeans, Use
from anxiu.customers.messages import WORDINGS
from anxiu.customers.models import Consent
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid, NotAllowed
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.notify.choices import Kind
from anxiu.notify.models import Notice
from anxiu.orders.actions import answer_consent, open_order
from anxiu.orders.actions.intake import Opened
from anxiu.orders.models import Order
from tests.given.assets import acting
from tests.given.orders import MONDAY, Walk, a_company, react_all

pytestmark = pytest.mark.django_db
NEWS = {Kind.VISIT_CONFIRMED, Kind.DEPARTED, Kind.ARRIVED}


def in_english(use: Use) -> str:
    with translation.override("en"):
        return str(WORDINGS[use].words)


def reported(company) -> Opened:
    with moved_to(MONDAY):
        return open_order(actor=company.agent, at=MONDAY, report=company.report())


def told(company, order) -> set[str]:
    """What the customer of an order is written, from booking to the signature."""
    walk = Walk(company, order)
    walk.to("signed")
    with moved_to(walk.at):
        while react_all():
            pass
    return set(Notice.objects.filter(person=None, subject_id=order.pk).values_list("kind", flat=True))


@pytest.mark.requirement("SAF-04")
def test_who_was_never_asked_is_written_to_and_who_declined_is_not():
    company = a_company()
    usual = told(company, reported(company).order)
    assert NEWS | {Kind.RECEIPT, Kind.RATING_REQUEST, Kind.SIGN_REQUEST} <= usual
    said = {Use.PROGRESS: False, Use.SURVEY: False}
    state_consent(actor=company.agent, at=MONDAY, contact_id=company.contact.pk, said=said, means=ConsentMeans.PHONE)
    assert told(company, reported(company).order) == usual - NEWS - {Kind.RATING_REQUEST}
    state_consent(
        actor=company.agent, at=MONDAY, contact_id=company.contact.pk, said={Use.SURVEY: True}, means=ConsentMeans.MAIL
    )
    assert told(company, reported(company).order) == usual - NEWS


@pytest.mark.requirement("SAF-04")
def test_the_order_page_asks_and_what_is_said_there_is_kept_and_obeyed():
    company = a_company()
    opened = reported(company)
    client = Client(headers={"accept-language": "zh-hans"})
    page = reverse("track", args=[opened.tracking_secret])
    ticks = reverse("track_consent", args=[opened.tracking_secret])
    with moved_to(MONDAY):
        shown = client.get(page).content.decode()
        assert ("服务结束后可以邀请我评价" in shown, ticks in shown) == (True, True)
        for key in ("k" * 32, "k" * 32, "l" * 32):  # sent twice, and said again
            assert client.post(ticks, {"key": key, "progress": "on"}).status_code == 302
        shown = client.get(page).content.decode()
    rows = list(Consent.objects.order_by("id").values_list("subject_kind", "use", "given", "means", "wording"))
    assert rows == [("contact", "progress", True, "link", 1), ("contact", "survey", False, "link", 1)]
    kinds = EventRow.objects.filter(kind__startswith="customers.consent_").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["customers.consent_given", "customers.consent_declined"]
    assert 'name="survey" id="ConsentForm_survey" checked' not in shown
    assert Kind.RATING_REQUEST not in told(company, opened.order)


@pytest.mark.requirement("SAF-04")
def test_the_report_form_keeps_what_was_ticked_with_its_wording():
    company = a_company()
    client = Client(headers={"accept-language": "en"})
    form = {
        "key": "f" * 32, "words": "It stands still", "caller_name": "Ann", "caller_phone": "13812345678", "website": "",
        "fault": "other",
    }  # fmt: skip
    with moved_to(MONDAY):
        there = reverse("report_by_label", args=[company.machine.label_code])
        assert in_english(Use.HANDLING) in client.get(there).content.decode()
        assert client.post(there, form).status_code == 422  # without the first no report is taken
        assert client.post(there, {**form, "consent": "on"}).status_code in (302, 303)
    order = Order.objects.get()
    rows = Consent.objects.filter(subject_kind="order", subject_id=order.pk).order_by("id")
    assert list(rows.values_list("use", "given", "means", "wording")) == [
        ("handling", True, "form", 1), ("survey", False, "form", 1)
    ]  # fmt: skip


@pytest.mark.requirement("SAF-04")
def test_an_agent_notes_it_on_the_contact_and_everybody_reads_when_how_and_by_whom():
    company = a_company()
    agent = Person.objects.get(pk=company.agent.id)
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    dialog = reverse("state_consent", args=[company.contact.uid])
    assert in_english(Use.PROGRESS) in client.get(dialog).content.decode()
    assert client.post(dialog, {"key": "k", "survey": "no", "means": "phone"}).status_code == 204
    card = client.get(reverse("customer", args=[company.customer.uid])).content.decode()
    assert "Declined:" in card
    assert "Consent declined or withdrawn: Being asked how it was" in card
    administrator = Person.objects.get(pk=acting("administrator").id)
    client.force_login(administrator)
    page = client.get(reverse("personal_data_of", args=["contact", company.contact.uid])).content.decode()
    for words in ("Being asked how it was", "By phone", agent.name, "wording 1"):
        assert words in page
    secret = issue_token(actor=SYSTEM, at=MONDAY, person_id=agent.pk, label="x")[1]
    program = Client(headers={"authorization": f"Bearer {secret}"})
    there = f"/api/v1/contacts/{company.contact.uid}"
    answer = program.get(f"{there}/consents").json()
    assert [(each["use"], each["given"], each["means"], each["wording"]) for each in answer["items"]] == [("survey", False, "phone", 1)]
    changed = program.post(
        f"{there}/actions/state_consent", '{"survey": true, "means": "mail"}', "application/json",
        headers={"Idempotency-Key": "k1"},
    )  # fmt: skip
    assert [(each["use"], each["given"]) for each in changed.json()["items"]] == [("survey", True)]


def test_only_those_who_may_and_only_what_is_theirs_to_choose():
    company = a_company()
    given = {"at": MONDAY, "contact_id": company.contact.pk, "means": ConsentMeans.PHONE}
    with pytest.raises(NotAllowed):
        state_consent(actor=acting("finance"), said={Use.SURVEY: False}, **given)
    for said in ({}, {Use.HANDLING: False}):
        with pytest.raises(Invalid):
            state_consent(actor=company.agent, said=said, **given)


def test_other_words_are_another_version():
    """Whoever changes a wording counts its version up and pins it here: what was answered must stay known."""
    pinned = {
        (Use.HANDLING, 1): "6682edc32c5157bb", (Use.PROGRESS, 1): "c91d99e5443340cf",
        (Use.SURVEY, 1): "bc7da81b5a0ef821",
    }  # fmt: skip
    said = {}
    for use, wording in WORDINGS.items():
        words = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                words.append(str(wording.words))
        said[use, wording.version] = sha256("\n".join(words).encode()).hexdigest()[:16]
    assert said == pinned


def test_only_a_link_of_the_order_answers_for_its_customer():
    company = a_company()
    made = reported(company).order
    with pytest.raises(NotAllowed):
        answer_consent(actor=company.agent, at=MONDAY, order_uid=made.uid, said={Use.SURVEY: False})
    with pytest.raises(Invalid):
        answer_consent(actor=SYSTEM, at=MONDAY, order_uid=made.uid, said={})
    with pytest.raises(Invalid):
        answer_consent(actor=SYSTEM, at=MONDAY, order_uid=made.uid, said={Use.HANDLING: False})
    [kept] = answer_consent(actor=SYSTEM, at=MONDAY, order_uid=made.uid, said={Use.SURVEY: False})
    assert (kept.means, answer_consent(actor=SYSTEM, at=MONDAY, order_uid=made.uid, said={Use.SURVEY: False})) == (
        ConsentMeans.LINK, [],
    )  # fmt: skip
