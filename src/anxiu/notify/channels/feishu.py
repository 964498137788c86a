"""Feishu (飞书): messages of an app's bot. Each carries the notice's uid, by which Feishu shows a repeated one once."""

import json
from collections.abc import Mapping
from typing import Any, Final

from anxiu.notify.channels import Account, Granted
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
from anxiu.notify.models import Notice
from anxiu.notify.rules import clipped

# source: open.feishu.cn, "通用错误码" and "发送消息" (text up to 150 KB; the same uuid within an hour is sent once)
ENDED: Final = frozenset({99991661, 99991663, 99991664, 99991671})
MEANINGS: Final[Mapping[Any, Means]] = {
    99991661: LOGIN, 99991663: LOGIN, 99991664: LOGIN, 99991671: LOGIN, 10003: SETTINGS, 10014: LOGIN,
    99991400: RATE, 230020: RATE, 230049: BUSY, 11232: RATE, 11233: RATE, 11247: RATE, 230013: GONE, 230029: GONE,
    99992351: GONE, 99992360: GONE, 99992361: GONE, 230001: CONTENT, 230025: CONTENT, 230028: CONTENT, 230006: SETTINGS,
    230027: SETTINGS, 99991672: SETTINGS,
}  # fmt: skip
MOST: Final = 100_000


class Feishu(Vendor):
    """Sends as an app of the company."""

    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the text to the person."""
        text = clipped(f"{notice.title}\n\n{notice.body}", MOST)
        body = {
            "receive_id": notice.address, "msg_type": "text", "uuid": str(notice.uid),
            "content": json.dumps({"text": text}, ensure_ascii=False),
        }  # fmt: skip

        def ask(token: str) -> dict[str, Any]:
            where = f"{account.base_url}/open-apis/im/v1/messages?receive_id_type=open_id"
            return asked(Ask(where, body, {"Authorization": f"Bearer {token}"}))

        answer = with_token(account, lambda: _granted(account), ask, "code", ENDED)
        if answer.get("code") != 0:
            raise undelivered(answer.get("code"), answer.get("msg"), MEANINGS)


def _granted(account: Account) -> Granted:
    asks = {"app_id": account.config["app_id"], "app_secret": account.config["secret"]}
    answer = asked(Ask(f"{account.base_url}/open-apis/auth/v3/tenant_access_token/internal", asks))
    return granted(answer, "tenant_access_token", "expire", "code", MEANINGS)
