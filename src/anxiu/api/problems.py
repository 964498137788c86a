"""Refusals as problem+json (RFC 9457), in the caller's language, with the code a program can rely on."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema

from anxiu.api.auth import actor_of
from anxiu.kernel.action import VERBS
from anxiu.kernel.errors import GateShut, Invalid, NotFound, Refusal
from anxiu.kernel.messages import explain
from anxiu.kernel.refused import note


class FieldProblem(Schema):
    """What is wrong with one field."""

    field: str
    code: str
    detail: str


class Problem(Schema):
    """Why a request was turned down. `code` is stable; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Bad request", 401: "Not logged in", 403: "Not allowed", 404: "Not found", 405: "No such method",
    409: "Conflict", 413: "Too large", 415: "Unsupported media type", 422: "Invalid", 429: "Too many requests",
}  # fmt: skip


def problem(status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """One problem answer."""
    body = {
        "type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status, "code": code, "detail": detail,
        "errors": errors or [],
    }  # fmt: skip
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def refused(refusal: Refusal) -> HttpResponse:
    """A refusal of the product as a problem."""
    each: tuple[Refusal, ...] = ()
    if isinstance(refusal, Invalid):
        each = refusal.errors
    elif isinstance(refusal, GateShut):
        each = refusal.missing
    errors = [{"field": one.field, "code": one.code, "detail": explain(one)} for one in each]
    return problem(refusal.status, refusal.code, explain(refusal), errors)


def described(schema: OpenAPISchema) -> OpenAPISchema:
    """Say of every refusal in the description that it is `application/problem+json`."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"][429] = {**operation["responses"][401], "description": "Too Many Requests"}
            for status, response in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in response.get("content", {}):
                    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
    return schema


def _wrong_input(found: list[dict[str, Any]]) -> HttpResponse:
    errors = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "code": str(one["type"]), "detail": str(one["msg"])}
        for one in found
    ]
    return problem(422, "api.wrong_input", "The request does not have the shape the documentation gives.", errors)


def install(api: NinjaAPI) -> None:
    """Let every error of the API leave as a problem."""

    @api.exception_handler(Refusal)
    def on_refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
        verb = str(error.params.get("permission", ""))
        if verb in VERBS:  # refused before the verb itself was asked
            note(actor_of(request), verb, error, {})
        return refused(error)

    @api.exception_handler(ValidationError)
    def on_wrong_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return _wrong_input(error.errors)

    @api.exception_handler(AuthenticationError)
    def on_no_login(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(401, "api.no_token", "A valid bearer token is needed.")
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(Http404)
    def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return refused(NotFound("kernel.not_found"))

    @api.exception_handler(Throttled)
    def on_too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        answer = problem(429, "api.too_many", "Too many requests; try again later.")
        if error.wait:
            answer["Retry-After"] = str(int(error.wait))
        return answer

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "api.refused", str(error))
