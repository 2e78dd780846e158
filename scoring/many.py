"""Very many firms scored in bounded memory: lines of answers in, lines of scores out, in the same order."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from questionnaires.answers import MAX_BYTES
from questionnaires.schema import Questionnaire
from scoring.columns import BadLine, ColumnReader
from scoring.evaluation import asked_and_missing, evaluate
from scoring.plan import Plan, plan_of
from scoring.readiness import MissingAnswers, refuse_missing
from scoring.record import RecordWriter

FIRMS_AT_ONCE = 1024
BYTES_AT_ONCE = 4 * MAX_BYTES


def score_many(questionnaire: Questionnaire, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Score JSON lines, one firm a line; blocks of result lines, each firm's the same as alone, to the last digit.

    A block comes out when all its lines are read and fit; so before a BadLine whole blocks may have come out. Empty
    lines are accepted at the end only.

    Raises:
        BadLine: a line that is not answers to this questionnaire, or lacks one where it allows none to be missing.
    """
    plan = plan_of(questionnaire)
    reader, writer = ColumnReader(plan), RecordWriter(plan)
    for first, block in _blocks(lines):
        scores = evaluate(plan, reader.sheet(block, first))
        _refuse_missing(plan, scores.missing, first)
        yield writer.lines(scores)


def check_many(questionnaire: Questionnaire, lines: Iterable[bytes]) -> int:
    """Read lines as `score_many` does, without scoring them, and count the firms.

    Raises:
        BadLine: as `score_many`.
    """
    plan = plan_of(questionnaire)
    reader = ColumnReader(plan)
    firms = 0
    for first, block in _blocks(lines):
        sheet = reader.sheet(block, first)
        if questionnaire.missing == "refuse":
            _refuse_missing(plan, asked_and_missing(plan, sheet)[1], first)
        firms += len(block)
    return firms


def _refuse_missing(plan: Plan, missing: NDArray[np.bool_], first: int) -> None:
    if plan.questionnaire.missing == "refuse" and missing.any():
        firm = int(np.argmax(missing.any(axis=0)))
        try:
            refuse_missing(plan, missing, firm)
        except MissingAnswers as refusal:
            raise BadLine(first + firm, str(refusal)) from refusal


def _blocks(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """The lines in blocks, each with the number of its first line."""
    block: list[bytes] = []
    size, empty = 0, 0
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            empty = empty or number
            continue
        if empty:
            raise BadLine(empty, "this line is empty; give one firm on each line")
        block.append(line)
        size += len(line)
        if len(block) == FIRMS_AT_ONCE or size > BYTES_AT_ONCE:
            yield number - len(block) + 1, block
            block, size = [], 0
    if block:
        yield (empty or number + 1) - len(block), block
