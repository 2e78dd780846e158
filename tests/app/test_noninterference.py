"""What a firm sees does not depend on what other firms have: page for page, byte for byte."""

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database, sqlite
from app.main import create_app
from app.settings import Settings
from assessment.tables import Table
from tests.app import visitors
from tests.app.test_access_matrix import TABLE
from tests.app.two_firms import Party, settle_in
from tests.app.visitors import World, copy, settings_of
from tests.conftest import ORIGIN

UNSTEADY = re.compile(rb'name=\\?"form_token\\?" value=\\?"[^"]*"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(\+00:00|Z)?')
TABLES = [table.name for table in Table.metadata.sorted_tables if "id" in table.columns]


def highest(file: Path) -> dict[str, int]:
    connection = sqlite.connect(file)
    found = {name: connection.execute(f'SELECT coalesce(max(id), 0) FROM "{name}"').fetchone()[0] for name in TABLES}  # noqa: S608
    connection.close()
    return found


def leave_only(file: Path, after: dict[str, int], until: dict[str, int]) -> None:
    """Take away every row of the firms that came before and after, whatever the service would allow."""
    connection = sqlite.connect(file)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for name in TABLES:
        connection.execute(f'DELETE FROM "{name}" WHERE id <= ? OR id > ?', (after[name], until[name]))  # noqa: S608
    connection.commit()
    connection.close()


def content(answer: Response) -> object:
    """What was answered, without the moment and the token of the page."""
    body = UNSTEADY.sub(b"", answer.content)
    if answer.headers.get("content-type") == "application/zip":
        archive = zipfile.ZipFile(BytesIO(answer.content))
        body = b"".join(name.encode() + UNSTEADY.sub(b"", archive.read(name)) for name in archive.namelist())
    return answer.status_code, answer.headers.get("content-type"), answer.headers.get("location"), body


def replies(party: Party, settings: Settings) -> dict[str, object]:
    """Every page and every reply of the API."""
    app = create_app(settings)
    found: dict[str, object] = {}
    with TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False) as client:
        world = World(client, party, party)
        for method, route in TABLE:
            for who in ("manager", "colleague") if method == "GET" else ():
                found[f"{who} {route}"] = content(visitors.request(world, who, method, route).send(client))
    return found


def test_what_a_firm_sees_is_the_same_with_and_without_all_others(tmp_path: Path, sqlite_template: Path) -> None:
    file, alone = tmp_path / "all.db", tmp_path / "alone.db"
    shutil.copyfile(sqlite_template, file)
    settings = settings_of(file, tmp_path / "artifacts")
    database = Database(settings.database_url)
    settle_in(database, settings, "Zanzibar")
    before = highest(file)
    party = settle_in(database, settings, "Quebec")
    until = highest(file)
    settle_in(database, settings, "Yukon")
    database.close()
    copy(file, alone)
    leave_only(alone, before, until)
    shutil.copytree(settings.artifacts, tmp_path / "alone")

    among_others = replies(party, settings)
    by_itself = replies(party, settings_of(alone, tmp_path / "alone"))

    assert len([reply for reply in among_others.values() if isinstance(reply, tuple) and reply[0] == 200]) > 70
    assert {asked for asked in among_others if among_others[asked] != by_itself[asked]} == set()
