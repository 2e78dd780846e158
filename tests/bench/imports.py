"""Importing firms with assessments of 74 questions: seconds and memory of looking, of making ready, of storing."""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from app.database import Database
from app.import_job import Imports, Told
from app.shelf import Shelf
from app.upgrade import upgrade
from assessment.tables import Programme, ProgrammeCall
from questionnaires.loader import load_definition
from tests import firm_sheets

QUESTIONNAIRE = "industry4-readiness"
FULL = ((100_000, "csv", True), (100_000, "xlsx", True), (1_000_000, "csv", False))
QUICK = ((2000, "csv", True), (2000, "xlsx", True))


def measure(full: bool) -> dict[str, object]:
    """Each file in a process of its own, so that its memory is its own; a million rows are looked at only.

    Memory is the highest of the process that checks and scores, and of the one that opens the file.
    """
    found: dict[str, object] = {}
    for count, ending, is_stored in FULL if full else QUICK:
        command = [sys.executable, "-m", "tests.bench.imports", str(count), ending, "store" if is_stored else "look"]
        done = subprocess.run(command, check=True, capture_output=True)
        for name, value in orjson.loads(done.stdout).items():
            found[f"{count:,} rows of {ending}: {name}"] = value
    return found


def one(folder: Path, count: int, ending: str, is_stored: bool) -> dict[str, str]:
    questionnaire = load_definition(QUESTIONNAIRE).questionnaire
    path = folder / f"firms.{ending}"
    write = firm_sheets.write_csv if ending == "csv" else firm_sheets.write_xlsx
    write(path, firm_sheets.heads(questionnaire), firm_sheets.rows(questionnaire, count))
    database, programme_id = _database(folder)
    imports = Imports(database, Shelf(None), folder / "staged")
    told = Told()
    found = {"file": f"{path.stat().st_size / 1e6:.0f} MB"}
    begun = time.perf_counter()
    imports.look(programme_id, "firms", path, told, lambda _rows: None)
    found["looked at in"] = f"{time.perf_counter() - begun:.0f} s, {_memory()}"
    assert told.count == 0
    if is_stored:
        begun = time.perf_counter()
        brought, _ = imports.bring(programme_id, "firms", path, told, lambda _rows: None)
        found["scored and made ready in"] = f"{time.perf_counter() - begun:.0f} s, {_memory()}"
        begun, worked = time.perf_counter(), time.process_time()
        with database.transaction() as session:
            brought.store(session, 1, None, datetime.now(UTC), lambda _rows: None)
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        found["stored in one transaction of"] = f"{took:.1f} s ({worked:.1f} s of CPU), {_memory()}"
        brought.close()
        found["database"] = f"{(folder / 'bench.db').stat().st_size / 1e6:.0f} MB"
    database.close()
    return found


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
        made = one(Path(folder), int(sys.argv[1]), sys.argv[2], sys.argv[3] == "store")
    sys.stdout.buffer.write(orjson.dumps(made))
