"""A dialog for every verb about service accounts and their clients."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.accounts import actions
from anxiu.accounts.models import Client, ClientSecret
from anxiu.accounts.queries import service_by_uid, services
from anxiu.console.accounts import forms
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.console.secrets import secret_dialog
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now


def _place(given: dict[str, Any]) -> int | None:
    return given["region"].pk if given["region"] else None


@page("accounts.add_service")
def add_service(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open a service account."""
    verb = Verb(
        title=_("Open a service account"),
        submit=_("Open the account"),
        keep="add-service",
        lead=_("For a program, not for a person: nobody logs in with it. Give it keys or clients on the next page."),
        run=lambda given: actions.add_service(
            actor=actor, at=now(), name=given["name"], posts=given["held"], region_id=_place(given)
        ),
        done=_("The account is open."),
        go=lambda made: reverse("service", args=[made.uid]),  # type: ignore[attr-defined]
    )
    return dialog(request, actor, forms.ServiceForm(actor, request.POST or None), verb)


@page("accounts.change_service")
def change_service(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a service account's name and posts."""
    row = service_by_uid(actor, uid)
    held = [(each.post.code, each.region_id) for each in row.holdings.all()]
    form = forms.ServiceForm(
        actor,
        request.POST or None,
        elsewhere=tuple(each for each in held if each[1] is not None),
        initial={"name": row.name, "region": row.region, "posts": [code for code, region in held if region is None]},
    )
    verb = Verb(
        title=_("Change the account"),
        submit=_("Save"),
        done=_("Saved."),
        run=lambda given: actions.change_service(
            actor=actor, at=now(), service_id=row.pk, name=given["name"], posts=given["held"], place=(_place(given),)
        ),
    )
    return dialog(request, actor, form, verb)


@page("accounts.suspend_service")
def suspend_service(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Suspend a service account."""
    row = service_by_uid(actor, uid)
    verb = Verb(
        title=_("Suspend the service account"),
        submit=pgettext_lazy("account", "Suspend"),
        danger=True,
        done=_("The service account is suspended."),
        lead=_("No key and no client of {name} works until you resume it.").format(name=row.name),
        run=lambda _given: actions.suspend_service(actor=actor, at=now(), service_id=row.pk),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("accounts.resume_service")
def resume_service(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Let a suspended service account work again."""
    row = service_by_uid(actor, uid)
    verb = Verb(
        title=_("Resume the service account"),
        submit=pgettext_lazy("account", "Resume"),
        done=_("The service account works again."),
        lead=_("All keys and clients of {name} that were not revoked work again.").format(name=row.name),
        run=lambda _given: actions.resume_service(actor=actor, at=now(), service_id=row.pk),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("accounts.retire_service")
def retire_service(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """End a service account."""
    row = service_by_uid(actor, uid)
    verb = Verb(
        title=_("End the service account"),
        submit=_("End the account"),
        danger=True,
        done=_("The service account is ended."),
        lead=_("All keys and clients of {name} stop for good. Everything it did stays.").format(name=row.name),
        run=lambda _given: actions.retire_service(actor=actor, at=now(), service_id=row.pk),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)


# ---- clients -------------------------------------------------------------------------------------------------------
def _client(actor: Actor, pk: int) -> Client:
    row = Client.objects.select_related("person").filter(pk=pk, person__in=services(actor)).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


@page("accounts.add_client")
def add_client(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Add a client; its id and secret are shown once together."""
    row = service_by_uid(actor, uid)

    def make(given: dict[str, Any]) -> str:
        client, secret = actions.add_client(actor=actor, at=now(), service_id=row.pk, **given)
        return f"client_id={client.client_id}\nclient_secret={secret}"

    shown = {
        "title": _("Add a client"),
        "submit": _("Add the client"),
        "back": reverse("service", args=[uid]),
        "lead": _("With its id and secret a program gets access to {name} for an hour at a time.").format(
            name=row.name
        ),
        "after": _("Copy both now: the secret is not stored and cannot be shown again."),
        "make": make,
    }
    return secret_dialog(request, actor, forms.ClientForm(request.POST or None), shown)


@page("accounts.add_client_secret")
def add_client_secret(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Make a client's second secret, shown once."""
    row = _client(actor, pk)
    shown = {
        "title": _("Make a second secret"),
        "submit": _("Make the secret"),
        "back": reverse("service", args=[row.person.uid]),
        "lead": _("Both secrets of “{label}” work until you revoke the old one.").format(label=row.label),
        "after": _("Copy the secret now: it is not stored and cannot be shown again."),
        "make": lambda _given: actions.add_client_secret(actor=actor, at=now(), client_id=row.client_id)[1],
    }
    return secret_dialog(request, actor, VerbForm(request.POST or None), shown)


@page("accounts.revoke_client_secret")
def revoke_client_secret(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Revoke one of a client's two secrets."""
    row = ClientSecret.objects.select_related("client").filter(pk=pk, client__person__in=services(actor)).first()
    if row is None:
        raise NotFound("kernel.not_found")
    client = row.client
    verb = Verb(
        title=_("Revoke the secret"),
        submit=_("Revoke the secret"),
        danger=True,
        done=_("The secret is revoked."),
        lead=_("A program that still has this secret gets no further access."),
        run=lambda _given: actions.revoke_client_secret(
            actor=actor, at=now(), client_id=client.client_id, secret_id=pk
        ),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("accounts.revoke_client")
def revoke_client(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Revoke a client."""
    row = _client(actor, pk)
    verb = Verb(
        title=_("Revoke the client"),
        submit=_("Revoke the client"),
        danger=True,
        done=_("The client is revoked."),
        lead=_("“{label}” stops working at once.").format(label=row.label),
        run=lambda _given: actions.revoke_client(actor=actor, at=now(), client_id=row.client_id),
    )
    return dialog(request, actor, VerbForm(request.POST or None), verb)
