"""Importing firms with assessments of 74 questions: seconds and memory of looking, of making ready, of storing."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.database import Database
from app.import_job import Imports, Told
from app.import_storing import Brought
from app.shelf import Shelf
from app.upgrade import upgrade
from assessment.firm_storing import Order
from assessment.tables import Programme, ProgrammeCall
from questionnaires.loader import load_definition
from tests import firm_sheets

QUESTIONNAIRE = "industry4-readiness"
FULL = ((100_000, "csv", "both"), (100_000, "xlsx", "look"), (1_000_000, "csv", "store"))
QUICK = ((2000, "csv", "both"), (2000, "xlsx", "both"))


def measure(full: bool) -> dict[str, object]:
    """Each file in a process of its own, so that its memory is its own.

    Memory is the highest of the process that checks and scores, and of the one that opens the file.
    """
    found: dict[str, object] = {}
    for count, ending, kind in FULL if full else QUICK:
        command = [sys.executable, "-m", "tests.bench.imports", str(count), ending, kind]
        done = subprocess.run(command, check=True, capture_output=True)
        for name, value in orjson.loads(done.stdout).items():
            found[f"{count:,} rows of {ending}: {name}"] = value
    return found


def one(folder: Path, count: int, ending: str, kind: str) -> dict[str, str]:
    questionnaire = load_definition(QUESTIONNAIRE).questionnaire
    path = folder / f"firms.{ending}"
    write = firm_sheets.write_csv if ending == "csv" else firm_sheets.write_xlsx
    write(path, firm_sheets.heads(questionnaire), firm_sheets.rows(questionnaire, count))
    database, programme_id = _database(folder)
    imports = Imports(database, Shelf(None), folder / "staged")
    told = Told()
    found = {"file": f"{path.stat().st_size / 1e6:.0f} MB"}
    if kind != "store":
        begun = time.perf_counter()
        imports.look(programme_id, "firms", path, told, Shares("looked at", count))
        found["looked at in"] = f"{time.perf_counter() - begun:.0f} s, {_memory()}"
    assert told.count == 0
    if kind != "look":
        begun = time.perf_counter()
        brought, _ = imports.bring(programme_id, "firms", path, told, Shares("scored", count))
        found["looked at once more and scored in"] = f"{time.perf_counter() - begun:.0f} s, {_memory()}"
        found |= _stored(database, brought, count)
        brought.close()
        found["database"] = f"{(folder / 'bench.db').stat().st_size / 1e6:.0f} MB"
    database.close()
    return found


def _stored(database: Database, brought: Brought, count: int) -> dict[str, str]:
    """How storing went, and how somebody fared who saved something every 20 ms meanwhile."""
    held = Held(database)
    url = database.url.render_as_string(hide_password=False)
    saver = subprocess.Popen([sys.executable, "-c", SAVE, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert saver.stdout is not None
    saver.stdout.readline()
    begun, worked = time.perf_counter(), time.process_time()
    shares = Shares("stored", count)
    brought.store(database, Order(1, None, datetime.now(UTC)), shares.finish, shares)
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    saves = orjson.loads(saver.communicate()[0])
    *steps, last, _figures = held.all
    middle = statistics.median(each[0] for each in steps)
    return {
        "stored in": f"{took:.0f} s ({worked:.1f} s of CPU) in {len(held.all)} transactions, {_memory()}",
        "the last transaction, which shows it": f"{last[0]:.2f} s ({last[1]:.2f} s of CPU)",
        "the longest of the others": f"{max(steps)[0]:.2f} s (middle {middle:.3f} s)",
        "saves meanwhile": f"{saves['saves']}, {saves['refused']} refused, longest wait {saves['longest']:.2f} s, "
        f"99 % within {saves['p99']:.3f} s",
        "load": f"{os.getloadavg()[0]:.1f}",
    }


class Shares:
    """Tells after each tenth how long it took, so that a long run shows whether rows take longer and longer."""

    def __init__(self, what: str, count: int) -> None:
        self.what, self.count, self.told = what, count, 0
        self.begun, self.worked = time.perf_counter(), time.process_time()

    def __call__(self, rows: int) -> None:
        if rows * 10 // self.count > self.told:
            self.told = rows * 10 // self.count
            self.tell(f"{rows:,}")

    def finish(self, _session: Session) -> None:
        self.tell("ready to be shown")

    def tell(self, how_far: str) -> None:
        took, worked = time.perf_counter() - self.begun, time.process_time() - self.worked
        told = f"{self.what}: {how_far} after {took:.0f} s ({worked:.0f} s of CPU), {_memory()}"
        print(f"{told}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)


class Held:
    """For how long each transaction that writes had begun until it was committed: by the clock and of CPU."""

    def __init__(self, database: Database) -> None:
        self.all: list[tuple[float, float]] = []
        self._since: tuple[float, float] | None = None
        dialect: Any = database.engine.dialect
        real = dialect.do_commit

        def commit(connection: object) -> None:
            real(connection)
            if self._since is not None:
                wall, cpu = self._since
                self.all.append((time.perf_counter() - wall, time.process_time() - cpu))

        dialect.do_commit = commit
        event.listen(database.engine, "begin", self._begun)

    def _begun(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get("writing", False)
        self._since = (time.perf_counter(), time.process_time()) if writes else None


SAVE = """
import json, os, select, sys, time
from datetime import UTC, datetime
from sqlalchemy.exc import OperationalError
from app.database import Database
from assessment.firm_storing import Order
from assessment.tables import Job
database, waits, refused = Database(sys.argv[1]), [], 0
print(flush=True)
while not select.select([sys.stdin], [], [], 0.02)[0]:
    begun = time.perf_counter()
    try:
        with database.transaction() as session:
            now = datetime.now(UTC)
            session.add(Job(kind="none", key="", state="done", run_at=now, created_at=now))
    except OperationalError:
        refused += 1
    waits.append(time.perf_counter() - begun)
waits.sort()
print(json.dumps({"saves": len(waits), "refused": refused, "longest": waits[-1], "p99": waits[len(waits) * 99 // 100]}))
"""


def _database(folder: Path) -> tuple[Database, int]:
    (folder / "bench.db").touch()
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    upgrade(database)
    now = datetime.now(UTC)
    version = load_definition(QUESTIONNAIRE).questionnaire.version
    same: dict[str, Any] = {"questionnaire_id": QUESTIONNAIRE, "questionnaire_version": version}
    with database.transaction() as session:
        programme = Programme(name="Bench", country="MY", created_at=now, changed_at=now, **same)
        session.add(programme)
        session.flush()
        days = {"opens_on": "2026-01-01", "closes_on": "2026-12-31"}
        session.add(ProgrammeCall(programme_id=programme.id, title="Call", created_at=now, **days))
        return database, programme.id


def _memory() -> str:
    checks, opens = (resource.getrusage(of).ru_maxrss / 1024 for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{checks:.0f} MB and {opens:.0f} MB"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = one(Path(folder), int(sys.argv[1]), sys.argv[2], sys.argv[3])
    sys.stdout.buffer.write(orjson.dumps(made))
