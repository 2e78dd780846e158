"""Whether a file has the right keys with the right kinds of values, told in the author's words.

A file with mistakes is mended in a copy, so that everything else in it can still be checked: each wrong value is
replaced by one that fits, and its place is remembered as spoiled, so nothing more is said about it.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from questionnaires.documents import Document, Place, UnquotedDate
from questionnaires.library import COUNTRY, CURRENCY, ISIC
from questionnaires.mending import mend
from questionnaires.problems import MOST, Problem
from questionnaires.values import DAY, ID, LANGUAGE, QUESTIONNAIRE_ID, VERSION
from questionnaires.wording import did_you_mean, listed, nearest, shown

ROUNDS = 12  # each round of mending may uncover what lay behind the last
HOPELESS = 2000  # errors in one round beyond which nothing else in the file is checked

PATTERNS = {
    ID: ("malformed-id", "an id is made of small letters, digits, '.', '_' and '-', and starts with a letter or digit"),
    QUESTIONNAIRE_ID: (
        "malformed-id",
        "a questionnaire's id has 2 to 64 small letters, digits and '-', and starts with a letter or digit",
    ),
    VERSION: ("malformed-version", 'a version is up to three numbers with dots, in quotes, such as "1.0.0"'),
    DAY: ("malformed-date", 'a day is written year-month-day, in quotes, such as "2026-11-22"'),
    LANGUAGE: ("malformed-language", "a language is written as its short code, such as en, fr or ar"),
    CURRENCY: ("malformed-code", "a currency is three capital letters, such as EUR"),
    COUNTRY: ("malformed-code", "a country is two capital letters, such as MY"),
    ISIC: ("malformed-code", 'a division of ISIC is two digits in quotes, such as "24"'),
}

SENTENCES = {
    "unknown-key": "A key is not one that this format knows.",
    "missing-key": "A key that is always needed is missing.",
    "wrong-type": "A value is of the wrong kind: a number where a text is needed, a text where a list is needed.",
    "malformed-id": "An id holds capital letters, spaces or signs that are not allowed in ids.",
    "malformed-version": "The version is not up to three numbers with dots.",
    "malformed-date": "The day of publication is not written year-month-day, or the calendar has no such day.",
    "malformed-language": "The language is not a short code such as en.",
    "malformed-code": "A code of a currency, a country or a branch is not written as the standard writes it.",
    "not-allowed": "The value is not one of the words that this key takes.",
    "out-of-range": "A number is smaller or larger than this key takes.",
    "empty-text": "A text is empty.",
    "text-too-long": "A text is longer than 5,000 characters.",
    "wrong-length": "A list has too few or too many entries.",
    "question-kind": "A question has none or several of levels, options and number; it needs exactly one.",
    "field-kind": "A field has neither or both of choices and number; it needs exactly one.",
    "number-rule": "A number is scored by score and by bands; it takes only one.",
    "condition-form": "A condition does not have exactly one of all, any, not, field and answer, or no test.",
}


class Spoiled:
    """The places of a file where a mistake was."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: set[Place] = set()
        self._around: set[Place] = set()
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        self._places.add(place)
        self._around.update(place[:n] for n in range(len(place) + 1))

    def touches(self, place: Place) -> bool:
        """Whether a mistake was here, around this place, or inside it."""
        return place in self._around or any(place[:n] in self._places for n in range(len(place)))


@dataclass(frozen=True, slots=True)
class Shaped:
    """A file as its type, with mistakes mended; `value` is None when too little of it could be used.

    `spoiled` holds the places where a mistake was, as the author's file has them.
    """

    value: Any
    problems: tuple[Problem, ...]
    spoiled: Spoiled


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def json_schema(kind: Any) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file of this type."""
    return _adapter(kind).json_schema(by_alias=True)


def read_shape(kind: Any, document: Document) -> Shaped:
    """Read a document as `kind`; every problem is told once, also those that others hide."""
    value = copy.deepcopy(document.value)
    problems: list[Problem] = []
    spoiled = Spoiled(document.spoiled)
    for _ in range(ROUNDS):
        try:
            return Shaped(_adapter(kind).validate_python(value, by_alias=True, by_name=False), tuple(problems), spoiled)
        except ValidationError as error:
            given_up = error.error_count() > HOPELESS
            errors = [(_place(entry, value), entry) for entry in error.errors(include_url=False)[:HOPELESS]]
        told = {(*place[:-1], near) for place, entry in errors if (near := _meant(entry, place, kind))}
        for place, entry in errors:
            if len(problems) < MOST and place not in told and not spoiled.touches(place):
                problems.append(_problem(entry, place, document, kind))
            told.add(place)
        if given_up:
            break
        for place, entry in errors:
            spoiled.add(place)
            mend(value, place, entry)
    return Shaped(None, tuple(problems), spoiled)


def _meant(entry: ErrorDetails, place: Place, kind: Any) -> str:
    """The key that a misspelt one stands for: that it is missing need not be told."""
    return nearest(place[-1], keys_at(json_schema(kind), place[:-1])) if entry["type"] == "extra_forbidden" else ""


def _place(entry: ErrorDetails, value: Any) -> Place:
    """Where in the file an error is: the part of pydantic's location that the file really has."""
    place: list[str | int] = []
    for step in entry["loc"]:
        inside = isinstance(value, dict) and step in value
        if not inside and not (isinstance(value, list) and isinstance(step, int) and step < len(value)):
            if entry["type"] == "missing" and isinstance(value, dict):
                place.append(step)
            break
        place.append(step)
        value = value[step]
    return tuple(place)


def _problem(entry: ErrorDetails, place: Place, document: Document, kind: Any) -> Problem:
    code, message = _sentence(entry, place, document, kind)
    return Problem(document.file, document.line(place), code, message)


def _sentence(entry: ErrorDetails, place: Place, document: Document, kind: Any) -> tuple[str, str]:
    error, context, value = entry["type"], entry.get("ctx", {}), entry["input"]
    key = str(place[-1]) if place else "the file"
    if error in SENTENCES:
        return error, f"{shown(value)}: {entry['msg']}" if error == "malformed-date" else entry["msg"]
    if error == "extra_forbidden":
        known = keys_at(json_schema(kind), place[:-1])
        return (
            "unknown-key",
            f"'{key[:60]}' is not a key here{did_you_mean(key, known) or f'; known are {listed(known, 20)}'}",
        )
    if error == "missing" and isinstance(entry["loc"][-1], str):
        return "missing-key", f"'{key}' is missing"
    if error == "string_pattern_mismatch":
        code, advice = PATTERNS[context["pattern"]]
        return code, f"{shown(value)}: {advice}"
    if error == "literal_error":
        allowed = context["expected"]
        words = allowed.replace("' or '", "', '").strip("'").split("', '")
        return (
            "not-allowed",
            f"{_seen(value, place, document)} is not known here{did_you_mean(value, words)}; give {allowed}",
        )
    if error == "string_too_short":
        return "empty-text", f"'{key}' is empty; write a text or remove the key"
    if error == "string_too_long":
        return "text-too-long", "the text is longer than 5,000 characters; shorten it"
    if error in ("too_short", "too_long", "missing"):
        return "wrong-length", _length(error, context)
    if error in BOUNDS:
        return "out-of-range", f"{shown(value)} is not allowed; give a number {BOUNDS[error].format(**context)}"
    return "wrong-type", _wanted(error, place) + _instead(error, value, place, document)


BOUNDS = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "of {ge:g} or more",
    "less_than": "below {lt:g}",
    "less_than_equal": "of {le:g} or less",
}
WANTED = {
    "string_type": "a text is",
    "float_type": "a number is",
    "int_type": "a whole number is",
    "int_from_float": "a whole number is",
    "bool_type": "true or false is",
    "tuple_type": "a list is",
    "list_type": "a list is",
    "dict_type": "keys with values are",
    "model_type": "keys with values are",
}


def _length(error: str, context: Mapping[str, Any]) -> str:
    if error == "too_short" and context.get("min_length") == 1:
        return "this is empty; give at least one entry or remove the key"
    if error == "too_short":
        return f"at least {context.get('min_length')} entries are needed"
    return "a pair of exactly two numbers is needed, such as [0, 5]"


def _wanted(error: str, place: Place) -> str:
    if error == "model_type" and place[-2:-1] == ("levels",):
        return "a level is a text, or {text: ..., score: ...}"
    return f"{WANTED.get(error, 'another kind of value is')} needed here"


def _instead(error: str, value: Any, place: Place, document: Document) -> str:
    """What stands there, and how to write it so that it fits."""
    if value is None:
        return ", but nothing is given; fill it in or remove the key"
    texts = error == "string_type" or place[-2:-1] == ("levels",)
    written = document.unquoted.get(place)
    if texts and written is not None and isinstance(value, bool | int | float | UnquotedDate):
        read_as = {"bool": "true or false", "UnquotedDate": "a date"}.get(type(value).__name__, "a number")
        return f', but {written} without quotes is read as {read_as}; put it in quotes: "{written}"'
    if error in ("float_type", "int_type") and isinstance(value, str):
        return f", not the text {shown(value)}; write plain digits without quotes or units"
    return f", not {_seen(value, place, document)}"


def _seen(value: Any, place: Place, document: Document) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "keys with values"
    return shown(value) if isinstance(value, str) else document.unquoted.get(place) or shown(value)


def keys_at(schema: Mapping[str, Any], place: Place) -> list[str]:
    """The keys that a file may have at a place."""
    nodes: list[Mapping[str, Any]] = [schema]
    for step in place:
        nodes = [inner for node in _resolved(nodes, schema) for inner in _below(node, step)]
    return sorted({key for node in _resolved(nodes, schema) for key in node.get("properties", {})})


def _resolved(nodes: list[Mapping[str, Any]], schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for node in nodes:
        if "$ref" in node:
            found += _resolved([schema["$defs"][node["$ref"].rpartition("/")[2]]], schema)
        else:
            found += [node, *_resolved(node.get("anyOf", []), schema)]
    return found


def _below(node: Mapping[str, Any], step: str | int) -> list[Mapping[str, Any]]:
    if isinstance(step, int):
        return [node["items"]] if isinstance(node.get("items"), dict) else []
    below = node.get("properties", {}).get(step) or node.get("additionalProperties")
    return [below] if isinstance(below, dict) else []
