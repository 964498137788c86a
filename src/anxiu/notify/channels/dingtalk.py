"""DingTalk (钉钉): work notifications of an app. The same text reaches a person once a day: repeating is harmless."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from anxiu.notify.channels import Account, Granted
from anxiu.notify.channels.answers import (
    BUSY,
    CONTENT,
    GONE,
    LOGIN,
    RATE,
    SETTINGS,
    USED_UP,
    Means,
    Vendor,
    granted,
    undelivered,
    with_token,
)
from anxiu.notify.channels.asking import Ask, asked
from anxiu.notify.models import Notice
from anxiu.notify.rules import clipped

# source: open.dingtalk.com, "服务端全局错误码" "异步发送工作通知" (text up to 2048 bytes); beside 88 stands the code
AUTH: Final = 88
ENDED: Final = frozenset({40014, 42001, "40014", "42001"})
MEANINGS: Final[Mapping[Any, Means]] = {
    -1: BUSY, 40014: LOGIN, 42001: LOGIN, 40078: LOGIN, 40089: LOGIN, 40003: GONE, 33012: GONE, 400002: SETTINGS,
    34004: SETTINGS, 60011: SETTINGS, 50002: GONE, 43008: CONTENT, 41023: SETTINGS, 45009: USED_UP, 90018: RATE,
    90002: RATE, 90006: RATE, 143103: USED_UP, 143104: USED_UP, 143105: USED_UP,
}  # fmt: skip
MOST: Final = 2048


class DingTalk(Vendor):
    """Sends as an app of the company."""

    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the text to the person."""
        body = {
            "agent_id": account.config["agent_id"], "userid_list": notice.address,
            "msg": {"msgtype": "text", "text": {"content": clipped(f"{notice.title}\n\n{notice.body}", MOST)}},
        }  # fmt: skip

        def ask(token: str) -> dict[str, Any]:
            where = f"{account.base_url}/topapi/message/corpconversation/asyncsend_v2"
            return _plain(asked(Ask(f"{where}?{urlencode({'access_token': token})}", body)))

        answer = with_token(account, lambda: _granted(account), ask, "errcode", ENDED)
        if answer.get("errcode") != 0:
            raise undelivered(answer.get("errcode"), answer.get("errmsg"), MEANINGS)


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer whose code is the one that says what happened: of 88 it is the code beside it."""
    sub = str(answer.get("sub_code") or answer.get("subcode") or "")
    if answer.get("errcode") == AUTH and sub:
        said = answer.get("sub_msg") or answer.get("submsg") or answer.get("errmsg")
        return {**answer, "errcode": int(sub) if sub.isdigit() else sub, "errmsg": f"88 {said}"}
    return answer


def _granted(account: Account) -> Granted:
    asks = urlencode({"appkey": account.config["app_key"], "appsecret": account.config["secret"]})
    answer = _plain(asked(Ask(f"{account.base_url}/gettoken?{asks}")))
    return granted(answer, "access_token", "expires_in", "errcode", MEANINGS)
