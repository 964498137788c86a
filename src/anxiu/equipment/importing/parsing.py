"""From a row of texts to a typed line, or to what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from anxiu.customers.choices import Language
from anxiu.customers.rules import phone
from anxiu.equipment.actions import (
    CustomerLine,
    Line,
    MachineLine,
    ModelLine,
    OrderLine,
    PartLine,
    PersonLine,
    QualificationLine,
)
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.cells import SHORTENED, Bad, Cell, Counted, is_empty
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.geo import Place
from anxiu.kernel.grams import folded
from anxiu.kernel.money import Money
from anxiu.workforce.choices import QualificationKind

# 2025-03-01, 2025/3/1, 2025.3.1, 2025年3月1日, 20250301, each perhaps with a time behind it
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T].*)?")
_COUNT: Final = re.compile(r"(\d{1,4})\s*(?:个月|月|months?|mo)?", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s,，;；、/|]+")
_NAMES: Final = re.compile(r"[,，;；、|\n]+")  # names have blanks in them, serial numbers strokes
_AMOUNT: Final = re.compile(r"[¥￥$€元,\s]")
_AMOUNT_MOST: Final = 10**15  # source: own choice; major units, beyond which a number was meant for something else

Texts = Mapping[str, str]


def a_date(text: str, field: str) -> date | None:
    """A day as people and programs write it, year first; an empty text is none."""
    if not text:
        return None
    if isinstance(text, Counted):
        return text.day
    if found := _DATE.fullmatch(text):
        year, month, day = found[1], found[2] or found[4], found[3] or found[5]
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise Invalid("equipment.not_a_date", field=field, given=text)


def an_amount(text: str, field: str, currency: str) -> Money | None:
    """An amount in major units, with or without a sign of currency and commas; an empty text is none."""
    if not text:
        return None
    try:
        amount = Decimal(_AMOUNT.sub("", text))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount.copy_abs() > _AMOUNT_MOST:
        raise Invalid("equipment.not_an_amount", field=field, given=text)
    return Money.of(amount, currency)


def a_place(latitude: str, longitude: str) -> Place | None:
    """A place in degrees; none when both are empty."""
    if not latitude and not longitude:
        return None
    try:
        return Place(float(latitude), float(longitude), None, "import")
    except ValueError:
        raise Invalid("equipment.not_a_place", field="latitude", given=f"{latitude}, {longitude}") from None


def a_phone(text: str) -> str:
    """A number in one form, however it was written; one with an extension, or that is none, stays as it is."""
    found = phone(text) if text else None
    return found.digits if found and not found.extension else text


def require_texts(texts: Texts, *fields: str) -> None:
    """Refuse a row without what is needed, all of it at once."""
    missing = [each for each in fields if not texts.get(each)]
    if missing:
        wrong = tuple(Invalid("kernel.required", field=each) for each in missing)
        raise Invalid("kernel.required", field=missing[0], errors=wrong)


def customer_line(line: int, texts: Texts, currency: str) -> CustomerLine:
    """A line of a file of customers."""
    require_texts(texts, "key", "name", "region")
    plain = {name: text for name, text in texts.items() if name not in {"latitude", "longitude"}}
    plain["phone"] = a_phone(texts.get("phone", ""))
    return CustomerLine(line=line, place=a_place(texts.get("latitude", ""), texts.get("longitude", "")), **plain)


def machine_line(line: int, texts: Texts, currency: str) -> MachineLine:
    """A line of a file of machines; one without a key is known by its serial number."""
    key = texts.get("key") or texts.get("serial") or ""
    require_texts({**texts, "key": key}, "key", "model", "customer", "site")
    return MachineLine(
        line=line, key=key, model=texts["model"], customer=texts["customer"], site=texts["site"],
        maker=texts.get("maker", ""), serial=texts.get("serial", ""), name=texts.get("name", ""),
        position=texts.get("position", ""), parent=texts.get("parent", ""),
        installed_on=a_date(texts.get("installed_on", ""), "installed_on"),
        sold_on=a_date(texts.get("sold_on", ""), "sold_on"),
        warranty_until=a_date(texts.get("warranty_until", ""), "warranty_until"),
    )  # fmt: skip


def order_line(line: int, texts: Texts, currency: str) -> OrderLine:
    """A line of a file of orders."""
    require_texts(texts, "machine", "date")
    day = a_date(texts["date"], "date")
    assert day is not None
    return OrderLine(
        line=line, machine=texts["machine"], date=day, key=texts.get("key", ""), text=texts.get("text", ""),
        kind=texts.get("kind", ""), cost=an_amount(texts.get("cost", ""), "cost", currency),
    )  # fmt: skip


def a_count(text: str, field: str) -> int | None:
    """A whole number, perhaps with its unit behind it: 24, 24 个月; an empty text is none."""
    if not text:
        return None
    if found := _COUNT.fullmatch(text):
        return int(found[1])
    raise Invalid("equipment.not_a_count", field=field, given=text)


def model_line(line: int, texts: Texts, currency: str) -> ModelLine:
    """A line of a file of models."""
    require_texts(texts, "model", "maker", "name", "family")
    plain = {name: text for name, text in texts.items() if name != "warranty_months"}
    months = a_count(texts.get("warranty_months", ""), "warranty_months")
    return ModelLine(line=line, warranty_months=months, **plain)


def part_line(line: int, texts: Texts, currency: str) -> PartLine:
    """A line of a file of parts."""
    require_texts(texts, "key", "name", "unit")
    families = tuple(dict.fromkeys(each for each in _BETWEEN.split(texts.get("families", "")) if each))
    return PartLine(
        line=line, key=texts["key"], name=texts["name"], name_en=texts.get("name_en", ""),
        unit=texts["unit"], price=an_amount(texts.get("price", ""), "price", currency), families=families,
    )  # fmt: skip


def several(text: str) -> tuple[str, ...]:
    """Names that stand in one cell, each once: A, B、C."""
    return tuple(dict.fromkeys(each.strip() for each in _NAMES.split(text) if each.strip()))


# How files say what a language or a qualification is.
LANGUAGES: Final = {
    **dict.fromkeys(("中文", "简体中文", "汉语", "chinese", "zh", "zh-cn", "zh-hans"), Language.CHINESE.value),
    **dict.fromkeys(("英文", "英语", "english", "en", "en-us", "en-gb"), Language.ENGLISH.value),
}
QUALIFICATIONS: Final = {
    **dict.fromkeys(("技能", "skill"), QualificationKind.SKILL),
    **dict.fromkeys(("", "证书", "资格证书", "certificate", "licence", "license"), QualificationKind.CERTIFICATE),
    **dict.fromkeys(("岗前培训", "入职培训", "induction", "induction training"), QualificationKind.INDUCTION),
}


def an_address(text: str, field: str) -> str:
    """An address to log in with, in lower case."""
    try:
        validate_email(text)
    except ValidationError:
        raise Invalid("equipment.not_an_email", field=field, given=text) from None
    return text.lower()


def said(text: str, words: Mapping[str, Any], field: str) -> Any:
    """What a word stands for; refuses one that is not known."""
    if folded(text) not in words:
        raise Invalid("kernel.not_a_choice", field=field, given=text)
    return words[folded(text)]


def person_line(line: int, texts: Texts, currency: str) -> PersonLine:
    """A line of a file of people; a grade says the engineer's post."""
    require_texts(texts, "name", "email", *(() if texts.get("grade") else ("posts",)))
    number = texts.get("phone", "")
    if number and phone(number) is None:
        raise Invalid("customers.not_a_phone", field="phone", given=number)
    language = texts.get("language", "")
    plain = {name: texts.get(name, "") for name in ("key", "name_en", "region", "outlet", "grade")}
    return PersonLine(
        line=line, name=texts["name"], email=an_address(texts["email"], "email"), phone=a_phone(number),
        posts=several(texts.get("posts", "").replace("/", ",")),
        language=said(language, LANGUAGES, "language") if language else "",
        started_on=a_date(texts.get("started_on", ""), "started_on"),
        base=a_place(texts.get("latitude", ""), texts.get("longitude", "")), **plain,
    )  # fmt: skip


def qualification_line(line: int, texts: Texts, currency: str) -> QualificationLine:
    """A line of a file of qualifications; one whose kind is not said is a certificate."""
    require_texts(texts, "engineer", "valid_from")
    day = a_date(texts["valid_from"], "valid_from")
    assert day is not None
    plain = {name: texts.get(name, "") for name in ("name", "issuer", "number")}
    return QualificationLine(
        line=line, engineer=texts["engineer"], kind=said(texts.get("kind", ""), QUALIFICATIONS, "kind"),
        valid_from=day, valid_to=a_date(texts.get("valid_to", ""), "valid_to"),
        level=a_count(texts.get("level", ""), "level"), **plain,
    )  # fmt: skip


PARSERS: Final[dict[ImportKind, Callable[[int, Texts, str], Line]]] = {
    ImportKind.CUSTOMERS: customer_line,
    ImportKind.MACHINES: machine_line,
    ImportKind.ORDERS: order_line,
    ImportKind.MODELS: model_line,
    ImportKind.PARTS: part_line,
    ImportKind.PEOPLE: person_line,
    ImportKind.QUALIFICATIONS: qualification_line,
}


# Numbers by which things are told apart: one that a spreadsheet has shortened to 1.23E+17 is lost.
NUMBERS: Final = frozenset(
    {"key", "serial", "machine", "machines", "customer", "parent", "phone", "engineer", "number"}
)


def texts_of(row: Sequence[Cell], places: Mapping[str, int], width: int) -> Texts:
    """A row's texts by field; refuses one that does not have the header's number of columns, or with a bad cell."""
    if len(row) < width:
        raise Invalid("equipment.row_short")
    if not all(map(is_empty, row[width:])):
        raise Invalid("equipment.row_long")
    texts: dict[str, str] = {}
    wrong: list[Refusal] = []
    for name, place in places.items():
        each = row[place]
        if isinstance(each, Bad):
            wrong.append(each.refused(name))
        elif name in NUMBERS and SHORTENED.fullmatch(each):
            wrong.append(Invalid("equipment.digits_lost", field=name))
        else:
            texts[name] = each
    if wrong:
        raise Invalid(wrong[0].code, field=wrong[0].field, errors=tuple(wrong), **wrong[0].params)
    return texts
