"""Notices over HTTP: one's own, what was written to whom, what went wrong."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.accounts.queries import actor_of
from anxiu.kernel.models import Cursor
from anxiu.kernel.time import now
from anxiu.notify.choices import Medium, State
from anxiu.notify.models import Notice
from tests.given.asking import refused, twice
from tests.given.assets import a_region, acting
from tests.given.orders import Walk, opened, react_all


@pytest.fixture
def told(company, settings):
    """An order somebody was told about, and a receipt to the customer that waits for a mail server."""
    settings.EMAIL_HOST = ""
    at = now() - timedelta(hours=1)
    order = Walk(company, opened(company, at), at).to("booked")
    while react_all():
        pass
    return order


@pytest.mark.requirement("PF-02")
def test_ones_own_notices_are_read(company, calling, told):
    own = Notice.objects.filter(medium=Medium.INAPP, read_at=None).earliest("id")
    reader, other = calling(actor_of(own.person)), calling(acting("hr"))
    [row] = [each for each in reader.get("/notices").json()["items"] if each["uid"] == str(own.uid)]
    assert (row["title"], row["order"]) == (own.title, str(told.uid))
    assert other.post("/notices/actions/mark_read", {"notices": [str(own.uid)]}).json() == {"marked": 0}
    assert twice(reader, "/notices/actions/mark_read", {"notices": [str(own.uid)]}) == {"marked": 1}
    assert str(own.uid) not in reader.get("/notices").content.decode()
    assert str(own.uid) in reader.get("/notices", all=True).content.decode()
    twice(reader, "/notices/actions/mark_read", {})
    assert reader.get("/notices").json()["items"] == []


@pytest.mark.requirement("PF-02")
def test_what_did_not_leave_is_listed_and_sent_again(company, calling, told, settings):
    supervisor, agent = calling(company.supervisor), calling(company.agent)
    mail = Notice.objects.filter(medium=Medium.EMAIL, contact__isnull=False).earliest("id")
    Notice.objects.filter(pk=mail.pk).update(state=State.FAILED, reason="refused", error="550 no")
    listed = supervisor.get("/deliveries", state="failed", medium="email", q=told.number).json()["items"]
    assert [each["uid"] for each in listed] == [str(mail.uid)]
    assert mail.address not in str(listed)
    one = supervisor.get(f"/deliveries/{mail.uid}").json()
    assert (one["error"], one["order"]) == ("550 no", str(told.uid))
    act = f"/deliveries/{mail.uid}/actions/resend"
    for path in ("/deliveries", f"/deliveries/{mail.uid}"):
        assert refused(agent.get(path), 403)
    assert refused(agent.post(act), 403)
    assert refused(supervisor.post(act), 409) == "notify.no_server"
    settings.EMAIL_HOST = "127.0.0.1"
    assert twice(supervisor, act)["state"] == "queued"
    assert refused(supervisor.post(act), 409) == "notify.not_failed"


@pytest.mark.requirement("PF-02")
def test_a_failed_job_runs_again(company, calling):
    administrator, supervisor = calling(acting("administrator")), calling(company.supervisor)
    number = app.configure_task("sla.reckon_again", allow_unknown=True).defer()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed' where id = %s", [number])
    [job] = administrator.get("/failures/jobs").json()["items"]
    assert (job["id"], job["task"]) == (number, "sla.reckon_again")
    act = f"/failures/jobs/{number}/actions/retry_job"
    assert refused(supervisor.post(act), 403)
    assert twice(administrator, act) == {"id": number}
    assert ProcrastinateJob.objects.get(pk=number).status == "todo"
    assert refused(administrator.post(act), 409) == "notify.job_not_failed"


def test_stuck_projectors_are_told_and_their_errors_only_to_who_sees_all(company, calling):
    Cursor.objects.create(name="stuck", failed_at=now(), error="boom")
    [whole] = calling(acting("administrator")).get("/failures/projectors").json()
    [part] = calling(company.supervisor).get("/failures/projectors").json()
    assert ((whole["name"], whole["error"]), part["error"]) == (("stuck", "boom"), "")
    assert refused(calling(company.agent).get("/failures/projectors"), 403)
    assert refused(calling(company.agent).get("/failures/jobs"), 403)


@pytest.mark.requirement("PF-04")
def test_another_region_sees_no_delivery(company, calling, told):
    stranger, mail = calling(acting("supervisor", a_region())), Notice.objects.earliest("id")
    assert stranger.get("/deliveries").json() == {"items": [], "next": ""}
    assert stranger.get("/notices", all=True).json()["items"] == []
    assert refused(stranger.get(f"/deliveries/{mail.uid}"), 404)
    assert refused(stranger.post(f"/deliveries/{mail.uid}/actions/resend"), 404)
