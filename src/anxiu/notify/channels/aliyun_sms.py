"""Text messages by Alibaba Cloud: `SendSms`, version 2017-05-25, signed with ACS3-HMAC-SHA256.

The vendor does not tell a repeated message from a new one: what was interrupted is not sent again by itself.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlsplit

from anxiu.kernel.time import now
from anxiu.notify.channels import Account, Undelivered
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
    by_text_message,
    undelivered,
)
from anxiu.notify.channels.asking import Ask, asked
from anxiu.notify.choices import Reason
from anxiu.notify.models import Notice

# source: help.aliyun.com/zh/sms, "SendSms" and "API错误码"
NO_TEMPLATE: Final = Means(Reason.NO_TEMPLATE)
MEANINGS: Final[Mapping[Any, Means]] = {
    "isv.BUSINESS_LIMIT_CONTROL": USED_UP, "isv.DAY_LIMIT_CONTROL": USED_UP, "isv.MONTH_LIMIT_CONTROL": USED_UP,
    "Throttling": RATE, "Throttling.User": RATE, "Throttling.Api": RATE, "isv.MOBILE_NUMBER_ILLEGAL": GONE,
    "isv.MOBILE_COUNT_OVER_LIMIT": GONE, "isv.BLACK_KEY_CONTROL_LIMIT": CONTENT, "isv.PARAM_LENGTH_LIMIT": CONTENT,
    "isv.PARAM_NOT_SUPPORT_URL": CONTENT, "isv.INVALID_PARAMETERS": CONTENT, "isv.INVALID_JSON_PARAM": CONTENT,
    "isv.SMS_TEMPLATE_ILLEGAL": NO_TEMPLATE, "isv.TEMPLATE_MISSING_PARAMETERS": NO_TEMPLATE,
    "isv.SMS_SIGNATURE_ILLEGAL": SETTINGS, "isv.SMS_SIGN_ILLEGAL": SETTINGS, "isv.ACCOUNT_NOT_EXISTS": SETTINGS,
    "isv.ACCOUNT_ABNORMAL": SETTINGS, "isp.RAM_PERMISSION_DENY": SETTINGS, "isv.PRODUCT_UN_SUBSCRIPT": SETTINGS,
    "isv.PRODUCT_UNSUBSCRIBE": SETTINGS, "isv.AMOUNT_NOT_ENOUGH": Means(Reason.NO_CREDIT),
    "isv.OUT_OF_SERVICE": Means(Reason.NO_CREDIT), "InvalidAccessKeyId.NotFound": LOGIN,
    "InvalidAccessKeyId.Inactive": LOGIN, "SignatureDoesNotMatch": LOGIN, "IncompleteSignature": LOGIN,
    "isp.SYSTEM_ERROR": BUSY, "ServiceUnavailable": BUSY,
}  # fmt: skip
VERSION, ACTION = "2017-05-25", "SendSms"
HOME: Final = "+86"


class AliyunSms(Vendor):
    """Sends one template to one number."""

    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the filled template to the number."""
        template, number = by_text_message(notice, account)
        filled = dict(template.filled(account.facts(notice)))
        asks = query({
            "PhoneNumbers": number.removeprefix(HOME).removeprefix("+"), "SignName": account.config["sign"],
            "TemplateCode": template.code, "TemplateParam": json.dumps(filled, ensure_ascii=False),
            "OutId": str(notice.uid),
        })  # fmt: skip
        headers = signed(account.config, urlsplit(account.base_url).netloc, asks, now())
        answer = asked(Ask(f"{account.base_url}/?{asks}", b"", headers, repeats=False))
        if "Code" not in answer:
            raise Undelivered(Reason.UNCERTAIN, "no status in the answer", again=False)
        if answer["Code"] != "OK":
            raise undelivered(answer["Code"], answer.get("Message"), MEANINGS)


def query(given: Mapping[str, str]) -> str:
    """Parameters as they are signed and sent: sorted, percent-encoded."""
    return "&".join(f"{quote(name, safe='~')}={quote(given[name], safe='~')}" for name in sorted(given))


def signed(config: Mapping[str, str], host: str, asks: str, at: datetime) -> dict[str, str]:
    """The headers of a signed request without a body."""
    headers = {
        "host": host, "x-acs-action": ACTION, "x-acs-content-sha256": sha256(b"").hexdigest(),
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16), "x-acs-version": VERSION,
    }  # fmt: skip
    sign = signature(config["secret"], headers, asks)
    names = ";".join(sorted(headers))
    told = f"ACS3-HMAC-SHA256 Credential={config['key_id']},SignedHeaders={names},Signature={sign}"
    return {**headers, "Authorization": told, "Content-Type": "application/x-www-form-urlencoded"}


def signature(secret: str, headers: Mapping[str, str], asks: str) -> str:
    """ACS3-HMAC-SHA256 over a POST to `/` without a body. Source: help.aliyun.com, "V3版本请求体&签名机制"."""
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    empty = sha256(b"").hexdigest()
    canonical = "\n".join(["POST", "/", asks, lines, ";".join(sorted(headers)), empty])
    said = f"ACS3-HMAC-SHA256\n{sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), said.encode(), sha256).hexdigest()
