"""One answer a key: a repeated request gets the answer it got before, and is carried out once.

Answers hold links and what people said. They are kept sealed: the database alone, or a dump of it, does not tell them.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection

from anxiu.kernel.action import in_transaction
from anxiu.kernel.errors import Invalid
from anxiu.kernel.time import now


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status and body, and whether it is a repetition."""

    status: int
    body: str
    repeated: bool = False


def once(*, principal: str, key: str, request: bytes, perform: Callable[[], Answer]) -> Answer:
    """Carry out `perform` with its key in one transaction, or give the stored answer.

    A refusal rolls everything back and is not stored: the same key may be tried again. A second request with the same
    key waits for the first. The same key for a different request is refused.
    """
    digest = sha256(request).digest()

    def work() -> Answer:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into kernel_idempotency (principal, key, request_hash, status, answer, created_at)"
                " values (%s, %s, %s, 0, '', %s) on conflict do nothing",
                [principal, key, digest, now()],
            )
            if not cursor.rowcount:
                cursor.execute(
                    "select request_hash, status, answer from kernel_idempotency where principal = %s and key = %s",
                    [principal, key],
                )
                stored, status, body = cursor.fetchone()
                if bytes(stored) != digest:
                    raise Invalid("kernel.key_reused", field="Idempotency-Key")
                return Answer(status, _unsealed(body, principal, key), repeated=True)
            answer = perform()
            cursor.execute(
                "update kernel_idempotency set status = %s, answer = %s where principal = %s and key = %s",
                [answer.status, _box(principal, key).encrypt(answer.body.encode()).decode(), principal, key],
            )
            return answer

    return in_transaction(work)


def _box(principal: str, key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"{settings.SECRET_KEY}:{principal}:{key}".encode()).digest()))


def _unsealed(body: str, principal: str, key: str) -> str:
    try:
        return _box(principal, key).decrypt(body.encode()).decode()
    except InvalidToken:  # the installation's secret was changed since
        raise Invalid("kernel.key_reused", field="Idempotency-Key") from None
