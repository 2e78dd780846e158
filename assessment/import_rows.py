"""Rows of a sheet of firms, read and checked column by column; every problem is told, each at its cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import Any

from assessment import case_states, import_cells, import_codes
from assessment.import_cells import BAD, Batch, Cell, Reader, Unfit
from assessment.import_columns import QUESTION, Known, Layout
from assessment.import_problems import RowProblem, at_cell
from assessment.particulars import EARLIEST, LARGEST_TURNOVER, MOST_EMPLOYEES, OWNERSHIPS
from questionnaires.schema import ProfileField, Question, Questionnaire

FIRST_DAY = date(1990, 1, 1)
ASSESSED = case_states.FUNNEL[case_states.FUNNEL.index(case_states.SELF_ASSESSED) :]
VISITED = case_states.FUNNEL[case_states.FUNNEL.index(case_states.ON_SITE) :]
BEFORE = (case_states.APPLIED, case_states.ELIGIBLE, case_states.SELECTED)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sheet of firms is read for. `decimal` is the mark that parts decimals for sure in this file, or empty."""

    programme_id: int
    country: str
    size_scheme: str
    questionnaire: Questionnaire
    calls: Mapping[int, str]  # number -> title
    assessors: Mapping[str, tuple[int, int]]  # e-mail address in small letters -> member, user
    today: date
    decimal: str = ""


@dataclass(slots=True)
class Rows:
    """Rows that were read: for each column its values, None for nothing and BAD for what cannot be used."""

    numbers: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]  # as they stand in the file
    values: dict[str, list[Any]]
    problems: list[RowProblem]

    def column(self, key: str) -> Sequence[Any]:
        return self.values.get(key) or [None] * len(self.numbers)

    def table(self, keys: Sequence[str]) -> list[tuple[Any, ...]]:
        """These columns row by row."""
        return list(zip(*(self.column(key) for key in keys), strict=True)) if keys else [()] * len(self.numbers)

    def tell(self, layout: Layout, place: int, key: str, code: str, **expected: object) -> None:
        """Note a problem at a column's cell, or of the row where the file has no such column."""
        index, name = layout.at(key)
        unfit = Unfit(code, **expected)
        if index < 0:
            self.problems.append(RowProblem(self.numbers[place], "", "", code, "", expected))
        else:
            cell = self.cells[key][place] if key in self.cells else None
            self.problems.append(at_cell(self.numbers[place], index, name, cell, unfit))


class ColumnsReader:
    """Reads the columns of a file, batch after batch."""

    def __init__(self, layout: Layout, readers: Mapping[str, Reader]) -> None:
        self.layout = layout
        self.readers = {key: readers[key] for key in layout.places}
        self._told: set[int] = set()  # columns without a name that were told already

    def read(self, batch: Batch) -> Rows:
        columns = list(zip_longest(*batch.rows))
        nothing: Sequence[Cell] = (None,) * len(batch.rows)
        cells = {key: columns[at] if at < len(columns) else nothing for key, at in self.layout.places.items()}
        rows = Rows(batch.numbers, cells, {}, [])
        for key, reader in self.readers.items():
            rows.values[key], unfit = reader.read(cells[key])
            index, name = self.layout.at(key)
            rows.problems += [at_cell(batch.numbers[p], index, name, cells[key][p], error) for p, error in unfit]
        self._tell_nameless(columns, rows)
        return rows

    def _tell_nameless(self, columns: Sequence[Sequence[Cell]], rows: Rows) -> None:
        heads = self.layout.heads
        for index, column in enumerate(columns):
            if (index < len(heads) and heads[index]) or index in self._told:
                continue
            place = next((p for p, cell in enumerate(column) if cell is not None and str(cell).strip()), -1)
            if place >= 0:
                self._told.add(index)
                found = at_cell(rows.numbers[place], index, "", column[place], Unfit("nameless_column"))
                rows.problems.append(found)


def firm_readers(setting: Setting, known: Sequence[Known]) -> dict[str, Reader]:
    """How each column of firms is read."""
    today, decimal = setting.today, setting.decimal
    states = {
        form: state
        for state in case_states.STATES
        for form in (state, state.replace("_", " "), state.replace("_", "-"))
    }
    ownerships = {each: each for each in OWNERSHIPS}
    day = partial(import_cells.day, first=FIRST_DAY, last=today)
    visit = partial(import_cells.day, first=FIRST_DAY, last=date(today.year + 5, 12, 31))
    parsers: dict[str, Callable[[Cell], Any]] = {
        "country": import_codes.country,
        "isic": import_codes.isic,
        "employees": lambda cell: import_cells.whole(cell, 0, MOST_EMPLOYEES),
        "turnover": lambda cell: float(import_cells.bounded(cell, 0, LARGEST_TURNOVER, decimal)),
        "currency": import_codes.currency,
        "ownership": lambda cell: import_cells.choice(cell, ownerships, "ownership"),
        "exporter": import_cells.yes_no,
        "founded": lambda cell: import_cells.whole(cell, EARLIEST, today.year),
        "call": partial(_call, calls=setting.calls),
        "state": lambda cell: import_cells.choice(cell, states, "state"),
        "assessor": partial(_assessor, assessors=setting.assessors),
        "visit_on": visit,
        "assessed_on": day,
        "verified": import_cells.yes_no,
    }
    readers = {key: Reader(parse) for key, parse in parsers.items()}
    readers["name"] = Reader(import_cells.name, remembers=False)
    readers["registration_number"] = Reader(import_cells.number_text, remembers=False)
    readers["owner_number"] = Reader(import_cells.number_text, remembers=False)
    readers["owner"] = Reader(import_cells.name)
    readers["region"] = Reader(import_cells.name)  # of which country, the row says
    for each in known:
        if each.field is not None:
            readers[each.key] = Reader(_of_field(each.field, decimal))
        elif each.question is not None:
            readers[each.key] = Reader(_of_question(each.question, decimal))
    return readers


def _call(cell: Cell, calls: Mapping[int, str]) -> int:
    word = import_cells.folded(str(cell))
    titled = [number for number, title in calls.items() if import_cells.folded(title) == word]
    if len(titled) == 1:
        return titled[0]
    if word.isascii() and word.isdigit() and int(word) in calls:
        return int(word)
    raise Unfit("call")


def _assessor(cell: Cell, assessors: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    found = assessors.get(import_cells.folded(str(cell)))
    if found is None:
        raise Unfit("assessor")
    return found


def _of_field(field: ProfileField, decimal: str) -> Callable[[Cell], Any]:
    if field.choices is not None:
        known = {import_cells.folded(text): id for id, text in field.choices.items()}
        known |= {import_cells.folded(id): id for id in field.choices}
        return lambda cell: None if import_cells.said(cell) else import_cells.choice(cell, known, "choice")
    bounds = field.number
    low, high, unit = (bounds.min, bounds.max, bounds.unit) if bounds else (None, None, None)

    def number(cell: Cell) -> float | None:
        if import_cells.said(cell):
            return None
        return float(import_cells.bounded(cell, low, high, decimal, percent=unit == "%"))

    return number


def _of_question(question: Question, decimal: str) -> Callable[[Cell], Any]:
    if question.levels is not None:
        return partial(import_cells.level, top=len(question.levels) - 1)
    if question.options is not None:
        return partial(import_cells.options, offered={import_cells.folded(o): o for o in question.options.of})
    bounds = question.number
    assert bounds is not None  # noqa: S101  the schema allows three kinds

    def number(cell: Cell) -> float | int | str:
        return import_cells.said(cell) or import_cells.bounded(
            cell, bounds.min, bounds.max, decimal, percent=bounds.unit == "%"
        )

    return number


class RowRules:
    """What has to hold between the cells of one row. Fills in what follows: country, call, state."""

    def __init__(self, setting: Setting, layout: Layout) -> None:
        self.setting = setting
        self.layout = layout
        self.questions = [key for key in layout.places if key.startswith(QUESTION)]
        self.only_call = next(iter(setting.calls)) if len(setting.calls) == 1 else None
        self._regions: dict[tuple[str, str], str | Unfit] = {}

    def apply(self, rows: Rows) -> None:
        values = rows.values
        values["country"] = [c if c is not None else self.setting.country for c in rows.column("country")]
        values["region"] = [self._region(rows, p, c, r) for p, (c, r) in enumerate(rows.table(("country", "region")))]
        values["answered"] = [row.count(None) < len(row) for row in rows.table(self.questions)]
        values["call"] = list(rows.column("call"))
        values["stated"], values["state"] = list(rows.column("state")), list(rows.column("state"))
        keys = ("name", "turnover", "currency", "assessed_on", "answered", "call", "state", "verified")
        for place, row in enumerate(rows.table(keys)):
            self._one(rows, place, *row)

    def _region(self, rows: Rows, place: int, country: Any, region: Any) -> Any:
        if region is None:
            return None
        if region is BAD or country is BAD:
            return BAD
        found = self._regions.get((country, region))
        if found is None:
            try:
                found = import_codes.region(region, country)
            except Unfit as unfit:
                found = unfit
            if len(self._regions) > import_cells.MOST_REMEMBERED:
                self._regions.clear()
            self._regions[country, region] = found
        if isinstance(found, Unfit):
            rows.tell(self.layout, place, "region", found.code, **found.expected)
            return BAD
        return found

    def _one(
        self, rows: Rows, place: int, name: Any, turnover: Any, currency: Any, day: Any, answered: bool, call: Any,
        state: Any, verified: Any,
    ) -> None:  # fmt: skip
        tell = partial(rows.tell, self.layout, place)
        if name is None:
            tell("name", "name_missing")
        if turnover is not None and turnover is not BAD and currency is None:
            tell("currency" if "currency" in self.layout.places else "turnover", "currency_missing")
        if answered and day is None:
            tell("assessed_on", "day_missing")
        if day is not None and not answered:
            tell("assessed_on", "answers_missing")
        if call is None:
            rows.values["call"][place] = self.only_call
            if self.only_call is None:
                tell("call", "which_call")
        if state is BAD or day is BAD or verified is BAD:
            return
        if state is None:
            implied = case_states.ENDORSED if verified else case_states.SELF_ASSESSED
            rows.values["state"][place] = implied if day is not None or answered else case_states.APPLIED
        elif state in ASSESSED and day is None and not answered:
            tell("state", "state_needs_assessment")
        elif state in BEFORE and day is not None:
            tell("state", "state_before_assessment")
        elif verified and day is not None and state == case_states.SELF_ASSESSED:
            tell("state", "verified_state")
