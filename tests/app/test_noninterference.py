"""What a firm sees does not depend on what other firms have: page for page, byte for byte."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import make_url

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.app import visitors
from tests.app.kept_databases import copy, highest, leave_only
from tests.app.test_access_matrix import TABLE
from tests.app.two_firms import Party, settle_in
from tests.app.visitors import World, settings_of
from tests.conftest import ORIGIN, migrated, postgresql_database

UNSTEADY = re.compile(rb'name=\\?"form_token\\?" value=\\?"[^"]*"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(\+00:00|Z)?')


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


def settled(url: str, artifacts: Path) -> tuple[Party, dict[str, int], dict[str, int]]:
    """A firm with one before it and one after it, and the numbers between which it lies."""
    settings, database = settings_of(url, artifacts), Database(url)
    settle_in(database, settings, "Zanzibar")
    before = highest(database)
    party = settle_in(database, settings, "Quebec")
    until = highest(database)
    settle_in(database, settings, "Yukon")
    database.close()
    return party, before, until


@contextmanager
def copied(url: str) -> Iterator[str]:
    """A database of the same content."""
    if url.startswith("sqlite"):
        file = Path(make_url(url).database or "")
        copy(file, file.with_name("alone.db"))
        yield f"sqlite:///{file.with_name('alone.db')}"
        return
    with postgresql_database(make_url(url).database or "") as alone:
        yield alone


def test_what_a_firm_sees_is_the_same_with_and_without_all_others(empty_database_url: str, tmp_path: Path) -> None:
    url = migrated(empty_database_url)
    party, before, until = settled(url, tmp_path / "artifacts")
    shutil.copytree(tmp_path / "artifacts", tmp_path / "alone")

    with copied(url) as alone:
        leave_only(alone, before, until)
        by_itself = replies(party, settings_of(alone, tmp_path / "alone"))
    among_others = replies(party, settings_of(url, tmp_path / "artifacts"))

    assert len([reply for reply in among_others.values() if isinstance(reply, tuple) and reply[0] == 200]) > 70
    assert {asked for asked in among_others if among_others[asked] != by_itself[asked]} == set()
