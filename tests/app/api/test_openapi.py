"""The description of the API: of every route and only of those, complete, and shown as a page."""

import json
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.problems import PROBLEM
from tests.app.routes import every_route


@pytest.fixture
def described(client: TestClient) -> dict[str, object]:
    reply = client.get("/api/v1/openapi.json")
    assert reply.status_code == 200
    found: dict[str, object] = reply.json()
    return found


def operations(described: dict[str, object]) -> list[tuple[str, str, dict[str, object]]]:
    paths = described["paths"]
    assert isinstance(paths, dict)
    return [(method.upper(), path, said) for path, item in paths.items() for method, said in item.items()]


def test_it_tells_of_every_route_and_of_no_other(described: dict[str, object], app: FastAPI) -> None:
    prefix = "/api/v1"
    there = {(m, p.removeprefix(prefix)) for m, p in every_route(app) if p.startswith(f"{prefix}/") and m != "HEAD"}

    assert {(method, path) for method, path, _ in operations(described)} == there - {("GET", "/openapi.json")}
    assert described["openapi"] == "3.1.0"


def test_every_reference_leads_somewhere(described: dict[str, object]) -> None:
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(described))):
        found: object = described
        for step in reference.removeprefix("#/").split("/"):
            assert isinstance(found, dict)
            found = found[step]
        assert found


def test_every_refusal_is_told_with_problem_details(described: dict[str, object]) -> None:
    components = described["components"]
    assert isinstance(components, dict)
    for method, path, said in operations(described):
        responses = said["responses"]
        assert isinstance(responses, dict)
        refusals = {status: each for status, each in responses.items() if status[0] in "45"}
        assert {"400", "401", "403", "422", "500", "503"} <= refusals.keys(), (method, path)
        for each in refusals.values():
            answer = components["responses"][each["$ref"].rpartition("/")[2]]
            assert list(answer["content"]) == [PROBLEM]
            assert answer["content"][PROBLEM]["example"]["status"] in map(int, refusals)
    assert "HTTPValidationError" not in components["schemas"]


def test_nothing_of_how_it_is_made_is_told(described: dict[str, object]) -> None:
    assert "x-" not in json.dumps([list(said) for _, _, said in operations(described)])


def test_every_operation_is_named_once_and_explained(described: dict[str, object]) -> None:
    names = [said["operationId"] for _, _, said in operations(described)]

    assert len(names) == len(set(map(str, names)))
    assert all(said["description"] for _, _, said in operations(described))


def test_the_page_shows_every_operation_without_a_script(client: TestClient, described: dict[str, object]) -> None:
    page = client.get("/api").text

    for method, path, _ in operations(described):
        assert f"<code>{method} {path}</code>" in page
    assert "cdn" not in page
    assert page.count("<script") == client.get("/help").text.count("<script")
