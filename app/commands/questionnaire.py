"""`fourward questionnaire`: list, show, check and publish definitions; print the JSON Schema for editors."""

import json
from collections.abc import Container, Iterator, Sequence

import click

from app.commands.errors import BadInput, refusals_as_bad_input
from assessment.examples import example_problems
from questionnaires.documents import Part
from questionnaires.editor_schema import editor_schema
from questionnaires.folders import DEFINITIONS
from questionnaires.library import Definition
from questionnaires.loader import Checked, check_definition, list_definitions, load_definition
from questionnaires.problems import InvalidDefinition, Problem, UnknownDefinition
from questionnaires.publishing import publish, read_record
from questionnaires.schema import Dimension, Question, Questionnaire
from questionnaires.untranslated import translation_problems

SECONDS_A_QUESTION = 30  # a rule of thumb for reading six levels and choosing one; not measured


@click.group()
def questionnaire() -> None:
    """List, show, check and publish questionnaires."""


@questionnaire.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_all(as_json: bool) -> None:
    """List every questionnaire that is here."""
    with refusals_as_bad_input():
        published = read_record(DEFINITIONS)
        rows = [_row(definition, published) for definition in list_definitions()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        state = "" if row["published"] else "  (not published)"
        click.echo(f"{row['id']}@{row['version']}  {row['title']}: {row['questions']} questions{state}")


def _row(definition: Definition, published: Container[str]) -> dict[str, object]:
    q = definition.questionnaire
    core = sum(question.core for question in q.questions.values())
    return {
        "id": q.id,
        "version": q.version,
        "title": q.title,
        "summary": q.summary,
        "language": q.language,
        "published": q.reference in published,
        "dated": q.published,
        "basis": q.source.basis,
        "dimensions": len(q.nodes),
        "questions": len(q.questions),
        "core": core,
        "minutes": _minutes(len(q.questions)),
        "core_minutes": _minutes(core),
        "actions": len(definition.actions),
    }


@questionnaire.command()
@click.argument("definition")
@click.option("--questions", is_flag=True, help="Print every question too.")
def show(definition: str, questions: bool) -> None:
    """Show what a questionnaire asks, how it weighs, and how long it takes.

    DEFINITION is an id, id@version, or the path of a folder or file.
    """
    with refusals_as_bad_input():
        shown = load_definition(definition)
    for line in _outline(shown, questions):
        click.echo(line)


def _outline(definition: Definition, with_questions: bool) -> Iterator[str]:
    q = definition.questionnaire
    asked = tuple(q.questions.values())
    core = [question for question in asked if question.core]
    some = [question for question in asked if question.applies_if is not None]
    yield f"{q.title}  ({q.reference}, {q.language})"
    yield f"{q.summary}"
    yield f"Source: {q.source.name}; weights and thresholds: {q.source.basis}; licence: {q.source.licence}"
    yield ""
    yield f"Questions   {len(asked)}, about {_minutes(len(asked))} min at half a minute each"
    if some:
        yield f"            {len(some)} of them only where a condition is met"
    if core:
        yield f"First pass  {len(core)} core, about {_minutes(len(core))} min"
    yield f"Scores      {q.scale.min:g} to {q.scale.max:g} by {q.aggregate}; missing answers: {q.missing}"
    yield "Profiles    " + ", ".join(f"{b.title} from {b.from_:g}" for b in q.profiles.bins)
    if q.fields:
        yield "The firm    " + ", ".join(field.id for field in q.fields)
    if definition.actions:
        told = sum(bool(action.cases) for action in definition.actions)
        yield f"Actions     {len(definition.actions)}, {told} of them shown by a case"
    yield ""
    yield from _branches(q, q.dimensions, 0, with_questions)


def _branches(
    questionnaire: Questionnaire, dimensions: Sequence[Dimension], depth: int, with_questions: bool
) -> Iterator[str]:
    total = sum(d.weight for d in dimensions)
    for dimension in dimensions:
        asked = [question for node in dimension.walk() for question in node.questions]
        core = sum(question.core for question in asked)
        rule = questionnaire.rule_of(dimension)
        notes = [f"{len(asked)} questions" if len(asked) != 1 else "1 question"]
        notes += [f"{core} core"] if core else []
        notes += [rule] if rule != questionnaire.aggregate else []
        share = f"{dimension.weight / total:.0%}" if dimension.weight else "not counted"
        yield f"{'  ' * depth}{share:>5}  {dimension.title}  ({', '.join(notes)})"
        if with_questions:
            for question in dimension.questions:
                yield from _asked(question, "  " * (depth + 4))
        yield from _branches(questionnaire, dimension.dimensions, depth + 1, with_questions)


def _asked(question: Question, indent: str) -> Iterator[str]:
    yield f"{indent}{question.text}  [{question.id}{', core' if question.core else ''}]"
    for number, level in enumerate(question.levels or ()):
        yield f"{indent}  {number}  {level.text}"
    if question.options:
        yield f"{indent}  any of: {', '.join(question.options.of)}"
    if question.number:
        unit = f" {question.number.unit}" if question.number.unit else ""
        yield f"{indent}  a number from {question.number.min:g} to {question.number.max:g}{unit}"


def _minutes(questions: int) -> int:
    return -(-questions * SECONDS_A_QUESTION // 60)


@questionnaire.command()
@click.option("--actions", "part", flag_value="actions", help="The schema of actions.yaml.")
@click.option("--examples", "part", flag_value="examples", help="The schema of examples.yaml.")
@click.option("--cases", "part", flag_value="cases", help="The schema of cases.yaml.")
@click.option("--moves", "part", flag_value="moves", help="The schema of moves.yaml.")
def schema(part: Part | None) -> None:
    """Print the JSON Schema of questionnaire.yaml, for editors."""
    click.echo(json.dumps(editor_schema(part or "questionnaire"), ensure_ascii=False, indent=2))


@questionnaire.command()
@click.argument("paths", nargs=-1, required=True)
@click.pass_context
def check(context: click.Context, paths: tuple[str, ...]) -> None:
    """Say everything that is wrong with definitions: file:line code message.

    Examples are scored too. The exit code is 1 if there is an error, 0 if there are only warnings.
    """
    absent: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found = _everything(check_definition(path))
        except InvalidDefinition as refusal:  # the list of published versions cannot be read
            found = refusal.problems
        except UnknownDefinition as refusal:
            absent.append(str(refusal))
            continue
        except OSError as error:
            absent.append(f"{error.filename or path}: {error.strerror or error}")
            continue
        problems += found
        for problem in found:
            click.echo(_told(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(_summary(len(paths) - len(absent), errors, len(problems) - errors), err=True)
    if absent:
        raise BadInput("; ".join(absent))
    context.exit(1 if errors else 0)


def _everything(checked: Checked) -> tuple[Problem, ...]:
    return (*checked.problems, *example_problems(checked), *translation_problems(checked))


def _told(problem: Problem) -> str:
    kind = "" if problem.severity == "error" else "warning: "
    return f"{problem.file}:{problem.line} {problem.code} {kind}{problem.message}"


def _summary(definitions: int, errors: int, warnings: int) -> str:
    return f"{definitions} checked: {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"


@questionnaire.command("publish")
@click.argument("path")
@click.pass_context
def publish_one(context: click.Context, path: str) -> None:
    """Freeze a version: from now on its files must stay as they are. A change is a new version."""
    with refusals_as_bad_input():
        checked = check_definition(path)
        errors = [problem for problem in _everything(checked) if problem.severity == "error"]
        if checked.definition is None or errors:
            for problem in errors:
                click.echo(_told(problem))
            click.echo("Not published: mend these errors first.", err=True)
            context.exit(1)
        reference = checked.definition.questionnaire.reference
        record = publish(checked.main, reference, checked.definition.sha256)
    click.echo(f"{reference} is published; its fingerprint is in {record}.")
