"""Finished files and evidence, each stored under the hash of its content: complete or not there at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: the hash that it lies under, and its bytes."""

    sha256: str
    size: int


def store(folder: Path, content: bytes) -> str:
    """Store content and return its SHA-256. A crash leaves at most a temporary file behind, never half a report."""
    return store_parts(folder, (content,)).sha256


def store_parts(folder: Path, parts: Iterable[bytes]) -> Stored:
    """Store content that comes in parts and is never in memory as a whole."""
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for part in parts:
                digest.update(part)
                size += file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path_of(folder, digest.hexdigest()))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return Stored(digest.hexdigest(), size)


def path_of(folder: Path, sha256: str) -> Path:
    """Where the content of that hash lies, or would lie."""
    return folder / sha256


def remove(folder: Path, sha256: str) -> None:
    """Delete content; whoever calls has made sure that nothing needs it."""
    path_of(folder, sha256).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    # The new name lives in the folder, so the folder has to reach the disk too.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
