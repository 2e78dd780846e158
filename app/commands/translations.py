"""`fourward translations`: the translators' round trip, by PO files."""

from collections.abc import Iterator
from pathlib import Path

import click

from app.commands.errors import refusals_as_bad_input
from app.translations import check_catalogues, update_catalogues

ROOT = Path(__file__).parent.parent.parent


@click.group()
def translations() -> None:
    """Bring the catalogues in step with the texts, and check them."""


@translations.command()
def update() -> None:
    """Write every text that can be translated into the PO files, keeping what is translated."""
    with refusals_as_bad_input():
        for line in update_catalogues(ROOT):
            click.echo(line)


@translations.command()
def check() -> None:
    """Say how complete each catalogue is; exit 1 where one is out of step or a translation is broken."""
    with refusals_as_bad_input():
        problems = list(_report())
    if problems:
        raise SystemExit(1)


def _report() -> Iterator[str]:
    for state in check_catalogues(ROOT):
        click.echo(state.summary)
        for problem in state.problems:
            click.echo(f"  {problem}")
            yield problem
