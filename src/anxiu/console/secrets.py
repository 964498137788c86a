"""A dialog that makes a secret (an API key, a link) and shows it this once: only its hash is kept."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxiu.console.pages import REFUSED, VerbForm, refuse
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.idempotency import Answer, once


def secret_dialog(request: HttpRequest, actor: Actor, form: VerbForm, shown: dict[str, Any]) -> HttpResponse:
    """Ask, then show what `shown["make"]` made. A repeated request is told to start again."""
    status = 200
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        made: list[str] = []

        def perform() -> Answer:
            made.append(shown["make"](values))
            return Answer(200, "")

        try:
            key = form.cleaned_data["key"] or uuid4().hex
            once(principal=actor.key, key=key, request=request.path.encode(), perform=perform)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            secret = made[0] if made else ""
            picture = shown["picture"](secret) if secret and "picture" in shown else ""
            return render(request, "console/parts/secret.html", {**shown, "secret": secret, "picture": picture})
    if request.method == "POST":
        status = REFUSED
    context = {"form": form, "post_url": request.path, "fields": shown.get("fields", "")}
    context |= {name: shown[name] for name in ("title", "lead", "submit")}
    return render(request, "console/parts/form_dialog.html", context, status=status)
