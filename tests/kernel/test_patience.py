"""What passes by itself is waited for; what does not is left to a person."""

import errno

import pytest
from django.db import OperationalError
from procrastinate.jobs import Job

from anxiu.kernel.jobs import RETRY


def again(error: Exception, attempts: int) -> bool:
    job = Job(id=1, queue="react", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
    return RETRY.get_retry_decision(exception=error, job=job) is not None


@pytest.mark.requirement("SLA-06")
def test_a_full_disk_or_a_database_that_is_away_is_waited_for_and_a_fault_is_not() -> None:
    for outage in (OSError(errno.ENOSPC, "full"), OperationalError("away"), ConnectionRefusedError()):
        assert [again(outage, attempts) for attempts in (0, 3, 20, 299, 300)] == [True, True, True, True, False]
    assert [again(KeyError("x"), attempts) for attempts in (0, 2, 3, 20)] == [True, True, False, False]
