"""The business register as a table: how many firms there are of each industry, size and region."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assessment import import_cells, import_codes
from assessment.firm_imports import Found
from assessment.import_cells import BAD, Batch, Cell, Reader
from assessment.import_columns import REGISTER_COLUMNS, layout
from assessment.import_problems import RowProblem
from assessment.import_rows import FIRST_DAY, ColumnsReader, Rows
from assessment.plain_inserts import insert_many
from assessment.tables import RegisterCount

MOST_FIRMS = 1_000_000_000
COLUMNS = ("isic_section", "isic_division", "size", "region", "firms", "employees", "source", "as_of")


class RegisterSheet:
    """One way through a sheet of the register; `counts` are its rows, ready to be stored, once all of them are well."""

    def __init__(self, country: str, today: date) -> None:
        self.country = country
        self.today = today
        self.found = Found()
        self.counts: list[tuple[Any, ...]] = []
        self._seen: dict[tuple[Any, ...], int] = {}

    def look(
        self,
        batches: Iterator[Batch],
        tell: Callable[[Sequence[RowProblem]], None],
        said: Callable[[int], None] = lambda _rows: None,
    ) -> None:
        """Read and check all rows; every problem is told."""
        first = next(batches, None)
        if first is None:
            self._tell(tell, [RowProblem(1, "", "", "nothing", "", {})])
            return
        found = layout(first.numbers[0], first.rows[0], REGISTER_COLUMNS, ("isic", "firms"))
        self._tell(tell, found.problems)
        reader = ColumnsReader(found, _readers(self.country, self.today))
        for batch in chain([Batch(first.numbers[1:], first.rows[1:])], batches):
            if batch.rows:
                rows = reader.read(batch)
                self._check(rows, reader)
                self.found.rows += len(batch.rows)
                self._tell(tell, sorted(rows.problems, key=lambda p: (p.row, len(p.column), p.column)))
                said(self.found.rows)
        if not self.found.rows:
            self._tell(tell, [RowProblem(first.numbers[0], "", "", "nothing", "", {})])

    def _tell(self, tell: Callable[[Sequence[RowProblem]], None], problems: Sequence[RowProblem]) -> None:
        self.found.problems += len(problems)
        if problems:
            tell(problems)

    def _check(self, rows: Rows, reader: ColumnsReader) -> None:
        table = rows.table(("isic", "size", "region", "firms", "employees", "source", "as_of"))
        for place, (isic, size, region, firms, employees, source, as_of) in enumerate(table):
            if firms is None:
                rows.tell(reader.layout, place, "firms", "firms_missing")
            if BAD in (isic, size, region):
                continue
            section, division = isic or ("", "")
            key = section, division, size or "", region or ""
            if (earlier := self._seen.setdefault(key, rows.numbers[place])) != rows.numbers[place]:
                rows.tell(reader.layout, place, "isic", "count_twice", first=earlier)
            day = as_of.isoformat() if isinstance(as_of, date) else ""
            self.counts.append((*key, firms, employees, source or "", day))


def _readers(country: str, today: date) -> dict[str, Reader]:
    parsers: dict[str, Callable[[Cell], Any]] = {
        "isic": import_codes.isic,
        "size": partial(import_cells.choice, known=import_codes.SIZE_WORDS, code="size"),
        "region": partial(import_codes.region, of=country),
        "firms": partial(import_cells.whole, low=0, high=MOST_FIRMS),
        "employees": partial(import_cells.whole, low=0, high=MOST_FIRMS),
        "source": import_cells.name,
        "as_of": partial(import_cells.day, first=FIRST_DAY, last=today),
    }
    return {key: Reader(parse) for key, parse in parsers.items()}


def replace(session: Session, programme_id: int, sheet: RegisterSheet) -> None:
    """Put a sheet without problems in the place of what was there."""
    session.execute(delete(RegisterCount).where(RegisterCount.programme_id == programme_id))
    insert_many(session, RegisterCount, {"programme_id": programme_id}, COLUMNS, sheet.counts)
