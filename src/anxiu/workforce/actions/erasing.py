"""What the workforce holds of a colleague who is erased."""

from datetime import datetime

from anxiu.files.actions import erase_bytes
from anxiu.kernel.erasure import erase_texts
from anxiu.workforce.models import Engineer, Leave, Qualification, Standing


def forget_colleague(person_id: int, at: datetime) -> None:
    """Blank what names them in proofs, notes and places, and erase the proofs; part of a reaction.

    That they were inducted, skilled, away or barred, and when, stays: what was decided by it can still be shown.
    """
    engineers = list(Engineer.objects.filter(person=person_id).values_list("pk", flat=True))
    held = Qualification.objects.filter(engineer__in=engineers)
    proofs = sorted(set(held.exclude(evidence_digest="").values_list("evidence_digest", flat=True)))
    held.update(name="", issuer="", number="", evidence_digest="")
    kept = set(Qualification.objects.filter(evidence_digest__in=proofs).values_list("evidence_digest", flat=True))
    erase_bytes([each for each in proofs if each not in kept], at=at)
    Leave.objects.filter(engineer__in=engineers).update(note="")
    Standing.objects.filter(engineer__in=engineers).update(note="")
    Engineer.objects.filter(pk__in=engineers).update(base_latitude=None, base_longitude=None)
    erase_texts("engineer", engineers)
