"""Finished files and evidence, each stored under the hash of its content: complete or not there at all."""

import hashlib
import os
import tempfile
from pathlib import Path


def store(folder: Path, content: bytes) -> str:
    """Store content and return its SHA-256. A crash leaves at most a temporary file behind, never half a report."""
    folder.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256(content).hexdigest()
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path_of(folder, sha256))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return sha256


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
