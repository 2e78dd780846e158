"""Sheets of made-up firms of any length, with mistakes planted at rows that are known."""

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from questionnaires.schema import Question, Questionnaire

REGIONS = ("MY-01", "MY-07", "MY-10", "MY-12", "MY-13")
DIVISIONS = ("10", "13", "14", "22", "24", "25", "26", "28", "29", "31")
FIRM = (
    "name", "registration_number", "region", "isic", "employees", "turnover", "currency", "ownership", "exporter",
    "founded", "assessed_on", "verified",
)  # fmt: skip


def heads(questionnaire: Questionnaire) -> list[str]:
    return [*FIRM, *questionnaire.questions]


def rows(questionnaire: Questionnaire, count: int) -> Iterator[list[Any]]:
    """Rows without any mistake; the same number gives the same rows."""
    chance = random.Random(20191)
    questions = list(questionnaire.questions.values())
    for number in range(count):
        staff = int(chance.paretovariate(1.1) * 6)
        yield [
            f"Kilang {number:07d} Sdn. Bhd.",
            f"2019{number:08d}",
            chance.choice(REGIONS),
            chance.choice(DIVISIONS),
            staff,
            staff * 50_000 + chance.randrange(1000),
            "MYR",
            chance.choice(("local", "local", "joint", "foreign", "")),
            chance.choice(("yes", "no")),
            chance.randrange(1950, 2019),
            f"{chance.randrange(2019, 2025)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 28):02d}",
            chance.choice(("", "no", "no", "yes")),
            *(_answer(question, chance) for question in questions),
        ]


def _answer(question: Question, chance: random.Random) -> Any:
    if chance.random() < 0.03:
        return chance.choice(("unknown", "not_applicable", ""))
    if question.levels is not None:
        return chance.randrange(len(question.levels))
    if question.options is not None:
        return ";".join(o for o in question.options.of if chance.random() < 0.4) or "none"
    assert question.number is not None
    return round(chance.uniform(question.number.min, question.number.max), 1)


# What can go wrong: the column, what is put there, and the code of what is told.
MISTAKES: tuple[tuple[str, Any, str], ...] = (
    ("name", "", "name_missing"),
    ("name", "x" * 300, "long_text"),
    ("name", "bad\x0bname", "odd_text"),
    ("registration_number", "---", "registration"),
    ("registration_number", "2.01901E+11", "cut_number"),
    ("region", "Bavaria", "region"),
    ("isic", "107", "isic"),
    ("isic", "Z", "isic"),
    ("employees", "-4", "whole"),
    ("employees", "12.5", "whole"),
    ("employees", "many", "whole"),
    ("employees", "#REF!", "fault"),
    ("turnover", "1 million", "number"),
    ("turnover", "-5", "bounds"),
    ("currency", "", "currency_missing"),
    ("currency", "ZZZ", "currency"),
    ("ownership", "mixed", "ownership"),
    ("exporter", "maybe", "yes_no"),
    ("founded", "1066.5", "whole"),
    ("founded", "3020", "whole"),
    ("assessed_on", "03/04/2021", "ambiguous_day"),
    ("assessed_on", "31.02.2021", "day"),
    ("assessed_on", "2199-01-01", "day_outside"),
    ("assessed_on", "", "day_missing"),
    ("verified", "perhaps", "yes_no"),
    ("*level", "9", "level"),
    ("*level", "2.5", "level"),
    ("*level", "=1+1", "level"),
)


def planted(
    questionnaire: Questionnaire, count: int, mistakes: int
) -> tuple[Iterator[list[Any]], dict[tuple[int, str], str]]:
    """Rows with so many mistakes, each in a row of its own; and what has to be told: (row, column) -> code.

    Row numbers are those of a spreadsheet, in which the first row has the names of the columns.
    """
    chance = random.Random(7)
    names = heads(questionnaire)
    levels = [q.id for q in questionnaire.questions.values() if q.levels is not None]
    told: dict[tuple[int, str], str] = {}
    plan: dict[int, tuple[int, Any]] = {}
    twice = max(mistakes // 20, 1)
    places = chance.sample(range(1, count), mistakes)
    for nth, place in enumerate(places[twice:]):
        column, content, code = MISTAKES[nth % len(MISTAKES)]
        column = chance.choice(levels) if column == "*level" else column
        plan[place] = (names.index(column), content)
        told[place + 2, column] = code
    same = set(places[:twice])
    for place in same:
        told[place + 2, "assessed_on"] = "firm_twice"

    def made() -> Iterator[list[Any]]:
        last_good: list[Any] = []
        for place, row in enumerate(rows(questionnaire, count)):
            if place in same:
                row[: len(FIRM)] = last_good[: len(FIRM)]  # the same firm with the same day, once more
            elif place in plan:
                index, content = plan[place]
                row[index] = content
            else:
                last_good = row
            yield row

    return made(), told


def write_csv(path: Path, names: Sequence[str], content: Iterator[list[Any]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(names)
        writer.writerows(content)
    return path


def write_xlsx(path: Path, names: Sequence[str], content: Iterator[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet("Firms")
    for place, row in enumerate([list(names)]):
        sheet.write_row(place, 0, row)
    for place, row in enumerate(content, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(place, column, value)
            else:
                sheet.write_number(place, column, value)
    book.close()
    return path
