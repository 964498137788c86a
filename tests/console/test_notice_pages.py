"""Pages of notices, deliveries, failures and to-dos: seen and used by whoever may, refused to others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import resolve, reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Person
from anxiu.duties.models import Duty
from anxiu.feedback.actions import rate
from anxiu.kernel.models import Access, Cursor, EventRow
from anxiu.kernel.time import moved_to
from anxiu.notify.choices import Kind, Medium, Reason, State
from anxiu.notify.links import PATHS
from anxiu.notify.models import Notice
from anxiu.orders import actions as orders
from tests.given.assets import a_person, a_region
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all

pytestmark = pytest.mark.django_db
AT = MONDAY + timedelta(hours=4)


@pytest.fixture(autouse=True)
def _here(settings):
    settings.EMAIL_HOST = ""
    with moved_to(AT):
        yield


@pytest.fixture
def company():
    return a_company()


@pytest.fixture
def as_(client):
    def login(person):
        client.force_login(Person.objects.get(pk=getattr(person, "id", person)))
        return client

    return login


def asked(company):
    """An order whose owner was asked a question."""
    order = opened(company)
    orders.ask_question(actor=company.supervisor, at=AT, order_uid=order.uid, text="几点能到？")
    react_all()
    return order


def failed_receipt():
    Notice.objects.filter(kind=Kind.RECEIPT).update(state=State.FAILED, reason=Reason.BAD_ADDRESS, error="550 no such user")
    return Notice.objects.get(kind=Kind.RECEIPT)


# ---- one's own -------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("PF-03")
def test_a_person_reads_their_notices_and_marks_one_as_read(company, as_):
    order = asked(company)
    client = as_(company.agent)
    page = client.get(reverse("inbox")).content.decode()
    assert "客户就工单" in page
    assert f'data-live="person.{company.agent.id}"' in page
    assert "x-dot" in page
    notice = Notice.objects.get(kind=Kind.QUESTION, medium=Medium.INAPP)
    answer = client.post(f"{reverse('mark_read', args=[notice.uid])}?go=1")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("order", args=[order.uid]))
    assert "客户就工单" not in client.get(reverse("inbox")).content.decode()
    assert "客户就工单" in client.get(reverse("inbox"), {"tab": "all"}).content.decode()


def test_all_are_marked_as_read_at_once(company, as_):
    asked(company)
    client = as_(company.agent)
    assert client.get(reverse("mark_all_read")).status_code == 200
    assert client.post(reverse("mark_all_read"), {"key": "k"}).status_code == 204
    assert not Notice.objects.filter(person=company.agent.id, read_at=None, medium=Medium.INAPP).exists()


def test_reading_changes_nothing_by_get_and_nobody_marks_anothers(company, as_):
    asked(company)
    notice = Notice.objects.get(kind=Kind.QUESTION, medium=Medium.INAPP)
    assert as_(company.agent).get(reverse("mark_read", args=[notice.uid])).status_code == 405
    as_(company.dispatcher).post(reverse("mark_read", args=[notice.uid]))
    notice.refresh_from_db()
    assert notice.read_at is None


# ---- what was sent ---------------------------------------------------------------------------------------------------
@pytest.mark.requirement("PF-03")
def test_the_delivery_log_lists_and_filters_what_was_sent(company, as_):
    order = asked(company)
    client = as_(company.supervisor)
    page = client.get(reverse("deliveries")).content.decode()
    assert "受理回执" in page
    assert "wang@example.com" not in page  # masked
    assert "w***@example.com" in page
    assert "客户提问" not in client.get(reverse("deliveries"), {"medium": "email"}).content.decode().split("<tbody>")[1]
    assert "受理回执" in client.get(reverse("deliveries"), {"q": order.number}).content.decode().split("<tbody>")[1]
    assert "<tbody>" not in client.get(reverse("deliveries"), {"state": "failed"}).content.decode()


def test_a_delivery_shows_its_text_without_secrets_and_leaves_a_trace(company, as_):
    asked(company)
    notice = Notice.objects.get(kind=Kind.RECEIPT)
    assert "/p/t/…/" not in notice.body
    page = as_(company.supervisor).get(reverse("delivery", args=[notice.uid])).content.decode()
    assert "/p/t/…/" in page
    assert Access.objects.filter(subject_kind="notice", subject_ids=[notice.pk]).count() == 1


@pytest.mark.parametrize("name", ["deliveries", "failures"])
def test_agents_and_other_regions_do_not_see_deliveries(company, as_, name):
    asked(company)
    assert as_(company.agent).get(reverse(name)).status_code == 403
    other = as_(a_person("supervisor", a_region()))
    assert "受理回执</a>" not in other.get(reverse(name)).content.decode()


# ---- what went wrong -------------------------------------------------------------------------------------------------
@pytest.mark.requirement("PF-03")
def test_the_failures_page_lists_what_waits_and_what_failed(company, as_):
    asked(company)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status, attempts) values"
            " ('react', 'kernel.react', '{\"name\": \"drill\", \"position\": 7}', 'failed', 4)"
        )
    Cursor.objects.update_or_create(name="drill.rows", defaults={"failed_at": AT, "error": "KeyError('x')"})
    page = as_(a_person("administrator").pk).get(reverse("failures")).content.decode()
    for text in ("尚未配置邮件服务器", "受理回执", "drill.rows", "KeyError", "kernel.react"):
        assert text in page


def test_a_failed_job_is_run_again_by_an_administrator_only(company, as_):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status, attempts) values"
            " ('react', 'kernel.react', '{}', 'failed', 4) returning id"
        )
        [key] = cursor.fetchone()
    url = reverse("retry_job", args=[key])
    assert as_(company.supervisor).post(url, {"key": "a"}).status_code == 403
    client = as_(a_person("administrator").pk)
    assert client.post(url, {"key": "b"}).status_code == 204
    assert ProcrastinateJob.objects.get(pk=key).status == "todo"
    assert EventRow.objects.filter(kind="notify.job_retried", subject_id=key).count() == 1
    assert client.post(url, {"key": "c"}).status_code == 422


def test_a_failed_notice_is_sent_again_from_the_page(company, as_, settings):
    asked(company)
    notice = failed_receipt()
    client = as_(company.supervisor)
    url = reverse("resend", args=[notice.uid])
    assert client.post(url, {"key": "a"}).status_code == 422  # no server yet
    settings.EMAIL_HOST = "127.0.0.1"
    assert "w***@example.com" in client.get(url).content.decode()
    assert client.post(url, {"key": "b"}).status_code == 204
    notice.refresh_from_db()
    assert notice.state == State.QUEUED
    assert as_(company.agent).post(url, {"key": "c"}).status_code == 403


# ---- to-dos ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def recovery(company):
    walk = Walk(company, opened(company))
    walk.to("signed")
    rate(actor=company.agent, at=AT, order_uid=walk.order.uid, score=2, words="没修好")
    while react_all():
        pass
    return Duty.objects.get()


@pytest.mark.requirement("FB-06")
def test_an_owner_sees_the_recovery_and_closes_it_from_the_page(company, recovery, as_):
    client = as_(company.agent)
    page = client.get(reverse("duties")).content.decode()
    assert "低分补救" in page
    assert "没修好" in page
    url = reverse("resolve_recovery", args=[recovery.uid])
    assert "2 / 5" in client.get(url).content.decode()
    assert client.post(url, {"key": "a", "outcome": "content", "words": ""}).status_code == 422
    assert client.post(url, {"key": "b", "outcome": "content", "words": "已重修"}).status_code == 204
    assert "低分补救" not in client.get(reverse("duties")).content.decode()
    assert "客户已满意" in client.get(reverse("duties"), {"tab": "done"}).content.decode()


def test_an_engineer_sees_no_recovery_of_others(company, recovery, as_):
    client = as_(company.hands)
    assert "低分补救" not in client.get(reverse("duties"), {"tab": "all"}).content.decode()
    assert client.get(reverse("resolve_recovery", args=[recovery.uid])).status_code == 403


# ---- addresses in notices --------------------------------------------------------------------------------------------
def test_links_in_notices_lead_to_the_customers_pages():
    names = {purpose: resolve(path.format("x")).url_name for purpose, path in PATHS.items()}
    assert names == {
        LinkPurpose.TRACK: "track", LinkPurpose.SIGN: "sign", LinkPurpose.RATE: "rate", LinkPurpose.DOCUMENT: "document",
    }  # fmt: skip


def test_links_in_staff_notices_lead_to_the_order(company):
    order = asked(company)
    body = Notice.objects.get(kind=Kind.QUESTION, medium=Medium.INAPP).body
    assert reverse("order", args=[order.uid]) in body
