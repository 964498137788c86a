"""What the demo company is made of, read from company.toml: names, places, products, and what people say."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from typing import Any, Final

DOMAIN: Final = "demo.anxiu.example"
_WRITTEN: Final[dict[str, Any]] = tomllib.loads((files("anxiu.demo") / "company.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class District:
    """Part of a region: a point in WGS-84, its neighbourhoods and roads."""

    zh: str
    at: tuple[float, float]
    quarters: tuple[str, ...]
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A region of the demo company."""

    code: str
    zh: str
    en: str
    districts: tuple[District, ...]


@dataclass(frozen=True, slots=True)
class Business:
    """A customer to be: what it is called and what its building is called, behind the neighbourhood's name."""

    name: str
    building: str


@dataclass(frozen=True, slots=True)
class Product:
    """A model of the demo catalogue, and where such machines stand."""

    maker: str
    code: str
    name: str
    spots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spare:
    """A part of the demo catalogue; the price in fen."""

    number: str
    zh: str
    en: str
    price: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A class of fault, what callers say, what was found and done, and the part it takes."""

    code: str
    zh: str
    en: str
    difficulty: str
    words: tuple[str, ...]
    cause: str
    solution: str
    part: str


@dataclass(frozen=True, slots=True)
class Line:
    """A product family with its models, faults, parts, the skill and certificates its work needs."""

    code: str
    zh: str
    en: str
    skill: tuple[str, str]
    certificates: tuple[str, ...]
    months: int
    prefix: str
    products: tuple[Product, ...]
    faults: tuple[Fault, ...]
    parts: tuple[Spare, ...]


def _area(raw: dict[str, Any]) -> Area:
    districts = tuple(
        District(each["zh"], (each["at"][0], each["at"][1]), tuple(each["quarters"]), tuple(each["roads"]))
        for each in raw["districts"]
    )
    return Area(raw["code"], raw["zh"], raw["en"], districts)


def _line(raw: dict[str, Any]) -> Line:
    return Line(
        code=raw["code"], zh=raw["zh"], en=raw["en"], skill=(raw["skill"]["zh"], raw["skill"]["en"]),
        certificates=tuple(raw["certificates"]), months=raw["months"], prefix=raw["prefix"],
        products=tuple(Product(**each | {"spots": tuple(each["spots"])}) for each in raw["products"]),
        faults=tuple(Fault(**each | {"words": tuple(each["words"])}) for each in raw["faults"]),
        parts=tuple(Spare(**each) for each in raw["parts"]),
    )  # fmt: skip


def _businesses() -> tuple[Business, ...]:
    raw = _WRITTEN["customers"]
    first, second = raw["brands"]
    return tuple(
        Business(f"上海{one}{two}{building['company']}", f"{one}{two}{building['site']}")
        for one, two, building in product(first, second, raw["buildings"])
    )


NAMES: Final[tuple[str, ...]] = tuple(
    f"{surname}{given}" for surname, given in product(_WRITTEN["surnames"], _WRITTEN["given"])
)
ROLES_OF_CONTACTS: Final[tuple[str, ...]] = tuple(_WRITTEN["roles"])
AREAS: Final = tuple(_area(each) for each in _WRITTEN["areas"])
LINES: Final = tuple(_line(each) for each in _WRITTEN["lines"])
BUSINESSES: Final = _businesses()

_SAID: Final = _WRITTEN["said"]
PRAISE: Final[tuple[str, ...]] = tuple(_SAID["praise"])
BLAME: Final[tuple[str, ...]] = tuple(_SAID["blame"])
REACHED: Final[tuple[str, ...]] = tuple(_SAID["reached"])
QUESTIONS: Final[tuple[tuple[str, str], ...]] = tuple((each[0], each[1]) for each in _SAID["questions"])
RECOVERED: Final[tuple[str, ...]] = tuple(_SAID["recovered"])
ELSEWHERE: Final[dict[str, str]] = _SAID["elsewhere"]
