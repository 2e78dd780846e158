"""`fourward workshop`: check the record of a workshop."""

import sys
from collections.abc import Sequence

import click

from app.commands.errors import BadInput, refusals_as_bad_input
from app.database import Database
from app.settings import read_settings
from app.shelf import Shelf
from assessment import workshops
from assessment.record_check import Difference, check, compare
from assessment.record_file import LARGEST, read_record_file
from assessment.workshop_access import WorkshopNotFound
from assessment.workshop_record import Record, record_of, record_sha256
from questionnaires.library import Definition

SHOWN = 20  # differences that are printed
LONGEST = 80  # characters of a figure


@click.group()
def workshop() -> None:
    """Check the record of a workshop."""


@workshop.command()
@click.argument("file")
@click.option("--workshop", "number", type=int, help="Number of the workshop here: work it out from its ballots too.")
def verify(file: str, number: int | None) -> None:
    """Work out every figure of the record in FILE anew, and say which differ.

    FILE is what the workshop's page hands out as record. Bars and chances are drawn from single ballots, which no
    record holds; with --workshop, on the machine that has them, they are worked out anew as well.
    """
    with refusals_as_bad_input():
        with open(file, "rb") as source:
            record, sha256 = read_record_file(source.read(LARGEST + 1))
        settings = read_settings()
        definition = _definition(Shelf(settings.definitions), record)
        found = _checked(record, definition)
        if sha256 != record_sha256(record):
            found.insert(0, Difference("sha256", sha256, record_sha256(record)))
        if number is not None:
            found += _from_ballots(settings.database_url, number, record, definition)
    _print(found, number is not None)
    sys.exit(1 if found else 0)


def _definition(shelf: Shelf, record: Record) -> Definition:
    versions = record.get("versions", {})
    definition = shelf.get(f"{versions.get('questionnaire')}@{versions.get('questionnaire_version')}")
    if definition.sha256 != versions.get("questionnaire_sha256"):
        raise BadInput("The questionnaire of this version is another one here; its figures would not be the same.")
    return definition


def _checked(record: Record, definition: Definition) -> list[Difference]:
    try:
        return list(check(record, definition))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BadInput("This record is damaged: something that it must hold is missing, or of another kind.") from error


def _from_ballots(url: str, number: int, record: Record, definition: Definition) -> list[Difference]:
    database = Database(url)
    try:
        with database.reader() as session:
            row = workshops.get(session, number)
            return list(compare("", record, record_of(session, row, definition)))
    except WorkshopNotFound as refusal:
        raise BadInput("There is no workshop with this number here.") from refusal
    finally:
        database.close()


def _print(found: Sequence[Difference], with_ballots: bool) -> None:
    for each in found[:SHOWN]:
        click.echo(f"{each.path}: the record says {_short(each.told)}, worked out anew it is {_short(each.found)}")
    if len(found) > SHOWN:
        click.echo(f"and {len(found) - SHOWN} more")
    if found:
        return
    if with_ballots:
        click.echo("Every figure was worked out anew from the ballots, with the same seed, and is the same.")
    else:
        click.echo("Every figure that follows from the counts was worked out anew and is the same.")
        click.echo("Bars and chances agree with them; to draw them anew takes the ballots: --workshop NUMBER.")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
