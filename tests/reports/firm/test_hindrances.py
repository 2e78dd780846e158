"""What the firm says stands in its way, beside the help that its actions lean on."""

from dataclasses import replace

import pytest

from assessment.results import Result
from reports.firm.build import build_firm_report


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (None, ""),
        ((), "The firm says that nothing stands in the way of its next step."),
        (
            ("funds", "time"),
            "What the firm says stands most in its way: Money: own funds or credit fall short; Daily business leaves "
            "nobody time for it.",
        ),
    ],
)
def test_it_is_told_as_it_was_said(result: Result, said: tuple[str, ...] | None, told: str) -> None:
    report = build_firm_report(replace(result, facts=replace(result.facts, hindrances=said)), "en")
    assert report.support is not None
    assert report.support.hindered == told
