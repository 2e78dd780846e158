"""CSV in parts: the same bytes as in one piece, and no more rows in memory than one part has."""

import csv
import io
from itertools import count

import pytest

from assessment.csv_sheets import BATCH, MARK, lines, sheet, sheet_parts


@pytest.mark.parametrize("many", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 7])
def test_parts_are_the_lines_of_one_piece(many: int) -> None:
    rows = [(number, f'a "{number}", b', None, 0.5) for number in range(many)]
    whole = io.StringIO()
    csv.writer(whole, lineterminator="\r\n").writerows(rows)

    parts = list(lines(rows))

    assert b"".join(parts) == whole.getvalue().encode()
    assert [part.count(b"\r\n") for part in parts[:-1]] == [BATCH] * (len(parts) - 1)


def test_a_part_is_written_before_further_rows_are_read() -> None:
    numbers = count()

    first = next(lines((number,) for number in numbers))

    assert first.count(b"\r\n") == BATCH
    assert next(numbers) == BATCH


def test_a_sheet_in_parts_is_the_sheet() -> None:
    rows = [{"name": f"=cell{number}", "n": number} for number in range(BATCH + 1)]

    parts = list(sheet_parts(["name", "n"], iter(rows)))

    assert b"".join(parts) == sheet(["name", "n"], rows)
    assert (parts[0], parts[1]) == (MARK, b"name,n\r\n")
    assert parts[2].startswith(b"'=cell0,0\r\n")
    assert len(parts) == 4
