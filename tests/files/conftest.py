"""Files in a folder of each test and in a bucket of each test, and things they are on."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage, storages

from anxiu.files import queries
from anxiu.files.bucket import Bucket
from anxiu.kernel.actor import Actor, ActorKind, Subject
from tests.given.buckets import Store, store

AT = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="package")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A server for all these tests; each has a part of its bucket."""
    with store(tmp_path_factory.mktemp("objects")) as started:
        yield started


@pytest.fixture(autouse=True, params=["folder", "bucket"])
def media(settings, tmp_path, request):
    """Storage in a folder of this test, and again in an object store, whose bytes lie in a folder too."""
    if request.param == "folder":
        folder = tmp_path / "media"
        kept = {"BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": str(folder)}}
        settings.STORAGES = {**settings.STORAGES, "default": kept}
        assert default_storage.path("x") == str(folder / "x")
        return folder
    server = request.getfixturevalue("object_store")
    settings.STORAGES = {**settings.STORAGES, "default": server.settings(prefix=tmp_path.name)}
    assert isinstance(storages["default"], Bucket)
    return server.folder / "anxiu" / tmp_path.name


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
