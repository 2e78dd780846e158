"""The database's door: the engine, its transactions, and whose turn it is."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from starlette.concurrency import run_in_threadpool

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import sqlite3

from assessment.workshop_events import COUNTED, TOLD
from questionnaires.problems import Refused

Tell = Callable[[Mapping[int, int], Collection[int]], None]

# From 3.7.0 to 3.51.2 a write-ahead log with two connections can corrupt the file; older ones keep a rollback journal.
sqlite: Any = sqlite3
WAL_IS_SOUND = sqlite3.sqlite_version_info >= (3, 51, 3)
READERS = 6  # fewer than the threads of the pool, so that whoever holds a session always finds a thread
TURN_SECONDS = 10.0
CHANNEL = "fourward_workshops"  # on which PostgreSQL tells every process that a workshop has a new number


class AlreadyServed(Refused):
    """Another server runs on this database file."""


class DatabaseBusy(Exception):
    """No turn at the database within `TURN_SECONDS`."""


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # pysqlite's own transaction handling commits behind our back; BEGIN is ours (see _begin).
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {TURN_SECONDS * 1000:.0f}",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "secure_delete = ON",  # what is erased leaves the file, and not only its index
        "cell_size_check = ON",
        f"journal_mode = {'WAL' if WAL_IS_SOUND else 'TRUNCATE'}",
        f"synchronous = {'FULL' if WAL_IS_SOUND else 'EXTRA'}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _remember_file(file: Path, _connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["file"] = _identity(file)


def _refuse_other_file(file: Path, _connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    # Whoever deletes or replaces the file leaves us writing into one that nobody will ever read.
    if record.info["file"] != _identity(file):
        raise DisconnectionError


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once when another has written since.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def make_engine(url: str) -> Engine:
    """An engine whose transactions mean the same on SQLite and on PostgreSQL."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=READERS, max_overflow=2, pool_pre_ping=True)
    file = Path(make_url(url).database or "").absolute()

    def open_file() -> Any:
        # mode=rw: a database that is gone is an error, and not a new, empty one.
        return sqlite.connect(f"file:{quote(str(file))}?mode=rw", uri=True, check_same_thread=False)

    engine = create_engine(url, module=sqlite, creator=open_file, pool_size=READERS, max_overflow=2)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "connect", partial(_remember_file, file))
    event.listen(engine, "checkout", partial(_refuse_other_file, file))
    event.listen(engine, "begin", _begin)
    return engine


class Database:
    """One database, and the order in which requests take their turn at it.

    Waiting for a turn happens on the event loop and never in a thread: threads that wait for the one writer
    would fill the pool, and the writer itself would find no thread to finish in.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.reading = sessionmaker(self.engine, expire_on_commit=False)
        self.writing = sessionmaker(self.engine.execution_options(writing=True), expire_on_commit=False)
        # Called after a commit, in whatever thread: workshops with their newest numbers, and those to count anew.
        self.tell: Tell = lambda _numbers, _counted: None
        event.listen(self.writing, "before_commit", self._tell_other_processes)
        event.listen(self.writing, "after_commit", self._tell_this_process)
        event.listen(self.writing, "after_rollback", _forget_news)
        self._readers = asyncio.Semaphore(READERS)
        self._writers = asyncio.Semaphore(1) if self.is_sqlite else self._readers

    @property
    def file(self) -> Path | None:
        """The SQLite file, None on PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit at the end, roll back when the body raises. For commands and workers."""
        with self.writing.begin() as session:
            yield session

    @contextmanager
    def reader(self) -> Iterator[Session]:
        """A consistent view that stores nothing."""
        with self.reading() as session:
            yield session

    @asynccontextmanager
    async def place(self, *, writing: bool) -> AsyncIterator[None]:
        """Wait for a turn at the database, and hold it.

        Raises:
            DatabaseBusy: it has not come in time.
        """
        turns = self._writers if writing else self._readers
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await turns.acquire()
        except TimeoutError as error:
            raise DatabaseBusy from error
        try:
            yield
        finally:
            turns.release()

    @asynccontextmanager
    async def turn(self, *, writing: bool) -> AsyncIterator[Session]:
        """A request's session when its turn has come; commits at the end when `writing`."""
        async with self.place(writing=writing):
            session = (self.writing if writing else self.reading)()
            try:
                yield session
                if writing:
                    await run_in_threadpool(session.commit)
            finally:
                # Closing rolls back what was not committed; it is quick, and must happen even when we are cancelled.
                session.close()

    def _tell_other_processes(self, session: Session) -> None:
        # In the same transaction: it is delivered when this is committed, and never otherwise.
        if self.is_sqlite or session.in_nested_transaction():
            return
        for workshop_id, seq in session.info.get(TOLD, {}).items():
            session.execute(select(func.pg_notify(CHANNEL, f"{workshop_id}:{seq}")))

    def _tell_this_process(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        numbers, counted = session.info.pop(TOLD, {}), session.info.pop(COUNTED, set())
        if numbers or counted:
            self.tell(numbers, counted)

    @contextmanager
    def only_server(self) -> Iterator[None]:
        """Hold this SQLite file for one server; a second one is refused.

        Raises:
            AlreadyServed: another server holds it.
        """
        if self.file is None:
            yield
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.with_name(self.file.name + ".lock").open("w") as lock:
            _take(lock, self.file)
            yield

    def close(self) -> None:
        self.engine.dispose()


def _forget_news(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(TOLD, None)
        session.info.pop(COUNTED, None)


def _take(lock: IO[str], file: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise AlreadyServed(
            f"Another server already uses {file}. Stop it first, or choose another database."
        ) from error


def is_writing(session: Session) -> bool:
    """Whether what is changed in this session is kept."""
    return bool(session.get_bind().engine.get_execution_options().get("writing", False))
