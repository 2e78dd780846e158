"""The JSON Schema with which an editor completes and checks a file while it is written."""

from typing import Any

from questionnaires.documents import Part
from questionnaires.library import KINDS
from questionnaires.shape import json_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TITLES: dict[Part, str] = {
    "questionnaire": "A questionnaire (questionnaire.yaml)",
    "actions": "The actions that close gaps (actions.yaml)",
    "examples": "Examples with the scores that must come out (examples.yaml)",
    "cases": "Cases of firms and policies (cases.yaml)",
    "moves": "From an earlier version to this one (moves.yaml)",
}


def editor_schema(part: Part) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one file; what only the whole definition can tell is left to the checks."""
    return {"$schema": DRAFT, **json_schema(KINDS[part]), "title": TITLES[part]}
