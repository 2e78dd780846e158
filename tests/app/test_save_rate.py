"""A device that saves without end is told to wait, and nobody else."""

import pytest

from app.save_rate import SaveRate, SavesTooFast


def test_an_assessment_has_so_many_saves_a_minute() -> None:
    rate = SaveRate(10)
    rate.count(1, 10, now=100.0)
    with pytest.raises(SavesTooFast) as refused:
        rate.count(1, 1, now=130.0)
    rate.count(2, 10, now=130.0)

    assert refused.value.retry_after == 30
    rate.count(1, 10, now=160.0)
