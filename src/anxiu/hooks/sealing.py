"""Secrets of targets, sealed: the database alone, or a dump of it, does not tell them."""

import base64
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealed(secret: str, target: UUID) -> str:
    """A secret as it is stored with its target; it opens with no other."""
    return _box(target).encrypt(secret.encode()).decode()


def opened(stored: str, target: UUID) -> str:
    """A stored secret; empty where there is none, or the installation's own secret was changed since."""
    try:
        return _box(target).decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken:
        return ""


def _box(target: UUID) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"{settings.SECRET_KEY}:hook:{target}".encode()).digest()))
