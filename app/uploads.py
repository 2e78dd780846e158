"""One file that a form brings along: read, cleaned and stored before the database takes its turn."""

import errno
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app import artifacts, received_files
from app.database import Database
from app.dependencies import Opened, find_person, open_assessment, present_moment
from app.forms import LARGEST_FIELD, SentForm, refuse_foreign
from app.received_files import LARGEST_FILE, Cleaned, NoFile
from app.settings import Settings
from assessment import evidence
from assessment.errors import N_, Refusal

FILE_FIELD = "file"
MOST_FIELDS = 10
LARGEST_BODY = LARGEST_FILE + 64 * 1024  # a file, and the form around it
FOREIGN = "default-src 'none'; sandbox"  # should a browser show the file all the same, it may do nothing


class NoRoom(Refusal):
    """The disk is full; nothing was stored."""

    def __init__(self) -> None:
        super().__init__(N_("There is no room for files at the moment; nothing was stored. Try again later."))


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the folder of evidence, and awaits its row."""

    name: str
    media_type: str
    content_sha256: str
    size: int
    cleaned: Cleaned


def evidence_folder(request: Request) -> Path:
    """Evidence has a folder of its own, so that removing it never takes a report of the same content away."""
    settings: Settings = request.app.state.settings
    return settings.artifacts / "evidence"


async def receive_file(request: Request, key: str, question_id: str) -> Stored:
    """Read the form, see whether the file may be added at all, then clean and store it.

    None of this holds the one writer of the database; the route looks again when it writes the row.
    """
    name, content = await read_one_file(request)
    await _look_ahead(request, key, question_id)
    cleaned = await run_in_threadpool(received_files.cleaned, content)
    sha256 = await run_in_threadpool(store, evidence_folder(request), cleaned)
    return Stored(
        name=evidence.clean_file_name(name, cleaned.kind.ending),
        media_type=cleaned.kind.media_type,
        content_sha256=sha256,
        size=len(cleaned.content),
        cleaned=cleaned,
    )


ReceivedFile = Annotated[Stored, Depends(receive_file, scope="function")]


async def read_one_file(request: Request) -> tuple[str, bytes]:
    """The name and the content of the file that a form of ours brings; the route bounds how large its body may be."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415)
    try:
        form = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    except OSError as error:  # a large file waits in a temporary one
        raise _no_room(error) from error
    try:
        refuse_foreign(request, SentForm({n: tuple(v for v in form.getlist(n) if isinstance(v, str)) for n in form}))
        file = form.get(FILE_FIELD)
        if not isinstance(file, UploadFile):
            raise NoFile
        return file.filename or "", await file.read()
    finally:
        await form.close()


async def _look_ahead(request: Request, key: str, question_id: str) -> None:
    database: Database = request.app.state.database

    async with database.turn(writing=False) as session:

        def look() -> None:
            now = present_moment()
            person = find_person(request, session, now)
            opened = open_assessment(request, session, person, key)
            evidence.may_add(session, opened.access, opened.questionnaire, question_id)

        await run_in_threadpool(look)


def store(folder: Path, cleaned: Cleaned) -> str:
    """Store a file under its content's hash.

    Raises:
        NoRoom: the disk is full.
    """
    try:
        return artifacts.store(folder, cleaned.content)
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> Exception:
    return NoRoom() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else error


def keep_file(
    request: Request, received: Stored, session: Session, opened: Opened, question_id: str, now: datetime
) -> int:
    """Take down a file that was received; returns its number."""
    evidence.hold_content(session, received.content_sha256)
    if not artifacts.path_of(evidence_folder(request), received.content_sha256).is_file():
        # Somebody has removed the last use of the same content since it was stored.
        store(evidence_folder(request), received.cleaned)
    return evidence.add(
        session,
        opened.access,
        opened.questionnaire,
        question_id,
        received.name,
        received.media_type,
        received.content_sha256,
        received.size,
        now,
    )


def delete_unused(request: Request, opened: Opened) -> None:
    """Delete what no assessment uses any more. Cut short, it is done with the next removal."""
    database: Database = request.app.state.database
    with database.transaction() as session:
        for content_sha256 in evidence.unused(session, opened.row):
            artifacts.remove(evidence_folder(request), content_sha256)
