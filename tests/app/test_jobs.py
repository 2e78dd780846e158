"""A worker does each job once: also when it is killed in the middle, told to stop, or handed poison."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from app.jobs import Closing, Say, Stopped, Worker
from assessment import job_queue
from assessment.tables import Firm, Job
from tests.factories import NOW

LEASE = timedelta(seconds=1)
PROGRAM = """
import sys, time, pathlib
from datetime import timedelta
from app.database import Database
from app.jobs import Worker
from tests.app.test_jobs import Slow
Worker(Database(sys.argv[1]), {"slow": Slow(pathlib.Path(sys.argv[2]))}, timedelta(seconds=1)).run()
"""


class Slow:
    """Notes each attempt in a folder, takes a while, and stores a firm named after its key."""

    def __init__(self, folder: Path, seconds: float = 0.4) -> None:
        self.folder, self.seconds = folder, seconds

    def do(self, key: str, say: Say) -> Closing:
        (self.folder / f"{key}-{os.getpid()}-{time.monotonic_ns()}").touch()
        time.sleep(self.seconds)
        say("done")

        def close(session: Session, now: datetime) -> None:
            session.add(Firm(name=key, country="", created_at=now))

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        session.add(Firm(name=f"gave up {key}: {problem}", country="", created_at=now))


class Poison(Slow):
    def do(self, key: str, say: Say) -> Closing:
        raise ValueError(key)


class PoisonAtTheEnd(Slow):
    def do(self, key: str, say: Say) -> Closing:
        def close(session: Session, now: datetime) -> None:
            session.add(Firm(name="half done", country="", created_at=now))
            session.flush()
            raise ValueError(key)

        return close


def enqueue(database: Database, kind: str, *keys: str) -> None:
    with database.transaction() as session:
        for key in keys:
            job_queue.enqueue(session, kind, key, NOW)


def outcomes(database: Database) -> list[str]:
    with database.reader() as session:
        return sorted(session.scalars(select(Firm.name)))


def test_jobs_are_done_in_order_and_stored_with_their_end(database: Database, tmp_path: Path) -> None:
    enqueue(database, "slow", "a", "b")
    worker = Worker(database, {"slow": Slow(tmp_path, 0)}, LEASE)

    assert [worker.work_once() for _ in range(3)] == [True, True, False]
    assert outcomes(database) == ["a", "b"]


@pytest.mark.parametrize("poison", [Poison, PoisonAtTheEnd])
def test_a_poisoned_job_does_not_keep_the_others_and_is_given_up(
    database: Database, tmp_path: Path, poison: type[Slow]
) -> None:
    enqueue(database, "poison", "bad")
    enqueue(database, "slow", "good")
    worker = Worker(database, {"slow": Slow(tmp_path, 0), "poison": poison(tmp_path)}, LEASE)

    for _ in range(job_queue.MOST_ATTEMPTS + 1):
        worker.work_once()
        with database.transaction() as session:  # do not wait for the pause before the next attempt
            for job in session.scalars(select(Job).where(Job.state == "queued")):
                job.run_at = NOW

    assert outcomes(database) == ["gave up bad: ValueError", "good"]


def test_a_job_that_takes_longer_than_its_lease_is_kept_by_signs_of_life(database: Database, tmp_path: Path) -> None:
    enqueue(database, "slow", "long")
    work = Slow(tmp_path, 1.6)
    Worker(database, {"slow": work}, LEASE).work_once()

    assert outcomes(database) == ["long"]
    assert len(list(tmp_path.glob("long-*"))) == 1


def test_a_worker_that_is_asked_to_stop_puts_its_job_back(database: Database, tmp_path: Path) -> None:
    class Interrupted(Slow):
        def do(self, key: str, say: Say) -> Closing:
            raise Stopped

    enqueue(database, "slow", "a")
    with pytest.raises(Stopped):
        Worker(database, {"slow": Interrupted(tmp_path)}, LEASE).work_once()

    Worker(database, {"slow": Slow(tmp_path, 0)}, LEASE).work_once()
    assert outcomes(database) == ["a"]


def test_a_job_whose_worker_is_killed_is_done_once_by_another(database: Database, tmp_path: Path) -> None:
    keys = [f"job{n}" for n in range(4)]
    enqueue(database, "slow", *keys)
    url = database.url.render_as_string(hide_password=False)

    def worker() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", PROGRAM, url, str(tmp_path)], stderr=subprocess.DEVNULL)

    def attempts() -> int:
        return len(list(tmp_path.glob("job*-*")))

    for _ in range(2):
        begun = attempts()
        process = worker()
        wait_until(partial(_more_than, begun, attempts), 20)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    two = [worker(), worker()]
    wait_until(lambda: len(outcomes(database)) == len(keys), 40)
    for process in two:
        process.kill()
        process.wait()

    assert outcomes(database) == keys
    assert attempts() > len(keys)


def _more_than(before: int, count: Callable[[], int]) -> bool:
    return count() > before


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_an_idle_worker_tidies_up_once_an_hour(database: Database, tmp_path: Path) -> None:
    tidied: list[datetime] = []
    worker = Worker(database, {}, LEASE, lambda _session, now: tidied.append(now))

    worker.tidy_up()
    worker.tidy_up()

    assert len(tidied) == 1
