"""The demo company, played once for a module and taken back at its end; nothing of it is committed."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from anxiu.demo.company import play
from anxiu.kernel.time import moved_to

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 18, 11, 20, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def aside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files in a folder of their own; passwords that cost nothing."""
    folder = str(tmp_path_factory.mktemp("media"))
    storage = {"BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": folder}}
    with override_settings(
        STORAGES={**settings.STORAGES, "default": storage},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="module")
def played(aside: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """When the company was played: on a Wednesday after the morning's first visits."""
    with django_db_blocker.unblock(), moved_to(WEDNESDAY), transaction.atomic():
        play()
        yield WEDNESDAY
        transaction.set_rollback(True)
