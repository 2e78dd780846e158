"""Small writes that wait at the same time share one transaction: one wait for the disk serves them all."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.database import Database
from questionnaires.problems import Refused

log = logging.getLogger("fourward.group_commit")
T = TypeVar("T")
MOST = 64  # in one transaction, so that nobody else waits long for a turn


class _Write:
    """Work that waits for its turn, and what has become of it."""

    def __init__(self, work: Callable[[Session], Any], about: str) -> None:
        self.work, self.about = work, about
        self.committed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.result: Any = None
        self.refusal: Exception | None = None

    def do(self, session: Session) -> None:
        """What is refused has written nothing yet, so that there is nothing to undo."""
        self.refusal = None
        try:
            self.result = self.work(session)
            session.flush()
        except Refused as refusal:
            self.refusal = refusal

    def do_guarded(self, session: Session) -> None:
        """The same with a savepoint, which undoes whatever has gone wrong."""
        connection = session.connection()
        connection.exec_driver_sql("SAVEPOINT one")
        try:
            self.do(session)
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


class GroupCommit:
    """Does small writes, each as if in a transaction of its own.

    SQLite has one writer. PostgreSQL has two lanes, so that one waits for the disk while the other works. What a
    group is about is held by `hold` before its first write: were each held by its own write, then two lanes, or two
    servers, could hold the same things in different orders and wait for each other without end.
    """

    def __init__(self, database: Database, hold: Callable[[Session, Collection[str]], object]) -> None:
        self._lanes = [_Lane(database, hold) for _ in range(1 if database.is_sqlite else 2)]

    async def run(self, work: Callable[[Session], T], about: str) -> T:
        """The result of `work`, once it is committed. It refuses before it writes, or not at all.

        Whatever else it raises undoes it and nobody else's work; for that, the works of its group are done again.
        """
        write = _Write(work, about)
        self._lanes[self.lane_of(about)].add(write)
        return await write.committed  # type: ignore[no-any-return]

    def lane_of(self, about: str) -> int:
        """The same for the same thing, or one lane would stand still until the other has written."""
        return hash(about) % len(self._lanes)


class _Lane:
    """Writes in the order in which they came, as many at a time as wait."""

    def __init__(self, database: Database, hold: Callable[[Session, Collection[str]], object]) -> None:
        self.database, self.hold = database, hold
        self._waiting: deque[_Write] = deque()
        self._serving: asyncio.Task[None] | None = None

    def add(self, write: _Write) -> None:
        self._waiting.append(write)
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        while self._waiting:
            failure: Exception | None = None
            group: list[_Write] = []
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

    def _do(self, group: list[_Write]) -> None:
        with self.database.writing() as session:
            try:
                self._each(session, group, _Write.do)
            except Exception as error:
                if len(group) == 1:
                    raise
                log.warning("A group of %d writes is done again, each guarded from the others: %r", len(group), error)
                session.rollback()
                self._each(session, group, _Write.do_guarded)
            session.commit()

    def _each(self, session: Session, group: list[_Write], do: Callable[[_Write, Session], None]) -> None:
        if len(group) > 1:
            self.hold(session, {write.about for write in group})
        for write in group:
            do(write, session)
