"""What a sheet brings, ready to be stored: kept in a file without a name, which is gone with whoever holds it."""

import sqlite3
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessment.number_maps import NumberMap

AT_ONCE = 5000
TABLES = ("firms", "assessments", "outcomes", "cases")


class Rows:
    """Rows of four kinds, in the order in which they were put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".staged-") as file:
            self._file = sqlite3.connect(file.name, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = OFF")
            self._file.execute("PRAGMA synchronous = OFF")
            self._file.execute("PRAGMA temp_store = MEMORY")
            self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._file.execute("BEGIN")
            self._file.execute("CREATE TABLE begun (at)")
        # The name is gone now; the file lives until it is closed.
        self._widths: dict[str, int] = {}
        self.counts = dict.fromkeys(TABLES, 0)

    def put(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        if table not in self._widths:
            self._widths[table] = len(rows[0])
            columns = ", ".join(f"c{n}" for n in range(len(rows[0])))
            self._file.execute(f"CREATE TABLE {table} ({columns})")
        places = ", ".join("?" * self._widths[table])
        self._file.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  our own names
        self.counts[table] += len(rows)

    def read(self, table: str) -> Iterator[list[tuple[Any, ...]]]:
        """All rows of a kind, many at once."""
        if table not in self._widths:
            return
        found = self._file.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608  our own names
        while rows := found.fetchmany(AT_ONCE):
            yield rows

    def close(self) -> None:
        self._file.close()


@dataclass(slots=True)
class Cases:
    """New cases, by their place: what may still change while later rows are read."""

    states: list[str] = field(default_factory=list)
    assessors: "array[int]" = field(default_factory=lambda: array("q"))  # 0: none
    assessments: "array[int]" = field(default_factory=lambda: array("q"))  # place of the newest; -1: none
    days: "array[int]" = field(default_factory=lambda: array("q"))  # of that
    visits: list[str] = field(default_factory=list)
    places: dict[int, NumberMap] = field(default_factory=dict)  # call -> firm -> place

    def put(self, call: int, firm: int, state: str, assessor: int, visit: str, assessment: int, day: int) -> bool:
        """Note a case, or what a later row says of it: the newest assessment counts. True where it is a new one."""
        of_call = self.places.setdefault(call, NumberMap())
        place = of_call.get(firm)
        if place is None:
            of_call[firm] = len(self.states)
            self.states.append(state)
            self.visits.append(visit)
            for column, value in ((self.assessors, assessor), (self.assessments, assessment), (self.days, day)):
                column.append(value)
            return True
        self.assessors[place] = assessor or self.assessors[place]
        self.visits[place] = visit or self.visits[place]
        if day > self.days[place]:
            self.states[place], self.assessments[place], self.days[place] = state, assessment, day
        return False


@dataclass(slots=True)
class Chain:
    """Assessments by firm and day, so that each knows the one before it; a new one's number is -1, -2, …"""

    firms: "array[int]" = field(default_factory=lambda: array("q"))
    days: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "array[int]" = field(default_factory=lambda: array("q"))

    def put(self, firm: int, day: int, number: int) -> None:
        self.firms.append(firm)
        self.days.append(day)
        self.numbers.append(number)

    def before(self, new: int) -> NDArray[np.int64]:
        """For each of the new assessments the number of the one before, 0 where there is none."""
        found = np.zeros(new, dtype=np.int64)
        if not len(self.numbers):
            return found
        firms, days, numbers = (np.frombuffer(each, dtype=np.int64) for each in (self.firms, self.days, self.numbers))
        order = np.lexsort((-numbers, days, firms))
        firms, numbers = firms[order], numbers[order]
        first = np.ones(len(numbers), dtype=np.bool_)
        first[1:] = firms[1:] != firms[:-1]
        before = np.where(first, 0, np.concatenate([[0], numbers[:-1]]))
        is_new = numbers < 0
        found[-numbers[is_new] - 1] = before[is_new]
        return found
