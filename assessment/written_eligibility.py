"""Eligibility as an author writes it: the `applies_if` of a definition in YAML or JSON, with every problem told."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from assessment.eligibility import as_kept, fields_of
from questionnaires.checks import conditions
from questionnaires.checks.parts import Parts
from questionnaires.conditions import Condition
from questionnaires.documents import Document, Place
from questionnaires.problems import Problem
from questionnaires.schema import Dimension, Question, Questionnaire
from questionnaires.shape import read_shape
from questionnaires.values import Frozen
from questionnaires.yaml_reader import read_yaml, write_yaml

KEY = "applies_if"
NAME = "eligibility"
CHECKS = {
    "condition-field": conditions.condition_field,
    "condition-test": conditions.condition_test,
    "condition-choice": conditions.condition_choice,
    "condition-bounds": conditions.condition_bounds,
}


class _Written(Frozen):
    applies_if: Condition


def read_written(text: str, questionnaire: Questionnaire, country: str) -> tuple[Condition | None, tuple[Problem, ...]]:
    """The condition of a text, with or without the key `applies_if` around it; no text is no condition.

    With problems there is no condition. They are for authors and in English, as those of definitions are.
    """
    if not text.strip():
        return None, ()
    document, problems = read_yaml(NAME, text.encode())
    if document is None or problems:
        return None, tuple(problems)
    document = _within_key(document)
    shaped = read_shape(_Written, document)
    if shaped.problems:
        return None, shaped.problems
    condition: Condition = shaped.value.applies_if
    found = tuple(problems_of(condition, questionnaire, country, document))
    return (None, tuple(sorted(found, key=lambda p: p.line))) if found else (condition, ())


def write(condition: Condition | None) -> str:
    """A condition as a text to read and change."""
    kept = as_kept(condition)
    return "" if kept is None else write_yaml({KEY: _plain(kept)})


def problems_of(
    condition: Condition, questionnaire: Questionnaire, country: str, document: Document | None = None
) -> Iterable[Problem]:
    """What a condition looks at that a firm is not asked before it applies, or never can say."""
    document = document or Document(NAME, None)
    for place, statement in _statements(condition, (KEY,)):
        if statement.answer is not None:
            message = "a firm has answered nothing when it applies; look at a field instead of an answer"
            yield Problem(NAME, document.line((*place, "answer")), "condition-question", message)
    asks = Question.model_construct(id=NAME, text=NAME, applies_if=condition, levels=None, options=None, number=None)
    holder = Dimension.model_construct(id=NAME, title=NAME, dimensions=(), questions=(asks,))
    fields = fields_of(questionnaire, country)
    parts = Parts(questionnaire.model_copy(update={"fields": fields, "dimensions": (holder,)}))
    for code, check in CHECKS.items():
        for found in check(parts):
            place = found.place[found.place.index(KEY) :]
            yield Problem(NAME, document.line(place), code, found.message)


def _within_key(document: Document) -> Document:
    if isinstance(document.value, dict) and KEY in document.value:
        return document
    return dataclasses.replace(
        document,
        value={KEY: document.value},
        lines={(KEY, *place): line for place, line in document.lines.items()},
        unquoted={(KEY, *place): text for place, text in document.unquoted.items()},
        spoiled=frozenset((KEY, *place) for place in document.spoiled),
    )


def _statements(condition: Condition, place: Place) -> Iterable[tuple[Place, Condition]]:
    if condition.field is not None or condition.answer is not None:
        yield place, condition
    for key, parts in (("all", condition.all), ("any", condition.any)):
        for number, part in enumerate(parts or ()):
            yield from _statements(part, (*place, key, number))
    if condition.not_ is not None:
        yield from _statements(condition.not_, (*place, "not"))


def _plain(kept: Mapping[str, Any] | list[Any] | Any) -> Any:
    """Numbers as people write them: 10 and not 10.0."""
    if isinstance(kept, Mapping):
        return {key: _plain(value) for key, value in kept.items()}
    if isinstance(kept, list):
        return [_plain(value) for value in kept]
    return int(kept) if isinstance(kept, float) and kept.is_integer() else kept
