"""The API's addresses: `/api/v1/…`, its description at `/api/v1/openapi.json`, a page to try it at `/api/v1/docs`."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, reverse
from ninja import NinjaAPI, Schema
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.types import DictStrAny

# A process is asked for few of the operations: what reads and writes their models is built when one is first asked.
Schema.model_config["defer_build"] = True

from anxiu.api import (  # noqa: E402 - they define models
    accounts,
    catalogue,
    channels,
    compliance,
    contracts,
    customers,
    deadlines,
    duties,
    engineers,
    equipment,
    exports,
    files,
    hooks,
    import_files,
    indicators,
    learning,
    mail,
    notices,
    oauth,
    orders,
    pilots,
    privacy,
    problems,
    refused,
    regulation,
    regulation_drafts,
    regulation_quiz,
    regulation_uptake,
    services,
)
from anxiu.api.auth import Token  # noqa: E402


class Docs(Swagger):
    """The page to try the API, with the library's scripts from here; by itself it fetches them from elsewhere."""

    template_cdn = str(settings.NINJA / "templates" / Swagger.template)


class Api(NinjaAPI):
    """Operations are called as their functions are: `list_orders`, `book_visit`."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name alone, without its module."""
        return operation.view_func.__name__

    def get_root_path(self, path_params: DictStrAny) -> str:
        """Where the API is, also for one who asks outside a request to it."""
        return reverse(f"{self.urls_namespace}:api-root", urlconf="anxiu.project.api_urls", kwargs=path_params)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: DictStrAny | None = None
    ) -> OpenAPISchema:
        """The description, with refusals under the media type they have."""
        schema = problems.described(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params))
        oauth.described(schema)
        return schema


api = Api(
    title="Anxiu API",
    version="1",
    description=(
        "After-sales service: orders, customers, machines, people, engineers, deadlines, the regulation.\n\n"
        "Every write takes an `Idempotency-Key`; refusals are `application/problem+json` with a stable `code`. "
        "Lists are read page by page with the cursor in `next`."
    ),
    auth=Token(),
    docs=Docs(),
    urls_namespace="api-v1",
)
problems.install(api)
api.add_router("/orders", orders.router)
api.add_router("/files", files.router)
for each in (
    accounts, services, customers, catalogue, equipment, contracts, import_files, engineers, deadlines, duties,
    regulation, regulation_drafts, regulation_quiz, regulation_uptake, learning, pilots, notices, channels, hooks, mail,
    compliance, indicators, refused, exports, privacy,
):  # fmt: skip
    api.add_router("", each.router)

urlpatterns: list[URLPattern | URLResolver] = api.urls[0]
