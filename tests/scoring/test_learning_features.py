"""A gap's features as numbers that mean the same in every workshop."""

import math

import pytest

from scoring.learning_features import NUMBERS, columns_of, feature_of, feature_table
from scoring.past_workshops import GapFeatures

GAPS = (
    GapFeatures("a", 1, 0.2, difference=0.5, section="labs", days=0, enabler="skills"),
    GapFeatures("b", 2, 0.2, difference=None, section="customs", days=math.e - 1),
    GapFeatures("c", 3, 0.2, difference=1.5, section="labs", days=math.e**2 - 1, enabler="funding"),
)


def test_columns_are_the_numbers_then_what_occurs() -> None:
    columns = columns_of([GAPS[:1], GAPS[1:]])
    assert columns == (*NUMBERS, "section=customs", "section=labs", "enabler=funding", "enabler=skills")
    assert [feature_of(name) for name in columns[-5:]] == ["dependencies", "section", "section", "enabler", "enabler"]


def test_a_number_is_standardised_within_its_list() -> None:
    step = math.sqrt(1.5)  # of 1, 2, 3: mean 2, standard deviation sqrt(2 / 3)
    table = feature_table(GAPS, ["size", "rule", "days"])
    for column in table.T.tolist():
        assert column == pytest.approx([-step, 0, step])


def test_what_is_not_known_or_the_same_everywhere_is_nought() -> None:
    assert feature_table(GAPS, ["difference"])[:, 0].tolist() == [-1, 0, 1]
    for name in ("weight", "unknown", "cost"):
        assert feature_table(GAPS, [name])[:, 0].tolist() == [0, 0, 0]
    assert feature_table(GAPS[:1], ["size"]).tolist() == [[0]]
    assert feature_table([], ["size", "weight"]).shape == (0, 2)


def test_a_section_without_a_column_has_no_effect() -> None:
    assert feature_table(GAPS, ["section=labs", "enabler=funding"]).tolist() == [[1, 0], [0, 0], [1, 1]]
    unseen = (GapFeatures("d", 1, 0.2, section="new", enabler="new"),)
    assert not feature_table(unseen, columns_of([GAPS])).any()
