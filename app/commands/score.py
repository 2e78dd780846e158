"""`fourward score`: the scores of one firm, or of a file of many."""

import math
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click
import orjson

from app.commands.errors import BadInput, refusals_as_bad_input
from app.commands.output import whole_file
from questionnaires.answers import MAX_BYTES, parse_json, read_answers
from questionnaires.loader import load_definition
from questionnaires.problems import Refused
from questionnaires.rounding import on_paper
from questionnaires.schema import Dimension, Questionnaire
from scoring.many import check_many, score_many
from scoring.readiness import NodeScore, Readiness, readiness
from scoring.record import record

LINES = (".jsonl", ".ndjson")


@click.command()
@click.argument("definition")
@click.argument("answers")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every digit.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, which appears only when everything is scored.")
def score(definition: str, answers: str, as_json: bool, output: str | None) -> None:
    """Score a firm's answers.

    DEFINITION is an id, id@version, or the path of a folder or file. ANSWERS is a JSON file, or a .jsonl file with one
    firm a line: then one JSON result a line comes out, in the same order. Such a file is checked whole before the
    first result is printed.
    """
    with refusals_as_bad_input():
        questionnaire = load_definition(definition).questionnaire
        if answers.lower().endswith(LINES):
            _score_lines(questionnaire, answers, output)
            return
        found = _score_one(questionnaire, answers)
    if as_json:
        text = orjson.dumps(record(found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    else:
        text = "".join(f"{line}\n" for line in _table(questionnaire, found)).encode()
    _write(iter([text]), output)


def _score_one(questionnaire: Questionnaire, path: str) -> Readiness:
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        return readiness(questionnaire, read_answers(questionnaire, parse_json(data)))
    except Refused as refusal:
        raise BadInput(f"{path}: {refusal}") from refusal


def _score_lines(questionnaire: Questionnaire, path: str, output: str | None) -> None:
    try:
        with open(path, "rb") as file:
            if (
                output is None and file.seekable()
            ):  # a pipe is read once: there, what comes before a bad line is printed
                check_many(questionnaire, _lines_of(file))
                file.seek(0)
            _write(score_many(questionnaire, _lines_of(file)), output)
    except Refused as refusal:
        raise BadInput(f"{path} {refusal}") from refusal


def _lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only as much as shows that it is."""
    while line := file.readline(MAX_BYTES + 1):
        yield line


def _write(blocks: Iterable[bytes], output: str | None) -> None:
    """Write to standard output, or to a file that is there only when all of it is."""
    if output is not None:
        with whole_file(Path(output)) as file:
            file.writelines(blocks)
        return
    for block in blocks if sys.stdout else ():  # nobody listens when it is closed
        try:
            sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # who reads has seen enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return


def _table(questionnaire: Questionnaire, found: Readiness) -> Iterator[str]:
    """The scores as a person reads them."""
    scale = questionnaire.scale
    yield f"{questionnaire.title} ({questionnaire.reference})"
    yield ""
    overall = found.overall
    if overall.score is None or overall.low is None or overall.high is None:
        yield "No score: no question that counts is answered."
    else:
        word = f"{found.profile.title}: " if found.profile else ""
        yield f"{word}{on_paper(overall.score, 2)} on a scale from {scale.min:g} to {scale.max:g}"
        yield _how_sure(overall.low, overall.high, overall.coverage)
    yield ""
    rows = [(f"{'  ' * depth}{node.title}", node) for depth, node in _walk(questionnaire.dimensions)]
    width = max(len(title) for title, _ in rows)
    wide = max(len(str(on_paper(end, 2))) for end in (scale.min, scale.max, 5.0))
    yield f"{'':{width}}  {'score':>{max(wide, 5)}}  {'between':>{2 * wide + 3}}  answered"
    for title, node in rows:
        asked = any(question.id in found.asked for part in node.walk() for question in part.questions)
        yield f"{title:{width}}  {_row(found.nodes[node.id], asked, wide)}"


def _how_sure(low: float, high: float, coverage: float) -> str:
    if coverage == 1:
        return "Every question that counts is answered."
    # Not "it will be": a missing answer may open questions that are not asked so far.
    missing = f"the missing answers can make it anything between {on_paper(low, 2)} and {on_paper(high, 2)}"
    return f"{_share(coverage)} of the weight is answered; {missing}."


def _walk(dimensions: Iterable[Dimension], depth: int = 0) -> Iterator[tuple[int, Dimension]]:
    for dimension in dimensions:
        yield depth, dimension
        yield from _walk(dimension.dimensions, depth + 1)


def _row(node: NodeScore, asked: bool, wide: int) -> str:
    if node.score is None or node.low is None or node.high is None:
        return f"{'-':>{max(wide, 5)}}  {'-':>{2 * wide + 3}}  {_share(node.coverage) if asked else 'not asked':>8}"
    between = f"{on_paper(node.low, 2):>{wide}} - {on_paper(node.high, 2):>{wide}}"
    return f"{on_paper(node.score, 2):>{max(wide, 5)}}  {between}  {_share(node.coverage):>8}"


def _share(coverage: float) -> str:
    """Whole percent, rounded down: 100 % is said of what is complete only."""
    return f"{math.floor(coverage * 100 + 1e-9)}%"
