"""Small writes that wait at the same time share one transaction: one wait for the disk serves them all."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.database import Database
from questionnaires.problems import Refused

log = logging.getLogger("fourward.group_commit")
T = TypeVar("T")
MOST = 64  # in one transaction, so that nobody else waits long for a turn


class Group(Protocol):
    """What the writes of one transaction have in common."""

    def write(self) -> None: ...


class Apart:
    """Writes that have nothing in common but the transaction."""

    def __init__(self, _session: Session, _about: object) -> None:
        pass

    def write(self) -> None:
        pass


G = TypeVar("G", bound=Group)
A = TypeVar("A")  # what a write is about
Begin = Callable[[Session, Sequence[A]], G]


class _Write(Generic[A, G]):
    """Work that waits for its turn, and what has become of it."""

    def __init__(self, work: Callable[[Session, G], Any], about: A) -> None:
        self.work, self.about = work, about
        self.committed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.result: Any = None
        self.refusal: Exception | None = None

    def do(self, session: Session, group: G) -> None:
        """What is refused has written nothing yet, so that there is nothing to undo."""
        self.refusal = None
        try:
            self.result = self.work(session, group)
            session.flush()
        except Refused as refusal:
            self.refusal = refusal

    def do_guarded(self, session: Session, begin: Begin[A, G]) -> None:
        """The same for itself, with a savepoint that undoes whatever goes wrong."""
        connection = session.connection()
        connection.exec_driver_sql("SAVEPOINT one")
        try:
            group = begin(session, [self.about])
            self.do(session, group)
            group.write()
        except Exception as error:
            self.refusal = error
            session.expunge_all()
            connection.exec_driver_sql("ROLLBACK TO one")
        connection.exec_driver_sql("RELEASE one")

    def tell(self, failure: Exception | None) -> None:
        if self.committed.done():
            return  # whoever waited has gone
        problem = failure or self.refusal
        if problem is None:
            self.committed.set_result(self.result)
        else:
            self.committed.set_exception(problem)


class GroupCommit(Generic[A, G]):
    """Does small writes, each as if in a transaction of its own.

    SQLite has one writer. PostgreSQL has two lanes, so that one waits for the disk while the other works. `begin` gets
    what the writes of a group are about, and holds it in an order that is always the same: were each held by its own
    write, then two lanes, or two servers, could wait for each other in a circle.
    """

    def __init__(self, database: Database, begin: Begin[A, G]) -> None:
        self._lanes = [_Lane(database, begin) for _ in range(1 if database.is_sqlite else 2)]

    async def run(self, work: Callable[[Session, G], T], about: A, key: str) -> T:
        """The result of `work`, once it is committed. It refuses before it writes, or not at all.

        Whatever else it raises undoes it and nobody else's work; for that, the works of its group are done again.
        Works of the same `key` are in the same lane, or one lane would often stand still until the other has written.
        """
        write = _Write(work, about)
        self._lanes[self.lane_of(key)].add(write)
        return await write.committed  # type: ignore[no-any-return]

    def lane_of(self, key: str) -> int:
        return hash(key) % len(self._lanes)


class _Lane(Generic[A, G]):
    """Writes in the order in which they came, as many at a time as wait."""

    def __init__(self, database: Database, begin: Begin[A, G]) -> None:
        self.database, self.begin = database, begin
        self._waiting: deque[_Write[A, G]] = deque()
        self._serving: asyncio.Task[None] | None = None

    def add(self, write: _Write[A, G]) -> None:
        self._waiting.append(write)
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        while self._waiting:
            failure: Exception | None = None
            group: list[_Write[A, G]] = []
            try:
                async with self.database.place(writing=True):
                    group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                    await run_in_threadpool(self._do, group)
            except Exception as error:
                failure = error
                group = group or [self._waiting.popleft() for _ in range(len(self._waiting))]
            for write in group:
                write.tell(failure)
        self._serving = None

    def _do(self, writes: list[_Write[A, G]]) -> None:
        with self.database.writing() as session:
            try:
                group = self.begin(session, [write.about for write in writes])
                for write in writes:
                    write.do(session, group)
                group.write()
            except Exception as error:
                if len(writes) == 1:
                    raise
                log.warning("A group of %d writes is done again, each guarded from the others: %r", len(writes), error)
                session.rollback()
                self.begin(session, [write.about for write in writes])
                for write in writes:
                    write.do_guarded(session, self.begin)
            session.commit()
