"""What opens a door: API keys, links to choose a password, links for people without an account."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import connection

from anxiu.accounts.actions.people import to_change
from anxiu.accounts.choices import Bundle, LinkPurpose
from anxiu.accounts.events import PasswordLinkMade, TokenIssued, TokenRevoked
from anxiu.accounts.models import ApiToken, Link
from anxiu.accounts.queries import accounts, digest
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import record
from anxiu.kernel.rows import insert

SECRET_BYTES: Final = 24  # source: NIST SP 800-63B asks 112 bits of a look-up secret; 192 leave no doubt
USE_NOTED_EVERY: Final = timedelta(minutes=10)  # source: own choice; says which keys are in use, not each call


@action(posts={"hr", "administrator"})
def make_password_link(*, actor: Actor, at: datetime, person_id: int) -> tuple[str, str]:
    """Make a one-time link with which a person chooses a password: the two parts of its address. It ends when used.

    Records: PasswordLinkMade. Refuses: a closed account, an account above one's own.
    """
    person = to_change(actor, person_id)
    if not person.is_active:
        raise NotFound("kernel.not_found")
    record(PasswordLinkMade(), subject=Subject("person", person.pk), region_id=person.region_id, actor=actor, at=at)
    return user_pk_to_url_str(person), default_token_generator.make_token(person)


@action(posts={"administrator"})
def issue_token(
    *, actor: Actor, at: datetime, person_id: int, label: str, expires_at: datetime | None = None,
    bundles: Collection[Bundle] = (Bundle.EVERYTHING,),
) -> tuple[ApiToken, str]:  # fmt: skip
    """Make an API key that acts as an account within some of what it may do. The secret is answered once, never kept.

    Records: TokenIssued. Refuses: a person out of sight, a closed account, an account above one's own, no bundle.
    """
    person = to_change(actor, person_id, accounts(actor))
    if not person.is_active:
        raise NotFound("kernel.not_found")
    chosen = sorted(set(bundles))
    if not chosen:
        raise Invalid("accounts.no_bundle", field="bundles")
    secret = f"anxiu_{secrets.token_urlsafe(SECRET_BYTES)}"
    token = ApiToken.objects.create(
        person=person, label=label, digest=digest(secret), bundles=chosen, created_at=at, expires_at=expires_at
    )
    record(
        TokenIssued(token.pk, tuple(chosen)), subject=Subject("person", person.pk), region_id=person.region_id,
        actor=actor, at=at,
    )  # fmt: skip
    return token, secret


@action(posts={"administrator"})
def revoke_token(*, actor: Actor, at: datetime, token_id: int) -> None:
    """Revoke an API key at once.

    Records: TokenRevoked.
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id, person__in=accounts(actor), client=None).first()
    if token is None:
        raise NotFound("kernel.not_found")
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(TokenRevoked(token.pk), subject=Subject("person", token.person_id), region_id=None, actor=actor, at=at)


# Nobody waits for the disk to know when a key was last used: decision 7.
_USED: Final = """
with unhurried as (select set_config('synchronous_commit', 'off', true))
insert into accounts_tokenuse (token_id, last_at) select %s, %s::timestamptz from unhurried
on conflict (token_id) do update set last_at = excluded.last_at
"""


def note_use(token_id: int, used_at: datetime | None, at: datetime) -> None:
    """Keep when a key was last used, once in a few minutes; nobody's verb, for it changes nothing of the key."""
    if used_at is None or at - used_at >= USE_NOTED_EVERY:
        with connection.cursor() as cursor:
            cursor.execute(_USED, [token_id, at])


def make_link(
    *, purpose: LinkPurpose, subject: Subject, at: datetime, lasts: timedelta | None, contact_id: int | None = None
) -> str:
    """Make a link and answer its secret; part of a caller's change, so no verb of its own."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = Link(
        purpose=purpose, subject_kind=subject.kind, subject_id=subject.id, contact_id=contact_id,
        digest=digest(secret), created_at=at, expires_at=at + lasts if lasts is not None else None,
    )  # fmt: skip
    insert(link)
    return secret


def revoke_links(*, subject: Subject, purpose: LinkPurpose, at: datetime) -> int:
    """Close all links of one purpose to one thing; part of a caller's change."""
    return Link.objects.filter(
        purpose=purpose, subject_kind=subject.kind, subject_id=subject.id, revoked_at=None
    ).update(revoked_at=at)
