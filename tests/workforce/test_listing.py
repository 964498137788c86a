"""The list of engineers goes by the company's day, which in Shanghai begins at 16:00 UTC."""

from datetime import UTC, date, datetime

import pytest

from anxiu.workforce.queries.engineers import figures
from anxiu.workforce.queries.listing import reminder_day
from anxiu.workforce.values import CERTIFICATE_REMINDERS


@pytest.mark.requirement("WF-02")
def test_a_new_day_begins_at_midnight_here(db):
    before, after = datetime(2026, 5, 11, 15, 59, tzinfo=UTC), datetime(2026, 5, 11, 16, 1, tzinfo=UTC)
    ahead = max(figures(None, before)(CERTIFICATE_REMINDERS))
    assert (reminder_day(before) - date(2026, 5, 11)).days == ahead
    assert (reminder_day(after) - date(2026, 5, 12)).days == ahead
