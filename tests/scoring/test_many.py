"""Very many firms: the same bytes as one by one, the same refusals, bounded blocks, order kept."""

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.answers import MAX_BYTES, Answers, parse_json, read_answers
from questionnaires.problems import Refused
from questionnaires.schema import Questionnaire
from scoring import many
from scoring.columns import BadLine, ColumnReader
from scoring.many import check_many, score_many
from scoring.readiness import readiness
from scoring.record import record
from tests.scoring.building import build, dimension, question
from tests.scoring.strategies import answers_to, questionnaires

PLANT = build(
    [
        dimension(
            "people",
            question("skills.training", levels=["a", "b", "c", "d", "e", "f"]),
            question("skills.languages", options={"of": ["ERP", "MES", "a: b", "unknown"], "cap": 3}),
            question("skills.share", number={"min": 0, "max": 100, "score": [(0, 0), (100, 5)]}),
            question("skills.more", levels=["a", "b"], applies_if={"answer": "skills.languages", "includes": "MES"}),
        ),
        dimension(
            "process", question("ladder", levels=["a", "b", "c"], applies_if={"field": "sector", "in": ["goods"]})
        ),
    ],
    fields=[
        {"id": "sector", "text": "Sector", "choices": {"goods": "Goods", "unknown": "Not known"}},
        {"id": "staff", "text": "Staff", "number": {"min": 0}},
    ],
)


def alone(questionnaire: Questionnaire, line: bytes) -> bytes:
    """One line, scored the way of one firm."""
    return orjson.dumps(record(readiness(questionnaire, read_answers(questionnaire, parse_json(line))))) + b"\n"


def outcome(questionnaire: Questionnaire, line: bytes) -> tuple[str, bytes | str]:
    try:
        return "scored", alone(questionnaire, line)
    except Refused as refused:
        return "refused", str(refused)


def as_line(answers: Answers) -> bytes:
    return orjson.dumps({"profile": answers.profile, "answers": answers.answers}) + b"\n"


@st.composite
def files(draw: st.DrawFn) -> tuple[Questionnaire, list[bytes]]:
    questionnaire = draw(questionnaires())
    firms = draw(st.lists(answers_to(questionnaire), min_size=1, max_size=8))
    return questionnaire, [as_line(firm) for firm in firms]


@settings(max_examples=40, deadline=None)
@given(files())
def test_many_give_the_same_bytes_as_one_by_one(case: tuple[Questionnaire, list[bytes]]) -> None:
    questionnaire, lines = case
    assert b"".join(score_many(questionnaire, lines)) == b"".join(alone(questionnaire, line) for line in lines)
    assert check_many(questionnaire, lines) == len(lines)


VALUES: list[Any] = [
        0, 1, 2, 5, 6, -1, 127, 128, 254, 255, 256, 10**14, 10**15 + 1, 2**64 - 1, 2**64, True, False, None,
        0.0, 1.0, 1.5, 2e15, -0.5, "unknown", "not_applicable", "goods", "ERP", "1", "", "\u00e9", "a: b",
        [], ["ERP"], ["MES", "ERP"], ["ERP", "ERP"], ["a: b"], ["unknown"], [1], [True], [["ERP"]], ["ERP", None],
        {}, {"ERP": 1}, 99, 100, 100.5, 101,
]  # fmt: skip
WRITTEN: list[bytes] = [
        b"", b"{", b"[]", b"null", b"3", b'"text"', b"\xff", b"{} {}", b"\xef\xbb\xbf{}", b'{"answer": {}}',
        b'{"answers": 3}', b'{"answers": []}', b'{"profile": 1}', b'{"answers": null, "profile": null}',
        b'{"answers": {"ladder": 1, "ladder": 2}}', b'{"answers": {}, "answers": {}}',
        b'{"answers": {"skills.languages": ["MES"], "skills.languages": ["a: b"]}}',
        b'{"answers": {"ladder": NaN}}', b'{"answers": {"ladder": 1.0e0}}', b'{"answers": {"skills.share": 00}}',
        b'{"answers": {"skills.share": 1e999}}', b'{"answers": {"skills.share": 1.' + b"0" * 50 + b"}}",
        b'{"answers":{"skills.share":\t1.' + b"0" * 36 + b"}}", b'{"profile": {"staff": 42.' + b"0" * 50 + b"}}",
        b'{"answers": {"skills.languages": ["\\ud800"]}}', b'{"answers": ' + b"[" * 20 + b"]" * 20 + b"}",
        b'  {"answers" : {"ladder" : 1 } }  ', b'{"answers": {"ladder": 1}, "profile": {"sector": "goods"}}\r',
]  # fmt: skip
EACH = [
    json.dumps({part: {key: value}}).encode()
    for part, keys in (("answers", PLANT.questions), ("profile", ("sector", "staff")))
    for key in (*keys, "other")
    for value in VALUES
]


def test_every_value_for_every_question_is_taken_as_one_by_one() -> None:
    """Beside a firm that answers in the usual way, so that a column holds both."""
    usual = as_line(Answers({"sector": "goods", "staff": 12.0}, {"skills.training": 1, "skills.share": 3.5}))
    refused = 0
    for line in (*EACH, *filter(bytes.strip, WRITTEN)):
        what, said = outcome(PLANT, line)
        if what == "scored":
            assert b"".join(score_many(PLANT, [usual, line])) == alone(PLANT, usual) + alone(PLANT, line), line
        else:
            refused += 1
            with pytest.raises(BadLine) as bad:
                b"".join(score_many(PLANT, [usual, line]))
            assert str(bad.value) == f"line 2: {str(said).replace(' in line 1, column', ' at column')}", line
    assert len(EACH) / 2 < refused < len(EACH)


LINES = st.one_of(st.sampled_from(WRITTEN), st.sampled_from(EACH)).filter(bytes.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=4))
def test_many_accept_and_refuse_what_one_by_one_does_and_say_the_same(lines: list[bytes]) -> None:
    expected = [outcome(PLANT, line) for line in lines]
    bad = [(i, said) for i, (what, said) in enumerate(expected, 1) if what == "refused"]
    if bad:
        with pytest.raises(BadLine) as refused:
            b"".join(score_many(PLANT, lines))
        number, said = bad[0]
        assert refused.value.line == number
        assert isinstance(said, str)
        assert str(refused.value) == f"line {number}: {said.replace(' in line 1, column', ' at column')}"
        with pytest.raises(BadLine, match=f"^line {number}: "):
            check_many(PLANT, lines)
    else:
        assert b"".join(score_many(PLANT, lines)) == b"".join(said for _, said in expected if isinstance(said, bytes))


def test_blocks_come_out_as_they_are_read_and_order_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "FIRMS_AT_ONCE", 3)
    read: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(8):
            read.append(number)
            yield as_line(Answers(answers={"skills.training": number % 6}))

    results = score_many(PLANT, lines())
    first = next(results)
    assert read == [0, 1, 2]
    scores = [json.loads(line)["questions"]["skills.training"] for line in (first + b"".join(results)).splitlines()]
    assert scores == [0, 1, 2, 3, 4, 5, 0, 1]


def test_a_block_is_bounded_in_bytes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "BYTES_AT_ONCE", 40)
    assert len(list(score_many(PLANT, [b'{"answers": {}}' + b" " * 30] * 3))) == 3


def test_a_bad_line_is_named_by_its_number_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "FIRMS_AT_ONCE", 2)
    lines: list[bytes] = [b'{"answers": {}}'] * 4 + [b'{"answers": {"ladder": 7}}', b"{"]
    with pytest.raises(BadLine, match=r"^line 5: ladder: level 7 is not offered"):
        list(score_many(PLANT, lines))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_empty_lines_are_accepted_at_the_end_only(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "FIRMS_AT_ONCE", size)
    good = b'{"answers": {}}\n'
    assert check_many(PLANT, [good, good, b"\n", b"  \r\n"]) == 2
    assert len(b"".join(score_many(PLANT, [good, good, b"\n"])).splitlines()) == 2
    assert list(score_many(PLANT, [])) == []
    for lines in ([good, b"\n", good, b"\n"], [good, b"\n", b"\n", good]):
        with pytest.raises(BadLine, match=r"^line 2: this line is empty"):
            list(score_many(PLANT, lines))
    with pytest.raises(BadLine, match=r"^line 4: "):
        list(score_many(PLANT, [good, good, good, b"{"]))


def test_a_line_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadLine, match=r"^line 1: it is larger than 2 MB"):
        list(score_many(PLANT, [b'{"answers": {}}' + b" " * MAX_BYTES]))


def test_where_nothing_may_be_missing_the_first_firm_that_lacks_an_answer_is_named() -> None:
    strict = build([dimension("d", question("a"), question("b"))], missing="refuse")
    whole, partly = b'{"answers": {"a": 1, "b": 2}}', b'{"answers": {"a": 1, "b": "unknown"}}'
    for run in (lambda lines: list(score_many(strict, lines)), lambda lines: check_many(strict, lines)):
        with pytest.raises(BadLine, match=r"^line 3: This questionnaire is scored once .* still open: b\.$"):
            run([whole, whole, partly, b'{"answers": {}}'])
    assert check_many(strict, [whole, b'{"answers": {"a": 1, "b": "not_applicable"}}']) == 2


def test_plain_lines_of_every_kind_are_read_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast way is not quietly lost: none of these is left to the reader of single firms."""

    def refuse(*_: object) -> None:
        raise AssertionError("read alone")

    monkeypatch.setattr(ColumnReader, "_read_alone", refuse)
    full: dict[str, Any] = {"skills.training": 5, "skills.languages": ["ERP", "MES"], "skills.share": 12.5, "ladder": 2}
    word = dict.fromkeys(PLANT.questions, "unknown")
    for profile in ({}, {"sector": "goods", "staff": 12}, {"staff": 12.5}, {"sector": None, "staff": "unknown"}):
        for answers in (
            {},
            full,
            word,
            {**word, "ladder": "not_applicable"},
            {**full, "skills.share": 3, "ladder": None},
        ):
            line = orjson.dumps({"answers": answers, "profile": profile})
            assert list(score_many(PLANT, [line, line])) == [alone(PLANT, line) * 2]
            assert list(score_many(PLANT, [orjson.dumps({"answers": answers})])) != []


def test_a_ladder_longer_than_a_byte_is_read_the_way_of_one_firm() -> None:
    long = build([dimension("d", question("a", levels=[f"level {i}" for i in range(300)]))])
    lines = [orjson.dumps({"answers": {"a": level}}) + b"\n" for level in (0, 127, 128, 254, 255, 299)]
    assert b"".join(score_many(long, lines)) == b"".join(alone(long, line) for line in lines)


@pytest.mark.parametrize(
    "kind", [{"options": {"of": ["x", "y"]}}, {"number": {"min": 0, "max": 5}}, {"levels": ["n", "y"]}]
)
def test_questionnaires_of_one_kind_of_question_only(kind: dict[str, Any]) -> None:
    for count in (1, 3):
        one = build([dimension("d", *[question(f"q{i}", **kind) for i in range(count)])])
        value = ["x"] if "options" in kind else 1
        lines = [orjson.dumps({"answers": {"q0": value}}) + b"\n", b"{}\n"]
        assert b"".join(score_many(one, lines)) == b"".join(alone(one, line) for line in lines)


def test_the_record_has_the_shape_of_the_contract() -> None:
    line = (
        b'{"profile": {"sector": "goods"}, "answers": {"skills.training": 3, "skills.share": 40, "ladder": "unknown"}}'
    )
    found = json.loads(alone(PLANT, line))
    third = pytest.approx(1 / 3)
    assert found == {
        "questionnaire": "example",
        "version": "1.0.0",
        "overall": {
            "score": 2.5, "low": pytest.approx(5 / 6), "high": pytest.approx(25 / 6), "coverage": third,
            "profile": "all",
        },
        "nodes": {
            "people": {
                "score": 2.5, "low": pytest.approx(5 / 3), "high": pytest.approx(10 / 3),
                "coverage": pytest.approx(2 / 3),
            },
            "process": {"score": None, "low": None, "high": None, "coverage": 0.0},
        },
        "questions": {
            "skills.training": 3.0, "skills.languages": None, "skills.share": 2.0, "skills.more": None, "ladder": None,
        },
    }  # fmt: skip
    assert list(found) == ["questionnaire", "version", "overall", "nodes", "questions"]


def test_numbers_are_written_as_always_whatever_the_block() -> None:
    raw = build([dimension("d", *[question(f"q{i}", weight=0.1 + i / 7) for i in range(5)])])
    values = [0, 1e-9, 1 / 3, 0.1 + 0.2, 4.999999999999999, 5]
    lines = [orjson.dumps({"answers": {f"q{i}": values[(i + k) % 6] for i in range(5)}}) + b"\n" for k in range(6)]
    assert b"".join(score_many(raw, lines)) == b"".join(alone(raw, line) for line in lines)
