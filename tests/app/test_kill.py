"""A server that is killed again and again, without a warning, loses nothing that it said was saved.

`FOURWARD_LONG=1` runs the full size: 30 kills and at least 5,000 acknowledged saves on each database.
"""

import asyncio
import logging
import os
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.database import Database
from app.settings import Settings
from assessment.tables import Answer, AnswerConflict, AnswerRevision
from tests.app.devices import Device
from tests.app.serving import serving
from tests.factories import started

log = logging.getLogger(__name__)
LONG = bool(os.environ.get("FOURWARD_LONG"))
KILLS, AT_LEAST, BETWEEN = (30, 5_000, (2.0, 5.0)) if LONG else (3, 100, (0.7, 1.2))
DEVICES, ASSESSMENTS = 40, 8
QUESTIONS = [f"machines.{n}" for n in range(1, 10)]


@pytest.fixture
def devices(server_settings: Settings) -> list[Device]:
    """Five devices for each assessment."""
    database = Database(server_settings.database_url)
    with database.transaction() as session:
        opened = [started(session) for _ in range(ASSESSMENTS)]
        keys = [(assessment.id, token) for assessment, token in opened]
    database.close()
    return [
        Device(f"device {n}", server_settings.port, *keys[n % ASSESSMENTS], questions=QUESTIONS) for n in range(DEVICES)
    ]


@pytest.mark.timeout(3600 if LONG else 240)
def test_nothing_that_was_acknowledged_is_missing_after_kills(
    server_settings: Settings, devices: list[Device], tmp_path: Path
) -> None:
    settings = server_settings.model_copy(update={"saves_per_minute": 1_000_000})
    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(killed_while_saving(settings, devices, tmp_path / "log"))).result()

    acknowledged = [each for device in devices for each in device.acknowledged]
    again = sum(device.sent_again for device in devices)
    log.info("%d kills, %d acknowledged, %d sent again", KILLS, len(acknowledged), again)
    assert [each for device in devices for each in device.unexpected] == []
    assert len(acknowledged) >= AT_LEAST
    assert again >= KILLS
    database = Database(settings.database_url)
    with database.reader() as session:
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        revisions = list(session.scalars(select(AnswerRevision)))
        kept = Counter((c.assessment_id, c.question_id, c.note) for c in session.scalars(select(AnswerConflict)))
        present = {(a.assessment_id, a.question_id): (a.version, a.note) for a in session.scalars(select(Answer))}
    database.close()
    saved = {(r.assessment_id, r.question_id, r.note): r.version for r in revisions}
    for each in acknowledged:
        place = (each.assessment_id, each.question, each.note)
        if each.status == "saved":
            assert saved.get(place) == each.version, f"lost: {each}"
        else:
            assert (each.status, kept[place]) == ("conflict", 1), f"lost: {each}"
    # What was sent again is stored once, versions have no gap, and the newest one is what is shown.
    assert len(saved) == len(revisions)
    newest: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for revision in revisions:
        newest[revision.assessment_id, revision.question_id].append((revision.version, revision.note))
    for answer, found in newest.items():
        assert sorted(version for version, _ in found) == list(range(1, len(found) + 1))
        assert present[answer] == max(found)


async def killed_while_saving(settings: Settings, devices: list[Device], log: Path) -> None:
    stop, chance = asyncio.Event(), random.Random(7)
    async with asyncio.timeout(3600 if LONG else 300):
        working = [asyncio.create_task(device.work(stop)) for device in devices]
        for _ in range(KILLS):
            async with served(settings, log):
                await asyncio.sleep(chance.uniform(*BETWEEN))
        async with served(settings, log):
            stop.set()
            await asyncio.gather(*working)


@asynccontextmanager
async def served(settings: Settings, log: Path) -> AsyncIterator[None]:
    """The server runs, and is killed at the end."""
    server = serving(settings, log)
    await asyncio.to_thread(server.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)
