"""Answers of one or of many firms as arrays: a row for each question, a column for each firm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.answers import NOT_APPLICABLE, UNKNOWN, Answers, AnswerValue, ProfileValue
from questionnaires.schema import ProfileField
from scoring.conditions import Stated
from scoring.plan import Plan

Mask = NDArray[np.bool_]
MISSING = float("nan")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What n firms said. `not_applicable` has the shape of `stated.levels`."""

    stated: Stated
    not_applicable: Mask


def sheet_of(plan: Plan, firms: Sequence[Answers]) -> Sheet:
    """The sheet of firms whose answers were read and checked at the border; unknown ids are ignored."""
    ids = [question.id for question in plan.questions]
    given = [[firm.answers.get(question) for question in ids] for firm in firms]
    said = [[field_level(field, firm.profile.get(field.id)) for field in plan.questionnaire.fields] for firm in firms]
    chosen = [[_chose(firm.answers.get(q), option) for q, option in plan.names.option] for firm in firms]
    n = len(firms)
    return Sheet(
        Stated(
            np.array([[answer_level(value) for value in row] for row in given], dtype=np.float64).reshape(n, -1).T,
            np.array(said, dtype=np.float64).reshape(n, -1).T,
            np.array(chosen, dtype=np.bool_).reshape(n, -1).T,
        ),
        np.array([[value == NOT_APPLICABLE for value in row] for row in given], dtype=np.bool_).reshape(n, -1).T,
    )


def answer_level(value: AnswerValue | None) -> float:
    """The index of a level, the number, or how many options are chosen; not-a-number when nothing is known."""
    if value is None or value in (UNKNOWN, NOT_APPLICABLE):
        return MISSING
    return float(len(value)) if isinstance(value, tuple | list) else float(value)


def field_level(field: ProfileField, value: ProfileValue | None) -> float:
    """The number a field holds, or the index of its choice; not-a-number when it is absent."""
    if value is None:
        return MISSING
    if field.choices is None:
        return float(value)
    return float(list(field.choices).index(str(value)))


def _chose(value: AnswerValue | None, option: str) -> bool:
    return isinstance(value, tuple | list) and option in value
