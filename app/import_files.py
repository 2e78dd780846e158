"""Files of imports: kept under their hash until they are taken in or refused, and then deleted."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO

from app import artifacts
from app.database import Database
from app.settings import Settings
from assessment import import_orders

LARGEST_FILE = 200 * 1024 * 1024
BLOCK = 1 << 20
LEFT_FOR = timedelta(hours=1)  # a file that no import names: longer than any takes to be ordered


def import_folder(settings: Settings) -> Path:
    return settings.artifacts / "imports"


def store(folder: Path, source: IO[bytes]) -> str:
    """Store a file block by block under its content's hash; complete or not there at all."""
    return artifacts.store_parts(folder, iter(partial(source.read, BLOCK), b"")).sha256


def delete_unneeded(database: Database, settings: Settings, *shas: str | None) -> None:
    """Delete those of these files that no import needs any more."""
    with database.transaction() as session:  # as a writer: nobody orders the same content meanwhile
        needed = import_orders.needed_files(session)
        for sha in shas:
            if sha and sha not in needed:
                artifacts.remove(import_folder(settings), sha)


def delete_left(database: Database, settings: Settings, before: datetime) -> None:
    """Delete older files that no import needs: those of imports that were forgotten, or that nobody ordered."""
    folder = import_folder(settings)
    old = (each for each in folder.iterdir() if each.stat().st_mtime < before.timestamp()) if folder.is_dir() else ()
    names = [each.name for each in old]
    delete_unneeded(database, settings, *names)
