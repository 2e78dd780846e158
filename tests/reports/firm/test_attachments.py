"""What the archive carries along: answers that can be read again, scores, and a table that runs no formula."""

import csv
import io
import json
from dataclasses import replace

from assessment.results import Result
from questionnaires.answers import parse_json, read_answers
from reports.firm.attachments import firm_attachments
from scoring.readiness import readiness
from scoring.record import record


def contents(result: Result) -> dict[str, bytes]:
    return {each.name: each.content for each in firm_attachments(result)}


def test_the_answers_can_be_read_and_scored_again(result: Result) -> None:
    questionnaire = result.definition.questionnaire

    again = read_answers(questionnaire, parse_json(contents(result)["answers.json"]))

    assert again == result.answers
    assert record(readiness(questionnaire, again)) == json.loads(contents(result)["scores.json"])


def test_the_table_has_a_line_for_every_question_that_was_asked_or_answered(result: Result) -> None:
    rows = list(csv.DictReader(io.StringIO(contents(result)["answers.csv"].decode("utf-8-sig"))))

    assert {row["question"] for row in rows} == result.readiness.asked | set(result.answers.answers)
    orders = next(row for row in rows if row["question"] == "planning.orders")
    assert orders["note"].startswith("Orders are in the book")
    assert float(orders["score"]) == result.readiness.questions["planning.orders"]
    learning = next(row for row in rows if row["question"] == "data.learning")
    assert (learning["answer"], learning["score"]) == ("unknown", "")


def test_what_a_spreadsheet_would_run_is_text(result: Result) -> None:
    notes = {"planning.orders": '=HYPERLINK("http://example.org")', "planning.costing": "@SUM(A1)"}

    table = contents(replace(result, facts=replace(result.facts, notes=notes)))["answers.csv"].decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert '\'=HYPERLINK("http://example.org")' in cells
