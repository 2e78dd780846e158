"""What is wrong with a row of an import: where it is, what is there, and what is expected, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment.errors import N_
from assessment.import_cells import Cell, Unfit, shortened

MOST_KEPT = 100_000  # of a file; the others are counted

MESSAGES: Mapping[str, str] = {
    # the first row
    "unknown_column": N_("No column is called so. Take the name from the template, or delete the column."),
    "unknown_column_near": N_("No column is called so. Did you mean %(near)s?"),
    "column_twice": N_("This column is there twice; the first is in column %(first)s. Delete one of them."),
    "missing_column": N_("The column %(column)s is missing."),
    "nameless_column": N_("There is something in a column without a name. Name it as in the template, or empty it."),
    "nothing": N_("There are no rows below the first one."),
    # one cell
    "fault": N_("The formula in this cell has no result. Mend it, or empty the cell."),
    "long_text": N_("This text is too long. Shorten it to 200 characters."),
    "odd_text": N_("The text holds a character that cannot be stored. Type it again instead of pasting it."),
    "registration": N_("Enter the number as the register writes it, with at most 64 characters."),
    "cut_number": N_("The spreadsheet has cut this number. Format the cell as text and type the number again."),
    "number": N_("This is not a number. Enter one such as 1234.5."),
    "ambiguous_number": N_("This can be read in two ways. Write it without a mark for thousands, with two decimals."),
    "whole": N_("Enter a whole number from %(low)s to %(high)s."),
    "percent": N_("This is not counted in per cent. Enter the number alone."),
    "bounds": N_("This number is outside the bounds: from %(low)s to %(high)s."),
    "yes_no": N_("Enter yes or no."),
    "day": N_("This is not a day. Write it as year-month-day, such as 2024-03-25."),
    "ambiguous_day": N_("Day and month can be taken for each other. Write it as year-month-day, such as 2024-03-25."),
    "day_outside": N_("Enter a day from %(first)s to %(last)s."),
    "country": N_("No country is called so. Enter its code of two letters by ISO 3166-1, such as MY."),
    "region": N_("This is not a region of %(country)s. Enter its code by ISO 3166-2, such as %(example)s."),
    "isic": N_("Enter an industry by ISIC Rev. 4: a section (C), a division (10) or a class (1071), as text."),
    "currency": N_("Enter a currency by its code of three letters, such as EUR."),
    "ownership": N_("Enter one of these: %(choices)s."),
    "state": N_("A case cannot be in this state. Enter one of these: %(choices)s."),
    "choice": N_("Enter one of these: %(choices)s."),
    "level": N_("This is not a level. Enter a whole number from 0 to %(top)d, unknown or not_applicable."),
    "options": N_("Enter options parted by semicolons, none, unknown or not_applicable. The options are: %(choices)s."),
    "owner": N_("No firm here or in this file has this number. Mend it, or name the owner in the column owner."),
    "call": N_("The programme has no such call. Enter its title or number."),
    "which_call": N_("The programme has several calls. Enter the title or the number of one."),
    "assessor": N_("No assessor of this programme has this e-mail address."),
    "size": N_("Enter one of these: %(choices)s."),
    # a row
    "name_missing": N_("Enter the name of the firm."),
    "currency_missing": N_("Enter the currency of the turnover."),
    "day_missing": N_("Enter the day of the assessment: there are answers in this row."),
    "answers_missing": N_("There is no answer in this row. Enter answers, or empty the day of the assessment."),
    "answers_open": N_("This questionnaire needs an answer to every question; still open: %(open)s."),
    "state_needs_assessment": N_("A case in this state has an assessment. Enter its day and answers."),
    "state_before_assessment": N_("This firm is assessed, so its case is in a later state than this."),
    "verified_state": N_("A verified assessment goes with the state on_site or a later one."),
    "firm_twice": N_("The same firm with the same day is in row %(first)d. Delete one of the two rows."),
    "assessed_before": N_("This firm has an assessment of this day already. Delete the row."),
    "case_elsewhere": N_("This firm's case is there already, in the state %(state)s; an import does not move it."),
    "which_firm": N_("Several firms have this name. Enter the registration number."),
    "own_firm": N_("This assessor has a part in this firm. Enter somebody else."),
    # the register
    "firms_missing": N_("Enter how many firms there are."),
    "count_twice": N_("The same industry, size and region is in row %(first)d. Delete one of the two rows."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One problem: the row and the column as a spreadsheet shows them, and what is in the cell."""

    row: int
    column: str  # A, B, … ; empty where it is the row as a whole
    name: str  # of the column
    code: str
    found: str
    values: Mapping[str, Any]

    @property
    def message(self) -> str:
        return MESSAGES[self.code]

    def as_json(self) -> list[Any]:
        return [self.row, self.column, self.name, self.code, self.found, dict(self.values)]

    @classmethod
    def from_json(cls, data: list[Any]) -> "RowProblem":
        row, column, name, code, found, values = data
        return cls(row, column, name, code, found, values)


def at_cell(row: int, index: int, name: str, cell: Cell, unfit: Unfit) -> RowProblem:
    return RowProblem(row, letters(index), shortened(name), unfit.code, shortened(cell), unfit.expected)


def letters(index: int) -> str:
    """The letters of a column, counted from 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
