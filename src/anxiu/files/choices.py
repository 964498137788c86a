"""Closed lists of the files app."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a file is for; decides what kind of content is taken."""

    INTAKE_PHOTO = "intake_photo"
    INTAKE_VIDEO = "intake_video"
    EVIDENCE_PHOTO = "evidence_photo"
    EVIDENCE_VIDEO = "evidence_video"
    SIGNATURE = "signature"
    SIGNED_DOCUMENT = "signed_document"
    REPORT = "report"
    GUARANTEE = "guarantee"
    DOCUMENT = "document"
    PORTRAIT = "portrait"


class Family(StrEnum):
    """The kinds of content there are rules for."""

    IMAGE = "image"
    VIDEO = "video"
    PDF = "pdf"
    DATA = "data"


class Variant(StrEnum):
    """Which of a file's forms is wanted."""

    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"
