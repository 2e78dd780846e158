"""Putting a fitting value in the place of a wrong one, so that the rest of a file can be checked."""

import re
from itertools import count
from typing import Any

from pydantic_core import ErrorDetails

from questionnaires.documents import Place
from questionnaires.library import COUNTRY, CURRENCY, ISIC
from questionnaires.values import DAY, ID, LANGUAGE, VERSION

# Values that fit where no small text does.
BY_PATTERN = {VERSION: "0", DAY: "2000-01-01", LANGUAGE: "en", CURRENCY: "XXX", COUNTRY: "XX", ISIC: "00"}
BY_KEY: dict[str, Any] = {
    "scale": {"min": 0, "max": 5},
    "source": {},
    "profiles": {"bins": [{"from": 0}]},
    "bins": [{"from": 0}],
    "dimensions": [],
    "cost": {"small": [0, 0]},
    "answers": {},
    "expect": {},
    "per": {},
    "of": ["a", "b"],
}
_numbers = count(1)  # each text put in is a new one, or two of them would look like a repetition


def mend(value: Any, place: Place, entry: ErrorDetails) -> None:
    """Change `value` so that the error at `place` is gone; nothing happens where it went with another one."""
    error = entry["type"]
    if error == "condition-form":
        place = place[: place.index("applies_if") + 1]
    try:
        for step in place[:-1]:
            value = value[step]
        key: Any = place[-1]
        inside: Any = value[key] if not isinstance(value, dict) else value.get(key)
    except (KeyError, IndexError, TypeError):
        return
    if isinstance(value, dict) and (error in ("extra_forbidden", "condition-form") or entry["loc"][-1] == "[key]"):
        value.pop(key, None)
    elif error in ("question-kind", "field-kind", "number-rule"):
        _choose(inside, error)
    elif isinstance(value, str):
        return
    elif error == "missing" and isinstance(entry["loc"][-1], str):
        value[key] = _fresh(BY_KEY[key]) if key in BY_KEY else _text()
    elif isinstance(fitting := _fitting(entry), dict | list | None) and isinstance(value, dict):
        value.pop(key, None)  # if it was needed, the next round finds it missing
    else:
        value[key] = _text() if place[-2:-1] == ("levels",) else fitting


def _choose(inside: Any, error: str) -> None:
    if not isinstance(inside, dict):
        return
    for key in ("options", "number", "bands"):
        inside.pop(key, None)
    if error == "question-kind":
        inside["levels"] = [_text(), _text()]
    elif error == "field-kind":
        inside["choices"] = {_text(): _text()}


def _fitting(entry: ErrorDetails) -> Any:
    error, context = entry["type"], entry.get("ctx", {})
    if error == "literal_error":
        words = re.findall("'([^']+)'", context["expected"])
        return words[0] if words else context["expected"]
    if error == "malformed-date":
        return BY_PATTERN[DAY]
    if error.startswith("string_"):
        pattern = context.get("pattern", "")
        return BY_PATTERN.get(pattern) or (_slug(entry["input"]) if pattern == ID else "") or _text()
    if error == "bool_type":
        return False
    if error in ("model_type", "dict_type"):
        return {}
    if error in ("tuple_type", "list_type", "too_short", "too_long", "missing"):
        return [0, 0]
    return context.get("ge", context.get("le", 1))


def _slug(text: object) -> str:
    """The id that a malformed one stands for, so that what refers to it in the right form is found."""
    return re.sub("[^a-z0-9._-]+", "-", text.lower()[:60]).strip("-._") if isinstance(text, str) else ""


def _text() -> str:
    return f"x{next(_numbers)}"


def _fresh(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _fresh(v) for k, v in value.items()}
    return [_fresh(v) for v in value] if isinstance(value, list) else value
