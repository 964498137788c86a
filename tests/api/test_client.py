"""The client in the documentation drives a whole order against a real server."""

import importlib.util
import threading
from pathlib import Path

import pytest
from django.db import connection

from anxiu.accounts.actions import issue_token
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from tests.given.orders import a_company, a_picture, a_signature, react_all

CLIENT = Path(__file__).parents[2] / "docs" / "develop" / "client.py"


@pytest.mark.requirement("PF-02")
def test_the_documented_client_archives_an_order(transactional_db, live_server, tmp_path):
    spec = importlib.util.spec_from_file_location("documented_client", CLIENT)
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    company = a_company()
    keys = [
        issue_token(actor=SYSTEM, at=now(), person_id=each.person_id, label="client")[1]
        for each in (company.agent, company.dispatcher, company.hands)
    ]
    for name, picture in (("photo.jpg", a_picture()), ("signature.png", a_signature())):
        (tmp_path / name).write_bytes(picture.content.read())
    over = threading.Event()
    worker = threading.Thread(target=_work, args=(over,))
    worker.start()
    try:
        number = client.drive(
            live_server.url, keys[0], keys[1], company.machine.serial, keys[2], tmp_path / "photo.jpg", tmp_path / "signature.png"
        )
    finally:
        over.set()
        worker.join()
    assert Order.objects.get(number=number).state == "archived"


def _work(over: threading.Event) -> None:
    """What the worker does: sequence, and let reactors act."""
    try:
        while not over.wait(0.1):
            react_all()
    finally:
        connection.close()
