"""Answers on paper, typed into a table: read whole, with every mistake told by its row and column."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment.errors import N_
from assessment.tables import Workshop
from assessment.votes import is_asked
from questionnaires.answers import NOT_APPLICABLE, UNKNOWN
from questionnaires.schema import Questionnaire
from scoring.dispersion import Vote

GROUP = "group"
SEPARATORS = (",", ";", "\t")
MOST_SHEETS = 300
LARGEST = 512 * 1024  # bytes
LONGEST_CELL = 200
MOST_PROBLEMS = 200
WORDS: Mapping[str, Vote] = {"unknown": "unknown", "na": "not_applicable", "not_applicable": "not_applicable"}


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with a cell, a row or the whole file; row 0 is the file, the header is row 1."""

    row: int
    column: str
    message: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What one person wrote down."""

    group: str
    answers: Mapping[str, Vote]


@dataclass(frozen=True, slots=True)
class Reading:
    """The sheets of a file, and what is wrong with it; of a file with a problem no sheet is taken in."""

    questions: tuple[str, ...] = ()
    sheets: tuple[PaperSheet, ...] = ()
    problems: tuple[SheetProblem, ...] = ()

    @property
    def by_group(self) -> Mapping[str, int]:
        return Counter(sheet.group for sheet in self.sheets)


def read_sheets(content: bytes, workshop: Workshop, questionnaire: Questionnaire) -> Reading:
    """Read a CSV file in UTF-8, with or without its mark, parted by commas, semicolons or tabs.

    The first row names the columns: `group`, then ids of questions in any order. Each further row is one sheet: the
    group by its id or its name; per question the number of a level, `unknown`, `na`, or nothing. Empty rows count for
    nothing.
    """
    rows = _rows(content)
    if isinstance(rows, SheetProblem):
        return Reading(problems=(rows,))
    header = [name.strip() for name in rows[0][1]]
    while header and not header[-1]:
        header.pop()
    problems = _of_header(header, workshop, questionnaire)
    if problems:
        return Reading(problems=tuple(problems[:MOST_PROBLEMS]))
    sheets: list[PaperSheet] = []
    for number, cells in rows[1:]:
        if any(cell.strip() for cell in cells):
            sheet = _sheet(number, header, [cell.strip() for cell in cells], workshop, questionnaire, problems)
            sheets.append(sheet)
    if not sheets:
        problems.append(
            _problem(0, "", N_("There is no sheet in this file: below the names of the columns it is empty."))
        )
    if len(sheets) > MOST_SHEETS:
        text = N_("There are %(count)d sheets in this file; take in at most %(most)d at a time.")
        problems.append(_problem(0, "", text, count=len(sheets), most=MOST_SHEETS))
    asked = tuple(q for q in workshop.questions if q in header)
    return Reading(asked, () if problems else tuple(sheets), tuple(problems[:MOST_PROBLEMS]))


def _problem(row: int, column: str, message: str, **values: object) -> SheetProblem:
    return SheetProblem(row, column, message, values)


def _rows(content: bytes) -> Sequence[tuple[int, list[str]]] | SheetProblem:
    """The rows that hold anything, each with the number of its line; the first is the header."""
    if not content.strip():
        return _problem(0, "", N_("The file is empty."))
    if len(content) > LARGEST:
        return _problem(0, "", N_("The file is larger than %(most)d KB. Split it."), most=LARGEST // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        return _problem(row, "", N_("This is not UTF-8. Save the table as “CSV UTF-8” and send it again."))
    if "\0" in text:
        return _problem(0, "", N_("This is not a CSV file. Save the table as “CSV UTF-8” and send it again."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error:
        return _problem(reader.line_num, "", N_("A quotation mark stands alone here: close it, or take it out."))
    return found or _problem(0, "", N_("The file is empty."))


def _separator(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=header.count)


def _of_header(header: Sequence[str], workshop: Workshop, questionnaire: Questionnaire) -> list[SheetProblem]:
    problems = []
    names = [name.lower() if name.lower() == GROUP else name for name in header]
    if GROUP not in names:
        problems.append(_problem(1, "", N_("A column is missing: “group”. The first row names the columns.")))
    for name, count in Counter(names).items():
        if not name:
            problems.append(_problem(1, "", N_("A column has no name.")))
        elif count > 1:
            problems.append(_problem(1, name[:LONGEST_CELL], N_("This column is there more than once.")))
        elif name != GROUP and name not in questionnaire.questions:
            problems.append(_problem(1, name[:LONGEST_CELL], N_("There is no question with this name.")))
        elif name != GROUP and name not in workshop.questions:
            problems.append(_problem(1, name, N_("This workshop does not ask this question.")))
    if not problems and len(names) < 2:
        problems.append(_problem(1, "", N_("There is no column for a question.")))
    return problems


def _sheet(
    row: int,
    header: Sequence[str],
    cells: Sequence[str],
    workshop: Workshop,
    questionnaire: Questionnaire,
    problems: list[SheetProblem],
) -> PaperSheet:
    """One row; what is wrong with it is added to the problems."""
    if any(cells[len(header) :]):
        problems.append(_problem(row, "", N_("This row has more cells than there are columns.")))
    group, answers = "", {}
    for name, cell in zip(header, cells, strict=False):
        if name.lower() == GROUP:
            group = _group(cell, workshop)
            if not group:
                text = N_("There is no group “%(typed)s”.") if cell else N_("The group is missing.")
                problems.append(_problem(row, GROUP, text, **({"typed": cell[:LONGEST_CELL]} if cell else {})))
    for name, cell in zip(header, cells, strict=False):
        if name.lower() == GROUP or not cell:
            continue
        value = _answer(cell, len(questionnaire.questions[name].levels or ()))
        if value is None:
            highest = len(questionnaire.questions[name].levels or ()) - 1
            text = N_("“%(typed)s” is no answer here: enter 0 to %(highest)d, unknown, na, or nothing.")
            problems.append(_problem(row, name, text, typed=cell[:LONGEST_CELL], highest=highest))
        elif group and not is_asked(workshop, questionnaire, name, group):
            problems.append(_problem(row, name, N_("This question is not for this group: leave it empty.")))
        else:
            answers[name] = value
    if not any(cell for name, cell in zip(header, cells, strict=False) if name.lower() != GROUP):
        problems.append(_problem(row, "", N_("This sheet has no answer. Take the row out.")))
    return PaperSheet(group, answers)


def _group(typed: str, workshop: Workshop) -> str:
    wanted = " ".join(typed.split()).casefold()
    named = {name.casefold(): g["id"] for g in reversed(workshop.groups) for name in (g["name"], g["id"])}
    return named.get(wanted, "")


def _answer(cell: str, levels: int) -> Vote | None:
    word = WORDS.get(cell.lower())
    if word is not None:
        return word
    if not (cell.isascii() and cell.isdecimal() and len(cell) < 3):
        return None
    return int(cell) if int(cell) < levels else None


def as_text(reading: Reading) -> str:
    """The sheets as they go along with the page that asks whether to take them in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((GROUP, *reading.questions))
    short = {NOT_APPLICABLE: "na", UNKNOWN: "unknown"}
    for sheet in reading.sheets:
        values = (sheet.answers.get(q, "") for q in reading.questions)
        writer.writerow(
            (sheet.group, *(short.get(value, value) if isinstance(value, str) else value for value in values))
        )
    return text.getvalue()
