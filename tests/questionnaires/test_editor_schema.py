"""The JSON Schema accepts what the loader accepts and refuses what has the wrong form."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from questionnaires.documents import Part
from questionnaires.editor_schema import editor_schema
from questionnaires.folders import CASES, DEFINITIONS
from questionnaires.yaml_reader import read_yaml
from tests.questionnaires.mistakes import SHAPE, SOUND, Mistake

PARTS: tuple[Part, ...] = get_args(Part)
CONTRACT = Path(__file__).parent / "contract"
SHIPPED = [CASES, *sorted(f for folder in (DEFINITIONS, SOUND, CONTRACT) for f in folder.rglob("*.yaml"))]
# What JSON Schema cannot say: it knows no quotes, and counts 2.0 as a whole number.
BEYOND = ("version: 1.0.0", "cap: 2.0", 'text: "  "', 'published: "2026-02-30"')


def validator(part: str) -> Draft202012Validator:
    return Draft202012Validator(editor_schema(part))  # type: ignore[arg-type]


def values(file: str, data: bytes) -> Any:
    document, _ = read_yaml(file, data)
    assert document is not None
    return document.value


@pytest.mark.parametrize("part", PARTS)
def test_the_schema_is_a_valid_one_of_draft_2020_12(part: Part) -> None:
    schema = editor_schema(part)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: "/".join(p.parts[-3:]))
def test_the_schema_accepts_every_file_that_is_shipped(path: Path) -> None:
    validator(path.stem).validate(values(str(path), path.read_bytes()))


@pytest.mark.parametrize(
    "mistake", [m for m in SHAPE if m.new not in BEYOND], ids=lambda m: f"{m.code}: {m.new.strip()[:40]!r}"
)
def test_the_schema_refuses_every_mistake_of_form(mistake: Mistake) -> None:
    value = values(mistake.file, mistake.made()[0].encode())
    assert not validator(mistake.file.removesuffix(".yaml")).is_valid(value)


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items() if "type" in schema else ()
        for inner in schema.values():
            yield from properties(inner)


@pytest.mark.parametrize("part", PARTS)
def test_every_key_is_described(part: Part) -> None:
    assert not [key for key, about in properties(editor_schema(part)) if "description" not in about]
