"""What the archive variant carries along: answers and scores as data, for machines and for the next assessment."""

import csv
import io
import json
from collections.abc import Iterator

from assessment.results import Result
from questionnaires.answers import AnswerValue
from reports.firm.answers_told import Teller
from reports.pdf import Attachment
from reports.wording import wording
from scoring.record import record

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def firm_attachments(result: Result) -> tuple[Attachment, ...]:
    """`answers.json` as the command line reads it, `scores.json` as it prints it, and `answers.csv` for a table."""
    answers = {
        "profile": dict(result.answers.profile),
        "answers": {key: _plain(value) for key, value in result.answers.answers.items()},
    }
    reference = result.definition.questionnaire.reference
    return (
        Attachment("answers.json", _json(answers), f"The firm's answers to {reference}", "Source"),
        Attachment("scores.json", _json(record(result.readiness)), f"Every score of {reference}", "Data"),
        Attachment("answers.csv", _csv(result), f"The firm's answers to {reference} in words", "Alternative"),
    )


def _plain(value: AnswerValue) -> object:
    return list(value) if isinstance(value, tuple) else value


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(result: Result) -> bytes:
    """One line a question that was asked; what a spreadsheet would take for a formula starts with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("dimension", "question", "text", "answer", "in words", "score", "note"))
    writer.writerows([_cell(value) for value in row] for row in _rows(result))
    return text.getvalue().encode("utf-8-sig")


def _rows(result: Result) -> Iterator[tuple[object, ...]]:
    questionnaire = result.definition.questionnaire
    teller = Teller(wording("en"), questionnaire, questionnaire)
    for key, question in questionnaire.questions.items():
        value = result.answers.answers.get(key)
        if value is None and key not in result.readiness.asked:
            continue
        given = "; ".join(value) if isinstance(value, tuple) else value
        score = result.readiness.questions.get(key)
        dimension = questionnaire.dimension_of[key].id
        yield dimension, key, question.text, given, teller.answer(key, value), score, result.facts.notes.get(key)


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(STARTS_OF_FORMULAS):
        return f"'{value}"
    return "" if value is None else value
