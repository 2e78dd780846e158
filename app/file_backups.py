"""Files beside a backup of the database: each that a row there names, by its content's hash.

Evidence cannot be had again. Neither can the files of releases: what is published stays as it is, and the next release
has to know it. Reports are made again from what the database holds.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from app.artifacts import path_of, store

Kind = Literal["evidence", "releases"]
KINDS: tuple[Kind, ...] = ("evidence", "releases")
TABLES: dict[Kind, str] = {"evidence": "evidence", "releases": "programme_release"}


def folder_of(kind: Kind, artifacts: Path) -> Path:
    """Where the service keeps these files."""
    return artifacts / "evidence" if kind == "evidence" else artifacts


def folder_beside(backup: Path, kind: Kind = "evidence") -> Path:
    """Where the files of a backup lie."""
    return backup.with_name(f"{backup.name}.{kind}")


def copy_out(names: Iterator[str], source: Path, backup: Path, kind: Kind) -> tuple[int, list[str]]:
    """Copy the files that a backup names; how many there are beside it, and the hashes of those not to be had."""
    return _copy(names, source, folder_beside(backup, kind))


def put_back(names: Iterator[str], target: Path, backup: Path, kind: Kind) -> tuple[int, list[str]]:
    """Copy the files beside a backup to where the service keeps them; those that are there stay."""
    return _copy(names, folder_beside(backup, kind), target)


def names_in(connection: Any, kind: Kind) -> Iterator[str]:
    """The hashes that a database names; none in one that is older than its table."""
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    if not connection.execute(query, (TABLES[kind],)).fetchall():
        return
    if kind == "evidence":
        rows = connection.execute("SELECT DISTINCT content_sha256 FROM evidence WHERE removed_at IS NULL")
        yield from (name for (name,) in rows)
        return
    found = connection.execute("SELECT cube_sha256, kept_sha256, files FROM programme_release WHERE manifest NOT NULL")
    hashes: set[str] = set()
    for cube, kept, files in found:
        hashes |= {cube, kept, *(file["sha256"] for file in json.loads(files).values())}
    yield from sorted(name for name in hashes if name)


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
