"""The worker: takes jobs from the queue one by one, shows signs of life, and finishes each job once."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import Database
from assessment import job_queue
from assessment.job_queue import Claim

log = logging.getLogger("fourward.jobs")
IDLE_SECONDS = 0.5
TIDY_SECONDS = 3600.0

Closing = Callable[[Session, datetime], None]
Say = Callable[[str], None]


class Work(Protocol):
    """How one kind of job is done. It may be done twice when a worker is lost; storing its outcome happens once."""

    def do(self, key: str, say: Say) -> Closing:
        """Do the work, without a transaction; what is returned stores the outcome, if the job is still ours."""

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        """Note that the job will not be tried again."""


class Stopped(BaseException):
    """The worker is asked to stop; raised by the signal, so that it ends a long job too."""


class Worker:
    """One worker on one database. `lease` is how long a job stays its own without a sign of life.

    `tidy` drops what is no longer needed; it is called at the start and then every hour, when no job waits. Jobs of the
    kinds in `leave` are left to other workers.
    """

    def __init__(
        self,
        database: Database,
        works: Mapping[str, Work],
        lease: timedelta,
        tidy: Closing | None = None,
        leave: Sequence[str] = (),
    ) -> None:
        self.database = database
        self.works = works
        self.lease = lease
        self.tidy = tidy
        self.leave = leave
        self._tidied = -math.inf

    def run(self) -> None:
        """Work until `Stopped` is raised."""
        idle = threading.Event()
        while True:
            try:
                worked = self.work_once()
                if not worked:
                    self.tidy_up()
            except SQLAlchemyError as error:
                log.warning("the database is away, trying again: %s", type(error).__name__)
                worked = False
            if not worked:
                idle.wait(IDLE_SECONDS)

    def tidy_up(self) -> None:
        """Drop what is no longer needed, at most once an hour."""
        if self.tidy is not None and time.monotonic() - self._tidied >= TIDY_SECONDS:
            self._tidied = time.monotonic()
            with self.database.transaction() as session:
                self.tidy(session, _now())

    def work_once(self) -> bool:
        """Take one job and do it; False when none is due."""
        with self.database.transaction() as session:
            held = job_queue.claim(session, _now(), self.lease, self.leave)
            if held is not None and held.is_over:
                self.works[held.kind].give_up(session, held.key, "the worker was lost each time", _now())
        if held is None or held.is_over:
            return held is not None
        self._do(held)
        return True

    def _do(self, held: Claim) -> None:
        try:
            with self._signs_of_life(held):
                closing = self.works[held.kind].do(held.key, self._say(held))
        except Stopped:
            with self.database.transaction() as session:
                job_queue.release(session, held, _now())
            raise
        except Exception as error:
            self._fail(held, error)
            return
        try:
            self._close(held, closing)
        except (InterfaceError, OperationalError):
            raise  # the database is away: it is done again
        except Exception as error:
            self._fail(held, error)

    def _close(self, held: Claim, closing: Closing) -> None:
        with self.database.transaction() as session:
            if job_queue.finish(session, held):
                closing(session, _now())
            else:
                log.warning("job %d was taken over by another worker; its outcome is not stored twice", held.job_id)

    def _fail(self, held: Claim, error: Exception) -> None:
        log.error("job %d (%s) failed, attempt %d", held.job_id, held.kind, held.attempt, exc_info=error)
        problem = type(error).__name__
        with self.database.transaction() as session:
            if job_queue.fail(session, held, problem, _now()) == "dead":
                self.works[held.kind].give_up(session, held.key, problem, _now())

    def _say(self, held: Claim) -> Say:
        def say(step: str) -> None:
            log.info("job %d (%s): %s", held.job_id, held.kind, step)

        return say

    @contextmanager
    def _signs_of_life(self, held: Claim) -> Iterator[None]:
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self.lease.total_seconds() / 4):
                try:
                    with self.database.transaction() as session:
                        job_queue.beat(session, held, _now(), self.lease)
                except SQLAlchemyError:
                    log.warning("no sign of life could be stored for job %d", held.job_id)

        thread = threading.Thread(target=beat, name=f"job-{held.job_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _now() -> datetime:
    return datetime.now(UTC)
