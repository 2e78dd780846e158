"""Published versions: their fingerprints, and the refusal of files that changed since.

The record is `published.json`: at the root of folders laid out as `<id>/<version>/`, as the shipped ones are, and
beside the questionnaire file anywhere else.
"""

import json
import os
from pathlib import Path

from questionnaires.problems import InvalidDefinition, Problem

RECORD = "published.json"
SENTENCES = {
    "published-changed": "A file changed after its version was published.",
    "published-gone": "A published version is no longer there.",
    "published-record": "The list of published versions cannot be read.",
}


def record_folder(main: Path, id: str, version: str) -> Path:
    """The folder that holds the record for a questionnaire file."""
    folder = main.resolve().parent
    laid_out = (folder.parent.name, folder.name) == (id, version)
    return folder.parent.parent if laid_out else folder


def read_record(folder: Path) -> dict[str, str]:
    """The SHA-256 of every published version by `id@version`.

    Raises:
        InvalidDefinition: the record cannot be read.
    """
    path = folder / RECORD
    if not os.path.lexists(path):
        return {}
    try:
        record = json.loads(path.read_bytes())
    except (IsADirectoryError, FileNotFoundError, ValueError, RecursionError):  # not found: a link to nothing
        record = None
    if not isinstance(record, dict) or not all(isinstance(sha256, str) for sha256 in record.values()):
        message = "this list of published versions cannot be read; restore it from a backup"
        raise InvalidDefinition([Problem(str(path), 0, "published-record", message)])
    return record


def changed_since(main: Path, reference: str, sha256: str) -> list[Problem]:
    """The problem of files that are not what was published under their version, or of a record that cannot be read."""
    id, _, version = reference.partition("@")
    try:
        record = read_record(record_folder(main, id, version))
    except InvalidDefinition as unreadable:
        return list(unreadable.problems)
    if record.get(reference, sha256) == sha256:
        return []
    message = f"{reference} is published and these files have changed since; give them a new version"
    return [Problem(str(main), 0, "published-changed", message)]


def publish(main: Path, reference: str, sha256: str) -> Path:
    """Record the fingerprint of a checked definition and return the record's path; repeating it changes nothing.

    Raises:
        InvalidDefinition: other files were published under this version.
    """
    if changed := changed_since(main, reference, sha256):
        raise InvalidDefinition(changed)
    id, _, version = reference.partition("@")
    folder = record_folder(main, id, version)
    path = folder / RECORD
    record = dict(sorted({**read_record(folder), reference: sha256}.items()))
    draft = path.with_suffix(".json.new")
    try:
        draft.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path
