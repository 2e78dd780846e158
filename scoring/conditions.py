"""Which questions a firm is asked: every `applies_if`, for one firm or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from questionnaires.schema import Condition, Questionnaire

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stated:
    """What n firms said, as conditions read it; rows are questions, fields or options, columns are firms.

    `levels` holds the index of the level, the number, or how many options are chosen; `fields` the number, or the
    index of the choice; both are not-a-number where nothing usable was said. `chosen` has a row for each option
    that a condition names.
    """

    levels: Array
    fields: Array
    chosen: Mask


@dataclass(frozen=True, slots=True)
class Names:
    """The row of each question, field and watched option."""

    question: Mapping[str, int]
    field: Mapping[str, int]
    option: Mapping[tuple[str, str], int]


def watched_options(questionnaire: Questionnaire) -> tuple[tuple[str, str], ...]:
    """The options (question id, option) that conditions name."""
    named = {
        (statement.answer, option): None
        for question in questionnaire.questions.values()
        if question.applies_if is not None
        for statement in question.applies_if.statements()
        if statement.answer is not None and questionnaire.questions[statement.answer].options is not None
        for option in (*(statement.in_ or ()), *((statement.includes,) if statement.includes is not None else ()))
    }
    return tuple(named)


def order_of_asking(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The conditional questions, each after those it depends on. A cycle is refused by the checks (CycleError here)."""
    needs = {
        question.id: {s.answer for s in question.applies_if.statements() if s.answer is not None}
        for question in questionnaire.questions.values()
        if question.applies_if is not None
    }
    return tuple(q for q in TopologicalSorter(needs).static_order() if q in needs)


def applies(questionnaire: Questionnaire, order: Sequence[str], names: Names, stated: Stated) -> Mask:
    """Which questions apply to which firms; rows as in `stated.levels`.

    A statement on an answer that is missing, unknown, not applicable or not asked for, or on a field that is
    absent, is not met; `not` of it is met. The answer to a question that does not apply is ignored.
    """
    asked = np.ones(stated.levels.shape, dtype=np.bool_)
    reader = _Reader(questionnaire, names, stated, asked)
    for question in order:
        condition = questionnaire.questions[question].applies_if
        if condition is not None:
            asked[names.question[question]] = reader.met(condition)
    return asked


@dataclass(frozen=True, slots=True)
class _Reader:
    questionnaire: Questionnaire
    names: Names
    stated: Stated
    asked: Mask

    def met(self, condition: Condition) -> Mask:
        if condition.all is not None:
            return _all([self.met(part) for part in condition.all])
        if condition.any is not None:
            return _any([self.met(part) for part in condition.any])
        if condition.not_ is not None:
            return ~self.met(condition.not_)
        return self._on_field(condition) if condition.field is not None else self._on_answer(condition)

    def _on_field(self, statement: Condition) -> Mask:
        field = next(f for f in self.questionnaire.fields if f.id == statement.field)
        values = self.stated.fields[self.names.field[field.id]]
        if field.number is not None:
            tests = _bounds(statement, values)
        else:
            choices = list(field.choices or ())
            tests = [_is_one_of(values, [choices.index(c) for c in statement.in_ or () if c in choices])]
        return _all(tests)

    def _on_answer(self, statement: Condition) -> Mask:
        question = self.questionnaire.questions[statement.answer or ""]
        row = self.names.question[question.id]
        values = self.stated.levels[row]
        tests = [self.asked[row]]
        if statement.in_ is not None and question.options is not None:
            tests.append(_any([self._chosen(question.id, option) for option in statement.in_]))
        elif statement.in_ is not None:
            texts = [level.text for level in question.levels or ()]
            tests.append(_is_one_of(values, [texts.index(text) for text in statement.in_ if text in texts]))
        if statement.includes is not None:
            tests.append(self._chosen(question.id, statement.includes))
        return _all([*tests, *_bounds(statement, values)])

    def _chosen(self, question: str, option: str) -> Mask:
        row = self.names.option.get((question, option))
        return np.zeros(self.asked.shape[1], dtype=np.bool_) if row is None else self.stated.chosen[row]


def _bounds(statement: Condition, values: Array) -> list[Mask]:
    """The tests of `at_least` and `at_most`; not-a-number passes neither."""
    tests: list[Mask] = []
    if statement.at_least is not None:
        tests.append(values >= statement.at_least)
    if statement.at_most is not None:
        tests.append(values <= statement.at_most)
    return tests


def _is_one_of(values: Array, wanted: Sequence[int]) -> Mask:
    return _any([np.zeros(values.shape, dtype=np.bool_), *(values == index for index in wanted)])


def _all(tests: Sequence[Mask]) -> Mask:
    met: Mask = np.logical_and.reduce(tests)
    return met


def _any(tests: Sequence[Mask]) -> Mask:
    met: Mask = np.logical_or.reduce(tests)
    return met
