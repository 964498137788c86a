"""Credentials and tokens of channels, sealed: the database alone, or a dump of it, does not tell them."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealed(secrets: Mapping[str, str], medium: str) -> str:
    """Secrets as they are stored with their channel; they open with no other."""
    return _box(medium).encrypt(json.dumps(dict(secrets)).encode()).decode()


def opened(stored: str, medium: str) -> dict[str, str]:
    """Stored secrets; none where there are none, or the installation's own secret was changed since."""
    try:
        found: dict[str, str] = json.loads(_box(medium).decrypt(stored.encode())) if stored else {}
    except InvalidToken:
        return {}
    return found


def _box(medium: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"{settings.SECRET_KEY}:channel:{medium}".encode()).digest()))
