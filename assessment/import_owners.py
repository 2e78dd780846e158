"""Who owns more than half of a firm of a sheet: named by a registration number, which has to be known, or by a name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessment.import_cells import BAD, Cell, Unfit
from assessment.import_columns import Layout
from assessment.import_problems import RowProblem, at_cell
from assessment.import_rows import Rows

NUMBER, NAME = "owner_number", "owner"
AT_ONCE = 1000


@dataclass(slots=True)
class Owners:
    """Numbers of owners that no firm had so far: an owner may stand below its firms, so they are told at the end."""

    knows: Callable[[str, str], bool]  # whether a firm of this country has this number
    _open: list[tuple[int, Cell, str, str]] = field(default_factory=list)  # row, cell, country, number

    def note(self, rows: Rows) -> None:
        """Remember the rows of a batch whose owner is not known yet."""
        for place, (country, number) in enumerate(rows.table(("country", NUMBER))):
            if number is not None and number is not BAD and country is not BAD and not self.knows(country, number):
                self._open.append((rows.numbers[place], rows.cells[NUMBER][place], country, number))

    def tell(self, layout: Layout, tell: Callable[[Sequence[RowProblem]], None]) -> None:
        """Tell of each owner that stood nowhere in the file either."""
        index, name = layout.at(NUMBER)
        for first in range(0, len(self._open), AT_ONCE):
            some = self._open[first : first + AT_ONCE]
            tell([at_cell(r, index, name, cell, Unfit("owner")) for r, cell, *whose in some if not self.knows(*whose)])


def owner_of(number: Any, name: Any) -> str:
    """What is kept of an owner: the number where there is one, by which it is found for sure."""
    return str(number or name or "")
