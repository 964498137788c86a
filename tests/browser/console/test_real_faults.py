"""Fifty real fault reports of mining excavators come in over the API; one is carried to the archive by hand."""

import csv
import gzip
import json
import re
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from anxiu.accounts.actions import issue_token
from anxiu.catalogue.models import Part
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from tests.browser.console.conftest import Enter
from tests.browser.console.steps import carry
from tests.given.orders import Company

SOURCE = Path(__file__).parents[2] / "data/excavators.csv.gz"
MANY = 50


def texts() -> list[str]:
    """The first different short texts, as people wrote them."""
    with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
        found = dict.fromkeys(row["OriginalShorttext"].strip() for row in csv.DictReader(lines))
    return [text for text in found if text][:MANY]


@pytest.mark.requirement("INT-01", "PF-02", "ORD-01", "ORD-14")
def test_real_reports_come_in_over_the_api_and_one_is_carried_to_the_archive(
    company: Company, enter: Enter, site: str, part: Part, photos: list[Path]
) -> None:
    _, secret = issue_token(actor=SYSTEM, at=now(), person_id=company.agent.id or 0, label="mine")
    said = texts()
    assert len(said) == MANY
    with httpx.Client(base_url=f"{site}/api/v1", headers={"Authorization": f"Bearer {secret}"}) as client:
        for text in said:
            body = {"words": text, "machine": str(company.machine.uid), "fault_class": company.fault.code}
            answer = client.post("/orders", json=body, headers={"Idempotency-Key": uuid4().hex})
            assert answer.status_code == 201, answer.text
            assert json.loads(answer.text)["order"]["next_due_at"]
    assert (
        list(Order.objects.filter(region=company.region).order_by("id").values_list("request__words", flat=True))
        == said
    )
    assert set(Order.objects.filter(region=company.region).values_list("request__channel", flat=True)) == {"api"}
    page = enter(company.dispatcher, "/orders/?q=BUCKET")
    expect(page.locator("#orders tbody tr").first).to_contain_text(re.compile("bucket", re.IGNORECASE))
    carry(enter, company, Order.objects.filter(region=company.region).order_by("id")[0], part, photos)
