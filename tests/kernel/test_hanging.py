"""A sequencer that hangs, on a machine that is frozen rather than dead, holds the others up for a moment only."""

import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.sequencer import HANGS_AFTER, LOCK, TAKE, sequence
from anxiu.kernel.time import now
from tests.project.conftest import eventually


@pytest.mark.requirement("SLA-06")
def test_a_sequencer_that_hangs_is_cut_off(quiet, noted) -> None:
    record(noted(Sealed("x"), 1), subject=Subject("order", 7), region_id=3, actor=SYSTEM, at=now())
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with psycopg.connect(url) as frozen:
        taken = frozen.execute(TAKE, [LOCK, "300ms"]).fetchone()
        assert taken == (True, "300ms")
        assert sequence() == 0
        assert eventually(lambda: sequence() == 1)
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            frozen.execute("select 1")
    assert HANGS_AFTER == "15s"


