"""`fourward migrate`, `backup`, `restore` and `doctor`: the care of the database."""

import tempfile
from pathlib import Path

import click

from app import backups, doctor, upgrade
from app.commands.errors import BadInput, refusals_as_bad_input
from app.database import Database
from app.file_backups import KINDS, Kind, folder_beside, folder_of
from app.settings import read_settings


@click.command()
@click.option("--check", is_flag=True, help="Change nothing: test the migrations on a throw-away database.")
def migrate(check: bool) -> None:
    """Bring the database to this version's schema, all or nothing."""
    with refusals_as_bad_input():
        if check:
            check_migrations()
            return
        database = Database(read_settings().database_url)
        before = upgrade.revision_of(database)
        if before == upgrade.newest():
            click.echo("The database is up to date.")
            return
        if before is not None and database.file is not None:
            kept = database.file.with_name(f"{database.file.name}.before-{upgrade.newest()}")
            backups.back_up(database, kept)
            click.echo(f"Backed up to {kept}.")
        upgrade.upgrade(database)
        click.echo(f"The database is now at {upgrade.newest()}.")


def check_migrations() -> None:
    """Run every migration on an empty SQLite file and compare the outcome with the declared tables."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/check.db")
        upgrade.upgrade(database)
        upgrade.check_in_step(database)
        database.close()
    click.echo("Migrations and tables are in step.")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def backup(path: Path) -> None:
    """Copy the database to PATH while the service runs, and verify the copy.

    Evidence goes to PATH.evidence, the files of releases to PATH.releases.
    """
    with refusals_as_bad_input():
        settings = read_settings()
        rows = backups.back_up(Database(settings.database_url), path)
        click.echo(f"{path}: {rows} rows, verified.")
        for kind in KINDS:
            _tell_files(kind, *backups.back_up_files(path, settings.artifacts, kind), folder_beside(path, kind))


def _tell_files(kind: Kind, copied: int, missing: list[str], where: Path) -> None:
    if copied:
        click.echo(f"{where}: {copied} files of {kind}.")
    if missing:
        names = ", ".join(name[:12] for name in missing[:5])
        click.echo(f"{len(missing)} files of {kind} are not there or damaged: {names}.", err=True)


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def restore(path: Path) -> None:
    """Put the backup at PATH in the place of the database, and its evidence back; the service must be stopped."""
    with refusals_as_bad_input():
        settings = read_settings()
        kept = backups.restore(Database(settings.database_url), path)
        click.echo("Restored." if kept is None else f"Restored. What was there before is at {kept}.")
        for kind in KINDS:
            folder = folder_of(kind, settings.artifacts)
            _tell_files(kind, *backups.restore_files(path, settings.artifacts, kind), folder)


@click.command(name="doctor")
def examine() -> None:
    """Say what keeps this installation from its work."""
    with refusals_as_bad_input():
        findings = doctor.examine(read_settings())
    for finding in findings:
        click.echo(f"{finding.mark}  {finding.text}")
    if any(f.is_trouble for f in findings):
        raise BadInput("Something needs your hand: see the lines above that are marked '!'.")
