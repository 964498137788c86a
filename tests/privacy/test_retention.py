"""What is held about persons is kept as long as the regulation says, and no longer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.actions import issue_token
from anxiu.accounts.models import Link
from anxiu.files.actions import lift_hold, set_hold
from anxiu.files.models import Attachment, Blob
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.models import Access, EventRow
from anxiu.kernel.time import moved_to
from anxiu.notify.models import Notice
from anxiu.orders import actions
from anxiu.orders.models import Entry, Guarantee, Order, Request, SignOff, Visit
from anxiu.privacy.actions import keep_within, keeping
from anxiu.privacy.choices import Data
from anxiu.privacy.models import RetentionRun
from anxiu.privacy.tasks import keep
from anxiu.trace.verify import verify
from tests.given.assets import a_person
from tests.given.orders import MONDAY, PLACE, Walk, a_company, a_picture, opened, react_all
from tests.given.regulated import regulated
from tests.kernel.conftest import dumped

pytestmark = pytest.mark.django_db
AFTER = MONDAY + timedelta(days=35)  # the guarantee of thirty days is over
STRANGER = "Quillfeather"
# Those that another one takes along come before it.
FIGURES = [Data.PLACES, Data.MEDIA, Data.NOTICES, Data.LINKS, Data.ACCESSES, Data.CALLERS, Data.ORDERS]
LONG = {"privacy__keep_places": "100 d", "privacy__keep_mails": "100 d"}
SHORT = {f"privacy__keep_{each}": "10 d" for each in Data if each is not Data.REFUSED}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Storage in a folder of this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": str(tmp_path / "media")}
        },
    }  # fmt: skip


@pytest.fixture
def company():
    """A company with an archived order that had photos and places, and a stranger who called and thought better of it."""
    made = a_company()
    walk = Walk(made, opened(made))
    walk.to("archived")
    report = made.report(
        machine_id=None, contact_id=None, fault_class_id=None, region_id=made.region.pk, words=f"{STRANGER} 家停机",
        caller_name=STRANGER, caller_email="stranger@example.com", media=(replace(a_picture("tomato"), place=PLACE),),
    )  # fmt: skip
    with moved_to(walk.at):
        order = actions.open_order(actor=made.agent, at=walk.at, report=report).order
        actions.cancel(actor=made.agent, at=walk.at, order_uid=order.uid, reason="customer_withdrew", note="不修了")
        while react_all():
            pass
        note_access(made.agent, AccessKind.DETAIL, "order", [order.pk], walk.at)
    Notice.objects.update(next_at=None, state="sent", sent_at=walk.at)
    Link.objects.update(expires_at=walk.at)
    return made


@pytest.mark.requirement("SAF-04")
def test_each_class_is_let_go_when_its_own_figure_says_so(company):
    at = AFTER
    with moved_to(at):
        regulated(at, **LONG)
        assert not any(keep_within(at).values())  # by the default nothing is so old
    for data in FIGURES:
        at += timedelta(minutes=1)
        with moved_to(at):
            regulated(at, **{**LONG, f"privacy__keep_{data}": "10 d"})
            done = keep_within(at)
            assert {each for each, count in done.items() if count} == {data}, data
            assert not any(keep_within(at).values())


@pytest.mark.requirement("SAF-04")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_the_person_and_the_chain_verifies(company):
    assert STRANGER.encode() in dumped()
    arrived = Visit.objects.get()
    with moved_to(AFTER):
        regulated(AFTER, **SHORT)
        assert keep(0) > 0
    left = dumped().splitlines()
    for each in (STRANGER, STRANGER.lower(), "stranger@example.com", str(PLACE.latitude)):
        found = [line[:200] for line in left if each.encode() in line]
        assert [line for line in found if b"customers_site" not in line] == []
    assert set(Request.objects.values_list("words", "caller_name", "caller_phone")) == {("", "", "")}
    assert set(SignOff.objects.values_list("signer", "latitude", "document")) == {("", None, "")}
    assert set(Notice.objects.values_list("body", "address")) == {("", "")}
    assert not Access.objects.exists()
    assert not Link.objects.exists()
    assert not Attachment.objects.exclude(latitude=None).exists()
    assert not Blob.objects.filter(erased_at=None).exists()
    # What was found and done is still there, and what proves it.
    order, visit = Order.objects.get(number__isnull=False, engineer__isnull=False), Visit.objects.get()
    assert (order.cause, visit.arrived_at, visit.arrival_distance_metres) == (
        "皮带老化", arrived.arrived_at, arrived.arrival_distance_metres
    )  # fmt: skip
    assert Entry.objects.filter(order=order, text="门机电流", latitude=None).exists()
    told = EventRow.objects.filter(kind="privacy.let_go")
    assert told.filter(subject_kind="order", subject_id=order.pk, body__contains="privacy.keep_orders").exists()
    with moved_to(AFTER):
        react_all()
    verify(witnessed={})


@pytest.mark.requirement("SAF-04")
def test_what_is_open_promised_or_in_dispute_is_held_back(company):
    soon = MONDAY + timedelta(days=20)
    guarantee = Guarantee.objects.get()
    assert guarantee.until_date > soon.date()
    still = opened(company, at=MONDAY, media=(replace(a_picture("olive"), place=PLACE),))

    def held() -> dict[str, int]:
        return {each.data: each.left for each in RetentionRun.objects.order_by("id") if each.left}

    with moved_to(soon):
        regulated(soon, **SHORT)
        done = keep_within(soon)
    assert done[Data.CALLERS] == 1  # nothing holds the stranger's
    assert held() == {Data.PLACES: 8, Data.MEDIA: 2, Data.ORDERS: 1}
    order = guarantee.order
    with moved_to(AFTER):
        set_hold(actor=company.management, at=AFTER, subject=Subject("order", order.pk))
        assert keep_within(AFTER)[Data.ORDERS] == 0
        lift_hold(actor=company.management, at=AFTER, subject=Subject("order", order.pk))
        assert keep_within(AFTER)[Data.ORDERS] == 1
    still.refresh_from_db()
    assert (still.request.words, Attachment.objects.get(subject_id=still.pk).latitude) != ("", None)


def test_a_killed_run_keeps_what_it_did_and_the_next_goes_on(company, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 1)
    rows, seen = Notice.objects.count(), []
    assert rows > 3
    [part] = keeping.PARTS[Data.NOTICES]

    def killed(keys, at):
        if len(seen) == 2:
            raise SystemExit
        seen.append(keys)
        return part.let_go(keys, at)

    monkeypatch.setattr(keeping, "PARTS", {Data.NOTICES: (replace(part, let_go=killed),)})
    with moved_to(AFTER):
        regulated(AFTER, **SHORT)
        with pytest.raises(SystemExit):
            keep_within(AFTER)
        run = RetentionRun.objects.get()
        assert (run.count, run.ended_at, Notice.objects.filter(body="").count()) == (2, None, 2)
        monkeypatch.setattr(keeping, "PARTS", {Data.NOTICES: (part,)})
        assert keep_within(AFTER) == {Data.NOTICES: rows - 2}
        assert keep_within(AFTER) == {Data.NOTICES: 0}


def test_what_waits_to_be_sent_is_not_blanked(company):
    waiting = Notice.objects.exclude(medium="inapp").update(state="held", sent_at=None)
    with moved_to(AFTER):
        regulated(AFTER, **LONG, privacy__keep_notices="10 d")
        keep_within(AFTER)
    assert Notice.objects.exclude(body="").count() == waiting > 0


@pytest.mark.requirement("SAF-04")
def test_the_page_shows_figure_clause_and_last_run_and_the_api_says_the_same(company):
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_person("administrator"))
    with moved_to(MONDAY):
        regulated(MONDAY, privacy__keep_media="77 d")
        RetentionRun.objects.create(data=Data.MEDIA, at=MONDAY, ended_at=MONDAY, count=4711, left=815)
        page = client.get(reverse("retention")).content.decode()
        late = "more than a day"
        assert late not in page
    for words in ("77 days", "10.3 Times of keeping", "1.6 Refused attempts", "4711", "815", "#k10.3"):
        assert words in page
    with moved_to(MONDAY + timedelta(days=2)):
        assert late in client.get(reverse("retention")).content.decode()
        secret = issue_token(actor=SYSTEM, at=MONDAY, person_id=a_person("administrator").pk, label="x")[1]
        program = Client(headers={"authorization": f"Bearer {secret}"})
        answer = program.get("/api/v1/personal-data/retention").json()
    assert [each for each in answer if each["data"] == "media"] == [{
        "data": "media", "value_key": "privacy.keep_media", "kept_seconds": 77 * 86400, "let_go": 4711,
        "held_back": 815, "by_hand": 0, "ran_at": "2026-05-11T01:00:00Z", "ended_at": "2026-05-11T01:00:00Z",
    }]  # fmt: skip
    client.force_login(a_person("agent"))
    assert client.get(reverse("retention")).status_code == 403
