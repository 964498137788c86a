"""Closed lists of the privacy app."""

from enum import StrEnum


class Who(StrEnum):
    """Whose data it is: somebody we talk to, a private customer, or a colleague."""

    CONTACT = "contact"
    CUSTOMER = "customer"
    PERSON = "person"


class Part(StrEnum):
    """What is held about a person, in the order it is shown."""

    DETAILS = "details"
    ORDERS = "orders"
    QUESTIONS = "questions"
    SIGNATURES = "signatures"
    FILES = "files"
    PAPERS = "papers"
    RATINGS = "ratings"
    NOTICES = "notices"
    MAILS = "mails"
    CONSENTS = "consents"
    LINKS = "links"
    WORK = "work"
    ABSENCES = "absences"
    REFUSED = "refused"
    EVENTS = "events"
    ACCESSES = "accesses"


class Data(StrEnum):
    """The classes of data that have a time of keeping, in the order they are shown."""

    PLACES = "places"
    MEDIA = "media"
    CALLERS = "callers"
    ORDERS = "orders"
    NOTICES = "notices"
    MAILS = "mails"
    LINKS = "links"
    ACCESSES = "accesses"
    REFUSED = "refused"
    PEOPLE = "people"
