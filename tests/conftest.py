"""What every test may ask for: a migrated database (SQLite, and PostgreSQL where there is one), the app, a browser."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import create_engine, event, make_url, text
from starlette.types import ASGIApp, Receive, Scope, Send

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.upgrade import upgrade
from assessment.tables import Table
from reports import pdf
from tests.factories import TINY_FOLDER

POSTGRESQL = os.environ.get("FOURWARD_TEST_POSTGRESQL", "")
ORIGIN = "http://testserver"
MOST_STATEMENTS = 6


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if POSTGRESQL:
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    items[:] = [item for item in items if not item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = len(left_out)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(f"{count} tests on PostgreSQL were left out: FOURWARD_TEST_POSTGRESQL is not set")


@contextmanager
def postgresql_database(template: str = "template1") -> Iterator[str]:
    """A PostgreSQL database of its own, empty or of another's content."""
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def migrated(url: str) -> str:
    database = Database(url)
    upgrade(database)
    database.close()
    return url


@pytest.fixture(scope="session", autouse=True)
def renderer_ends_with_the_tests() -> Iterator[None]:
    """The process that lays out reports is started by the first test that makes one, and serves all that follow."""
    yield
    pdf.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_migrated() -> Iterator[Database]:
    """A migrated PostgreSQL database; tests share it and empty it, which is quicker than a new one each."""
    with postgresql_database() as url:
        database = Database(migrated(url))
        yield database
        database.close()


def emptied(database: Database) -> str:
    with database.transaction() as session:
        tables = ", ".join(t.name for t in Table.metadata.sorted_tables)
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    return database.url.render_as_string(hide_password=False)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of its own."""
    if request.param == "sqlite":
        (tmp_path / "empty.db").touch()
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgresql_database() as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database at this version's schema, of its own."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    yield emptied(request.getfixturevalue("postgresql_migrated"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    yield found
    found.close()


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A migrated SQLite file, for what is true of SQLite alone."""
    found = Database(f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'only.db')}")
    yield found
    found.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        artifacts=tmp_path / "artifacts",
        public_url=ORIGIN,
        definitions=TINY_FOLDER,
        workers=0,
        lease_seconds=2,
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[FastAPI]:
    found = create_app(settings)
    yield found
    found.state.database.close()


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """The statements that the service runs, as they come."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


OF_REQUEST: ContextVar[list[str] | None] = ContextVar("statements of the request", default=None)


class NotesStatements:
    """Notes what each request runs, and nothing of what runs beside it: streams that begin, notices to others."""

    def __init__(self, app: ASGIApp, requests: list[list[str]]) -> None:
        self.app, self.requests = app, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        self.requests.append([])
        before = OF_REQUEST.set(self.requests[-1])
        try:
            await self.app(scope, receive, send)
        finally:
            OF_REQUEST.reset(before)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser without JavaScript, as the server sees it. No page it reads may take more than six statements."""
    requests: list[list[str]] = []
    engine = app.state.database.engine
    app.middleware_stack = NotesStatements(app.middleware_stack or app.build_middleware_stack(), requests)

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        found = OF_REQUEST.get()
        if found is not None and not statement.startswith("BEGIN"):
            found.append(statement)

    def few_statements(reply: Response) -> None:
        is_page = reply.request.method == "GET" and reply.headers.get("content-type", "").startswith("text/html")
        assert not is_page or len(requests[-1]) <= MOST_STATEMENTS, (reply.request.url.path, requests[-1])

    event.listen(engine, "before_cursor_execute", note)
    with TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False) as found:
        found.event_hooks = {"response": [few_statements]}
        yield found
    event.remove(engine, "before_cursor_execute", note)
