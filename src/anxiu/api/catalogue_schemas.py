"""What the API says and takes about the catalogue: families, models, classes of fault, parts."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from anxiu.api.doing import Changes, Text
from anxiu.catalogue.models import Family, FaultClass, Model, Part
from anxiu.regulation.choices import Severity
from anxiu.workforce.choices import Difficulty

Name = Annotated[Text, Field(min_length=1, max_length=80)]
Short = Annotated[Text, Field(min_length=1, max_length=32)]
Words = Annotated[list[Short], Field(max_length=200)]
Months = Annotated[int, Field(ge=0, le=600)]
Days = Annotated[int, Field(ge=0, le=3650)]
Price = Annotated[int, Field(ge=0, le=10**15)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Number = Annotated[Text, Field(min_length=1, max_length=48)]
Unit = Annotated[Text, Field(min_length=1, max_length=16)]
Title = Annotated[Text, Field(min_length=1, max_length=120)]


class FamilyOut(BaseModel):
    """A product family: its warranty, and what it asks of engineers."""

    uid: UUID
    code: str
    name_zh: str
    name_en: str
    warranty_months: int
    statutory_guarantee_days: int
    skills: list[str]
    certificates: list[str]
    retired: bool

    @staticmethod
    def of(row: Family) -> "FamilyOut":
        """From a row."""
        return FamilyOut(
            uid=row.uid, code=row.code, name_zh=row.name_zh, name_en=row.name_en, warranty_months=row.warranty_months,
            statutory_guarantee_days=row.statutory_guarantee_days, skills=list(row.skills),
            certificates=list(row.certificates), retired=row.retired_at is not None,
        )  # fmt: skip


class FamiliesOut(BaseModel):
    """A page of families."""

    items: list[FamilyOut]
    next: str


class FamilyIn(BaseModel):
    """A family to add. `skills` are codes the company knows."""

    code: Short
    name_zh: Name
    name_en: Name
    warranty_months: Months
    statutory_guarantee_days: Days = 0
    skills: Words = []
    certificates: Words = []


class FamilyChangeIn(Changes):
    """What changes; what is left out stays."""

    name_zh: Name = ""
    name_en: Name = ""
    warranty_months: Months = 0
    statutory_guarantee_days: Days = 0
    skills: Words = []
    certificates: Words = []


class ModelOut(BaseModel):
    """A model of a maker."""

    uid: UUID
    family: str
    maker: str
    code: str
    name: str
    retired: bool

    @staticmethod
    def of(row: Model) -> "ModelOut":
        """From a row with its family."""
        return ModelOut(
            uid=row.uid, family=row.family.code, maker=row.maker, code=row.code, name=row.name,
            retired=row.retired_at is not None,
        )  # fmt: skip


class ModelsOut(BaseModel):
    """A page of models."""

    items: list[ModelOut]
    next: str


class ModelIn(BaseModel):
    """A model to add; its maker never changes."""

    family: Short
    maker: Name
    code: Number
    name: Title


class ModelChangeIn(Changes):
    """What changes; what is left out stays."""

    family: Short = ""
    code: Number = ""
    name: Title = ""


class FaultClassOut(BaseModel):
    """A class of fault, of one family or of all, and the words people use for it."""

    uid: UUID
    code: str
    name_zh: str
    name_en: str
    family: str
    difficulty: str
    keywords_zh: list[str]
    keywords_en: list[str]
    severity_hint: str
    retired: bool

    @staticmethod
    def of(row: FaultClass) -> "FaultClassOut":
        """From a row with its family."""
        return FaultClassOut(
            uid=row.uid, code=row.code, name_zh=row.name_zh, name_en=row.name_en,
            family=row.family.code if row.family else "", difficulty=row.difficulty, keywords_zh=list(row.keywords_zh),
            keywords_en=list(row.keywords_en), severity_hint=row.severity_hint, retired=row.retired_at is not None,
        )  # fmt: skip


class FaultClassesOut(BaseModel):
    """A page of classes of fault."""

    items: list[FaultClassOut]
    next: str


class FaultClassIn(BaseModel):
    """A class of fault to add; without a family it may happen to all."""

    code: Short
    name_zh: Name
    name_en: Name
    difficulty: Difficulty
    family: Annotated[Text, Field(max_length=32)] = ""
    keywords_zh: Words = []
    keywords_en: Words = []
    severity_hint: Severity | None = None


class FaultClassChangeIn(Changes):
    """What changes; what is left out stays."""

    name_zh: Name = ""
    name_en: Name = ""
    difficulty: Difficulty = Difficulty.BASIC
    family: Annotated[Text, Field(max_length=32)] = ""
    keywords_zh: Words = []
    keywords_en: Words = []
    severity_hint: Severity | None = None


class PartOut(BaseModel):
    """A part of the catalogue; the price is in minor units. One that fits nothing by name fits everything."""

    uid: UUID
    number: str
    name_zh: str
    name_en: str
    unit: str
    price_minor: int
    currency: str
    fits_families: list[str]
    fits_models: list[UUID]
    retired: bool

    @staticmethod
    def of(row: Part) -> "PartOut":
        """From a row with what it fits."""
        return PartOut(
            uid=row.uid, number=row.number, name_zh=row.name_zh, name_en=row.name_en, unit=row.unit,
            price_minor=row.price_minor, currency=row.currency,
            fits_families=[each.code for each in row.fits_families.all()],
            fits_models=[each.uid for each in row.fits_models.all()], retired=row.retired_at is not None,
        )  # fmt: skip


class PartsOut(BaseModel):
    """A page of parts."""

    items: list[PartOut]
    next: str


class PartIn(BaseModel):
    """A part to add, with what it fits: codes of families, uids of models."""

    number: Number
    name_zh: Name
    name_en: Name
    unit: Unit
    price_minor: Price = 0
    currency: Currency = "CNY"
    fits_families: Words = []
    fits_models: Annotated[list[UUID], Field(max_length=500)] = []


class PartChangeIn(Changes):
    """What changes; what is left out stays."""

    number: Number = ""
    name_zh: Name = ""
    name_en: Name = ""
    unit: Unit = ""
    price_minor: Price = 0
    currency: Currency = "CNY"
    fits_families: Words = []
    fits_models: Annotated[list[UUID], Field(max_length=500)] = []
