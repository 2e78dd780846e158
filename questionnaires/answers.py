"""A firm's answers, read once at the border and checked against the questionnaire."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, TypeVar

from questionnaires.documents import Place
from questionnaires.problems import InvalidAnswers, Refused
from questionnaires.schema import NumberAnswer, NumberField, Options, ProfileField, Question, Questionnaire
from questionnaires.wording import did_you_mean, listed, shown

T = TypeVar("T")
UNKNOWN: Literal["unknown"] = "unknown"
NOT_APPLICABLE: Literal["not_applicable"] = "not_applicable"

# The index of a level, the chosen options, a number, or one of the two words above.
AnswerValue = int | float | tuple[str, ...] | Literal["unknown", "not_applicable"]
ProfileValue = str | float

MAX_BYTES = 2_000_000
MAX_DEPTH = 16
HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Answers:
    """What one firm said of itself and of its plant; questions that are absent are unanswered."""

    profile: Mapping[str, ProfileValue] = field(default_factory=dict)
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)


class _Unfit(Exception):
    """One value does not fit; the message says why and completes 'QUESTION: ...'."""


def read_answers(questionnaire: Questionnaire, data: object) -> Answers:
    """Check plain JSON values against a questionnaire: `{"profile": {...}, "answers": {...}}`.

    Every question takes `"unknown"` and `"not_applicable"`; null is the same as no answer. An answer to a question
    that does not apply to the firm is kept.

    Raises:
        InvalidAnswers: one sentence for every value that does not fit.
    """
    answers, problems = _read(questionnaire, data)
    if problems:
        raise InvalidAnswers([message for _, message in problems])
    return answers


def read_answer(question: Question, value: object) -> AnswerValue:
    """Check one plain JSON value, not null, against its question; see `read_answers`.

    Raises:
        InvalidAnswers: it does not fit.
    """
    try:
        return _answer(question, value)
    except _Unfit as unfit:
        raise InvalidAnswers([f"{question.id}: {unfit}"]) from None


def answer_problems(questionnaire: Questionnaire, data: object) -> list[tuple[Place, str]]:
    """What does not fit, with its place in the data."""
    return _read(questionnaire, data)[1]


PARTS = {"profile": "field", "answers": "question"}


def _read(questionnaire: Questionnaire, data: object) -> tuple[Answers, list[tuple[Place, str]]]:
    if not isinstance(data, dict):
        return Answers(), [((), 'answers are an object: {"profile": {...}, "answers": {...}}')]
    problems: list[tuple[Place, str]] = [
        ((key,), f"{shown(key)} is not known here; only 'profile' and 'answers' are")
        for key in data
        if key not in PARTS
    ]
    fields = {f.id: f for f in questionnaire.fields}
    profile = _read_part(data.get("profile"), "profile", fields, _profile_value, problems)
    answers = _read_part(data.get("answers"), "answers", questionnaire.questions, _answer, problems)
    return Answers(profile=profile, answers=answers), problems


def _read_part(
    given: object, part: str, known: Mapping[str, T], read: Callable[[T, Any], Any], problems: list[tuple[Place, str]]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if given is not None and not isinstance(given, dict):
        problems.append(((part,), f"'{part}' must be an object that names each {PARTS[part]}"))
        return values
    for key, value in (given or {}).items():
        try:
            if key not in known:
                raise _Unfit(f"this questionnaire has no such {PARTS[part]}{did_you_mean(key, known)}")
            fitting = None if value is None else read(known[key], value)
        except _Unfit as unfit:
            problems.append(((part, key), f"{key if key in known else shown(key)}: {unfit}"))
            continue
        if fitting is not None:
            values[key] = fitting
    return values


def _profile_value(field: ProfileField, value: Any) -> ProfileValue | None:
    if field.choices is not None:
        if isinstance(value, str) and value in field.choices:
            return value
        if value not in (UNKNOWN, NOT_APPLICABLE):
            raise _Unfit(f"{shown(value)} is not a choice; give one of {listed(field.choices)}")
        return None
    if value in (UNKNOWN, NOT_APPLICABLE) or field.number is None:
        return None
    return float(_number(value, field.number))


def _answer(question: Question, value: Any) -> AnswerValue:
    if value == UNKNOWN:
        return UNKNOWN
    if value == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if question.levels is not None:
        return _level(value, len(question.levels) - 1)
    if question.options is not None:
        return _chosen(value, question.options)
    assert question.number is not None  # noqa: S101  the schema allows three kinds
    return _number(value, question.number)


def _level(value: Any, top: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Unfit(
            f"{shown(value)} is not a level; give a whole number from 0 to {top}, 'unknown' or 'not_applicable'"
        )
    if not 0 <= value <= top:
        raise _Unfit(f"level {shown(value)} is not offered; the levels are 0 to {top}")
    return value


def _chosen(value: Any, options: Options) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _Unfit(f"{shown(value)} is not a list of options, such as {json.dumps(options.of[:2])}")
    strange = [shown(v) for v in value if not (isinstance(v, str) and v in options.of)]
    if strange:
        raise _Unfit(f"{', '.join(strange[:5])} is not an option; the options are {listed(options.of)}")
    if len(set(value)) < len(value):
        twice = sorted({v for v in value if value.count(v) > 1})
        raise _Unfit(f"{', '.join(twice)} is given more than once")
    return tuple(value)


def _number(value: Any, bounds: NumberAnswer | NumberField) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unfit(f"{shown(value)} is not a number")
    low = -math.inf if bounds.min is None else bounds.min
    high = math.inf if bounds.max is None else bounds.max
    if not (low <= value <= high) or abs(value) > 1e15:  # also refuses NaN and the infinities
        raise _Unfit(f"{shown(value)} is out of bounds; give a number {_between(low, high)}")
    return value


def _between(low: float, high: float) -> str:
    if math.isinf(low) or math.isinf(high):
        return f"from {low:g} on" if math.isinf(high) and not math.isinf(low) else f"up to {min(high, 1e15):g}"
    return f"from {low:g} to {high:g}"


class UnreadableJson(Refused):
    """The bytes are not JSON that can be read without guessing."""


def parse_json(data: bytes, limit: int = MAX_BYTES) -> object:
    """Read JSON strictly: no duplicate keys, no NaN, nothing deeper than 16, valid UTF-8, at most `limit` bytes.

    Raises:
        UnreadableJson: with one line that says what is wrong.
    """
    if len(data) > limit:
        raise UnreadableJson(f"the file is larger than {limit / 1e6:g} MB")
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise UnreadableJson(f"this is not UTF-8 text (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise UnreadableJson(f"this is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise UnreadableJson(f"the JSON is nested more than {MAX_DEPTH} deep") from None
    _refuse_hidden(value)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [k for k, _ in pairs]
        twice = next(k for k in keys if keys.count(k) > 1)
        raise UnreadableJson(f"the key {shown(twice)} is given twice in one object; keep one of them")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableJson(f"{name} is not a number that can be used; leave the answer out or write null")


def _finite(text: str) -> float:
    if len(text) > 40 or math.isinf(float(text)):
        raise UnreadableJson(f"the number {text[:20]}... is too large or too long")
    return float(text)


def _whole(text: str) -> int:
    if len(text) > 20:
        raise UnreadableJson(f"the number {text[:20]}... is too large")
    return int(text)


def _refuse_hidden(value: object) -> None:
    """Refuse what Python's reader lets through: depth and halves of characters."""
    level: list[object] = [value]
    depth = 0
    while level:
        depth += any(isinstance(v, dict | list) for v in level)
        if depth > MAX_DEPTH:
            raise UnreadableJson(f"the JSON is nested more than {MAX_DEPTH} deep")
        texts = [t for v in level for t in ([v] if isinstance(v, str) else v if isinstance(v, dict) else ())]
        if any(not t.isascii() and HALF.search(t) for t in texts):
            raise UnreadableJson("a text holds half a character (a lone surrogate); save it again as UTF-8")
        level = [
            inner for v in level for inner in (v.values() if isinstance(v, dict) else v if isinstance(v, list) else ())
        ]
