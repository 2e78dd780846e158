"""Evidence beside a backup of the database: each file that a row there names, by its content's hash."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.artifacts import path_of, store


def folder_beside(backup: Path) -> Path:
    """Where the files of a backup lie."""
    return backup.with_name(backup.name + ".evidence")


def copy_out(names: Iterator[str], evidence: Path, backup: Path) -> tuple[int, list[str]]:
    """Copy the files that a backup names; how many there are beside it, and the hashes of those not to be had."""
    return _copy(names, evidence, folder_beside(backup))


def put_back(names: Iterator[str], evidence: Path, backup: Path) -> tuple[int, list[str]]:
    """Copy the files beside a backup to where the service keeps them; those that are there stay."""
    return _copy(names, folder_beside(backup), evidence)


def names_in(connection: Any) -> Iterator[str]:
    """The hashes that a database names; none in one that is older than evidence."""
    tables = connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'evidence'").fetchall()
    rows = connection.execute("SELECT DISTINCT content_sha256 FROM evidence WHERE removed_at IS NULL") if tables else ()
    yield from (name for (name,) in rows)


def _copy(names: Iterator[str], source: Path, target: Path) -> tuple[int, list[str]]:
    copied, missing = 0, []
    for name in names:
        if not path_of(target, name).is_file():
            content = path_of(source, name).read_bytes() if path_of(source, name).is_file() else b""
            if hashlib.sha256(content).hexdigest() != name:
                missing.append(name)
                continue
            store(target, content)
        copied += 1
    return copied, missing
