"""Passwords of mailboxes, sealed: the database alone, or a dump of it, does not tell them; and our own tokens."""

import base64
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from anxiu.mail.rules import Token, token_of, tokens_in


def sealed(secret: str, mailbox: UUID) -> str:
    """A password as it is stored with its mailbox; it opens with no other."""
    return _box(mailbox).encrypt(secret.encode()).decode()


def opened(stored: str, mailbox: UUID) -> str:
    """A stored password; empty where there is none, or the installation's own secret was changed since."""
    try:
        return _box(mailbox).decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken:
        return ""


def _box(mailbox: UUID) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"{settings.SECRET_KEY}:mailbox:{mailbox}".encode()).digest()))


def token(order_id: int) -> str:
    """What our mails about an order carry, so that an answer finds it; nobody else can make it."""
    return token_of(settings.SECRET_KEY, order_id)


def tokens(text: str) -> list[Token]:
    """The genuine tokens of ours in a text, with the notices they came with."""
    return tokens_in(settings.SECRET_KEY, text)
