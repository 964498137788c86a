"""Login, recovery and two-step login as a person goes through them, in both languages, through real forms and mail."""

import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.totp.internal import auth
from django.core.mail import EmailMessage
from django.test import Client

from anxiu.accounts.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.console.gallery_urls")]
EMAIL, PASSWORD, NEW_PASSWORD = "min.chen@example.com", "Correct-horse-9", "Another-horse-9"
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def person() -> Person:
    person = Person(email=EMAIL, name="陈敏", created_at=datetime(2026, 11, 21, tzinfo=UTC))
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture(params=LANGUAGES)
def visitor(request: pytest.FixtureRequest, client: Client) -> Client:
    client.cookies["anxiu_language"] = request.param
    return client


def heading(html: str) -> str:
    """The last heading of the page's own part."""
    own = html[html.index("<main") : html.index("</main>")]
    return re.findall(r"<h[12][^>]*>([^<]+)</h[12]>", own)[-1]


def said(client: Client, chinese: str, english: str) -> str:
    return english if client.cookies["anxiu_language"].value == "en" else chinese


def code_for(secret: str) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))


def sign_in(client: Client, password: str = PASSWORD) -> str:
    response = client.post("/accounts/login/", {"login": EMAIL, "password": password}, follow=False)
    return response.get("Location", "") or response.content.decode()


def test_wrong_password_is_said_in_the_readers_language(visitor: Client, person: Person) -> None:
    html = sign_in(visitor, "wrong")
    assert said(visitor, "密码不正确", "not correct") in html
    assert heading(visitor.get("/accounts/login/").content.decode()) == said(visitor, "登录", "Log in")


def test_after_too_many_attempts_login_is_closed_for_a_while(visitor: Client, person: Person) -> None:
    answers = [sign_in(visitor, "wrong") for _ in range(6)]
    assert said(visitor, "次数过多", "Too many") in answers[-1]
    assert said(visitor, "次数过多", "Too many") in sign_in(visitor)


def test_forgotten_password_is_replaced_through_the_mailbox_once(
    visitor: Client, person: Person, mailoutbox: list[EmailMessage]
) -> None:
    page = visitor.post("/accounts/password/reset/", {"email": EMAIL}, follow=True).content.decode()
    assert said(visitor, "请查收邮件", "Look into your mailbox") in page
    assert mailoutbox[0].subject == said(visitor, "设置新密码", "Choose a new password")
    link = re.search(r"http\S+?(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link
    form = visitor.get(link[1], follow=True)
    both = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    done = visitor.post(form.request["PATH_INFO"], both, follow=True).content.decode()
    assert said(visitor, "密码已修改", "The password is changed") in done
    assert sign_in(visitor, NEW_PASSWORD) == "/"
    assert (
        said(visitor, "链接已失效", "no longer works")
        in Client(headers={"cookie": f"anxiu_language={visitor.cookies['anxiu_language'].value}"})
        .get(link[1], follow=True)
        .content.decode()
    )


def test_unknown_address_gets_the_same_answer_and_no_mail(
    visitor: Client, person: Person, mailoutbox: list[EmailMessage]
) -> None:
    page = visitor.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True).content.decode()
    assert said(visitor, "请查收邮件", "Look into your mailbox") in page
    assert mailoutbox == []


def test_two_step_login_from_setting_up_to_a_recovery_code(visitor: Client, person: Person) -> None:
    assert sign_in(visitor) == "/"
    visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})
    setup = visitor.get("/accounts/2fa/totp/activate/")
    assert heading(setup.content.decode()) == said(visitor, "设置身份验证器应用", "Set up the authenticator app")
    codes = visitor.post("/accounts/2fa/totp/activate/", {"code": code_for(setup.context["form"].secret)}, follow=True)
    recovery = re.findall(r"<li>(\w+)</li>", codes.content.decode())
    assert len(recovery) == 10
    for place in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"):
        assert visitor.get(f"/accounts/2fa/{place}").status_code == 200
    visitor.post("/accounts/logout/")
    assert sign_in(visitor) == "/accounts/2fa/authenticate/"
    question = visitor.get("/accounts/2fa/authenticate/").content.decode()
    assert heading(question) == said(visitor, "两步验证", "Two-step login")
    assert "x-error" in visitor.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert visitor.post("/accounts/2fa/authenticate/", {"code": recovery[0]})["Location"] == "/"
