"""The file for replay: the record of a workshop with its fingerprint, and what happened when."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from assessment.record_check import NotARecord
from assessment.tables import WorkshopEvent
from assessment.workshop_record import FORMAT, Record, record_sha256

LARGEST = 20_000_000  # bytes
# What of an event is told, by its kind; of all others only that it happened. No person, no group, no vote is in it.
TOLD: Mapping[str, tuple[str, ...]] = {
    "opened": ("round", "attempt"),
    "closed": ("round",),
    "open": ("round",),
    "revealed": ("round",),
    "discussed": ("round",),
    "settled": ("round",),
    "level": ("question", "level", "how"),
    "gap": ("question", "listed", "wanted"),
    "list": ("gaps",),
    "door": ("door",),
}


def record_file(record: Record, events: Iterable[WorkshopEvent]) -> bytes:
    """JSON with the keys in alphabetical order."""
    told = [
        {
            "number": each.seq,
            "kind": each.kind,
            "at": each.at.isoformat(),
            **{name: each.data[name] for name in TOLD.get(each.kind, ()) if name in each.data},
        }
        for each in events
    ]
    content = {"record": record, "sha256": record_sha256(record), "events": told}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def read_record_file(content: bytes) -> tuple[dict[str, Any], str]:
    """The record, and the fingerprint that the file names.

    Raises:
        NotARecord: it is no such file, or of another version.
    """
    try:
        found = orjson.loads(content) if len(content) <= LARGEST else None
    except orjson.JSONDecodeError:
        found = None
    record = found.get("record") if isinstance(found, dict) else None
    if not isinstance(record, dict) or not isinstance(found, dict):
        raise NotARecord("This is no record of a workshop. Download it anew from the workshop's page.")
    if record.get("format") != FORMAT:
        raise NotARecord(f"This record is of format {record.get('format')}; this version reads format {FORMAT}.")
    return record, str(found.get("sha256", ""))
