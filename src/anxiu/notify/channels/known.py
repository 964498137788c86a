"""The channels the program comes with."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from anxiu.notify.channels import Field, Offer, register
from anxiu.notify.choices import AddressKind, Medium

HERE: Final = "anxiu.notify.channels"

register(Offer(Medium.INAPP, _("own page"), "bell", f"{HERE}.inapp:InApp"))
register(Offer(Medium.EMAIL, _("email"), "mail", f"{HERE}.email:Email", AddressKind.EMAIL))
register(Offer(
    Medium.WECOM, _("WeCom"), "message-2", f"{HERE}.wecom:WeCom", AddressKind.WECOM,
    (Field("corp_id", _("Corp id")), Field("agent_id", _("Agent id")), Field("secret", _("Secret"), is_secret=True)),
    "https://qyapi.weixin.qq.com",
))  # fmt: skip
register(Offer(
    Medium.DINGTALK, _("DingTalk"), "message-2", f"{HERE}.dingtalk:DingTalk", AddressKind.DINGTALK,
    (
        Field("app_key", _("App key")), Field("agent_id", _("Agent id")),
        Field("secret", _("App secret"), is_secret=True),
    ),
    "https://oapi.dingtalk.com",
))  # fmt: skip
register(Offer(
    Medium.FEISHU, _("Feishu"), "message-2", f"{HERE}.feishu:Feishu", AddressKind.FEISHU,
    (Field("app_id", _("App id")), Field("secret", _("App secret"), is_secret=True)), "https://open.feishu.cn",
))  # fmt: skip
register(Offer(
    Medium.WECHAT, _("WeChat service account"), "message-2", f"{HERE}.wechat:WeChat", AddressKind.WECHAT,
    (Field("app_id", _("App id")), Field("secret", _("App secret"), is_secret=True)), "https://api.weixin.qq.com",
    templates=True,
))  # fmt: skip
register(Offer(
    Medium.TENCENT_SMS, _("Text message (Tencent Cloud)"), "device-mobile", f"{HERE}.tencent_sms:TencentSms",
    AddressKind.PHONE,
    (
        Field("secret_id", _("Secret id")), Field("secret", _("Secret key"), is_secret=True),
        Field("app_id", _("SMS application id")), Field("sign", _("Signature of the messages")),
        Field("region", _("Region of the service"), is_needed=False),
    ),
    "https://sms.tencentcloudapi.com", repeats=False, costs=True, templates=True,
))  # fmt: skip
register(Offer(
    Medium.ALIYUN_SMS, _("Text message (Alibaba Cloud)"), "device-mobile", f"{HERE}.aliyun_sms:AliyunSms",
    AddressKind.PHONE,
    (
        Field("key_id", _("Access key id")), Field("secret", _("Access key secret"), is_secret=True),
        Field("sign", _("Signature of the messages")),
    ),
    "https://dysmsapi.aliyuncs.com", repeats=False, costs=True, templates=True,
))  # fmt: skip
