"""Video in the work record: taken on site, checked by its content, played on the page, named in the report."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anxiu.files.choices import Purpose
from anxiu.files.models import Attachment
from anxiu.kernel.errors import GateShut, Invalid
from anxiu.kernel.events import Audience
from anxiu.kernel.time import now
from anxiu.orders.actions import NewEntry
from anxiu.orders.choices import EntryKind
from anxiu.orders.documents import filling, report_pdf
from anxiu.orders.models import Entry
from anxiu.orders.queries import history
from tests.given.browsing import browser, do
from tests.given.orders import PLACE, Company, Walk, a_company, a_film, a_picture, opened

pytestmark = pytest.mark.requirement("ORD-08")
FIX = {"latitude": "31.2304", "longitude": "121.4737", "accuracy": "18"}


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def walk(company: Company) -> Walk:
    start = now() - timedelta(hours=3)
    walk = Walk(company, opened(company, start), start)
    walk.to("assessed")
    return walk


def film(mark: bytes = b"\7", name: str = "door.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_film(mark).content.read(), "video/mp4")


def test_the_engineer_adds_a_video_on_the_order_page_and_it_plays_there(walk, company):
    hands, order = browser(company.hands), walk.order
    form = hands.get(reverse("order_verb", args=[order.uid, "add_entry"])).content.decode()
    assert 'accept="video/*"' in form
    assert 'capture="environment"' in form
    assert do(hands, order, "add_entry", kind="video", text="门机异响", video=film(), **FIX).status_code == 204
    entry = Entry.objects.get(order=order, kind=EntryKind.VIDEO)
    assert (entry.author_id, entry.latitude, entry.accuracy_metres) == (company.hands.person_id, 31.2304, 18)
    kept = Attachment.objects.select_related("blob").get(uid=entry.attachment_uid)
    assert (kept.purpose, kept.blob.media_type, kept.name) == (Purpose.EVIDENCE_VIDEO, "video/mp4", "door.mp4")
    page = hands.get(reverse("order", args=[order.uid]))
    url = reverse("file", args=[kept.uid])
    assert f'<video src="{url}" controls' in page.content.decode()
    assert "media-src 'self'" in page["Content-Security-Policy"]
    part = hands.get(url, headers={"Range": "bytes=0-7"})
    assert (part.status_code, part["Content-Type"], b"".join(part)) == (206, "video/mp4", a_film().content.read()[:8])


def test_what_is_no_video_is_refused_by_its_content(walk, company):
    hands = browser(company.hands)
    page = SimpleUploadedFile("door.mp4", b"<html><script>1</script></html>" * 40, "video/mp4")
    assert do(hands, walk.order, "add_entry", kind="video", video=page).status_code == 422
    picture = a_picture()
    photo = SimpleUploadedFile("door.jpg", picture.content.read(), "image/jpeg")
    assert do(hands, walk.order, "add_entry", kind="video", video=photo).status_code == 422
    missing = do(hands, walk.order, "add_entry", kind="video")
    assert (missing.status_code, "choose a video" in missing.content.decode()) == (422, True)
    assert not Entry.objects.filter(order=walk.order, kind=EntryKind.VIDEO).exists()
    with pytest.raises(Invalid, match="wrong_family"):
        walk._mine("add_entry", entry=NewEntry(EntryKind.VIDEO, video=a_picture()))


def test_a_video_is_set_right_like_a_photo(walk, company):
    walk._mine("add_entry", entry=NewEntry(EntryKind.VIDEO, text="装反了", video=a_film(), place=PLACE))
    wrong = Entry.objects.get(order=walk.order, kind=EntryKind.VIDEO)
    hands = browser(company.hands)
    url = reverse("correct_entry", args=[walk.order.uid, wrong.uid])
    assert re.search(r'<input[^>]*value="video"[^>]*checked', hands.get(url).content.decode())
    sent = {"key": "k" * 32, "kind": "video", "text": "改正后", "video": film(b"\x08")}
    assert hands.post(url, sent).status_code == 204
    assert wrong.corrections.get().kind == EntryKind.VIDEO
    page = hands.get(reverse("order", args=[walk.order.uid])).content.decode()
    assert page.count("<video ") == 2
    assert page.count('<figure class="is-corrected"') == 1


def test_history_and_report_name_it_with_its_digest(walk):
    walk.worked()
    walk._mine("add_entry", entry=NewEntry(EntryKind.VIDEO, text="试运行", video=a_film(), place=PLACE))
    walk.completed()
    walk.signed()
    told = [line for line in history(walk.order, Audience.STAFF, "en") if line.kind == "orders.entry_added"]
    assert (told[0].sentence, told[0].words) == ("Work recorded: video", ("试运行",))
    report = filling.report(walk.order, "zh-hans", walk.at)
    assert [(each.name, each.digest, each.caption) for each in report.videos] == [
        ("machine.mp4", a_film().digest, "试运行")
    ]
    assert [each.caption for each in report.photos] == ["", ""]
    assert report_pdf(report, filling.style_of(walk.order, "zh-hans")).startswith(b"%PDF-")


def test_a_video_is_no_photo_where_photos_are_asked_for(walk):
    for mark in (b"\1", b"\2", b"\3"):
        walk._mine("add_entry", entry=NewEntry(EntryKind.VIDEO, video=a_film(mark)))
    walk._mine("add_entry", entry=NewEntry(EntryKind.LABOUR, minutes=20))
    with pytest.raises(GateShut) as refused:
        walk.completed()
    assert [each.code for each in refused.value.missing] == ["orders.photos_missing"]
