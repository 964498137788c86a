"""The files of an order in its package: the bytes, where they may be shown, and of each who attached what and when."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from anxiu.accounts.queries import names
from anxiu.files.choices import Family, Purpose
from anxiu.files.content import open_content
from anxiu.files.models import Attachment
from anxiu.files.rules import family_of
from anxiu.kernel.actor import ActorKind
from anxiu.orders.models import Document
from anxiu.trace.actions.making import Tell
from anxiu.trace.evidence.packing import Packer
from anxiu.trace.evidence.proofs import Proofs
from anxiu.trace.evidence.telling import Wanted
from anxiu.trace.messages import PURPOSES
from anxiu.trace.standalone.verify_anxiu import ATTACHED, FILES

# They hold names, addresses or a hand: left out of a package that does not show them.
PERSONAL: Final = frozenset(
    {Purpose.SIGNATURE, Purpose.SIGNED_DOCUMENT, Purpose.REPORT, Purpose.GUARANTEE, Purpose.DOCUMENT}
)
ENDING: Final = re.compile(r"\.[a-z0-9]{1,5}")


def add_files(packer: Packer, wanted: Wanted, proofs: Proofs, tell: Tell) -> list[dict[str, Any]]:
    """Add the bytes of every file that is there and may be shown; what is said of each, in the order they came."""
    files = Attachment.objects.filter(subject_kind="order", subject_id=wanted.order_id)
    rows = list(files.select_related("blob").order_by("id"))
    attached = {
        json.loads(each["body"])["attachment_id"]: each["position"]
        for each in proofs.events if each["kind"] == ATTACHED
    }  # fmt: skip
    papers = {each.attachment_uid: each for each in Document.objects.filter(order=wanted.order_id)}
    people = names({each.actor_id for each in rows if each.actor_kind == ActorKind.PERSON})
    found = []
    for number, row in enumerate(rows, 1):
        if row.pk not in attached:
            continue  # attached a moment ago: its event has no position yet
        tell(number - 1, len(rows))
        why = _left_out(row, wanted)
        path = "" if why else _path(number, row)
        if path:
            packed = family_of(row.blob.media_type) not in (Family.IMAGE, Family.VIDEO)
            packer.add(path, open_content(row.blob).pieces(), packed=packed)
        paper = papers.get(row.uid)
        by = people[row.actor_id].name if row.actor_id in people else ""
        said = _said(row, by, {"path": path, "left_out": why, "position": attached[row.pk]})
        if paper and (printed := proofs.printed.get(paper.position)):
            said["printed"] = printed
        found.append(said)
    packer.add_json(FILES, found)
    tell(len(rows), len(rows))
    return found


def _left_out(row: Attachment, wanted: Wanted) -> str:
    """Why the bytes are not in the package; their digest is, whatever the reason."""
    if row.blob.erased_at:
        return "erased"
    if row.retired_at:
        return "taken_off"
    return "personal" if row.purpose in PERSONAL and not wanted.in_full else ""


def _path(number: int, row: Attachment) -> str:
    """What a file is called in the package: its own name may be somebody's."""
    ending = PurePath(row.name).suffix.lower()
    return f"files/{number:03}-{row.purpose}{ending if ENDING.fullmatch(ending) else ''}"


def _said(row: Attachment, by: str, more: Mapping[str, Any]) -> dict[str, Any]:
    place = row.place
    return {
        **more, "name": PurePath(str(more["path"]) or str(PURPOSES[row.purpose])).name, "purpose": row.purpose,
        "what": str(PURPOSES[row.purpose]), "media_type": row.blob.media_type, "size": row.blob.size,
        "sha256": row.blob.digest, "received_sha256": row.received_digest, "attached_at": row.created_at.isoformat(),
        "attached": f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M:%S}",
        "attached_by": by or str(_("Customer") if row.actor_kind == ActorKind.LINK else _("System")),
        "taken_at": row.taken_at.isoformat() if row.taken_at else None,
        "place": [place.latitude, place.longitude, place.accuracy_metres] if place else None,
        "legal_hold": row.legal_hold,
    }  # fmt: skip
