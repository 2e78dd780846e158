"""Many firms' answers, from lines of JSON straight into arrays, column by column.

Only what is plain is read this way: every value of the usual kind, every name known, nothing given twice. Any other
line is left to the reader of single firms, so both ways accept the same and say the same of a mistake.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from questionnaires.answers import MAX_BYTES, NOT_APPLICABLE, UNKNOWN, parse_json, read_answers
from questionnaires.problems import Refused
from questionnaires.schema import NumberAnswer, NumberField, Options, ProfileField
from scoring.conditions import Stated
from scoring.plan import Plan
from scoring.sheets import Sheet, sheet_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Row = tuple[Any, ...]

ABSENT: Any = object()
TOP, DOES_NOT_APPLY, OPEN = 127, 254, 255  # codes of a level: 0 to TOP, "not applicable", no usable answer
CODES = {**{level: level for level in range(TOP + 1)}, ABSENT: OPEN, None: OPEN, UNKNOWN: OPEN}
CODES[NOT_APPLICABLE] = DOES_NOT_APPLY
PLAIN_KINDS = {int, str, type(None), object}
NUMBERS = {int, float}
LARGEST, LONGEST = 1e15, 40  # a number beyond, or written with more characters, is left to the reader of single firms


class BadLine(Refused):
    """One line of many cannot be used; the message names it, counting from 1."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {reason}")


class ColumnReader:
    """Reads lines of answers to one questionnaire, one firm a line."""

    def __init__(self, plan: Plan) -> None:
        ladders = [row for row, question in enumerate(plan.questions) if question.levels is not None]
        self.plan = plan
        self.ladder_rows = np.array(ladders, dtype=np.intp)
        self.tops = np.array([len(plan.questions[row].levels or ()) - 1 for row in ladders])
        self.other_rows = [row for row, question in enumerate(plan.questions) if question.levels is None]
        self.fields = plan.questionnaire.fields
        self.on_ladders = _picker([plan.questions[row].id for row in ladders])
        self.others = _picker([plan.questions[row].id for row in self.other_rows])
        self.in_profile = _picker([field.id for field in self.fields])

    def sheet(self, lines: Sequence[bytes], first: int = 1) -> Sheet:
        """The sheet of these lines; `first` is the number of the first of them.

        Raises:
            BadLine: the first line that the reader of single firms refuses, with what it says.
        """
        empty = self.on_ladders({})[0], self.others({})[0], self.in_profile({})[0]
        rows = [self._plain(line) for line in lines]
        odd = np.array([row is None for row in rows], dtype=np.bool_)
        ladders, others, fields = zip(*(row or empty for row in rows), strict=True)
        sheet = self._blank_sheet(len(lines))
        self._read_ladders(ladders, sheet, odd)
        self._read_others(list(zip(*others, strict=True)), sheet, odd)
        self._read_fields(list(zip(*fields, strict=True)), sheet, odd)
        self._doubt_long_numbers(lines, [*zip(*others, strict=True), *zip(*fields, strict=True)], odd)
        for row in np.flatnonzero(odd).tolist():
            self._read_alone(lines[row], first + row, sheet, row)
        return sheet

    def _plain(self, line: bytes) -> tuple[Row, Row, Row] | None:
        """What a line gives, in the order of the questionnaire; None when its form alone asks for a second look."""
        if len(line) > MAX_BYTES:
            return None
        try:
            data = orjson.loads(line)
        except orjson.JSONDecodeError:
            return None
        if type(data) is not dict or not data.keys() <= {"answers", "profile"}:
            return None
        answers, profile = data.get("answers"), data.get("profile")
        answers, profile = {} if answers is None else answers, {} if profile is None else profile
        if type(answers) is not dict or type(profile) is not dict:
            return None
        if line.count(b":") != len(data) + len(answers) + len(profile):
            return None  # a key given twice, or a colon inside a text
        (ladders, asked), (others, more), (fields, said) = (
            self.on_ladders(answers),
            self.others(answers),
            self.in_profile(profile),
        )
        known = len(answers) == asked + more and len(profile) == said
        return (ladders, others, fields) if known else None

    def _blank_sheet(self, n: int) -> Sheet:
        questions = len(self.plan.questions)
        stated = Stated(
            np.full((questions, n), np.nan),
            np.full((len(self.fields), n), np.nan),
            np.zeros((len(self.plan.names.option), n), dtype=np.bool_),
        )
        return Sheet(stated, np.zeros((questions, n), dtype=np.bool_))

    def _read_ladders(self, rows: Sequence[Row], sheet: Sheet, odd: Mask) -> None:
        read = [_codes(values) for values in rows]
        odd |= [codes is None for codes in read]
        nothing = bytes([OPEN]) * len(self.tops)
        flat = np.frombuffer(b"".join(nothing if codes is None else codes for codes in read), dtype=np.uint8)
        table = flat.reshape(len(rows), -1).T
        odd |= ((table > self.tops[:, np.newaxis]) & (table <= TOP)).any(axis=0)
        sheet.stated.levels[self.ladder_rows] = np.where(table <= TOP, table, np.nan)
        sheet.not_applicable[self.ladder_rows] = table == DOES_NOT_APPLY

    def _read_others(self, columns: Sequence[Row], sheet: Sheet, odd: Mask) -> None:
        for row, values in zip(self.other_rows, columns, strict=True) if columns else ():
            question = self.plan.questions[row]
            sheet.not_applicable[row] = [value == NOT_APPLICABLE for value in values]
            if question.number is not None:
                sheet.stated.levels[row] = _numbers(question.number, values, odd)
            elif question.options is not None:
                chosen = _choices(question.options, values, odd)
                sheet.stated.levels[row] = [np.nan if c is None else len(c) for c in chosen]
                for (id, option), watched in self.plan.names.option.items():
                    if id == question.id:
                        sheet.stated.chosen[watched] = [c is not None and option in c for c in chosen]

    def _read_fields(self, columns: Sequence[Row], sheet: Sheet, odd: Mask) -> None:
        for row, (field, values) in enumerate(zip(self.fields, columns, strict=True) if columns else ()):
            if field.number is not None:
                sheet.stated.fields[row] = _numbers(field.number, values, odd)
            else:
                sheet.stated.fields[row] = _choice_levels(field, values, odd)

    def _doubt_long_numbers(self, lines: Sequence[bytes], columns: Sequence[Row], odd: Mask) -> None:
        """Mark lines in which a number may be written with more characters than are accepted."""
        for values in columns:
            if float in set(map(type, values)):
                for row, value in enumerate(values):
                    if type(value) is float and not odd[row]:
                        odd[row] = max(map(len, lines[row].replace(b":", b",").split(b","))) > LONGEST

    def _read_alone(self, line: bytes, number: int, sheet: Sheet, row: int) -> None:
        try:
            answers = read_answers(self.plan.questionnaire, parse_json(line.rstrip(b"\r\n")))
        except Refused as refusal:
            reason = str(refusal).replace(" in line 1, column", " at column").replace("the file is", "it is")
            raise BadLine(number, reason) from refusal
        alone = sheet_of(self.plan, [answers])
        sheet.stated.levels[:, row] = alone.stated.levels[:, 0]
        sheet.stated.fields[:, row] = alone.stated.fields[:, 0]
        sheet.stated.chosen[:, row] = alone.stated.chosen[:, 0]
        sheet.not_applicable[:, row] = alone.not_applicable[:, 0]


def _picker(ids: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Row, int]]:
    """A function from a mapping to the values of these keys, ABSENT for one that is not there, and how many are."""

    def each(given: Mapping[str, Any]) -> tuple[Row, int]:
        values = tuple([given.get(id, ABSENT) for id in ids])
        return values, len(values) - values.count(ABSENT)

    if len(ids) < 2:
        return each
    every = itemgetter(*ids)

    def pick(given: Mapping[str, Any]) -> tuple[Row, int]:
        try:
            return every(given), len(ids)
        except KeyError:
            return each(given)

    return pick


def _codes(values: Row) -> bytes | None:
    """A byte for every level of a row; None when anything else is in it."""
    kinds = set(map(type, values))  # True and 1.0 would pass as the level 1
    with suppress(KeyError, ValueError):
        if kinds == {int}:
            codes = bytes(values)
            return codes if codes.isascii() else None  # TOP at most
        if kinds <= PLAIN_KINDS:
            return bytes(map(CODES.__getitem__, values))
    return None


def _numbers(bounds: NumberAnswer | NumberField, values: Row, odd: Mask) -> Array:
    """The numbers of a column, not-a-number where none is given."""
    if set(map(type, values)) <= NUMBERS:
        numbers = np.array(values, dtype=np.float64)
    else:
        numbers = np.array([value if type(value) in NUMBERS else np.nan for value in values], dtype=np.float64)
        odd |= [not (type(value) in NUMBERS or _says_nothing(value)) for value in values]
    low = -np.inf if bounds.min is None else bounds.min
    high = np.inf if bounds.max is None else bounds.max
    odd |= (numbers < low) | (numbers > high) | (np.abs(numbers) > LARGEST)
    return numbers


def _choices(options: Options, values: Row, odd: Mask) -> list[Row | None]:
    """The options chosen by each firm, None where nothing usable is given."""
    offered = set(options.of)
    chosen: list[Row | None] = []
    for row, value in enumerate(values):
        given = tuple(value) if type(value) is list else None
        fits = _says_nothing(value) if given is None else _are_options(given, offered)
        odd[row] |= not fits
        chosen.append(given if fits else None)
    return chosen


def _are_options(given: Row, offered: set[str]) -> bool:
    return all(type(v) is str and v in offered for v in given) and len(set(given)) == len(given)


def _choice_levels(field: ProfileField, values: Row, odd: Mask) -> list[float]:
    """The index of each firm's choice, not-a-number where none is given."""
    index = {choice: float(i) for i, choice in enumerate(field.choices or ())}
    odd |= [not (_says_nothing(value) or (type(value) is str and value in index)) for value in values]
    return [index.get(value, np.nan) if type(value) is str else np.nan for value in values]


def _says_nothing(value: object) -> bool:
    return value is None or value is ABSENT or (type(value) is str and value in (UNKNOWN, NOT_APPLICABLE))
