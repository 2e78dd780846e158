"""`fourward aggregate`: a release of a programme, from the command line, for a job that runs by the clock."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from app import artifacts, release_files
from app.commands.errors import BadInput, refusals_as_bad_input
from app.commands.transactions import now
from app.database import Database
from app.release_files import Service
from app.release_job import reasons_of
from app.settings import read_settings
from app.shelf import Shelf
from assessment import release_units, releases
from assessment.errors import NotFound
from assessment.release_refusals import told_reasons
from scoring.disclosure import NotSettled
from scoring.release_gate import ReleaseRefused


@click.command()
@click.option("--programme", type=click.IntRange(1, 2**31 - 1), required=True, metavar="N", help="Its number.")
@click.option("--wave", "waves", type=int, multiple=True, metavar="YEAR", help="A wave; once for each. Else all.")
@click.option("--title", default="", metavar="TEXT", help="What the release is called.")
@click.option("--publish", is_flag=True, help="Let everybody read it, for ever.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Copy its files there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def aggregate(
    programme: int, waves: tuple[int, ...], title: str, publish: bool, out: Path | None, as_json: bool
) -> None:
    """Make a release of a programme: protected tables of all its firms, as the page of its releases makes them.

    A release that does not pass the gate is not entered, and the command ends with 1.
    """
    with refusals_as_bad_input():
        settings = read_settings()
        database = Database(settings.database_url)
        try:
            service = Service(database, settings, Shelf(settings.definitions))
            told = _made(service, programme, waves, title, publish)
        except (ReleaseRefused, NotSettled) as refusal:
            said = " ".join(message % values for message, values in told_reasons(reasons_of(refusal)))
            raise click.ClickException(f"The release is refused. {said}") from refusal
        finally:
            database.close()
        if out is not None:
            _copy(settings.artifacts, out, told["files"])
        _tell(told, as_json)


def _made(service: Service, programme: int, waves: tuple[int, ...], title: str, publish: bool) -> dict[str, Any]:
    with service.database.reader() as session:
        try:
            found = releases.get_programme(session, programme)
        except NotFound:
            raise BadInput(
                f"There is no programme {programme}. Its number stands in the address of its page."
            ) from None
        there = release_units.waves_of(session, programme)
        if there and (missing := sorted(set(waves) - set(there))):
            years, others = (", ".join(map(str, some)) for some in (missing, there))
            raise BadInput(f"No firm of this programme was assessed in {years}. There is something of {others}.")
        asked = releases.plan(session, found, title, waves)
    made = release_files.make(service, asked, now(), lambda step: click.echo(step, err=True))
    with service.database.transaction() as session:
        release = releases.enter(session, asked, made.manifest, made.kept_sha256, made.files, now())
        if publish:
            releases.publish(session, release, now())
        return {
            "release": release.id,
            "number": release.number,
            "state": release.state,
            "cube_sha256": release.cube_sha256,
            "cells": made.manifest["cells"],
            "protection": made.manifest["protection"],
            "files": dict(made.files),
        }


def _copy(folder: Path, out: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        shutil.copyfile(artifacts.path_of(folder, file["sha256"]), out / name)


def _tell(told: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    cells, protection = told["cells"], told["protection"]
    click.echo(f"Release {told['number']} is {told['state']}: /releases/{told['release']}")
    click.echo(f"{cells['shown']} cells are shown, {cells['held_back']} are held back.")
    narrowest = protection["narrowest"]
    how = "" if narrowest is None else f"; each sum over few firms is uncertain by {narrowest:g} firms or more"
    click.echo(f"{protection['secrets']} sums stay secret{how}.")
    click.echo(f"sha256 {told['cube_sha256']}")
