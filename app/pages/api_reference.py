"""The reference of the API as a page: written from its own description, without a script."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.openapi import METHODS, describe
from app.api.problems import PREFIX
from app.templating import page, public_link

router = APIRouter()
KEYWORDS = (
    ("minimum", "from {}"),
    ("maximum", "to {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("maxItems", "at most {}"),
    ("maxProperties", "at most {}"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter of an operation, or one field of what it takes or gives."""

    name: str
    kind: str
    place: str  # path | query | header | body | reply
    is_required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    words: str
    scope: str
    is_open: bool  # whoever asks need not be signed in
    parts: tuple[Part, ...]
    reply: tuple[Part, ...]
    good: str
    refusals: tuple[tuple[str, str], ...]


@router.get("/api")
def show_reference(request: Request) -> Response:
    found = describe(request.app.state.api)
    groups: dict[str, list[Operation]] = {}
    for path, item in found["paths"].items():
        for method in METHODS:
            if method in item:
                [tag] = item[method]["tags"]
                groups.setdefault(tag, []).append(_operation(found, path, method, item[method]))
    return page(
        request, "api.html", about=found["info"]["description"], groups=groups, address=public_link(request, PREFIX)
    )


def _operation(found: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> Operation:
    statuses = said["responses"]
    good = next(status for status in statuses if status.startswith("2"))
    parameters = [
        Part(p["name"], _kind(found, p["schema"]), p["in"], p.get("required", False), _words(p, p["schema"]))
        for p in said.get("parameters", ())
    ]
    bodies = said.get("requestBody", {}).get("content", {}).values()
    replies = statuses[good].get("content", {}).values()
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        words=_plain(said.get("description") or said["summary"]),
        scope=said["security"][0]["token"][0],
        is_open={} in said["security"],
        parts=(*parameters, *(part for body in bodies for part in _fields(found, body["schema"], "body"))),
        reply=tuple(part for reply in replies for part in _fields(found, reply["schema"], "reply")),
        good=good,
        refusals=tuple(
            (status, _resolved(found, each)["description"]) for status, each in statuses.items() if status[0] == "4"
        ),
    )


def _fields(found: dict[str, Any], schema: dict[str, Any], place: str) -> list[Part]:
    schema = _resolved(found, schema)
    required = schema.get("required", ())
    return [
        Part(name, _kind(found, each), place, name in required, _words(each, each))
        for name, each in schema.get("properties", {}).items()
    ]


def _resolved(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _kind(found: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in words, such as `list of string`."""
    if "$ref" in schema:
        resolved = _resolved(found, schema)
        names = ", ".join(resolved.get("properties", {}))
        return f"{{{names}}}" if names else str(resolved.get("type", "any"))
    if "anyOf" in schema:
        return " or ".join(_kind(found, each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(repr(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(found, schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(found, schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type", "any"))


def _words(said: dict[str, Any], schema: dict[str, Any]) -> str:
    bounds = [words.format(schema[name]) for name, words in KEYWORDS if name in schema]
    return " ".join([_plain(str(said.get("description", ""))), ", ".join(bounds)]).strip()


def _plain(text: str) -> str:
    """The description is Markdown, of which it uses the marks of code only."""
    return text.replace("`", "")
