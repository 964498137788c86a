"""Jobs of the trace app: the daily head, and its way to the witnesses."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext, override

from anxiu.kernel.jobs import defer_many, job, periodic
from anxiu.kernel.models import Head
from anxiu.kernel.time import now
from anxiu.trace.actions import forget as forget_files
from anxiu.trace.actions import make
from anxiu.trace.heads import public_key, sign_head
from anxiu.trace.models import Root
from anxiu.trace.roots import sign_roots


def witness_addresses() -> list[str]:
    """Who is sent the head, so that it stands where nobody here can change it."""
    return [each.strip() for each in settings.ENV.witnesses.split(",") if each.strip()]


@periodic("*/10 * * * *", "trace.sign_head")
def sign_todays_head(timestamp: int) -> str:
    """Sign the head of the company's day as soon as a worker runs in it; the rest of the day there is nothing to do."""
    with transaction.atomic():
        head = sign_head(now().astimezone(ZoneInfo(settings.TIME_ZONE)).date())
        if head is None:
            return ""
        sign_roots()
        jobs: list[dict[str, object]] = [
            {"date": head.date.isoformat(), "address": address} for address in witness_addresses()
        ]
        defer_many("trace.send_head", "default", jobs)
    return _witness(head)


@job("trace.send_head")
def send_head(date: str, address: str) -> None:
    """Send one day's head to one witness; sent twice it says the same."""
    head, key = Head.objects.get(date=date), public_key()
    root = Root.objects.filter(position=head.position).first()
    with override(settings.LANGUAGE_CODE):
        subject = gettext("Head of the event chain, {date}").format(date=date)
        body = gettext(
            "Please keep this message. It fixes everything recorded up to position {position}.\n\n"
            "Head: {witness}\nRoot: {root}\nSignature: {signature}\nPublic key: {key}\n\n"
            "To check an export: python verify_anxiu.py FILE --key {key} --witness {witness}\n"
            "To check an evidence package: python verify_anxiu.py FILE --key {key} --root {root}"
        ).format(
            position=head.position, witness=_witness(head), signature=bytes(head.signature).hex(),
            key=key.hex() if key else "", root=f"{root.position}:{bytes(root.root).hex()}" if root else "–",
        )  # fmt: skip
        EmailMessage(subject, body, to=[address]).send()


@job("trace.make_evidence")
def make_evidence(export_id: int) -> None:
    """Make an evidence package that somebody asked for."""
    from anxiu.trace.evidence import write_package

    make(export_id, write_package)


@periodic("35 * * * *", "trace.forget_exports")
def forget_exports(timestamp: int) -> int:
    """Erase files whose days are over."""
    return forget_files(now())


def _witness(head: Head) -> str:
    """A head as the verifier takes it."""
    return f"{head.position}:{bytes(head.hash).hex()}"
