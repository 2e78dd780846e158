"""`fourward import`: look at a sheet of firms or of the register, and take it in."""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import orjson
from sqlalchemy.orm import Session

from app import import_files, import_storing
from app.commands.errors import refusals_as_bad_input
from app.database import Database
from app.import_job import Imports, Told
from app.import_storing import Brought
from app.settings import Settings, read_settings
from app.shelf import Shelf
from assessment import import_orders, job_queue
from assessment.firm_storing import Order
from assessment.import_orders import FIRMS, REGISTER
from assessment.import_problems import RowProblem

LEASE = timedelta(minutes=10)  # without a sign of life for so long, this import counts as killed


@click.command("import")
@click.option("--programme", "number", type=click.IntRange(1), required=True, help="Number of the programme.")
@click.option("--kind", type=click.Choice([FIRMS, REGISTER]), default=FIRMS, show_default=True)
@click.option(
    "--apply", "applies", is_flag=True, help="Take the file in when it has no problems: all of it, or nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_sheet(number: int, kind: str, applies: bool, as_json: bool, file: Path) -> None:
    """Take in firms or the business register from a sheet.

    Looks at FILE (XLSX or CSV) and prints every problem by row; with problems the exit code is 1. Without --apply
    nothing is stored.
    """
    with refusals_as_bad_input():
        settings = read_settings()
        database = Database(settings.database_url)
        try:
            told = Told()
            found = _run(database, settings, number, kind, file, told, applies)
        finally:
            database.close()
    _print(found, told, applies, as_json)
    if told.count:
        sys.exit(1)


def _run(
    database: Database, settings: Settings, number: int, kind: str, file: Path, told: Told, applies: bool
) -> dict[str, Any]:
    folder = import_files.import_folder(settings)
    imports = Imports(database, Shelf(settings.definitions), folder)
    if not applies:
        return imports.look(number, kind, file, told, _say)
    brought, found = imports.bring(number, kind, file, told, _say)
    if not told.count:
        _store(database, brought, found, number, kind, file)
    brought.close()
    return found


def _store(database: Database, brought: Brought, found: dict[str, Any], number: int, kind: str, file: Path) -> None:
    now = datetime.now(UTC)
    with database.transaction() as session:
        order_id, held = import_orders.begin_here(session, number, kind, file.name, found, now, LEASE)
    lives = time.monotonic()

    def finish(session: Session) -> None:
        import_orders.note_done(session, order_id, found, now)
        job_queue.finish(session, held)

    def said(rows: int) -> None:
        nonlocal lives
        _line(f"{rows} stored")
        if time.monotonic() - lives > LEASE.total_seconds() / 10:
            lives = time.monotonic()
            with database.transaction() as session:
                job_queue.beat(session, held, datetime.now(UTC), LEASE)

    try:
        brought.store(database, Order(order_id, None, now), finish, said)
    except BaseException:  # also when somebody presses Ctrl-C
        with database.transaction() as session:
            import_orders.note_failed(session, order_id, "stopped:0", datetime.now(UTC))
            job_queue.fail(session, held, "stopped", datetime.now(UTC))
        import_storing.clear(database)
        raise


def _say(rows: int) -> None:
    _line(f"{rows} rows")


def _line(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{text:<24}", nl=False, err=True)


def _print(found: dict[str, Any], told: Told, applies: bool, as_json: bool) -> None:
    if sys.stderr.isatty():
        _line("")
        click.echo("\r", nl=False, err=True)
    problems = [RowProblem.from_json(orjson.loads(line)) for line in told.lines]
    is_in = applies and not told.count
    if as_json:
        names = ("row", "column", "name", "found", "code", "what_to_do")
        rows = [(p.row, p.column, p.name, p.found, p.code, _words(p)) for p in problems]
        told_json = [dict(zip(names, row, strict=True)) for row in rows]
        whole = {**found, "taken_in": is_in, "problems": told.count, "first_problems": told_json}
        click.echo(orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode())
        return
    for each in problems:
        where = f"row {each.row}" + (f", column {each.column} ({each.name})" if each.column else "")
        shown = f" [{each.found}]" if each.found else ""
        click.echo(f"{where}{shown}: {_words(each)}")
    if told.count > len(problems):
        click.echo(f"and {told.count - len(problems)} more")
    counts = f"{found['rows']} rows, {found['new_firms']} new firms, {found['assessments']} assessments"
    end = "taken in" if is_in else f"problems: {told.count}; nothing was stored"
    click.echo(f"{counts}; {end}")


def _words(problem: RowProblem) -> str:
    return problem.message % problem.values if problem.values else problem.message
