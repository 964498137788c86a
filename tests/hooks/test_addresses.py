"""Which addresses are asked at all: nothing inside, nothing by another way, nothing that changes its mind."""

import socket
import ssl

import pytest

from anxiu.hooks.actions import NewTarget, add_target
from anxiu.hooks.choices import Reason
from anxiu.hooks.rules import Place, may_connect, place_of
from anxiu.hooks.sending import post
from anxiu.kernel.errors import Invalid
from tests.given.orders import MONDAY
from tests.hooks.conftest import Receiver, certificate

HEADERS = {"Content-Type": "application/json"}
SOMEWHERE = Place("example.com", 443, "/", is_tls=True)
INSIDE = (
    "10.0.0.1", "172.16.9.9", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.8.9.10", "0.0.0.0", "169.254.169.254",
    "169.254.1.1", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "168.63.129.16", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
    "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.0.1",
    "::ffff:168.63.129.16", "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::",
    "::10.0.0.1",
)  # fmt: skip


@pytest.mark.requirement("PF-02")
@pytest.mark.parametrize("ip", INSIDE)
def test_no_address_inside_is_asked(ip):
    assert not may_connect(ip, SOMEWHERE, to_loopback=False)


@pytest.mark.parametrize("ip", ["8.8.8.8", "114.114.114.114", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_asked(ip):
    assert may_connect(ip, SOMEWHERE, to_loopback=False)


@pytest.mark.parametrize("ip", INSIDE)
def test_the_setting_for_trying_out_opens_this_machine_only(ip):
    loopback = ip in ("127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")
    assert may_connect(ip, SOMEWHERE, to_loopback=True) == loopback


def test_plain_http_leads_to_this_machine_or_nowhere():
    assert not may_connect("8.8.8.8", Place("example.com", 80, "/", is_tls=False), to_loopback=True)
    assert may_connect("127.0.0.1", Place("localhost", 80, "/", is_tls=False), to_loopback=True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "hooks.https_only"), ("ftp://example.com/", "hooks.https_only"),
        ("file:///etc/passwd", "hooks.https_only"), ("gopher://example.com/", "hooks.https_only"),
        ("//example.com/", "hooks.https_only"), ("example.com", "hooks.https_only"), ("", "hooks.https_only"),
        ("https://", "hooks.bad_address"), ("https:///x", "hooks.bad_address"), ("https://.", "hooks.bad_address"),
        ("https://example.com:0/", "hooks.bad_address"), ("https://example.com:99999/", "hooks.bad_address"),
        ("https://example.com:x/", "hooks.bad_address"), ("https://[::1/", "hooks.bad_address"),
        ("https://example.com/a b", "hooks.bad_address"), ("https://例子.com/", "hooks.bad_address"),
        ("https://me@example.com/", "hooks.login_in_address"), ("https://a:b@example.com/", "hooks.login_in_address"),
        ("https://example.com@127.0.0.1/", "hooks.login_in_address"),
    ],
)  # fmt: skip
def test_an_address_of_another_kind_is_refused(url, code):
    with pytest.raises(Invalid) as refusal:
        place_of(url, to_loopback=False)
    assert (refusal.value.code, refusal.value.field) == (code, "url")


def test_an_address_is_taken_apart():
    assert place_of("https://Example.com/a?b=c#d", to_loopback=False) == Place("example.com", 443, "/a?b=c", is_tls=True)
    assert place_of("https://example.com.:8443", to_loopback=False) == Place("example.com", 8443, "/", is_tls=True)
    assert place_of("http://localhost/", to_loopback=True) == Place("localhost", 80, "/", is_tls=False)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]",
     "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]"],
)  # fmt: skip
def test_however_this_machine_is_written_it_is_not_asked(host, receiver: Receiver, settings):
    settings.HOOKS_TO_LOOPBACK = False
    answer = post(f"https://{host}:{receiver.port}/", HEADERS, b"{}")
    assert (answer.reason, answer.status, receiver.got) == (Reason.INSIDE, None, [])


def test_without_the_setting_plain_http_is_not_asked(receiver: Receiver, settings):
    settings.HOOKS_TO_LOOPBACK = False
    assert post(receiver.url, HEADERS, b"{}").reason == Reason.BAD_ADDRESS
    assert receiver.got == []


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "192.168.0.1"])
def test_an_address_inside_is_refused_when_it_is_typed(host, administrator, settings):
    settings.HOOKS_TO_LOOPBACK = False
    with pytest.raises(Invalid) as refusal:
        add_target(actor=administrator, at=MONDAY, new=NewTarget(f"https://{host}/", "x", ("orders.opened",)))
    assert (refusal.value.code, refusal.value.field) == ("hooks.inside", "url")


def test_a_name_is_asked_where_it_led_when_it_was_checked(receiver: Receiver, monkeypatch):
    """A name that leads outside once and inside the next time: only the first answer counts, and it is used."""
    asked = []
    real = socket.getaddrinfo

    def changing(host, port, *args, **kwargs):
        if host != "changes.example":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        ip = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    answer = post(f"http://changes.example:{receiver.port}/x", HEADERS, b"{}")
    assert (answer.reason, answer.status, len(asked)) == ("", 200, 1)
    assert receiver.got[0].headers["Host"] == f"changes.example:{receiver.port}"


def test_a_name_of_which_one_address_leads_inside_is_not_asked(receiver: Receiver, monkeypatch):
    def both(host, port, *args, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.1", "192.168.7.7")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    answer = post(f"http://two.example:{receiver.port}/", HEADERS, b"{}")
    assert (answer.reason, answer.error, receiver.got) == (Reason.INSIDE, "192.168.7.7", [])


def test_a_name_nobody_knows_says_so():
    assert post("https://nobody.invalid/", HEADERS, b"{}").reason == Reason.UNKNOWN_HOST


# ---- certificates ----------------------------------------------------------------------------------------------------
@pytest.fixture
def sealed_receiver(tmp_path, monkeypatch):
    """A receiver by https, with the certificate of a name; the first is trusted."""
    made: list[Receiver] = []

    def make(name: str, *, trusted: bool) -> Receiver:
        crt, key = certificate(tmp_path, name)
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(crt))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(crt, key)
        made.append(Receiver(scheme="https", context=context))
        made[-1].start()
        return made[-1]

    yield make
    for each in made:
        each.stop()


def test_https_is_asked_by_the_name_its_certificate_has(sealed_receiver):
    receiver = sealed_receiver("localhost", trusted=True)
    answer = post(receiver.url, HEADERS, b'{"a":1}')
    assert (answer.reason, answer.status, answer.text) == ("", 200, "thanks")
    assert receiver.got[0].body == b'{"a":1}'


@pytest.mark.parametrize(("name", "trusted"), [("localhost", False), ("other.example", True)])
def test_a_certificate_that_is_not_trusted_or_of_another_name_is_refused(sealed_receiver, name, trusted):
    receiver = sealed_receiver(name, trusted=trusted)
    assert post(receiver.url, HEADERS, b"{}").reason == Reason.CERTIFICATE
    assert receiver.got == []


# ---- redirects, slowness, size ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status, receiver: Receiver):
    receiver.answers = [status]
    answer = post(receiver.url, HEADERS, b"{}")
    assert (answer.reason, answer.status, len(receiver.got)) == (Reason.REDIRECT, status, 1)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("how", ["silent", "drip"])
def test_a_target_that_does_not_answer_in_time_is_let_go(how, receiver: Receiver):
    receiver.answers = [how]
    answer = post(receiver.url, HEADERS, b"{}")
    assert (answer.reason, answer.status) == (Reason.TIMEOUT, None)
    assert answer.took_ms < 2000


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("how", "letter"), [("endless", "x"), ("dawdling", "y")])
def test_an_answer_without_end_is_read_as_far_as_it_is_kept(how, letter, receiver: Receiver):
    receiver.answers = [how]
    answer = post(receiver.url, HEADERS, b"{}")
    assert (answer.reason, answer.status) == ("", 200)
    assert 0 < len(answer.text) <= 500
    assert set(answer.text) == {letter}
    assert answer.took_ms < 2000


def test_an_answer_that_is_no_text_does_no_harm(receiver: Receiver):
    receiver.text = b"\xff\x00\xfe" * 10
    assert "\x00" not in post(receiver.url, HEADERS, b"{}").text


@pytest.mark.usefixtures("hurried")
def test_whoever_answers_something_else_than_http_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        import threading

        def talk() -> None:
            taken, _ = server.accept()
            with taken:
                taken.recv(65536)
                taken.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=talk, daemon=True).start()
        assert post(f"http://localhost:{server.getsockname()[1]}/", HEADERS, b"{}").reason == Reason.UNREACHABLE
