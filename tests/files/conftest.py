"""Files in a folder of each test, and things they are on."""

from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage

from anxiu.files import queries
from anxiu.kernel.actor import Actor, ActorKind, Subject

AT = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Storage in a folder of this test."""
    folder = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    assert default_storage.path("x") == str(folder / "x")
    return folder


@pytest.fixture
def engineer() -> Actor:
    return Actor(kind=ActorKind.PERSON, id=7, permissions=frozenset(), regions=frozenset())


@pytest.fixture
def supervisor() -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        id=8,
        permissions=frozenset({"files.retire_attachment", "files.set_hold", "files.lift_hold"}),
        regions=None,
    )


@pytest.fixture
def thing(monkeypatch) -> Subject:
    """A thing that engineer 7, who holds no region, sees because it is the one with number 5."""
    monkeypatch.setitem(
        queries._VISIBLE, "thing", lambda actor, ids: {each for each in ids if actor.regions is None or each == 5}
    )
    return Subject("thing", 5)
