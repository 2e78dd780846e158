"""Months of a roadmap as days."""

from datetime import date

import pytest

from scoring.calendar import day_of


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (0, date(2026, 1, 1)),
        (0.5, date(2026, 1, 16)),  # 15.2 days
        (1, date(2026, 1, 31)),  # 30.4 days
        (12, date(2027, 1, 1)),  # 365.25 days
        (48, date(2030, 1, 1)),  # 1461 days: four years with their leap day
    ],
)
def test_months_are_twelfths_of_a_year_of_365_and_a_quarter_days(months: float, day: date) -> None:
    assert day_of(date(2026, 1, 1), months) == day
