"""The customer pages in a real browser: with script and without, both languages, both themes, phone and desk."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.feedback.models import Rating
from anxiu.files.models import Attachment
from anxiu.kernel.actor import Subject
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.models import Order, Question, SignOff
from tests.given.orders import Walk, react_all
from tests.portal.given import a_shop, reported

WIDTHS = (320, 390, 1280)


def a_big_photo(colour: str = "steelblue") -> dict[str, object]:
    kept = BytesIO()
    noise = Image.effect_noise((2600, 1900), 60).convert("RGB")
    Image.blend(noise, Image.new("RGB", noise.size, colour), 0.4).save(kept, "JPEG", quality=92)
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def a_scribble() -> dict[str, object]:
    kept, picture = BytesIO(), Image.new("RGB", (300, 120), "white")
    picture.paste("#10203f", (20, 50, 280, 60))
    picture.save(kept, "PNG")
    return {"name": "signature.png", "mimeType": "image/png", "buffer": kept.getvalue()}


def fill_in(page: Page, words: str = "面板显示 F07，早上 9 点后自动停机") -> None:
    page.fill("#id_words", words)
    page.fill("#id_caller_name", "周女士")
    page.fill("#id_caller_phone", "138 1234 5678")
    page.check("#id_consent")


def sign_by_hand(page: Page) -> None:
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 120)
    page.mouse.down()
    for step, height in enumerate((60, 130, 70, 120)):
        page.mouse.move(box["x"] + 80 + 40 * step, box["y"] + height, steps=4)
    page.mouse.up()


def door(order: Order, purpose: LinkPurpose) -> str:
    return make_link(
        purpose=purpose, subject=Subject("order", order.pk), at=now() - timedelta(minutes=1), lasts=timedelta(days=1)
    )


# ---- the whole way ---------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("INT-01", "INT-06", "INT-08", "INT-10", "ORD-10", "ORD-11", "ORD-17", "FB-01")
def test_from_the_label_to_the_rating(visit, seen, site):
    shop = a_shop()
    page = visit(f"/r/{shop.machine.label_code}")
    expect(page.locator(".who")).to_contain_text("GRUNDFOS")
    page.get_by_label("面板报警").check()
    fill_in(page)
    page.set_input_files("input[type=file]", [a_big_photo()])
    expect(page.locator(".photo")).to_have_count(1)
    page.click("button[form=report]")
    order = Order.objects.order_by("-id").first()
    expect(page.locator(".number")).to_have_text(order.number)
    expect(page.get_by_text("请保存此链接")).to_be_visible()
    assert page.locator(".link").inner_text().startswith(f"{site}/p/t/")
    assert (order.request.channel, order.fault_class_id) == ("h5", shop.fault.pk)
    photo = Attachment.objects.get(subject_id=order.pk, subject_kind="order")
    assert max(photo.blob.width, photo.blob.height) == 1600

    page.get_by_role("link", name="查看进度").click()
    tracking = page.url
    expect(page.locator("h1")).to_have_text("已收到您的报修")
    page.fill("#ask [name=text]", "大概什么时候到？")
    page.click("text=提交问题")
    expect(page.locator(".note.good")).to_be_visible()
    expect(page.locator("#ask [name=text]")).to_have_value("")
    asked = Question.objects.get(order=order)
    actions.answer_question(actor=shop.agent, at=now(), question_uid=asked.uid, text="今天上午到。")

    walk = Walk(shop, order, order.opened_at)
    walk.later = lambda minutes=5: now()  # type: ignore[method-assign]
    walk.to("departed")
    page.goto(tracking)
    expect(page.locator("h1")).to_have_text("工程师正在赶来")
    expect(page.locator(".who")).to_contain_text("吴海涛")
    expect(page.locator(".who")).to_contain_text("高级工程师")
    expect(page.locator(".x-avatar img")).to_have_js_property("naturalWidth", 240)
    expect(page.locator(".talk")).to_contain_text("今天上午到。")

    for step in ("arrived", "assessed", "worked", "completed"):
        getattr(walk, step)()
    page.goto(tracking)
    page.locator(".due button").click()
    expect(page.locator(".paper")).to_contain_text("更换皮带并试运行")
    page.fill("#id_signer", "周女士")
    sign_by_hand(page)
    page.click("button[form=sign]")
    expect(page.locator("h1")).to_have_text("已签字，谢谢您")
    assert SignOff.objects.get(order=order).outcome == "signed"

    react_all()
    page.goto(tracking)
    expect(page.locator(".rows")).to_contain_text("服务报告")
    page.locator(".actions button", has_text="去评价").click()
    page.locator(".stars label").first.click()
    page.get_by_label("技术过硬").check()
    page.locator(".scale").get_by_label("9").check()
    page.click("button[form=rate]")
    expect(page.locator("h1")).to_have_text("感谢您的评价")
    rated = Rating.objects.get(order=order)
    assert (rated.score, rated.tags, rated.nps) == (5, ["skilled"], 9)
    assert seen.faults == []


@pytest.mark.requirement("INT-01", "INT-06", "INT-08", "ORD-10", "ORD-11", "FB-01")
def test_everything_works_without_script(visit, seen):
    shop = a_shop()
    page = visit("/p/report/", locale="en", script=False)
    page.fill("#code", shop.machine.label_code)
    page.click("text=Go on")
    expect(page.locator(".who")).to_contain_text(shop.machine.serial)
    fill_in(page, "It stops by itself")
    page.set_input_files("input[type=file]", [a_big_photo(), {"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"}])
    page.click("button[form=report]")
    expect(page.locator("[role=alert]")).to_contain_text("x.txt: This kind of file is not taken")
    expect(page.locator("#id_words")).to_have_value("It stops by itself")
    expect(page.locator(".photo.kept")).to_have_count(1)
    page.click("button[form=report]")
    expect(page.locator("h1")).to_have_text("We have your report")
    order = Order.objects.order_by("-id").first()
    assert Attachment.objects.filter(subject_id=order.pk, subject_kind="order").count() == 1
    page.get_by_role("link", name="Follow the order").click()
    tracking = page.url
    page.fill("#ask [name=text]", "When?")
    page.click("text=Send the question")
    expect(page.locator(".talk")).to_contain_text("When?")
    asked = Question.objects.get(order=order)
    actions.answer_question(actor=shop.agent, at=now(), question_uid=asked.uid, text="Soon.")
    walk = Walk(shop, order, order.opened_at)
    walk.later = lambda minutes=5: now()  # type: ignore[method-assign]
    walk.to("completed")
    page.goto(tracking)
    page.locator(".due button").click()
    page.set_input_files("input[name=photo]", a_scribble())
    page.click("button[form=sign]")
    expect(page.locator("h1")).to_have_text("Signed, thank you")
    page.goto(tracking)
    page.locator(".due button").click()
    page.locator(".stars label").nth(1).click()
    page.click("button[form=rate]")
    expect(page.locator("h1")).to_have_text("Thank you for your rating")
    assert Rating.objects.get(order=order).score == 4
    assert seen.faults == []


# ---- nothing typed is lost -------------------------------------------------------------------------------------------------
@pytest.mark.requirement("INT-10")
def test_what_was_typed_survives_a_reload_and_goes_when_it_was_sent(visit, seen):
    shop = a_shop()
    path = f"/p/r/{shop.machine.label_code}/"
    page = visit(path)
    page.get_by_label("漏水").check()
    fill_in(page)
    page.reload()
    expect(page.locator("#id_words")).to_have_value("面板显示 F07，早上 9 点后自动停机")
    expect(page.get_by_label("漏水")).to_be_checked()
    page.click(".hero button")
    expect(page.locator("h1")).to_have_text("Report a fault")
    expect(page.locator("#id_caller_name")).to_have_value("周女士")
    page.click("button[form=report]")
    expect(page.locator("h1")).to_have_text("We have your report")
    page.goto(path)
    expect(page.locator("#id_words")).to_have_value("")
    assert seen.faults == []


def test_photos_add_up_and_can_be_taken_away(visit):
    shop = a_shop()
    page = visit(f"/p/r/{shop.machine.label_code}/")
    page.set_input_files("input[type=file]", [a_big_photo(), a_big_photo("seagreen")])
    expect(page.locator(".photo")).to_have_count(2)
    page.set_input_files("input[type=file]", [a_big_photo("orange")])
    expect(page.locator(".photo")).to_have_count(3)
    page.locator(".photo-away").first.click()
    expect(page.locator(".photo")).to_have_count(2)
    names = page.evaluate("Array.from(document.querySelector('input[type=file]').files).map(each => each.name)")
    assert names == ["seagreen.jpg", "orange.jpg"]


# ---- signing -----------------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-11")
def test_place_is_kept_where_the_customer_agrees(visit, seen):
    shop = a_shop()
    order, _ = reported(shop, now() - timedelta(hours=2))
    Walk(shop, order, order.opened_at).to("completed")
    page = visit(
        f"/p/s/{door(order, LinkPurpose.SIGN)}/", permissions=["geolocation"],
        geolocation={"latitude": 31.23, "longitude": 121.47, "accuracy": 25},
    )  # fmt: skip
    page.locator("[data-place] input").check()
    expect(page.locator("[data-place-said]")).to_have_text("已添加位置")
    sign_by_hand(page)
    page.click("button[form=sign]")
    expect(page.locator("h1")).to_have_text("已签字，谢谢您")
    kept = SignOff.objects.get(order=order)
    assert (kept.latitude, kept.longitude, kept.accuracy_metres) == (31.23, 121.47, 25)
    assert seen.faults == []


@pytest.mark.requirement("ORD-11")
def test_refusing_to_sign_needs_a_reason_and_is_recorded(visit, seen):
    shop = a_shop()
    order, _ = reported(shop, now() - timedelta(hours=2))
    Walk(shop, order, order.opened_at).to("completed")
    page = visit(f"/p/s/{door(order, LinkPurpose.SIGN)}/")
    page.click("text=我不签字")
    page.get_by_label("认为故障未解决").check()
    page.click("button[name=refuse]")
    expect(page.locator("h1")).to_have_text("您未签字")
    assert SignOff.objects.get(order=order).refusal_reason == "not_repaired"
    assert seen.faults == []


# ---- how it looks --------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def places(site):
    """One address of every page."""
    start = now() - timedelta(hours=2)
    shop = a_shop()
    fresh, secret = reported(shop, start, words="F07 " + "很长的说明 " * 40 + "averyveryverylongwordwithoutanyspaceinit" * 3)
    found = {"report": "/p/report/", "label": f"/p/r/{shop.machine.label_code}/", "receipt": f"/p/t/{secret}/receipt/"}
    found |= {"new": f"/p/t/{secret}/", "lost": "/p/t/nothing/"}
    for step in ("departed", "completed", "signed"):
        shop = a_shop()
        order, secret = reported(shop, start)
        Walk(shop, order, start).to(step)
        found[step] = f"/p/t/{secret}/"
        if step == "completed":
            found["sign"] = f"/p/s/{door(order, LinkPurpose.SIGN)}/"
    react_all()
    found["rate"] = f"/p/rate/{door(order, LinkPurpose.RATE)}/"
    found["documents"] = f"/p/d/{door(order, LinkPurpose.DOCUMENT)}/"
    assert fresh.pk
    return found


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_fit_every_width_and_can_be_touched(visit, seen, places, locale, dark):
    page = visit(locale=locale, dark=dark)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for name, path in places.items():
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.locator("html").get_attribute("lang") == ("zh-CN" if locale == "zh-CN" else "en")
            for button in page.locator(".button:visible, .choices span:visible, .field input[type=text]:visible").all():
                box = button.bounding_box()
                assert box
                assert box["height"] >= 44, (name, width, button.inner_text())
    assert [each for each in seen.faults if "404" not in each] == []


LUMINANCE = """() => {
  const light = (c) => c.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parse = (text) => { const m = text.match(/[\\d.]+/g).map(Number); return m.length > 3 && !m[3] ? null : m.slice(0, 3); };
  const under = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c) return c; } return [255, 255, 255]; };
  const low = [];
  for (const e of document.querySelectorAll('.main *, .actions *, .foot *')) {
    if (!e.offsetParent || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (e.closest('.sr, .trap, .hero, .photo figcaption, option, datalist')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(under(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${e.className || e.tagName} ${e.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return low;
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_is_readable_in_both_themes(visit, places, dark):
    page = visit(dark=dark)
    for name, path in places.items():
        page.goto(path)
        assert page.evaluate(LUMINANCE) == [], name



def test_every_star_takes_its_own_touch(visit, places):
    page = visit(places["rate"])
    for number in range(1, 6):
        page.locator(f"label[for=score-{number}]").click()
        expect(page.locator(f"#score-{number}")).to_be_checked()


def test_a_video_that_is_too_large_is_said_before_it_is_sent(visit, tmp_path):
    shop = a_shop()
    film = tmp_path / "long.mp4"
    with film.open("wb") as file:
        file.truncate(101_000_000)
    page = visit(f"/p/r/{shop.machine.label_code}/")
    page.set_input_files("input[type=file]", [str(film)])
    expect(page.locator("[data-photos] .error")).to_have_text("long.mp4 超过 100.0 MB，未添加。")
    expect(page.locator(".photo")).to_have_count(0)


def test_the_language_can_be_changed_on_a_refused_question(visit):
    shop = a_shop()
    _, secret = reported(shop, now() - timedelta(minutes=5))
    page = visit(f"/p/t/{secret}/", script=False)
    page.fill("#ask [name=text]", " ")
    page.click("text=提交问题")
    expect(page.locator("[role=alert]")).to_be_visible()
    page.click(".hero button")
    expect(page.locator("h1")).to_have_text("We have your report")
