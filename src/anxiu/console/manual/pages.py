"""A post's manual as a page to read and print, and as a PDF."""

from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person, Post
from anxiu.accounts.queries import held_by
from anxiu.console.manual.content import Manual, manual
from anxiu.console.manual.paper import manual_pdf
from anxiu.console.pages import page, show
from anxiu.console.regulation import CONTROLS, ORIGINS
from anxiu.console.versions.printing import pdf
from anxiu.console.versions.words import language, name_of
from anxiu.files.documents import Style
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation.models import Version
from anxiu.regulation.queries import VIEW, in_force, versions

HEADINGS: Final = {
    "any_time": _("At any time"), "time": _("How time is counted"), "escalation": _("Escalation"),
    "approval": _("Grades and approval limits"), "others": _("Other duties"), "people": _("What binds everybody"),
}  # fmt: skip


@page(VIEW)
def manuals(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The posts, one's own first."""
    version = _version(request, actor)
    posts = list(Post.objects.filter(retired_at=None).order_by("pk"))
    mine = {str(each["zh"]) for each in held_by(cast("Person", request.user))}
    context = {
        "title": _("Operating manuals"), "version": version, "name": name_of(version), "asked": _asked(request),
        "posts": sorted(posts, key=lambda each: each.name_zh not in mine), "mine": mine,
    }  # fmt: skip
    return show(request, "console/manual/posts.html", context)


@page(VIEW)
def post_manual(request: HttpRequest, actor: Actor, post: str) -> HttpResponse:
    """The manual of one post under the version in force for the reader, or the one the address names."""
    found = _manual(request, actor, post)
    context: dict[str, Any] = {
        "title": _("Operating manual: {post}").format(post=found.post_name), "manual": found, "headings": HEADINGS,
        "controls": CONTROLS, "origins": ORIGINS, "asked": _asked(request),
    }  # fmt: skip
    return show(request, "console/manual/manual.html", context)


@page(VIEW)
def post_manual_pdf(request: HttpRequest, actor: Actor, post: str) -> HttpResponse:
    """The same as a PDF, in the reader's language or the one the address asks for."""
    wanted = request.GET.get("language", "") or language()
    wanted = "zh-hans" if wanted.startswith("zh") else "en"
    with translation.override(wanted):
        found = _manual(request, actor, post)
        headings = {key: str(said) for key, said in HEADINGS.items()}
        content = manual_pdf(found, headings, Style(wanted, settings.TIME_ZONE))
    return pdf(content, f"{found.version.code}-{found.post}-{wanted}.pdf")


def _manual(request: HttpRequest, actor: Actor, code: str) -> Manual:
    post = Post.objects.filter(code=code, retired_at=None).first()
    if post is None:
        raise NotFound("kernel.not_found")
    return manual(actor, _version(request, actor), post)


def _asked(request: HttpRequest) -> str:
    """The part of the address that names a version."""
    code = request.GET.get("version", "")
    return f"?version={code}" if code.replace("-", "").replace("_", "").isalnum() else ""


def _version(request: HttpRequest, actor: Actor) -> Version:
    if code := request.GET.get("version", ""):
        found = versions(actor).filter(code=code).first()
        if found is None:
            raise NotFound("kernel.not_found")
        return found
    return in_force(cast("Person", request.user).region_id, "", now())


urlpatterns = [
    path("regulation/manuals/", manuals, name="manuals"),
    path("regulation/manuals/<slug:post>/", post_manual, name="post_manual"),
    path("regulation/manuals/<slug:post>/pdf/", post_manual_pdf, name="post_manual_pdf"),
]
