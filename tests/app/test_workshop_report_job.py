"""An order for a workshop's report is made later when the worker that makes it is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from app import artifacts
from app.database import Database
from app.jobs import Say, Worker
from app.report_job import OF_WORKSHOPS, ReportsOnOrder
from app.settings import Settings
from assessment import workshop_reports
from assessment.workshop_record import record_of
from assessment.workshop_reports import WorkshopOrder
from tests.app.test_jobs import LEASE, wait_until
from tests.assessment.rooms import room
from tests.factories import NOW, tiny

PROGRAM = """
import pathlib, sys
from datetime import timedelta
from app.database import Database
from app.jobs import Worker
from app.report_job import OF_WORKSHOPS, ReportsOnOrder
from app.settings import Settings
from assessment import workshop_reports
from tests.app.test_workshop_report_job import Slow
settings = Settings(database_url=sys.argv[1], artifacts=pathlib.Path(sys.argv[2]))
database = Database(sys.argv[1])
work = ReportsOnOrder(database, settings, Slow(pathlib.Path(sys.argv[3])), workshop_reports)
Worker(database, {OF_WORKSHOPS: work}, timedelta(seconds=1)).run()
"""


class Slow:
    """Notes each attempt in a folder and takes a while."""

    def __init__(self, folder: Path, seconds: float = 3.0) -> None:
        self.folder, self.seconds = folder, seconds

    def __call__(self, order: WorkshopOrder, say: Say) -> bytes:
        say("drawing")
        (self.folder / f"attempt-{os.getpid()}-{time.monotonic_ns()}").touch()
        time.sleep(self.seconds)
        return f"report {order.id} of {order.record['workshop']['name']}".encode()


def ordered(database: Database) -> int:
    with database.transaction() as session:
        workshop = room(session).workshop
        record = record_of(session, workshop, tiny())
        return workshop_reports.order(session, workshop, record, "pdf", "en", "1", NOW)


def order_of(database: Database, number: int) -> WorkshopOrder:
    with database.reader() as session:
        return workshop_reports.get_order(session, number)


def test_an_order_whose_worker_is_killed_is_made_by_another(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    number = ordered(database)
    tries = tmp_path / "tries"
    tries.mkdir()
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", PROGRAM, url, str(settings.artifacts), str(tries)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(list(tries.iterdir())) == 1, 60)
    assert order_of(database, number).state == "running"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert order_of(database, number).artifact_sha256 is None
    time.sleep(LEASE.total_seconds() + 0.2)

    work = ReportsOnOrder(database, settings, Slow(tries, 0), workshop_reports)
    worker = Worker(database, {OF_WORKSHOPS: work}, timedelta(seconds=20))
    wait_until(worker.work_once, 20)

    made = order_of(database, number)
    assert made.state == "done"
    assert made.artifact_sha256 is not None
    assert artifacts.path_of(settings.artifacts, made.artifact_sha256).read_bytes() == b"report 1 of Harbour round"
    assert len(list(tries.iterdir())) == 2
