"""Cells as people write them: read in the one way that is meant, or told; never guessed."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from assessment import import_cells, import_codes
from assessment.import_cells import BAD, Reader, Unfit, shortened

TODAY = date(2026, 11, 20)
day = partial(import_cells.day, first=date(1990, 1, 1), last=TODAY)
whole = partial(import_cells.whole, low=0, high=10_000_000)
level = partial(import_cells.level, top=4)
offered = {"erp": "ERP", "mes": "MES"}


def share(cell: Any) -> Any:
    return import_cells.bounded(cell, 0, 100, "", percent=True)


def comma(cell: Any) -> Any:
    return import_cells.amount(cell, ",")


def point(cell: Any) -> Any:
    return import_cells.amount(cell, ".")


def unsure(cell: Any) -> Any:
    return import_cells.amount(cell, "")


READ: list[tuple[Callable[[Any], Any], Any, Any]] = [
    (comma, "12,5", 12.5), (comma, "1,234", 1.234), (comma, "1.234,56", 1234.56), (comma, "1 234,5", 1234.5),
    (comma, "1.234.567", 1234567), (comma, "-0,5", -0.5), (comma, "١٢٫٥", 12.5),
    (point, "1.234", 1.234), (point, "1,234.56", 1234.56), (point, "1,234,567", 1234567), (point, "1'234'567", 1234567),
    (point, ".5", 0.5), (unsure, "0.125", 0.125), (unsure, "12.5", 12.5), (unsure, 1.234, 1.234),
    (share, "25%", 25), (share, "12,5 %", 12.5), (share, 40, 40),
    (whole, "1,234", 1234), (whole, "1.234", 1234), (whole, "1 234", 1234), (whole, "12.0", 12), (whole, 12.0, 12),
    (day, "2024-03-25", date(2024, 3, 25)), (day, "25.3.2024", date(2024, 3, 25)),
    (day, "3/25/2024", date(2024, 3, 25)), (day, "25/03/2024", date(2024, 3, 25)), (day, "4/4/2024", date(2024, 4, 4)),
    (day, "2024-03-25T00:00:00", date(2024, 3, 25)),
    (import_cells.yes_no, "TRUE", True), (import_cells.yes_no, 0, False), (import_cells.yes_no, " Yes", True),
    (level, "3", 3), (level, 3, 3), (level, "Unknown", "unknown"), (level, "n/a", "not_applicable"),
    (lambda c: import_cells.options(c, offered), "mes; ERP", ("MES", "ERP")),
    (lambda c: import_cells.options(c, offered), "none", ()),
    (import_codes.country, "vietnam", "VN"), (import_codes.country, "MY", "MY"),
    (lambda c: import_codes.region(c, "MY"), "MY-07", "MY-07"), (lambda c: import_codes.region(c, "MY"), 7, "MY-07"),
    (lambda c: import_codes.region(c, "MY"), "Pulau Pinang", "MY-07"),
    (import_codes.isic, "C", ("C", "")), (import_codes.isic, "10", ("C", "10")), (import_codes.isic, 1071, ("C", "10")),
    (import_codes.isic, "C1071", ("C", "10")), (import_codes.isic, 1, ("A", "01")),
    (import_codes.isic, "10.71", ("C", "10")),
]  # fmt: skip


@pytest.mark.parametrize(("parse", "cell", "value"), READ)
def test_what_can_be_meant_in_one_way_only_is_read(parse: Callable[[Any], Any], cell: Any, value: Any) -> None:
    assert parse(cell) == value


UNFIT: list[tuple[Callable[[Any], Any], Any, str]] = [
    (comma, "1.234", "ambiguous_number"), (point, "1,234", "ambiguous_number"), (unsure, "1,234", "ambiguous_number"),
    (unsure, "1.234", "ambiguous_number"), (unsure, "1,23,456", "number"), (unsure, "1.2.3", "number"),
    (unsure, "12 apples", "number"), (unsure, "1e5", "number"), (unsure, "9" * 40, "number"),
    (share, "101%", "bounds"), (share, 1e300, "bounds"), (share, float("nan"), "bounds"),
    (lambda c: import_cells.bounded(c, 0, 9, "."), "5%", "percent"),
    (whole, 12.5, "whole"), (whole, -1, "whole"), (whole, "12,5", "whole"), (whole, float("inf"), "whole"),
    (day, "03/04/2024", "ambiguous_day"), (day, "45000", "day"), (day, 45000, "day"), (day, "30.02.2024", "day"),
    (day, "2027-01-01", "day_outside"), (day, "24-03-25", "day"),
    (import_cells.yes_no, "2", "yes_no"), (level, "2024-03-02", "level"), (level, True, "level"), (level, 5, "level"),
    (level, 2.5, "level"), (lambda c: import_cells.options(c, offered), "ERP;SAP", "options"),
    (import_codes.isic, "107", "isic"), (import_codes.isic, 111, "isic"), (import_codes.isic, "A10", "isic"),
    (import_codes.isic, "04", "isic"), (import_cells.number_text, 10**15, "cut_number"),
    (import_cells.number_text, "2.01E+11", "cut_number"), (import_cells.number_text, "/-/", "registration"),
]  # fmt: skip


@pytest.mark.parametrize(("parse", "cell", "code"), UNFIT)
def test_what_cannot_be_told_for_sure_is_told_and_not_guessed(
    parse: Callable[[Any], Any], cell: Any, code: str
) -> None:
    with pytest.raises(Unfit) as told:
        parse(cell if cell is not True else "TRUE")
    assert told.value.code == code


def test_a_column_is_read_whole_and_tells_each_cell_that_is_unfit() -> None:
    reader = Reader(whole)
    assert reader.read(["3", None, "3", " ", 4]) == ([3, None, 3, None, 4], [])
    values, unfit = reader.read(["3", "x", "#N/A", 5])
    assert values == [3, BAD, BAD, 5]
    assert [(place, each.code) for place, each in unfit] == [(1, "whole"), (2, "fault")]


def test_what_is_shown_of_a_cell_is_short_and_hides_nothing() -> None:
    assert shortened("a\u202eb\nc") == "a b c"
    assert len(shortened("x" * 500)) == 60
