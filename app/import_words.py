"""Imports in the reader's words: problems by row, what a file of problems holds, and the templates to fill in."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fastapi import Request

from app.sheets import PROBLEMS
from app.templating import content, language_of, say_to
from assessment import csv_sheets
from assessment.errors import N_
from assessment.import_columns import REGISTER_COLUMNS, Known, firm_columns
from assessment.import_orders import REGISTER, ImportOrder
from assessment.import_problems import RowProblem
from questionnaires.library import Definition
from questionnaires.schema import Question, Questionnaire
from reports.workbook import Column, Sheet, workbook

NO_CALL = N_("The programme has no call yet. Open one first: every firm comes in through a call.")
LOST = N_("It could not be done in several tries. Try again, or ask those who run the service.")
HEADS = (N_("Row"), N_("Column"), N_("Name of the column"), N_("In the cell"), N_("What to do"))
TEMPLATE_HEADS = (N_("Column"), N_("What it holds"), N_("Values"), N_("Example"))
Say = Callable[..., str]


def failure_of(order: ImportOrder) -> tuple[str, dict[str, object]]:
    """Why an import has failed: a text of the catalogue, and what fills its places."""
    code, _, row = order.problem.partition(":")
    message = NO_CALL if code == "no_call" else PROBLEMS.get(code, LOST)
    return message, {"row": int(row) if row.isdigit() else 0}


def problems_csv(request: Request, path: Path) -> Iterator[bytes]:
    """Every problem that was kept, a row each, as CSV: nothing of it begins a formula."""

    def say(message: str, **values: object) -> str:
        return say_to(request, message, values)

    heads = [say(head) for head in HEADS]
    yield csv_sheets.sheet(heads, [])
    with path.open("rb") as file:
        for line in file:
            problem = RowProblem.from_json(json.loads(line))
            cells = problem.row, problem.column, problem.name, problem.found, say(problem.message, **problem.values)
            row = csv_sheets.sheet(heads, [dict(zip(heads, cells, strict=True))])
            yield row.split(b"\r\n", 1)[1]


def columns_of(kind: str, questionnaire: Questionnaire) -> Sequence[Known]:
    return REGISTER_COLUMNS if kind == REGISTER else firm_columns(questionnaire)


def template_csv(kind: str, definition: Definition) -> bytes:
    """The names of the columns, and nothing below them."""
    return csv_sheets.sheet([each.head for each in columns_of(kind, definition.questionnaire)], [])


def template_xlsx(request: Request, kind: str, definition: Definition, day: str) -> bytes:
    """A sheet to fill in, and one that explains each column in the reader's language."""
    shown = content(request, definition)

    def say(message: str, **values: object) -> str:
        return say_to(request, message, values)

    known = columns_of(kind, shown)
    to_fill = Sheet("Firms" if kind != REGISTER else "Register", tuple(Column(k.head, "text", 18) for k in known), ())
    rows = tuple((k.head, _about(k, say), _values(k, say), k.example) for k in known)
    widths = (28, 60, 60, 24)
    heads = tuple(Column(say(head), "text", width) for head, width in zip(TEMPLATE_HEADS, widths, strict=True))
    explained = Sheet(say(N_("Columns")), heads, rows)
    is_rtl = language_of(request).direction == "rtl"
    return workbook([to_fill, explained], title=say(N_("Template for an import")), day=day, is_rtl=is_rtl)


def _about(known: Known, say: Say) -> str:
    return known.about if known.question or known.field else say(known.about)


def _values(known: Known, say: Say) -> str:
    if known.field is not None:
        return _listed(known.field.choices) if known.field.choices else say(N_("A number."))
    question = known.question
    if question is None:
        return ""
    return _answers(question, say)


def _answers(question: Question, say: Say) -> str:
    words = say(N_("unknown or not_applicable"))
    if question.levels is not None:
        return "\n".join([*(f"{n} = {level.text}" for n, level in enumerate(question.levels)), words])
    if question.options is not None:
        some = "; ".join(question.options.of)
        return say(N_("Some of these, parted by semicolons, or none: %(options)s"), options=some) + f"\n{words}"
    return say(N_("A number.")) + f"\n{words}"


def _listed(choices: dict[str, str]) -> str:
    return "\n".join(f"{id} = {text}" for id, text in choices.items())
