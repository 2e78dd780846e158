"""The description of the API (OpenAPI 3.1): what the routes say of themselves, with every refusal they can answer."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.api.needs import PUBLIC, REFUSALS, REPLACES, SCOPE
from app.api.problems import PREFIX, PROBLEM
from app.api.shapes import Problem
from app.cookies import session_cookie

METHODS = ("get", "put", "post", "patch", "delete")
SAFE = ("get",)
ABOUT = (
    "What the pages of Fourward do, for programs. Whoever may do something there may do it here: with a token of "
    "their account, with a session, or with the secret of an assessment's link in the path. Every reply has an ETag; "
    "texts come in the language of Accept-Language. Within version 1 fields and routes are added, and none is taken "
    "away or given another meaning: leave out what you do not know."
)
TITLES = {
    400: "It cannot be read: no JSON, a key twice, a token in the address.",
    401: "Nobody is signed in, or the token does not work.",
    403: "It is there, and whoever asks may not do that.",
    404: "It is not there, or not for whoever asks.",
    405: "There is no such method here.",
    409: "It cannot be done in the state things are in.",
    412: "It has changed since it was seen.",
    413: "It is too large.",
    415: "It is not of the type that is taken here.",
    422: "Something in it does not fit.",
    428: "The header If-Match is missing.",
    429: "It was asked for too often; Retry-After says how long to wait.",
    500: "It is our fault.",
    503: "The service is busy; Retry-After says how long to wait.",
}
TAG = {"schema": {"type": "string"}, "description": "Changes with the content."}
SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "fw_<number>_<secret>",
        "description": "Made on the page of your account, for one or more of the scopes read, answer and manage.",
    },
}


def describe(api: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if api.openapi_schema is None:
        found = get_openapi(
            title=api.title, version=api.version, description=ABOUT, routes=api.routes, openapi_version="3.1.0"
        )
        found["servers"] = [{"url": PREFIX}]
        components = found.setdefault("components", {})
        cookie = session_cookie(api.state.settings)
        session = {"type": "apiKey", "in": "cookie", "name": cookie, "description": "The session of a browser."}
        components["securitySchemes"] = SCHEMES | {"session": session}
        components["responses"] = {f"Refused{status}": _refusal(status) for status in TITLES}
        _add_problem(components.setdefault("schemas", {}))
        for path, item in found["paths"].items():
            for method in METHODS:
                if method in item:
                    _complete(path, method, item[method])
        api.openapi_schema = found
    return api.openapi_schema


def _add_problem(schemas: dict[str, Any]) -> None:
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _, made = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    schemas |= made["$defs"]


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    scope, own = operation.pop(SCOPE, "manage"), operation.pop(REFUSALS, [])
    replaces, is_public = operation.pop(REPLACES, False), operation.pop(PUBLIC, False)
    has_body = "requestBody" in operation
    by_link = path.startswith("/assessments/{key}")
    operation["security"] = [{"token": [scope]}, {"session": []}] + ([{}] if by_link or is_public else [])
    statuses = {400, 401, 403, 422, 500, 503, *own} | ({413, 415} if has_body else set())
    responses = operation["responses"]
    responses.pop("422", None)
    for good in [status for status in responses if status.startswith("2") and status != "204"]:
        responses[good].setdefault("headers", {})["ETag"] = TAG
    if method in SAFE:
        _parameter(operation, "If-None-Match", "An ETag that you have; unchanged, the reply is 304 without content.")
        responses["304"] = {"description": "It has not changed.", "headers": {"ETag": TAG}}
    if replaces:
        _parameter(operation, "If-Match", "The ETag of what you have seen.", required=True)
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/Refused{status}"}


def _parameter(operation: dict[str, Any], name: str, words: str, *, required: bool = False) -> None:
    operation.setdefault("parameters", []).append(
        {"name": name, "in": "header", "required": required, "description": words, "schema": {"type": "string"}}
    )


def _refusal(status: int) -> dict[str, Any]:
    example = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": "What to do."}
    schema = {"$ref": "#/components/schemas/Problem"}
    found: dict[str, Any] = {
        "description": TITLES[status],
        "content": {PROBLEM: {"schema": schema, "example": example}},
    }
    if status in (429, 503):
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return found
