"""What every template may say about the installation itself."""

from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from anxiu.project.environment import env

VERSION = version("anxiu")


def company_name() -> str:
    """The company's name in the language of this request."""
    return env.company_zh if (get_language() or env.language).startswith("zh") else env.company_en


def site(request: HttpRequest) -> dict[str, object]:
    """`site` in every template: the company, its phone, the public address, this version."""
    return {
        "site": {
            "company": company_name(),
            "phone": env.company_phone,
            "public_url": env.public_url.rstrip("/"),
            "version": VERSION,
        },
        "login_service": settings.SSO.issuer and (settings.SSO.name or company_name()),
    }
