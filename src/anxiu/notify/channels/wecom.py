"""WeCom (企业微信): messages of an app to a member. Within half an hour a repeated message is shown once."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from anxiu.notify.channels import Account, Granted, Undelivered
from anxiu.notify.channels.answers import (
    BUSY,
    CONTENT,
    GONE,
    LOGIN,
    RATE,
    SETTINGS,
    Means,
    Vendor,
    granted,
    undelivered,
    with_token,
)
from anxiu.notify.channels.asking import Ask, asked
from anxiu.notify.choices import Reason
from anxiu.notify.models import Notice
from anxiu.notify.rules import clipped

# source: developer.work.weixin.qq.com, "全局错误码" and "发送应用消息" (text up to 2048 bytes)
ENDED: Final = frozenset({40014, 42001, 42007, 42009})
MEANINGS: Final[Mapping[Any, Means]] = {
    -1: BUSY, 6000: BUSY, 40001: LOGIN, 40014: LOGIN, 42001: LOGIN, 40013: SETTINGS, 40056: SETTINGS, 60020: SETTINGS,
    48002: SETTINGS, 301002: SETTINGS, 40003: GONE, 60111: GONE, 81013: GONE, 44004: CONTENT, 45002: CONTENT,
    45009: RATE, 45033: RATE,
}  # fmt: skip
MOST: Final = 2048
KNOWN_FOR: Final = 1800


class WeCom(Vendor):
    """Sends as an app of the company."""

    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the text to the member."""
        agent = account.config["agent_id"]
        body = {
            "touser": notice.address, "msgtype": "text", "agentid": int(agent) if agent.isdigit() else agent,
            "text": {"content": clipped(f"{notice.title}\n\n{notice.body}", MOST)},
            "enable_duplicate_check": 1, "duplicate_check_interval": KNOWN_FOR,
        }  # fmt: skip

        def ask(token: str) -> dict[str, Any]:
            return asked(Ask(f"{account.base_url}/cgi-bin/message/send?{urlencode({'access_token': token})}", body))

        answer = with_token(account, lambda: _granted(account), ask, "errcode", ENDED)
        if answer.get("errcode") != 0:
            raise undelivered(answer.get("errcode"), answer.get("errmsg"), MEANINGS)
        if answer.get("invaliduser") or answer.get("unlicenseduser"):
            raise Undelivered(Reason.BAD_ADDRESS, "invaliduser", again=False)


def _granted(account: Account) -> Granted:
    asks = urlencode({"corpid": account.config["corp_id"], "corpsecret": account.config["secret"]})
    answer = asked(Ask(f"{account.base_url}/cgi-bin/gettoken?{asks}"))
    return granted(answer, "access_token", "expires_in", "errcode", MEANINGS)
