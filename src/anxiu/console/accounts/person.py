"""One person's account, and what everybody sees and changes of their own."""

from typing import cast
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as choose_language

from anxiu.accounts.actions import change_own, change_own_email
from anxiu.accounts.messages import BUNDLES
from anxiu.accounts.models import ApiToken, Person
from anxiu.accounts.queries import VIEW_POSTS, actor_of, history, person_by_uid, tokens
from anxiu.console.accounts.forms import EmailForm, OwnForm
from anxiu.console.pages import Verb, dialog, page, refuse, show
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.time import now

MARKS = {
    "accounts.service_added": ("api", "green"),
    "accounts.service_changed": ("edit", ""),
    "accounts.service_suspended": ("player-pause", "amber"),
    "accounts.service_resumed": ("player-play", "green"),
    "accounts.service_retired": ("lock", "red"),
    "accounts.client_added": ("plug", "blue"),
    "accounts.client_secret_added": ("key", "blue"),
    "accounts.client_secret_revoked": ("key", "grey"),
    "accounts.client_revoked": ("plug", "grey"),
    "accounts.person_added": ("user-plus", "green"),
    "accounts.person_changed": ("edit", ""),
    "accounts.person_retired": ("lock", "red"),
    "accounts.person_erased": ("eye-off", "red"),
    "accounts.token_issued": ("key", "blue"),
    "accounts.token_revoked": ("key", "grey"),
    "accounts.password_link_made": ("link", "amber"),
}
VERBS = ("change_person", "retire_person", "make_password_link", "issue_token", "revoke_token")


def timeline(row: Person) -> list[dict[str, object]]:
    """The last events of an account, as the page shows them."""
    return [
        {
            "text": line.sentence,
            "by": line.who,
            "at": line.at,
            "symbol": MARKS.get(line.kind, ("point", ""))[0],
            "tone": MARKS.get(line.kind, ("point", ""))[1],
        }
        for line in history(row)
    ]


@page(VIEW_POSTS)
def person(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Details, posts, API keys and the last events of one account."""
    row = person_by_uid(actor, uid)
    if "HX-Request" not in request.headers:
        note_access(actor, AccessKind.DETAIL, "person", [row.pk], now())
    context = {
        "title": row.name,
        "person": row,
        "holdings": list(row.holdings.all()),
        "tokens": [dressed(each) for each in tokens(row)],
        "at": now(),
        "history": timeline(row),
        "is_self": row.pk == actor.person_id,
        "second_step": is_mfa_enabled(row),
        "may": {verb: row.is_active and actor.may(f"accounts.{verb}") for verb in VERBS},
        "may_erase": bool(row.retired_at) and not row.erased_at and actor.may("accounts.erase_person"),
        "may_address": row.is_active and actor.may("notify.set_person_addresses"),
        "engineer": getattr(row, "engineer", None) if actor.may("workforce.view_engineers") else None,
    }
    return show(request, "console/accounts/person.html", context)


def dressed(token: ApiToken) -> ApiToken:
    """A key with its bundles in words."""
    token.words = [BUNDLES[each] for each in token.bundles]  # type: ignore[attr-defined]
    token.last_at = token.use.last_at if hasattr(token, "use") else None  # type: ignore[attr-defined]
    return token


@page()
def my_account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own details, language and login."""
    row = person_by_uid(actor, cast("Person", request.user).uid)
    form = OwnForm(request.POST or None, initial={"language": row.language, "phone": row.phone, "name_en": row.name_en})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("language", "phone", "name_en")}
        try:
            change_own(actor=actor, at=now(), changes=given)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            response = redirect("my_account")
            _remember(response, given["language"])
            return response
    context = {
        "title": _("My account"),
        "person": row,
        "form": form,
        "holdings": list(row.holdings.all()),
        "second_step": is_mfa_enabled(row),
        "tokens": [each for each in tokens(row) if each.revoked_at is None],
        "may_change": actor.may("accounts.change_own"),
        "may_move": actor.may("accounts.change_own_email"),
    }
    answer = show(request, "console/accounts/me.html", context)
    answer.status_code = 422 if form.errors else 200
    return answer


def _remember(response: HttpResponse, language: str) -> None:
    """The cookie decides the language of pages, also before the login."""
    from django.conf import settings

    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.SESSION_COOKIE_AGE, samesite="Lax")


@page("accounts.change_own_email")
def my_email(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Another address to log in with."""
    verb = Verb(
        title=_("Change the email address"),
        submit=_("Save"),
        done=_("From now on you log in with the new address."),
        run=lambda given: change_own_email(actor=actor, at=now(), email=given["email"], password=given["password"]),
    )
    return dialog(request, actor, EmailForm(request.POST or None), verb)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of pages; of somebody logged in also the language of their notices."""
    response = choose_language(request)
    if request.user.is_authenticated:
        row = request.user
        actor = actor_of(row)
        wanted = request.POST.get("language", "")
        if wanted in {"zh-hans", "en"} and wanted != row.language and actor.may("accounts.change_own"):
            change_own(actor=actor, at=now(), changes={"language": wanted})
    return response
