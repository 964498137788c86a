"""The chain's end, signed once a day with the installation's own key, and handed to witnesses.

The key lies in the data folder, not in the database: who can write rows cannot sign them. A server with several
machines needs the same key on each; one that finds heads signed by another key refuses to sign rather than mix them.
"""

import os
from datetime import date
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from anxiu.kernel.models import Head, Position
from anxiu.trace.standalone.verify_anxiu import genuine, head_message

NAME: Final = "head-key.pem"


class WrongKey(RuntimeError):
    """The heads in the database were signed by another key than this machine's."""


def _path() -> Path:
    return Path(settings.ENV.data_dir) / NAME


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def public_key() -> bytes | None:
    """The key to check heads with, or None while none was made."""
    path = _path()
    return _raw(_read(path)) if path.exists() else None


def _read(path: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongKey(f"{path} is not an Ed25519 key")
    return key


def _key() -> Ed25519PrivateKey:
    """The installation's key, made at the first use; of two processes that make it at once, one wins."""
    path = _path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(pem)
        try:
            os.link(draft, path)  # unlike a rename, never replaces one that is there
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _read(path)


def signed(message: bytes) -> bytes:
    """A signature by the installation's key; refused where the heads were signed by another."""
    key, newest = _key(), Head.objects.order_by("-date").first()
    if newest is not None and not genuine(_raw(key), _message(newest), bytes(newest.signature)):
        raise WrongKey("the newest head was signed by another key; copy head-key.pem from the machine that has it")
    return key.sign(message)


def sign_head(today: date) -> Head | None:
    """Sign the chain's present end for a day; None when the day has its head already, or nothing has happened yet."""
    last = Position.objects.order_by("-position").first()
    if last is None or Head.objects.filter(date=today).exists():
        return None
    head = Head(date=today, position=last.position, hash=bytes(last.hash))
    head.signature = signed(_message(head))
    created = Head.objects.bulk_create([head], ignore_conflicts=True)  # another worker may have been faster
    return created[0]


def _message(head: Head) -> bytes:
    return head_message(head.date.isoformat(), head.position, bytes(head.hash).hex())
