"""Figures that people read are rounded as they would round them on paper."""

import pytest

from questionnaires import languages
from questionnaires.rounding import on_paper


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (2.25, 1, "2.3"),
        (2.35, 1, "2.4"),
        (2.675, 2, "2.68"),  # the float is a little less
        (0.1 + 0.2, 1, "0.3"),
        (1.1 * 1.5, 1, "1.7"),  # 1.65, which comes out as 1.6500000000000001
        (-2.25, 1, "-2.3"),
        (-0.04, 1, "0.0"),
        (0.0, 2, "0.00"),
        (99.5, 0, "100"),
        (1_234_567_890_123.0, 0, "1234567890123"),
    ],
)
def test_half_goes_away_from_zero(value: float, decimals: int, written: str) -> None:
    assert str(on_paper(value, decimals)) == written


def test_numbers_are_rounded_so_in_every_language() -> None:
    assert languages.number("en", 2.25) == "2.3"
    assert languages.number("fr", 2.25) == "2,3"
    assert languages.number("en", 3.125, 2) == "3.13"
    assert languages.number("en", -0.04) == "0.0"
