"""A cell in which all firms gave the same answer is not told of, nor worked out from the others."""

from dataclasses import replace

import numpy as np
import pytest

from assessment.release_making import Wave, make_wave
from assessment.release_units import SIZE_CODES, Units
from scoring.elimination import follows
from scoring.plan import plan_of
from tests.release_samples import sample_making, sample_units

MAKING = sample_making()
PLAN = plan_of(MAKING.questionnaire)
MEDIUM = SIZE_CODES.index("medium")


@pytest.fixture(scope="module")
def question() -> int:
    """The place of a question with six levels that every firm has answered."""
    levels = sample_units(MAKING.questionnaire, 140, 2025).levels
    six = [place for place, each in enumerate(PLAN.questions) if len(each.levels or ()) == 6]
    return next(place for place in six if (levels[:, place] <= 5).all())


def alike(question: int, firms: int, others: int = 0) -> Units:
    """All medium-sized firms are on level 2 of the question, but for so many."""
    units = sample_units(MAKING.questionnaire, firms, 2025)
    levels = units.levels.copy()
    at = np.flatnonzero(units.leaves[1] == MEDIUM)
    levels[at, question] = 2
    levels[at[:others], question] = 4
    return replace(units, levels=levels)


def made(units: Units) -> Wave:
    return make_wave(MAKING, units, [], lambda step: None)


def row_of(wave: Wave, indicator: str) -> tuple[str, float, float]:
    columns = wave.columns
    at = (columns["indicator"] == indicator) & (columns["size"] == "medium")
    for side in ("industry", "region", "ownership", "basis"):
        at &= columns[side] == "_T"
    [row] = np.flatnonzero(at)
    return str(columns["status"][row]), float(columns["n"][row]), float(columns["mean"][row])


@pytest.mark.parametrize(("others", "status"), [(0, "C"), (1, "C"), (6, "F")])
def test_what_nearly_all_of_a_size_have_said_is_held_back_as_few_firms_are(
    question: int, others: int, status: str
) -> None:
    """A mean of 2.0 beside shares that are left out would say that (nearly) everybody is on level 2."""
    wave = made(alike(question, 130, others))
    name = f"Q:{PLAN.questions[question].id}"
    told = row_of(wave, name)
    assert told[0] == status
    assert np.isnan(told[1:]).all() == (status == "C")
    assert row_of(wave, "overall")[0] == "F"


def test_the_answer_that_all_have_given_does_not_follow_from_the_other_sizes(question: int) -> None:
    units = alike(question, 140)
    wave = made(units)
    name = f"Q:{PLAN.questions[question].id}"
    of = next(each for each in wave.populations if name in each.indicators)
    members = of.cells.members()
    codes = np.array([of.cells.lattice.tables[table] for table in of.cells.table])
    is_medium = (codes[:, 1] == 0) & (codes[:, 0] == 2) & (of.cells.codes[:, 1] == MEDIUM)
    cell = members[np.flatnonzero(is_medium)]
    assert cell.shape[0] == 1
    assert not follows(cell, members[np.flatnonzero(of.shown)]).any()
    others = np.flatnonzero(~is_medium | (of.cells.table != of.cells.table[is_medium][0]))
    assert follows(cell, members[others]).all(), "the other sizes off all firms would leave it"


def test_questions_in_which_nobody_is_alike_follow_the_common_pattern() -> None:
    units = sample_units(MAKING.questionnaire, 140, 2025, unknown=0)
    wave = made(units)
    asked_of_all = [each for each in wave.populations[1:] if each.units is None]
    assert len(asked_of_all) == 2, "the dimensions, and the questions"
