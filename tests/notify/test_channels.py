"""Every channel against a server that answers as its vendor documents: sending, tokens that end, limits, refusals, silence."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from anxiu.kernel.errors import Invalid, NotAllowed
from anxiu.kernel.time import moved_to, now
from anxiu.notify.actions import sweep, test_channel
from anxiu.notify.actions.accounts import account
from anxiu.notify.actions.delivering import CLAIM, RETRY_AFTER, claim
from anxiu.notify.channels import OFFERS, Granted, asking
from anxiu.notify.channels.aliyun_sms import signature as acs3
from anxiu.notify.channels.tencent_sms import signature as tc3
from anxiu.notify.choices import Medium, Reason, State
from anxiu.notify.models import Notice, Setup, Token
from anxiu.notify.rules import Carries, Way, clipped, international, route, template_of
from tests.given.assets import acting
from tests.given.channels import set_up, tried
from tests.given.orders import MONDAY

pytestmark = pytest.mark.django_db
send_a_test = test_channel
test_channel.__test__ = False

TO = {
    Medium.WECOM: "zhangsan", Medium.DINGTALK: "manager7", Medium.FEISHU: "ou_7", Medium.WECHAT: "oAbc7",
    Medium.TENCENT_SMS: "138 0013 8000", Medium.ALIYUN_SMS: "138 0013 8000",
}  # fmt: skip
WITH_TOKEN = (Medium.WECOM, Medium.DINGTALK, Medium.FEISHU, Medium.WECHAT)
PAID = (Medium.TENCENT_SMS, Medium.ALIYUN_SMS)


@pytest.fixture
def boss():
    return acting("administrator")


def a_test(boss, medium: str) -> Notice:
    return send_a_test(actor=boss, at=now(), medium=medium, address=TO[medium])


def told(code: str | int, medium: str) -> object:
    """A refusal in the vendor's form."""
    if medium == Medium.FEISHU:
        return {"code": code, "msg": "no"}
    if medium == Medium.TENCENT_SMS:
        return {"Response": {"SendStatusSet": [{"Code": code, "Message": "no"}]}}
    if medium == Medium.ALIYUN_SMS:
        return {"Code": code, "Message": "no"}
    return {"errcode": code, "errmsg": "no"}


@pytest.mark.parametrize("medium", list(TO))
def test_a_message_leaves_as_the_vendor_wants_it(boss, shop, medium):
    set_up(boss, medium, shop.url)
    sent = tried(a_test(boss, medium))
    assert (sent.state, sent.reason, sent.error) == (State.SENT, "", "")
    [call] = shop.sent
    match medium:
        case Medium.WECOM:
            assert (call.path, call.query) == ("/cgi-bin/message/send", {"access_token": "token-1"})
            assert (call.body["touser"], call.body["agentid"], call.body["enable_duplicate_check"]) == ("zhangsan", 1000002, 1)
            assert call.body["text"]["content"].startswith(sent.title)
            assert shop.calls[0].query == {"corpid": "corp_id-x", "corpsecret": "secret-x"}
        case Medium.DINGTALK:
            assert (call.body["agent_id"], call.body["userid_list"]) == ("1000002", "manager7")
            assert call.body["msg"]["msgtype"] == "text"
        case Medium.FEISHU:
            assert (call.query, call.headers["Authorization"]) == ({"receive_id_type": "open_id"}, "Bearer token-1")
            assert (call.body["receive_id"], call.body["uuid"]) == ("ou_7", str(sent.uid))
        case Medium.WECHAT:
            assert (call.body["touser"], call.body["template_id"], call.body["client_msg_id"]) == ("oAbc7", "T1", str(sent.uid))
            assert call.body["data"]["number"] == {"value": "-"}
        case Medium.TENCENT_SMS:
            assert (call.body["PhoneNumberSet"], call.body["TemplateId"]) == (["+8613800138000"], "T1")
            assert call.body["TemplateParamSet"] == [sent.title, "-"]
            assert call.headers["Authorization"].startswith("TC3-HMAC-SHA256 Credential=secret_id-x/")
        case Medium.ALIYUN_SMS:
            assert (call.query["PhoneNumbers"], call.query["TemplateCode"], call.query["OutId"]) == ("13800138000", "T1", str(sent.uid))
            assert call.headers["Authorization"].startswith("ACS3-HMAC-SHA256 Credential=key_id-x,")


# ---- tokens ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("medium", WITH_TOKEN)
def test_a_token_is_kept_sealed_and_one_that_ends_in_mid_run_is_renewed_once(boss, shop, medium):
    set_up(boss, medium, shop.url)
    assert [tried(a_test(boss, medium)).state for _ in range(2)] == [State.SENT, State.SENT]
    assert shop.tokens == 1
    assert "token-1" not in Token.objects.get().sealed
    shop.ended.add("token-1")
    assert tried(a_test(boss, medium)).state == State.SENT
    assert (shop.tokens, len(shop.sent)) == (2, 4)
    with moved_to(now() + timedelta(seconds=shop.seconds)):
        assert tried(a_test(boss, medium)).state == State.SENT
    assert shop.tokens == 3


def test_a_token_the_vendor_never_takes_is_our_settings_fault_and_tried_later(boss, shop):
    set_up(boss, Medium.WECOM, shop.url)
    shop.ended |= {"token-1", "token-2"}
    row = tried(a_test(boss, Medium.WECOM))
    assert (row.state, row.reason, shop.tokens) == (State.QUEUED, Reason.LOGIN, 2)


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_that_find_the_token_ended_one_asks_for_a_new_one(boss, shop):
    set_up(boss, Medium.WECOM, shop.url)
    made = account(Medium.WECOM)
    asked = []

    def fetch() -> Granted:
        asked.append(1)
        return Granted(f"new-{len(asked)}", timedelta(hours=2))

    def work(_: int) -> str:
        try:
            return made.token(fetch, bad="old")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {"new-1"}
    assert len(asked) == 1


# ---- refusals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("medium", "code", "state", "reason"),
    [
        (Medium.WECOM, 45009, State.QUEUED, Reason.RATE), (Medium.WECOM, 81013, State.FAILED, Reason.BAD_ADDRESS),
        (Medium.WECOM, 60020, State.FAILED, Reason.SETTINGS), (Medium.WECOM, 777, State.FAILED, Reason.REFUSED),
        (Medium.DINGTALK, 33012, State.FAILED, Reason.BAD_ADDRESS), (Medium.DINGTALK, -1, State.QUEUED, Reason.SERVER_BUSY),
        (Medium.FEISHU, 230020, State.QUEUED, Reason.RATE), (Medium.FEISHU, 230013, State.FAILED, Reason.BAD_ADDRESS),
        (Medium.WECHAT, 43004, State.FAILED, Reason.NOT_SUBSCRIBED), (Medium.WECHAT, 40037, State.FAILED, Reason.NO_TEMPLATE),
        (Medium.TENCENT_SMS, "LimitExceeded.PhoneNumberDailyLimit", State.FAILED, Reason.DAILY_LIMIT),
        (Medium.TENCENT_SMS, "LimitExceeded.DeliveryFrequencyLimit", State.QUEUED, Reason.RATE),
        (Medium.TENCENT_SMS, "FailedOperation.InsufficientBalanceInSmsPackage", State.FAILED, Reason.NO_CREDIT),
        (Medium.ALIYUN_SMS, "isv.BUSINESS_LIMIT_CONTROL", State.FAILED, Reason.DAILY_LIMIT),
        (Medium.ALIYUN_SMS, "isv.AMOUNT_NOT_ENOUGH", State.FAILED, Reason.NO_CREDIT),
        (Medium.ALIYUN_SMS, "isv.MOBILE_NUMBER_ILLEGAL", State.FAILED, Reason.BAD_ADDRESS),
        (Medium.ALIYUN_SMS, "isv.SMS_TEMPLATE_ILLEGAL", State.FAILED, Reason.NO_TEMPLATE),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_words_and_is_final_or_tried_later(boss, shop, medium, code, state, reason):
    set_up(boss, medium, shop.url)
    shop.answers = [told(code, medium)]
    row = tried(a_test(boss, medium))
    assert (row.state, row.reason, row.error) == (state, reason, f"{code} no")


def test_the_rate_limit_of_dingtalk_stands_beside_its_code(boss, shop):
    set_up(boss, Medium.DINGTALK, shop.url)
    shop.answers = [{"errcode": 88, "sub_code": "90018", "sub_msg": "太快", "errmsg": "ding talk error"}]
    row = tried(a_test(boss, Medium.DINGTALK))
    assert (row.state, row.reason, row.error) == (State.QUEUED, Reason.RATE, "90018 88 太快")


def test_a_signature_the_vendor_refuses_is_a_matter_of_the_key(boss, shop):
    set_up(boss, Medium.TENCENT_SMS, shop.url)
    shop.answers = [{"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "no"}, "RequestId": "r"}}]
    assert tried(a_test(boss, Medium.TENCENT_SMS)).reason == Reason.LOGIN


def test_http_429_is_asked_again_no_sooner_than_the_vendor_says(boss, shop):
    set_up(boss, Medium.FEISHU, shop.url)
    shop.answers = [(429, {})]
    with moved_to(MONDAY):
        row = tried(a_test(boss, Medium.FEISHU))
    assert (row.state, row.reason, row.next_at) == (State.QUEUED, Reason.RATE, MONDAY + RETRY_AFTER[0])


# ---- silence and nonsense --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("medium", list(TO))
@pytest.mark.parametrize("said", [(502, b"<html>bad gateway</html>"), (200, b"[1]"), "silent"])
def test_an_answer_that_cannot_be_read_is_repeated_only_where_the_vendor_knows_it_again(boss, shop, monkeypatch, medium, said):
    monkeypatch.setattr(asking, "WHOLE", 0.2)
    set_up(boss, medium, shop.url)
    shop.answers = [(200, said) if said == "silent" else said]
    row = tried(a_test(boss, medium))
    if medium in PAID:
        assert (row.state, row.reason) == (State.FAILED, Reason.UNCERTAIN)
        assert sweep(now() + timedelta(days=1)) == 0
    else:
        assert (row.state, row.next_at is not None) == (State.QUEUED, True)
    assert len(shop.sent) == 1


@pytest.mark.parametrize("medium", [Medium.WECOM, Medium.ALIYUN_SMS])
def test_a_vendor_nobody_reaches_took_nothing_so_it_is_tried_again(boss, shop, medium):
    set_up(boss, medium, "http://127.0.0.1:1")
    row = tried(a_test(boss, medium))
    assert (row.state, row.reason) == (State.QUEUED, Reason.UNREACHABLE)


@pytest.mark.parametrize(("medium", "state"), [(Medium.WECOM, State.QUEUED), (Medium.TENCENT_SMS, State.FAILED)])
def test_what_a_killed_worker_was_sending_is_repeated_only_where_the_vendor_knows_it_again(boss, shop, medium, state):
    set_up(boss, medium, shop.url)
    row = a_test(boss, medium)
    assert claim(row.pk, now()) is not None
    sweep(now() + CLAIM)
    row.refresh_from_db()
    assert row.state == state
    assert row.reason == ("" if state == State.QUEUED else Reason.UNCERTAIN)


def test_metadata_servers_and_this_machine_are_not_asked(settings):
    settings.HOOKS_TO_LOOPBACK = False
    assert [asking.may_ask(each) for each in ("169.254.169.254", "127.0.0.1", "168.63.129.16", "::ffff:127.0.0.1", "0.0.0.0")] == [False] * 5
    assert [asking.may_ask(each) for each in ("10.1.2.3", "203.0.113.9")] == [True, True]


# ---- limits ----------------------------------------------------------------------------------------------------------
def test_the_installations_daily_limit_holds_and_ends_with_the_day(boss, shop):
    with moved_to(MONDAY):
        set_up(boss, Medium.ALIYUN_SMS, shop.url, daily_most=2)
        rows = [tried(a_test(boss, Medium.ALIYUN_SMS)) for _ in range(3)]
    assert [(each.state, each.reason) for each in rows] == [(State.SENT, ""), (State.SENT, ""), (State.FAILED, Reason.DAILY_LIMIT)]
    with moved_to(MONDAY + timedelta(days=1)):
        assert tried(a_test(boss, Medium.ALIYUN_SMS)).state == State.SENT


# ---- setting up ------------------------------------------------------------------------------------------------------
def test_credentials_are_sealed_and_stay_when_left_empty(boss, shop):
    row = set_up(boss, Medium.WECOM, shop.url)
    assert "secret-x" not in f"{row.secret}{row.config}"
    assert row.config == {"corp_id": "corp_id-x", "agent_id": "1000002"}
    assert account(Medium.WECOM).config["secret"] == "secret-x"


def test_who_may_not_set_a_channel_up_is_refused(boss, shop):
    with pytest.raises(NotAllowed):
        set_up(acting("supervisor"), Medium.WECOM, shop.url)
    with pytest.raises(NotAllowed):
        set_up(boss, Medium.WECOM, shop.url) and a_test(acting("agent"), Medium.WECOM)
    with pytest.raises(Invalid) as refused:
        set_up(boss, Medium.ALIYUN_SMS, shop.url, templates={"escalated": "SMS_1 nonsense"})
    assert refused.value.code == "notify.bad_template"
    with pytest.raises(Invalid):
        set_up(boss, Medium.WECOM, "ftp://example.com")
    assert Setup.objects.count() == 1


def test_every_channel_of_the_program_is_offered():
    assert sorted(OFFERS) == sorted(Medium)


# ---- signatures, by the vendors' own examples -----------------------------------------------------------------------
def test_tencents_published_example_signs_alike():
    # cloud.tencent.com/document/api/213/30654
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
    assert tc3(key, "cvm", headers, body, 1551113065) == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    more = {**headers, "x-tc-action": "describeinstances"}
    assert tc3("*" * 32, "cvm", more, body, 1551113065) == "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"


def test_alibabas_published_example_signs_alike():
    # help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-version": "2014-05-26",
    }  # fmt: skip
    asks = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    assert acs3("YourAccessKeySecret", headers, asks) == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


# ---- rules -----------------------------------------------------------------------------------------------------------
WAYS = [Way("wecom", Carries.EVERYTHING, False), Way("email", Carries.EVERYTHING, True), Way("sms", Carries.URGENT, True)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"to_customer": False, "urgent": False}, ("wecom", "email")),
        ({"to_customer": False, "urgent": True}, ("wecom", "email", "sms")),
        ({"to_customer": True, "urgent": False}, ("email", "sms")),
        ({"to_customer": False, "urgent": False, "chosen": ""}, ()),
        ({"to_customer": False, "urgent": True, "chosen": ""}, ("wecom", "email", "sms")),
        ({"to_customer": False, "urgent": False, "chosen": "sms"}, ("sms", "wecom", "email")),
        ({"to_customer": False, "urgent": False, "chosen": "gone"}, ("wecom", "email")),
    ],
)  # fmt: skip
def test_the_order_of_channels(asked, found):
    assert route(WAYS, {"wecom", "email", "sms"}, **asked) == found


def test_numbers_templates_and_texts():
    assert [international(each) for each in ("138 0013 8000", "0086-13800138000", "+49 151 1", "010-1234", "+8610")] == [
        "+8613800138000", "+8613800138000", "+491511", "", "",
    ]  # fmt: skip
    assert template_of("TM1 thing1=title kind").facts == (("thing1", "title"), ("kind", "kind"))
    assert clipped("安修安修", 8) == "安…"
    assert clipped("安修", 6) == "安修"
