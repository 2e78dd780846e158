"""A workshop that ends is learned from, also when whoever learns is killed, or another ends meanwhile."""

import os
import subprocess
import sys
import time
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commands.serve import forget_old
from app.database import Database
from app.jobs import Closing, Say, Worker
from app.learn_job import KIND, LearnWork
from assessment import learned_models
from assessment.tables import Job
from assessment.workshop_rules import PROTOCOL
from tests.assessment.taught import instrument, taught
from tests.factories import NOW

LEASE = timedelta(seconds=1)
PROGRAM = """
import sys, time
from datetime import timedelta
from app.database import Database
from app.jobs import Worker
from app.learn_job import KIND, LearnWork

class Slow(LearnWork):
    def do(self, key, say):
        closing = super().do(key, say)
        print("learned, not stored", flush=True)
        time.sleep(60)
        return closing

database = Database(sys.argv[1])
Worker(database, {KIND: Slow(database)}, timedelta(seconds=1)).run()
"""


def end_one(database: Database, number: int) -> None:
    with database.transaction() as session:
        taught(session, number)


def worker(database: Database) -> Worker:
    return Worker(database, {KIND: LearnWork(database)}, LEASE)


def versions(database: Database) -> list[tuple[int, int, bool]]:
    with database.reader() as session:
        return [(row.number, len(row.taught_by), row.is_current) for row in learned_models.list_models(session)]


def test_a_workshop_that_ends_is_learned_from(database: Database) -> None:
    end_one(database, 1)
    assert versions(database) == []
    assert worker(database).work_once()
    assert versions(database) == [(1, 1, True)]
    end_one(database, 2)
    end_one(database, 3)
    assert [worker(database).work_once() for _ in range(3)] == [True, True, False]
    assert versions(database) == [(1, 1, False), (2, 3, True)]  # the second job found nothing new


def test_an_end_that_is_not_kept_orders_nothing(database: Database) -> None:
    class NotKept(Exception):
        pass

    try:
        with database.transaction() as session:
            taught(session, 1)
            raise NotKept
    except NotKept:
        assert not worker(database).work_once()


def test_what_a_killed_worker_was_learning_is_learned_once_by_the_next(database: Database) -> None:
    end_one(database, 1)
    url = database.url.render_as_string(hide_password=False)
    killed = subprocess.Popen([sys.executable, "-c", PROGRAM, url], stdout=subprocess.PIPE)
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"learned, not stored\n"
    killed.kill()
    killed.communicate()
    assert versions(database) == []

    until = time.monotonic() + 10
    while not worker(database).work_once():
        assert time.monotonic() < until, "the lease never ends"
        time.sleep(0.1)
    assert versions(database) == [(1, 1, True)]
    with database.reader() as session:
        assert session.scalars(select(Job.state)).all() == ["done"]


def test_what_was_learned_while_another_workshop_ended_is_learned_again(database: Database) -> None:
    class Meanwhile(LearnWork):
        def do(self, key: str, say: Say) -> Closing:
            closing = super().do(key, say)
            end_one(database, 2)
            return closing

    end_one(database, 1)
    Worker(database, {KIND: Meanwhile(database)}, LEASE).work_once()
    assert versions(database) == []
    while worker(database).work_once():
        pass
    assert versions(database) == [(1, 2, True)]


def test_a_job_that_was_given_up_leaves_the_model_in_use_and_is_ordered_again(database: Database) -> None:
    def dead(session: Session) -> None:
        for job in session.scalars(select(Job)):
            job.state = "dead"

    end_one(database, 1)
    worker(database).work_once()
    end_one(database, 2)
    with database.transaction() as session:
        dead(session)
        LearnWork(database).give_up(session, f"{instrument()} {PROTOCOL}", "poison", NOW)
    assert versions(database) == [(1, 1, True)]
    Worker(database, {KIND: LearnWork(database)}, LEASE, forget_old).tidy_up()
    worker(database).work_once()
    assert versions(database) == [(1, 1, False), (2, 2, True)]


def test_two_that_learn_at_once_keep_one_model(database: Database) -> None:
    end_one(database, 1)
    end_one(database, 2)
    program = PROGRAM.replace('print("learned, not stored", flush=True)', "").replace("time.sleep(60)", "")
    url = database.url.render_as_string(hide_password=False)
    both = [subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.DEVNULL) for _ in range(2)]
    try:
        until = time.monotonic() + 20
        while not _all_done(database):
            assert time.monotonic() < until, "the jobs are not done"
            time.sleep(0.1)
    finally:
        for process in both:
            process.kill()
            process.wait()
    assert versions(database) == [(1, 2, True)]


def _all_done(database: Database) -> bool:
    with database.reader() as session:
        return set(session.scalars(select(Job.state))) == {"done"}


def test_commands_compute_with_one_thread_for_small_matrices(database: Database) -> None:
    code = "import os, sys; from app.cli import main; main(['learn', '--help'], standalone_mode=False); " + (
        "assert 'numpy' in sys.modules; print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert ran.stdout.splitlines()[-1] == "1"
