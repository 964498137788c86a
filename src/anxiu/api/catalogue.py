"""The catalogue: families, models, classes of fault and parts, one operation a verb."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router

from anxiu.api import catalogue_schemas as s
from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line
from anxiu.api.auth import actor_of
from anxiu.api.doing import IN_USE, REFUSED, UNREAD, Closed, act, paged
from anxiu.api.finding import family_key, model_key, one
from anxiu.catalogue import actions
from anxiu.catalogue.actions import NewFamily, NewFaultClass, NewModel, NewPart
from anxiu.catalogue.models import Part
from anxiu.catalogue.queries import VIEW, families, fault_classes, find_parts, models, parts
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid
from anxiu.kernel.money import MINOR_UNITS, Money
from anxiu.kernel.time import now

router = Router(tags=["catalogue"])


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    actor.require(VIEW)
    return actor


# ---- families --------------------------------------------------------------------------------------------------------
@router.get("/families", response={200: s.FamiliesOut, **UNREAD}, summary="List product families")
def list_families(
    request: HttpRequest, closed: Closed = IN_USE, after: Cursor = "", limit: Limit = PAGE
) -> s.FamiliesOut:
    """Product families, newest first."""
    rows = families(_reader(request)).filter(retired_at__isnull=not closed)
    return s.FamiliesOut(**paged(rows, after, limit, s.FamilyOut.of))


@router.post("/families", response={201: s.FamilyOut, **REFUSED}, summary="Add a product family: add_family")
def add_family(request: HttpRequest, body: s.FamilyIn, key: Key) -> HttpResponse:
    """Add a product family."""

    def work(actor: Actor) -> s.FamilyOut:
        given = body.model_dump()
        new = NewFamily(**{**given, "skills": tuple(body.skills), "certificates": tuple(body.certificates)})
        return s.FamilyOut.of(actions.add_family(actor=actor, at=now(), new=new))

    return act(request, key, "catalogue.add_family", work, status=201)


@router.post(
    "/families/{uuid:uid}/actions/change_family", response={200: s.FamilyOut, **REFUSED}, summary="Change a family"
)
def change_family(request: HttpRequest, uid: UUID, body: s.FamilyChangeIn, key: Key) -> HttpResponse:
    """Change a family; a new warranty holds for all its machines."""

    def work(actor: Actor) -> s.FamilyOut:
        row = one(families(actor), uid=uid)
        return s.FamilyOut.of(
            actions.change_family(actor=actor, at=now(), family_id=row.pk, changes=body.given())
        )

    return act(request, key, "catalogue.change_family", work)


@router.post(
    "/families/{uuid:uid}/actions/retire_family", response={200: s.FamilyOut, **REFUSED}, summary="Close a family"
)
def retire_family(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Close a family."""

    def work(actor: Actor) -> s.FamilyOut:
        actions.retire_family(actor=actor, at=now(), family_id=one(families(actor), uid=uid).pk)
        return s.FamilyOut.of(one(families(actor), uid=uid))

    return act(request, key, "catalogue.retire_family", work)


# ---- models ----------------------------------------------------------------------------------------------------------
@router.get("/models", response={200: s.ModelsOut, **UNREAD}, summary="List models")
def list_models(
    request: HttpRequest, family: Code = "", closed: Closed = IN_USE, after: Cursor = "", limit: Limit = PAGE
) -> s.ModelsOut:
    """Models with their makers, newest first; of one family."""
    rows = models(_reader(request)).filter(retired_at__isnull=not closed)
    return s.ModelsOut(**paged(_of_family(rows, family), after, limit, s.ModelOut.of))


def _of_family(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    return rows.filter(family__code=code) if code else rows


@router.post("/models", response={201: s.ModelOut, **REFUSED}, summary="Add a model: add_model")
def add_model(request: HttpRequest, body: s.ModelIn, key: Key) -> HttpResponse:
    """Add a model to a family."""

    def work(actor: Actor) -> s.ModelOut:
        new = NewModel(family_key(actor, body.family) or 0, body.maker, body.code, body.name)
        return s.ModelOut.of(actions.add_model(actor=actor, at=now(), new=new))

    return act(request, key, "catalogue.add_model", work, status=201)


@router.post("/models/{uuid:uid}/actions/change_model", response={200: s.ModelOut, **REFUSED}, summary="Change a model")
def change_model(request: HttpRequest, uid: UUID, body: s.ModelChangeIn, key: Key) -> HttpResponse:
    """Change a model; never its maker, for whom serial numbers are unique."""

    def work(actor: Actor) -> s.ModelOut:
        row, changes = one(models(actor), uid=uid), body.given()
        if "family" in changes:
            changes["family_id"] = family_key(actor, changes.pop("family"))
        return s.ModelOut.of(actions.change_model(actor=actor, at=now(), model_id=row.pk, changes=changes))

    return act(request, key, "catalogue.change_model", work)


@router.post("/models/{uuid:uid}/actions/retire_model", response={200: s.ModelOut, **REFUSED}, summary="Close a model")
def retire_model(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Close a model: no new machines of it; those there are stay serviced."""

    def work(actor: Actor) -> s.ModelOut:
        actions.retire_model(actor=actor, at=now(), model_id=one(models(actor), uid=uid).pk)
        return s.ModelOut.of(one(models(actor), uid=uid))

    return act(request, key, "catalogue.retire_model", work)


# ---- classes of fault ------------------------------------------------------------------------------------------------
@router.get("/fault_classes", response={200: s.FaultClassesOut, **UNREAD}, summary="List classes of fault")
def list_fault_classes(
    request: HttpRequest, family: Code = "", closed: Closed = IN_USE, after: Cursor = "", limit: Limit = PAGE
) -> s.FaultClassesOut:
    """Classes of fault, newest first; of one family only those of its own."""
    rows = fault_classes(_reader(request)).filter(retired_at__isnull=not closed)
    return s.FaultClassesOut(**paged(_of_family(rows, family), after, limit, s.FaultClassOut.of))


@router.post(
    "/fault_classes", response={201: s.FaultClassOut, **REFUSED}, summary="Add a class of faults: add_fault_class"
)
def add_fault_class(request: HttpRequest, body: s.FaultClassIn, key: Key) -> HttpResponse:
    """Add a class of faults."""

    def work(actor: Actor) -> s.FaultClassOut:
        new = NewFaultClass(
            body.code, body.name_zh, body.name_en, body.difficulty, family_key(actor, body.family),
            tuple(body.keywords_zh), tuple(body.keywords_en), body.severity_hint or "",
        )  # fmt: skip
        return s.FaultClassOut.of(actions.add_fault_class(actor=actor, at=now(), new=new))

    return act(request, key, "catalogue.add_fault_class", work, status=201)


@router.post(
    "/fault_classes/{uuid:uid}/actions/change_fault_class",
    response={200: s.FaultClassOut, **REFUSED},
    summary="Change a class of faults",
)
def change_fault_class(request: HttpRequest, uid: UUID, body: s.FaultClassChangeIn, key: Key) -> HttpResponse:
    """Change a class of faults."""

    def work(actor: Actor) -> s.FaultClassOut:
        row, changes = one(fault_classes(actor), uid=uid), body.given()
        if "family" in changes:
            changes["family_id"] = family_key(actor, changes.pop("family"))
        if "severity_hint" in changes:
            changes["severity_hint"] = changes["severity_hint"] or ""
        return s.FaultClassOut.of(
            actions.change_fault_class(actor=actor, at=now(), fault_class_id=row.pk, changes=changes)
        )

    return act(request, key, "catalogue.change_fault_class", work)


@router.post(
    "/fault_classes/{uuid:uid}/actions/retire_fault_class",
    response={200: s.FaultClassOut, **REFUSED},
    summary="Close a class of faults",
)
def retire_fault_class(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Close a class of faults."""

    def work(actor: Actor) -> s.FaultClassOut:
        row = one(fault_classes(actor), uid=uid)
        actions.retire_fault_class(actor=actor, at=now(), fault_class_id=row.pk)
        return s.FaultClassOut.of(one(fault_classes(actor), uid=uid))

    return act(request, key, "catalogue.retire_fault_class", work)


# ---- parts -----------------------------------------------------------------------------------------------------------
def _fitted(rows: QuerySet[Part]) -> QuerySet[Part]:
    return rows.prefetch_related("fits_families", "fits_models")


@router.get("/parts", response={200: s.PartsOut, **UNREAD}, summary="List parts")
def list_parts(
    request: HttpRequest, q: Line = "", closed: Closed = IN_USE, after: Cursor = "", limit: Limit = PAGE
) -> s.PartsOut:
    """Parts of the catalogue, newest first; `q` searches number, names and pinyin of those in use."""
    actor = _reader(request)
    rows = find_parts(actor, q) if q.strip() else parts(actor)
    return s.PartsOut(**paged(_fitted(rows.filter(retired_at__isnull=not closed)), after, limit, s.PartOut.of))


def _fits(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """What a part fits, by key; and a currency that is known."""
    if (currency := given.get("currency", "CNY")) not in MINOR_UNITS:
        raise Invalid("catalogue.unknown_currency", field="currency", given=currency)
    if "fits_families" in given:
        codes = given["fits_families"]
        given["fits_families"] = tuple(family_key(actor, each, "fits_families") for each in codes)
    if "fits_models" in given:
        given["fits_models"] = tuple(model_key(actor, each, "fits_models") for each in given["fits_models"])
    return given


@router.post("/parts", response={201: s.PartOut, **REFUSED}, summary="Add a part: add_part")
def add_part(request: HttpRequest, body: s.PartIn, key: Key) -> HttpResponse:
    """Add a part."""

    def work(actor: Actor) -> s.PartOut:
        given = _fits(actor, body.model_dump())
        price = Money(given.pop("price_minor"), given.pop("currency"))
        return s.PartOut.of(actions.add_part(actor=actor, at=now(), new=NewPart(**given, price=price)))

    return act(request, key, "catalogue.add_part", work, status=201)


@router.post("/parts/{uuid:uid}/actions/change_part", response={200: s.PartOut, **REFUSED}, summary="Change a part")
def change_part(request: HttpRequest, uid: UUID, body: s.PartChangeIn, key: Key) -> HttpResponse:
    """Change a part, its price, or what it fits."""

    def work(actor: Actor) -> s.PartOut:
        row = one(parts(actor), uid=uid)
        changes = _fits(actor, body.given())
        actions.change_part(actor=actor, at=now(), part_id=row.pk, changes=changes)
        return s.PartOut.of(one(_fitted(parts(actor)), uid=uid))

    return act(request, key, "catalogue.change_part", work)


@router.post("/parts/{uuid:uid}/actions/retire_part", response={200: s.PartOut, **REFUSED}, summary="Close a part")
def retire_part(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Close a part."""

    def work(actor: Actor) -> s.PartOut:
        actions.retire_part(actor=actor, at=now(), part_id=one(parts(actor), uid=uid).pk)
        return s.PartOut.of(one(parts(actor), uid=uid))

    return act(request, key, "catalogue.retire_part", work)
