"""Backups of a SQLite database: one verified copy of a running one, and the way back."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import file_backups, upgrade
from app.database import Database, sqlite
from app.file_backups import Kind, folder_of
from questionnaires.problems import Refused


class BackupProblem(Refused):
    """A backup cannot be made, or cannot be used; the database is as it was."""


def back_up(database: Database, path: Path) -> int:
    """Copy the database to a new file, verify the copy, and return how many rows it holds.

    Raises:
        BackupProblem: the file exists, the database is not SQLite, or the copy is not sound.
    """
    if path.exists():
        raise BackupProblem(f"{path} exists already. Choose another name; a backup never overwrites one.")
    temporary = path.with_name(path.name + ".part")
    temporary.unlink(missing_ok=True)
    try:
        with _opened(_file_of(database)) as source, _opened(temporary, create=True) as target:
            # In one step: in several, it would start again with each answer that is saved meanwhile.
            source.backup(target)
            # One file, without a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        rows = verify(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    return rows


def back_up_files(path: Path, artifacts: Path, kind: Kind = "evidence") -> tuple[int, list[str]]:
    """Copy the files that a finished backup names into a folder beside it; see `file_backups.copy_out`."""
    with _opened(path) as connection:
        names = file_backups.names_in(connection, kind)
        return file_backups.copy_out(names, folder_of(kind, artifacts), path, kind)


def restore_files(path: Path, artifacts: Path, kind: Kind = "evidence") -> tuple[int, list[str]]:
    """Put the files beside a backup back; see `file_backups.put_back`."""
    with _opened(path) as connection:
        names = file_backups.names_in(connection, kind)
        return file_backups.put_back(names, folder_of(kind, artifacts), path, kind)


def verify(path: Path) -> int:
    """How many rows a backup holds.

    Raises:
        BackupProblem: it is cut short, damaged, from something else, or from a newer version.
    """
    if not path.is_file():
        raise BackupProblem(f"There is no file {path}.")
    try:
        with _opened(path) as connection:
            return _verify(connection, path)
    except sqlite.DatabaseError as error:
        raise BackupProblem(f"{path} is not a sound SQLite database: {error}.") from error


def _verify(connection: Any, path: Path) -> int:
    if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise BackupProblem(f"{path} is damaged. Use an older backup.")
    if connection.execute("PRAGMA foreign_key_check").fetchall():
        raise BackupProblem(f"{path} holds rows that point nowhere. Use an older backup.")
    names = [n for (n,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    if "alembic_version" not in names or "assessment" not in names:
        raise BackupProblem(f"{path} is not a backup of Fourward.")
    known = {script.revision for script in upgrade.scripts().walk_revisions()}
    if connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] not in known:
        raise BackupProblem(f"{path} was written by a newer version of Fourward. Update the program first.")
    return sum(connection.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names)  # noqa: S608


def restore(database: Database, path: Path) -> Path | None:
    """Put a backup in the database's place; returns where the former database is kept.

    Raises:
        BackupProblem: the backup cannot be used; the database is as it was.
        AlreadyServed: a server runs on the database.
    """
    file = _file_of(database, must_exist=False)
    verify(path)
    with database.only_server():
        fresh = file.with_name(file.name + ".restoring")
        shutil.copyfile(path, fresh)
        verify(fresh)
        with fresh.open("rb") as copied:
            os.fsync(copied.fileno())
        kept = _set_aside(file)
        fresh.rename(file)
    upgrade.upgrade(database)
    return kept


def _set_aside(file: Path) -> Path | None:
    if not file.exists():
        return None
    kept = file.with_name(f"{file.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    # A write-ahead log belongs to its database, and would damage another.
    for ending in ("-wal", "-shm", "-journal", ""):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(kept.with_name(kept.name + ending))
    return kept


def _file_of(database: Database, *, must_exist: bool = True) -> Path:
    if database.file is None:
        raise BackupProblem("This database is PostgreSQL: back it up with pg_dump, restore it with pg_restore.")
    if must_exist and not database.file.is_file():
        raise BackupProblem(f"There is no database at {database.file}.")
    return database.file


@contextmanager
def _opened(path: Path, *, create: bool = False) -> Iterator[Any]:
    mode = "rwc" if create else "ro"
    connection = sqlite.connect(f"file:{path}?mode={mode}", uri=True)
    try:
        yield connection
    finally:
        connection.close()
