"""A transaction for a command, in the database that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.commands.errors import refusals_as_bad_input
from app.database import Database
from app.settings import read_settings


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit at the end; a refusal ends the command with its words."""
    with refusals_as_bad_input():
        database = Database(read_settings().database_url)
        try:
            with database.transaction() as session:
                yield session
        finally:
            database.close()


def now() -> datetime:
    return datetime.now(UTC)
