"""Documents say what they should, look the same every time, and fail loudly rather than with empty boxes."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from anxiu.equipment.documents import Label, labels_pdf
from anxiu.files import documents
from anxiu.files.documents import DocumentFailed, Picture, Style, amount, render, span
from anxiu.files.pictures import printable
from anxiu.kernel.money import Money
from anxiu.orders.documents import guarantee_pdf, report_pdf
from tests.files.content import picture
from tests.files.documents import guarantee, report

GOLDEN = Path(__file__).parent / "golden"
STYLES = {"zh": Style("zh-hans", "Asia/Shanghai"), "en": Style("en", "Asia/Shanghai")}
LABELS = [
    Label("https://service.example.com/f/AbCdEf", "数控加工中心", "VMC-850L", "SN20240518-00731"),
    Label("https://service.example.com/f/GhIjKl", "Lift", "", ""),
]
MAKE = {
    "report": lambda language: report_pdf(report(language == "zh"), STYLES[language]),
    "guarantee": lambda language: guarantee_pdf(guarantee(language == "zh"), STYLES[language]),
    "labels": lambda language: labels_pdf(
        LABELS * 12, company="安修示例服务公司", phone="400-820-1234", style=STYLES[language], skip=2
    ),
}


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    lines = [line.strip() for page in pages for line in [*page.extract_text().splitlines(), "--- page ---"]]
    return "\n".join(line for line in lines if line) + "\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(MAKE))
@pytest.mark.requirement("ORD-12", "ORD-13", "INT-10")
def test_a_document_says_what_it_said_before(name, language):
    """Text against the golden file; `ANXIU_GOLDEN=1` writes the files anew, to be read before they are committed."""
    made = MAKE[name](language)
    assert made == MAKE[name](language)
    golden = GOLDEN / f"{name}-{language}.txt"
    if os.environ.get("ANXIU_GOLDEN"):
        golden.write_text(text_of(made), encoding="utf-8")
    assert text_of(made) == golden.read_text(encoding="utf-8")


def test_all_letters_come_from_our_own_fonts():
    fonts = set()
    for page in PdfReader(BytesIO(MAKE["report"]("zh"))).pages:
        for font in page["/Resources"]["/Font"].values():
            fonts.add(str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-Identity")[0])
    assert fonts == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


def template(folder: Path, body: str) -> Path:
    path = folder / "main.typ"
    path.write_text(body, encoding="utf-8")
    return path


def test_a_font_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(DocumentFailed, match="unknown font family"):
        render(template(tmp_path, '#set text(font: "Comic Sans MS")\nHello'), {}, style=STYLES["zh"])


def test_fonts_that_were_not_built_are_an_error(settings, tmp_path):
    settings.DOCUMENT_FONTS = tmp_path
    documents._fonts.cache_clear()
    try:
        with pytest.raises(DocumentFailed, match="build the front end"):
            render(template(tmp_path, "Hello"), {}, style=STYLES["zh"])
    finally:
        documents._fonts.cache_clear()


def test_data_is_never_markup(tmp_path):
    wicked = '#read("/etc/passwd") *bold* $x$ <script> #panic() \\ "'
    made = render(
        template(tmp_path, '#import "/shared/anxiu.typ": *\n#show: base\n#json("/data.json").words'),
        {"words": wicked},
        style=STYLES["zh"],
    )
    assert text_of(made).splitlines()[0] == wicked


def test_a_template_reads_nothing_outside_its_folder(tmp_path):
    with pytest.raises(DocumentFailed):
        render(template(tmp_path, '#read("/../../../../etc/passwd")'), {}, style=STYLES["zh"])


def test_a_document_shows_no_unknown_things(tmp_path):
    with pytest.raises(TypeError):
        render(template(tmp_path, "x"), {"value": 1.5}, style=STYLES["zh"])
    with pytest.raises(DocumentFailed):
        render(template(tmp_path, "x"), {"value": Picture(b"GIF89a")}, style=STYLES["zh"])


def test_money_and_spans_read_well():
    from datetime import timedelta

    assert [amount(each) for each in (Money(123450), Money(-5), Money(1200, "JPY"))] == [
        "¥1,234.50",
        "−¥0.05",
        "JP¥1,200",
    ]
    spans = [timedelta(minutes=90), timedelta(hours=2), timedelta(seconds=20), timedelta(hours=30, minutes=5)]
    assert [span(each, STYLES["zh"]) for each in spans] == ["1 小时 30 分", "2 小时", "0 分", "30 小时 5 分"]
    assert [span(each, STYLES["en"]) for each in spans] == ["1 h 30 min", "2 h", "0 min", "30 h 5 min"]


def test_printable_pictures_are_small_and_on_white():
    photo = Image.open(BytesIO(printable(BytesIO(picture(3000, 2000)), "image/jpeg")))
    assert (photo.format, photo.size) == ("JPEG", (900, 600))
    clear = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "WEBP", lossless=True)
    white = Image.open(BytesIO(printable(clear, "image/webp")))
    assert min(white.getpixel((20, 20))) > 250
    signature = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(signature, "PNG")
    assert Image.open(BytesIO(printable(signature, "image/png"))).mode == "RGBA"
