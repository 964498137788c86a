"""Text messages by Tencent Cloud: `SendSms`, version 2021-01-11, signed with TC3-HMAC-SHA256.

The vendor does not tell a repeated message from a new one: what was interrupted is not sent again by itself.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

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

# source: cloud.tencent.com/document/product/382/55981 (SendSms) and 382/59177 (error codes)
NO_TEMPLATE: Final = Means(Reason.NO_TEMPLATE)
MEANINGS: Final[Mapping[Any, Means]] = {
    "LimitExceeded.PhoneNumberDailyLimit": USED_UP, "LimitExceeded.DailyLimit": USED_UP,
    "LimitExceeded.DeliveryFrequencyLimit": RATE, "LimitExceeded.PhoneNumberOneHourLimit": USED_UP,
    "LimitExceeded.PhoneNumberThirtySecondLimit": RATE, "LimitExceeded.PhoneNumberSameContentDailyLimit": USED_UP,
    "LimitExceeded.AppDailyLimit": USED_UP, "LimitExceeded.AppMainlandChinaDailyLimit": USED_UP,
    "RequestLimitExceeded": RATE, "LimitExceeded": RATE,
    "InvalidParameterValue.IncorrectPhoneNumber": GONE, "UnsupportedOperation": GONE,
    "FailedOperation.PhoneNumberInBlacklist": GONE,
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": CONTENT,
    "FailedOperation.ContainSensitiveWord": CONTENT, "InvalidParameterValue.TemplateParameterLengthLimit": CONTENT,
    "InvalidParameterValue.TemplateParameterFormatError": CONTENT,
    "FailedOperation.TemplateIncorrectOrUnapproved": NO_TEMPLATE,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": NO_TEMPLATE,
    "FailedOperation.SignatureIncorrectOrUnapproved": SETTINGS, "UnauthorizedOperation.SmsSdkAppIdVerifyFail": SETTINGS,
    "FailedOperation.InsufficientBalanceInSmsPackage": Means(Reason.NO_CREDIT),
    "AuthFailure.SignatureFailure": LOGIN, "AuthFailure.SecretIdNotFound": LOGIN, "AuthFailure.SignatureExpire": LOGIN,
    "AuthFailure.InvalidSecretId": LOGIN, "AuthFailure.UnauthorizedOperation": SETTINGS,
    "InternalError": BUSY, "InternalError.Timeout": Means(Reason.UNCERTAIN),
}  # fmt: skip
VERSION, ACTION, SERVICE = "2021-01-11", "SendSms", "sms"
TYPE: Final = "application/json; charset=utf-8"


class TencentSms(Vendor):
    """Sends one template to one number."""

    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the filled template to the number."""
        template, number = by_text_message(notice, account)
        body = json.dumps({
            "PhoneNumberSet": [number], "SmsSdkAppId": account.config["app_id"], "SignName": account.config["sign"],
            "TemplateId": template.code, "SessionContext": str(notice.uid),
            "TemplateParamSet": [value for _name, value in template.filled(account.facts(notice))],
        }).encode()  # fmt: skip
        headers = signed(account.config, urlsplit(account.base_url).netloc, body, now())
        answer = asked(Ask(f"{account.base_url}/", body, headers, repeats=False)).get("Response")
        _judge(answer if isinstance(answer, dict) else {})


def _judge(answer: Mapping[str, Any]) -> None:
    error = answer.get("Error")
    statuses = answer.get("SendStatusSet")
    found = error if isinstance(error, dict) else statuses[0] if isinstance(statuses, list) and statuses else None
    if not isinstance(found, dict):
        raise Undelivered(Reason.UNCERTAIN, "no status in the answer", again=False)
    if found.get("Code") != "Ok":
        raise undelivered(found.get("Code"), found.get("Message"), MEANINGS)


def signed(config: Mapping[str, str], host: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a signed request."""
    stamp = int(at.timestamp())
    covered = {"content-type": TYPE, "host": host, "x-tc-action": ACTION.lower()}
    sign = signature(config["secret"], SERVICE, covered, body, stamp)
    scope = f"{_date(stamp)}/{SERVICE}/tc3_request"
    return {
        "Host": host, "Content-Type": TYPE, "X-TC-Action": ACTION, "X-TC-Version": VERSION,
        "X-TC-Timestamp": str(stamp),
        "X-TC-Region": config.get("region") or "ap-guangzhou",
        "Authorization": f"TC3-HMAC-SHA256 Credential={config['secret_id']}/{scope}, "
        f"SignedHeaders=content-type;host;x-tc-action, Signature={sign}",
    }  # fmt: skip


def _date(stamp: int) -> str:
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")


def signature(secret: str, service: str, headers: Mapping[str, str], body: bytes, stamp: int) -> str:
    """TC3-HMAC-SHA256 over a POST to `/`. Source: cloud.tencent.com/document/api/213/30654."""
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", "", lines, ";".join(sorted(headers)), sha256(body).hexdigest()])
    date = _date(stamp)
    said = "\n".join(
        ["TC3-HMAC-SHA256", str(stamp), f"{date}/{service}/tc3_request", sha256(canonical.encode()).hexdigest()]
    )
    key = f"TC3{secret}".encode()
    for each in (date, service, "tc3_request"):
        key = hmac.new(key, each.encode(), sha256).digest()
    return hmac.new(key, said.encode(), sha256).hexdigest()
