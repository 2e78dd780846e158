"""What keeps the service from its work: one sentence for each trouble, none when all is well."""

import shutil
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from app import upgrade
from app.database import Database
from app.settings import Settings
from assessment import job_queue

LEAST_FREE = 0.05
LONGEST_WAIT = timedelta(minutes=5)


def problems(database: Database, settings: Settings) -> list[str]:
    """Every trouble that a look from outside can find."""
    found = [*_database(database), *_disk(settings)]
    return found if found else _queue(database)


def _database(database: Database) -> list[str]:
    if database.file is not None and not database.file.exists():
        # Opening it would make a new, empty one.
        return [f"the database file {database.file} is gone"]
    try:
        with database.writing() as session:
            job_queue.try_writing(session)
            session.rollback()
        return (
            []
            if upgrade.is_ready(database)
            else ["the database is not at this version's schema: run 'fourward migrate'"]
        )
    except SQLAlchemyError as error:
        return [f"the database cannot be written: {type(error).__name__}"]


def _disk(settings: Settings) -> list[str]:
    settings.artifacts.mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(settings.artifacts)
    return ["the disk of the reports is more than 95 % full"] if usage.free / usage.total < LEAST_FREE else []


def _queue(database: Database) -> list[str]:
    with database.reader() as session:
        oldest = job_queue.oldest_waiting(session)
    late = oldest is not None and datetime.now(UTC) - oldest > LONGEST_WAIT
    return ["reports have waited for more than five minutes: is a worker running?"] if late else []
