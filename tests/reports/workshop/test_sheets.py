"""The workbook of a workshop: every figure of its record, and nobody told apart."""

import io
from typing import Any

import openpyxl
import pytest

from questionnaires.loader import load_definition
from reports.workshop.sheets import workshop_workbook
from tests.assessment.whole_workshops import forty

DEFINITION = load_definition("qi4tf")


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(workshop_workbook(forty(), DEFINITION, "en", day="2026-11-20")))


def rows(book: Any, name: str) -> list[dict[str, Any]]:
    heads, *rest = book[name].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rest]


def test_there_is_a_sheet_for_everything(book: Any) -> None:
    assert book.sheetnames == [
        "Summary", "Groups", "Questions", "Votes", "Gaps", "Priorities", "Choices", "Robustness", "Ratings", "Roadmap",
        "Dissent", "Rounds", "Notes",
    ]  # fmt: skip
    assert len(rows(book, "Questions")) == 93


def test_figures_are_numbers_as_in_the_record(book: Any) -> None:
    record = forty()["priorities"]
    bars = {bar["gap"]: bar for bar in record["drawn"]["bars"]}
    for row in rows(book, "Priorities"):
        bar = bars[row["id"]]
        assert row["Among the first 5"] == pytest.approx(bar["top"])
        assert (row["Bar from"], row["Bar to"]) == (bar["low"], bar["high"])
    votes = [row for row in rows(book, "Votes") if row["Group"] == "The whole room"]
    entries = [entry for found in forty()["rounds"] for entry in found["levels"]]
    for row, entry in zip(votes, entries, strict=True):
        assert [row[f"Level {level}"] for level in range(6)] == entry["room"]["counts"]


def test_a_small_group_is_marked_and_has_no_figure(book: Any) -> None:
    assert [row["People"] for row in rows(book, "Groups")] == [22, 14, "not shown: fewer than five"]
    for name in book.sheetnames:
        for row in book[name].iter_rows(values_only=True):
            if "Research" in row and name != "Groups":
                assert not [cell for cell in row if isinstance(cell, float)], (name, row)
    assert {row["Group"] for row in rows(book, "Dissent")} == {"Industry", "a group of fewer than five people"}


def test_no_formula_no_nickname_and_no_address_is_in_it(book: Any) -> None:
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert "Nick" not in str(cell.value)
                assert "@" not in str(cell.value)


def test_it_is_the_same_twice_and_runs_from_right_to_left_in_arabic() -> None:
    first, again = (workshop_workbook(forty(), DEFINITION, "ar", day="2026-11-20") for _ in range(2))

    assert first == again
    assert all(page.sheet_view.rightToLeft for page in openpyxl.load_workbook(io.BytesIO(first)))
