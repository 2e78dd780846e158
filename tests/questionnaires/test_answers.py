"""Answers are taken as they are meant, or refused with a sentence for each that does not fit."""

import json
from typing import Any

import pytest

from questionnaires.answers import NOT_APPLICABLE, UNKNOWN, UnreadableJson, parse_json, read_answers
from questionnaires.loader import load_definition
from questionnaires.problems import InvalidAnswers
from tests.questionnaires.mistakes import SOUND

QUESTIONNAIRE = load_definition(SOUND).questionnaire


def refusals(data: object) -> tuple[str, ...]:
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(QUESTIONNAIRE, data)
    return refused.value.problems


def test_levels_options_and_numbers_are_read() -> None:
    given = {"training": 2, "systems": ["ERP", "CAD"], "connected": 12.5, "rating": 3}
    assert read_answers(QUESTIONNAIRE, {"answers": given}).answers == {**given, "systems": ("ERP", "CAD")}


def test_every_question_takes_unknown_and_not_applicable() -> None:
    for word in (UNKNOWN, NOT_APPLICABLE):
        given = dict.fromkeys(QUESTIONNAIRE.questions, word)
        assert read_answers(QUESTIONNAIRE, {"answers": given}).answers == given


def test_null_is_no_answer_and_nothing_at_all_is_an_unanswered_questionnaire() -> None:
    assert read_answers(QUESTIONNAIRE, {"answers": {"training": None}, "profile": {"sector": None}}).answers == {}
    assert read_answers(QUESTIONNAIRE, {}).answers == {}
    assert read_answers(QUESTIONNAIRE, {"answers": None, "profile": None}).profile == {}


def test_no_option_chosen_is_an_answer() -> None:
    assert read_answers(QUESTIONNAIRE, {"answers": {"systems": []}}).answers == {"systems": ()}


def test_an_answer_to_a_question_that_does_not_apply_is_kept() -> None:
    data = {"profile": {"sector": "services"}, "answers": {"trainers": 1}}
    assert read_answers(QUESTIONNAIRE, data).answers == {"trainers": 1}


def test_the_profile_takes_a_choice_or_a_number() -> None:
    profile = read_answers(QUESTIONNAIRE, {"profile": {"sector": "making", "employees": 40}}).profile
    assert profile == {"sector": "making", "employees": 40.0}
    assert read_answers(QUESTIONNAIRE, {"profile": {"sector": UNKNOWN, "employees": NOT_APPLICABLE}}).profile == {}


@pytest.mark.parametrize(
    ("part", "key", "value", "said"),
    [
        ("answers", "training", 3, "training: level 3 is not offered; the levels are 0 to 2"),
        ("answers", "training", -1, "training: level -1 is not offered"),
        ("answers", "training", 2**63, "training: level 9223372036854775808 is not offered"),
        ("answers", "training", True, "training: true is not a level"),
        ("answers", "training", 1.0, "training: 1.0 is not a level"),
        ("answers", "training", "1", 'training: "1" is not a level'),
        ("answers", "training", [1], "training: [1] is not a level"),
        ("answers", "training", "Unknown", 'training: "Unknown" is not a level'),
        ("answers", "systems", "ERP", 'systems: "ERP" is not a list of options, such as ["ERP", "MES"]'),
        ("answers", "systems", ["ERP", "erp"], 'systems: "erp" is not an option; the options are ERP, MES, CAD'),
        ("answers", "systems", ["ERP", "ERP"], "systems: ERP is given more than once"),
        ("answers", "systems", [["ERP"]], 'systems: ["ERP"] is not an option'),
        ("answers", "systems", [None], "systems: null is not an option"),
        ("answers", "connected", 101, "connected: 101 is out of bounds; give a number from 0 to 100"),
        ("answers", "connected", float("nan"), "connected: NaN is out of bounds"),
        ("answers", "connected", float("inf"), "connected: Infinity is out of bounds"),
        ("answers", "connected", "12", 'connected: "12" is not a number'),
        ("answers", "connected", False, "connected: false is not a number"),
        ("answers", "connected", 10**400, "is out of bounds"),
        ("answers", "trainning", 1, 'no such question (did you mean \'training\'?)'),
        ("profile", "sector", "baking", 'sector: "baking" is not a choice; give one of making, services'),
        ("profile", "sector", 1, "sector: 1 is not a choice"),
        ("profile", "sector", ["making"], 'sector: ["making"] is not a choice'),
        ("profile", "employees", -1, "employees: -1 is out of bounds; give a number from 0 to 5000"),
        ("profile", "employees", "many", 'employees: "many" is not a number'),
        ("profile", "turnover", 1, '"turnover": this questionnaire has no such field'),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_named(part: str, key: str, value: Any, said: str) -> None:
    assert [message for message in refusals({part: {key: value}}) if said in message]


@pytest.mark.parametrize("data", [None, [], "text", 3, {"answers": []}, {"answers": "x"}, {"profile": 3}])
def test_what_is_not_an_object_is_refused(data: object) -> None:
    assert len(refusals(data)) == 1


def test_every_problem_is_told_at_once() -> None:
    data = {"answers": {"training": 9, "systems": ["x"], "nothing": 1}, "profile": {"sector": "x"}, "notes": ""}
    assert len(refusals(data)) == 5


def test_an_unknown_key_beside_profile_and_answers_is_refused() -> None:
    assert refusals({"answer": {}}) == ("\"answer\" is not known here; only 'profile' and 'answers' are",)


def test_a_thousand_problems_are_still_one_short_line() -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(QUESTIONNAIRE, {"answers": {f"q{n}": 1 for n in range(1000)}})
    assert len(refused.value.problems) == 1000
    assert len(str(refused.value)) < 2000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1, "a": 2}', "given twice"),
        (b'{"answers": {"x": {"a": 1, "\\u0061": 2}}}', "given twice"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"[1e400]", "too large"),
        (b"1" * 5000, "too large"),
        (b"[" * 50_000, "nested"),
        (b"[" * 17 + b"]" * 17, "nested"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "nested"),
        (b'"\xff"', "UTF-8"),
        (b'["\\ud800"]', "half a character"),
        (b'{"\\udfff": 1}', "half a character"),
        (b"", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1} x', "line 1, column 10"),
        (b" " * 2_000_001, "larger than 2 MB"),
    ],
)  # fmt: skip
def test_json_that_could_be_misread_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableJson, match=said) as refused:
        parse_json(data)
    assert "\n" not in str(refused.value)


def test_json_of_the_deepest_allowed_kind_and_whole_characters_is_read() -> None:
    value = {"ä": ["😀", "\u202e", 1.5, -3, None, True]}
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(b"\xef\xbb\xbf{}") == {}
    assert parse_json(b"[" * 16 + b"]" * 16)
