"""Examples of a definition, scored: where the result is not what the author expected."""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.answers import read_answers
from questionnaires.library import Definition, Example
from questionnaires.loader import Checked
from questionnaires.problems import Problem
from questionnaires.schema import Questionnaire
from scoring.readiness import MissingAnswers, Readiness, readiness

TOLERANCE = 0.005  # expectations are written with two decimals


@dataclass(frozen=True, slots=True)
class Missed:
    """One expectation that was not met: of which example (from 0), for which key, and how."""

    example: int
    key: str
    message: str


def missed_expectations(definition: Definition) -> tuple[Missed, ...]:
    """Score every example; met is what differs by at most 0.005. A profile is expected by its id."""
    return tuple(
        missed
        for number, example in enumerate(definition.examples)
        for missed in _missed(definition.questionnaire, example, number)
    )


def _missed(questionnaire: Questionnaire, example: Example, number: int) -> Iterator[Missed]:
    answers = read_answers(questionnaire, {"profile": example.profile, "answers": example.answers})
    try:
        scored = readiness(questionnaire, answers)
    except MissingAnswers as refusal:
        # The same as no score at all, which an example may expect.
        if wanted := [key for key, value in example.expect.items() if value is not None]:
            yield Missed(number, wanted[0], f"'{example.name}' has no scores: {refusal}")
        return
    for key, expected in example.expect.items():
        given = _given(scored, key)
        if not _agree(given, expected):
            yield Missed(number, key, f"'{example.name}' expects {key} {_said(expected)}, but it is {_said(given)}")


def _given(scored: Readiness, key: str) -> float | str | None:
    if key == "profile":
        return scored.profile.id if scored.profile else None
    if key == "overall":
        return scored.overall.score
    return scored.nodes[key].score if key in scored.nodes else scored.questions[key]


def _agree(given: float | str | None, expected: float | str | None) -> bool:
    if isinstance(given, int | float) and isinstance(expected, int | float):
        return abs(given - expected) <= TOLERANCE + 1e-9
    return given == expected


def _said(value: float | str | None) -> str:
    if value is None:
        return "without score"
    return value if isinstance(value, str) else f"{value:.4g}"


def example_problems(checked: Checked) -> tuple[Problem, ...]:
    """The missed expectations of a checked definition with their lines; none when it could not be loaded."""
    if checked.definition is None or "examples" not in checked.documents:
        return ()
    document = checked.documents["examples"]
    return tuple(
        Problem(document.file, document.line((m.example, "expect", m.key)), "example-missed", m.message)
        for m in missed_expectations(checked.definition)
    )
