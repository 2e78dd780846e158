"""`fourward firm`: find a firm, hand it its data, erase it, and list firms that are probably one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import firm_data
from app.commands.errors import refusals_as_bad_input
from app.commands.output import whole_file
from app.database import Database
from app.settings import Settings, read_settings
from assessment import firm_duplicates, firm_erasure, firm_export, firms


@click.group()
def firm() -> None:
    """Find, export and erase firms, and list those that are probably one."""


@contextmanager
def _opened(*, writing: bool = False) -> Iterator[tuple[Settings, Session]]:
    with refusals_as_bad_input():
        settings = read_settings()
        database = Database(settings.database_url)
        try:
            with database.transaction() if writing else database.reader() as session:
                yield settings, session
        finally:
            database.close()


@firm.command()
@click.argument("words", default="")
@click.option("--most", default=100, show_default=True, type=click.IntRange(1, 100_000), help="How many are listed.")
def find(words: str, most: int) -> None:
    """List firms whose name or registration number holds WORDS: number, name, country, registration number.

    They come by name. Where there are more than are listed, that is told beside them.
    """
    with _opened() as (_, session):
        found = firms.search(session, words, most + 1)
    for row in found[:most]:
        click.echo("\t".join(map(str, row)))
    if len(found) > most:
        click.echo(f"There are more than {most}. Give more of the name, or --most.", err=True)


@firm.command()
def duplicates() -> None:
    """List firms of one country with the same registration number, or the same name but for its legal form."""
    with _opened() as (_, session):
        found = firm_duplicates.list_alike(session)
    for each in found:
        click.echo(f"same {each.why}:")
        for row in each.firms:
            click.echo("\t" + "\t".join(map(str, row)))


@firm.command()
@click.argument("number")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where the ZIP goes; it appears when it is whole.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of its README.")
def export(number: str, output: str, language: str) -> None:
    """Write all that is kept of the firm NUMBER: answers with their history, people, files and reports."""
    with _opened() as (settings, session):
        access = firms.get_any_firm(session, number)
        files = firm_export.files_of(session, access.firm.id)
        with whole_file(Path(output)) as file:
            firm_data.write_export(settings, session, access, files, language, datetime.now(UTC), file)
    click.echo(f"{output}: {len(files)} files and reports.")


@firm.command()
@click.argument("number")
@click.option("--name", required=True, help="The firm's name, so that nobody erases another by a slip.")
def erase(number: str, name: str) -> None:
    """Erase the firm NUMBER with all its answers, files and reports. Backups hold it until you throw them away."""
    with _opened(writing=True) as (settings, session):
        access = firms.get_any_firm(session, number, for_change=True)
        firm_erasure.confirm(access.firm, name)
        gone = firm_data.erase(settings, session, access)
    click.echo(f"Erased: {gone.assessments} assessments, {gone.files} files and reports.")
