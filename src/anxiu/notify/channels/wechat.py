"""A WeChat service account (微信服务号): template messages to followers. Each carries the notice's uid as the id WeChat
knows a repeated message by.
"""

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
    USED_UP,
    Means,
    Vendor,
    granted,
    undelivered,
    with_token,
)
from anxiu.notify.channels.asking import Ask, asked
from anxiu.notify.choices import Reason
from anxiu.notify.models import Notice

# source: developers.weixin.qq.com, "全局返回码", "发送模板消息", "获取稳定版接口调用凭据"
ENDED: Final = frozenset({40001, 40014, 42001})
LEFT: Final = Means(Reason.NOT_SUBSCRIBED)
MEANINGS: Final[Mapping[Any, Means]] = {
    -1: BUSY, 40001: LOGIN, 40014: LOGIN, 42001: LOGIN, 40164: SETTINGS, 40125: SETTINGS, 40013: SETTINGS,
    40243: SETTINGS, 48001: SETTINGS, 40003: GONE, 43004: LEFT, 43101: LEFT, 40037: Means(Reason.NO_TEMPLATE),
    47003: CONTENT, 41030: CONTENT, 45009: USED_UP, 45011: RATE, 45026: SETTINGS,
}  # fmt: skip
REPEATED: Final = 45065  # source: "clientmsgid exist": the message was taken before
VALUE: Final = 20  # characters; source: "模板消息参数": a `thing` holds no more


class WeChat(Vendor):
    """Sends as the service account."""

    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the filled template to the follower."""
        template = account.template(notice.kind)
        if template is None:
            raise Undelivered(Reason.NO_TEMPLATE, notice.kind, again=False)
        filled = template.filled(account.facts(notice))
        body: dict[str, Any] = {
            "touser": notice.address, "template_id": template.code, "client_msg_id": str(notice.uid),
            "data": {name: {"value": value[:VALUE]} for name, value in filled},
        }  # fmt: skip

        def ask(token: str) -> dict[str, Any]:
            where = f"{account.base_url}/cgi-bin/message/template/send?{urlencode({'access_token': token})}"
            return asked(Ask(where, body))

        answer = with_token(account, lambda: _granted(account), ask, "errcode", ENDED)
        if answer.get("errcode") not in (0, REPEATED):
            raise undelivered(answer.get("errcode"), answer.get("errmsg"), MEANINGS)


def _granted(account: Account) -> Granted:
    asks = {
        "grant_type": "client_credential", "appid": account.config["app_id"], "secret": account.config["secret"],
        "force_refresh": False,
    }  # fmt: skip
    answer = asked(Ask(f"{account.base_url}/cgi-bin/stable_token", asks))
    return granted(answer, "access_token", "expires_in", "errcode", MEANINGS)
