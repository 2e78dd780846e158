"""`fourward demo`: the whole service on your own machine, with three firms, a workshop and a programme to look at."""

import tempfile
from pathlib import Path

import click

from app import demo as firms_of_demo
from app import demo_programme, demo_workshop, made_up_country, upgrade
from app.commands.errors import refusals_as_bad_input
from app.commands.serve import run_server
from app.database import Database
from app.logs import log_as_json
from app.settings import Settings, read_settings
from app.shelf import Shelf

QUESTIONNAIRE, INSTRUMENT = "industry4-readiness", "qi4tf"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--temporary", is_flag=True, help="Keep nothing: use a folder that goes away at the end.")
@click.option("--firms", type=click.IntRange(1), help="Also a made-up country: firms in each of its five waves.")
def demo(port: int, folder: Path, temporary: bool, firms: int | None) -> None:
    """Run the service with firms, a workshop and a programme. Ctrl-C ends it."""
    with refusals_as_bad_input():
        if temporary:
            with tempfile.TemporaryDirectory() as given:
                _run(port, Path(given), firms)
        else:
            _run(port, folder, firms)


def _run(port: int, folder: Path, firms: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_of_demo(port, folder)
    database = Database(settings.database_url)
    with database.only_server():
        upgrade.upgrade(database)
        shelf = Shelf(settings.definitions)
        firms_of_demo.seed(database, shelf.newest_of(QUESTIONNAIRE))
        demo_workshop.seed(database, shelf.newest_of(INSTRUMENT, "workshop"), firms_of_demo.ACCOUNT)
        demo_programme.seed(database, shelf.newest_of(QUESTIONNAIRE))
        if firms is not None:
            _add_country(database, shelf, firms)
    database.close()
    log_as_json()
    click.echo(f"Fourward runs at {settings.public_url}")
    for label, link in (*firms_of_demo.links(), demo_workshop.link(), demo_programme.link()):
        click.echo(f"  {label}: {settings.public_url}{link}")
    people = ", ".join((firms_of_demo.ACCOUNT, *demo_programme.PEOPLE.values()))
    click.echo(f"  Sign in as {people}: {settings.public_url}/sign-in")
    click.echo(f"  Their mails, with the codes: {settings.public_url}/outbox")
    click.echo("Ctrl-C ends it.")
    run_server(settings)


def _add_country(database: Database, shelf: Shelf, firms: int) -> None:
    click.echo(f"Making up a country with {firms:,} firms in each wave. None of them exists.")
    written = made_up_country.seed(database, shelf.newest_of(QUESTIONNAIRE), firms_of_demo.ACCOUNT, firms, click.echo)
    if written is None:
        click.echo("  It is there already.")


def settings_of_demo(port: int, folder: Path) -> Settings:
    return read_settings(
        database_url=f"sqlite:///{(folder / 'fourward.db').absolute()}",
        artifacts=(folder / "artifacts").absolute(),
        public_url=f"http://127.0.0.1:{port}",
        host="127.0.0.1",
        port=port,
        demo=True,
    )
