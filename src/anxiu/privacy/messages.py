"""Codes of the privacy app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register
from anxiu.privacy.choices import Data, Part, Who

register(
    refusals={
        "privacy.left_too_lately": _("The regulation keeps colleagues who left; until {date}."),
        "privacy.nothing_left": _("This person was erased; there is nothing to take along."),
    },
    sentences={
        "privacy.person_exported": _("Everything held about the person was asked for as a file"),
        "privacy.let_go": _("Personal data was let go: the time it is kept for was over"),
    },
)
KINDS: Final[Mapping[str, Promise]] = {
    Who.CONTACT: _("Contact"), Who.CUSTOMER: _("Customer"), Who.PERSON: _("Employee"),
}  # fmt: skip
PARTS: Final[Mapping[str, Promise]] = {
    Part.DETAILS: _("Details"), Part.ORDERS: _("Orders, with what was said"),
    Part.QUESTIONS: _("Questions and answers"),
    Part.SIGNATURES: _("Signatures"), Part.FILES: _("Photos and files sent in"), Part.PAPERS: _("Papers issued"),
    Part.RATINGS: _("Ratings"), Part.NOTICES: _("Notices"), Part.MAILS: _("Mails"), Part.LINKS: _("Links handed out"),
    Part.CONSENTS: _("What was agreed to"),
    Part.WORK: _("Posts and qualifications"), Part.ABSENCES: _("Leave and bars"),
    Part.REFUSED: _("Attempts that were refused"), Part.EVENTS: _("What was recorded"),
    Part.ACCESSES: _("Who looked at it"),
}  # fmt: skip
COLUMNS: Final[Mapping[str, Promise]] = {
    "name": _("Name"), "phone": _("Phone"), "email": _("Email address"), "role": _("Role"), "language": _("Language"),
    "code": _("Code"), "address": _("Address"), "created_at": _("Since"), "number": _("Number"),
    "opened_at": _("Opened"),
    "words": _("Words"), "caller_name": _("Caller"), "caller_phone": _("Phone of the caller"),
    "caller_email": _("Address of the caller"), "place": _("Place"), "text": _("Question"), "asked_at": _("Asked"),
    "answer": _("Answer"), "received_at": _("When"), "written_at": _("When"), "sender": _("Email address"),
    "sender_name": _("Name"), "subject": _("Title"), "quoted": _("Quoted"),
    "signer": _("Signed by"), "remarks": _("Remarks"), "at": _("When"), "means": _("Way"),
    "document_digest": _("Digest"), "purpose": _("Purpose"), "digest": _("Digest"), "latitude": _("Latitude"),
    "longitude": _("Longitude"), "kind": _("Kind"), "issued_at": _("Issued"), "score": _("Score"),
    "title": _("Title"), "body": _("Text"), "state": _("State"), "expires_at": _("Ends"), "revoked_at": _("Revoked"),
    "note": _("Note"), "starts_at": _("From"), "ends_at": _("Until"), "verb": _("What was tried"),
    "occurred_at": _("Happened"), "actor": _("Who"), "site": _("Site"), "medium": _("Channel"), "file": _("File"),
    "use": _("Use"), "given": _("Agreed"), "wording": _("Version of the wording"),
    "issuer": _("Issuer"), "post": _("Post"), "valid_until": _("Valid until"),
    "value": _("Address of a channel"), "verified_at": _("Proven"),
}  # fmt: skip
DATA: Final[Mapping[str, Promise]] = {
    Data.PLACES: _("Positions"), Data.MEDIA: _("Photos and videos of orders"),
    Data.ORDERS: _("What was said and signed on orders"), Data.CALLERS: _("Callers who never became a customer"),
    Data.NOTICES: _("Texts of notices"), Data.MAILS: _("Quoted history and mails set aside"),
    Data.LINKS: _("Links that have ended"), Data.ACCESSES: _("Who looked at what"),
    Data.REFUSED: _("Attempts that were refused"), Data.PEOPLE: _("Colleagues who left"),
}  # fmt: skip
# What the time is counted from, and what becomes of it then.
COUNTED: Final[Mapping[str, Promise]] = {
    Data.PLACES: _("From the moment they were taken. Of arrivals the distance and the kind of proof stay."),
    Data.MEDIA: _("From the end of the order. The bytes are removed, their digests stay."),
    Data.ORDERS: _("From the end of the order. What was found and done on the machine stays, without the person."),
    Data.CALLERS: _("From the end of the order. Words, name, number and address are blanked."),
    Data.NOTICES: _("From the day they were written. Text and address are blanked, the kind and the outcome stay."),
    Data.MAILS: _("From the day they came. Of mails that were taken in only the quoted history goes."),
    Data.LINKS: _("From their end. They are deleted."),
    Data.ACCESSES: _("From the look. They are deleted."),
    Data.REFUSED: _("From the last attempt. They are deleted."),
    Data.PEOPLE: _("From the day the account was closed. Then they may be erased by hand, never by themselves."),
}
