"""Evidence by JSON: the files of an assessment listed, sent, taken home and removed."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from app import artifacts
from app.api.needs import needs
from app.api.replies import file_reply, made, page_of
from app.api.shapes import After, Key, Limit, Number, Page, Reply
from app.api.strict_json import FileRoute, KnownRoute
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByLink
from app.report_files import disposition
from app.uploads import FOREIGN, ReceivedFile, delete_unused, evidence_folder, keep_file
from assessment import evidence
from assessment.api_tokens import ANSWER, READ
from assessment.evidence import File, FileNotFound

router = APIRouter(prefix="/assessments/{key}/evidence", route_class=KnownRoute, tags=["Evidence"])
sending = APIRouter(prefix="/assessments/{key}/questions", route_class=FileRoute, tags=["Evidence"])
Question = Annotated[str, Path(max_length=200, description="The id of a question.")]
OfQuestion = Annotated[str, Query(max_length=200, pattern="^[A-Za-z0-9._-]*$", description="Only of this question.")]
KINDS = ("application/pdf", "image/png", "image/jpeg")
FORM = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary", "description": "PDF, PNG or JPEG."}},
                "required": ["file"],
            }
        }
    },
    "required": True,
}


class FileReply(Reply):
    """A file at a question. Pictures are drawn anew, so the size may differ from what was sent."""

    number: int
    question: str
    name: str
    media_type: str
    size: int
    sha256: str
    by: str | None
    at: datetime


def _shown(file: File) -> FileReply:
    return FileReply(
        number=file.id,
        question=file.question_id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.content_sha256,
        by=file.by,
        at=file.at,
    )


@router.get("", response_model=Page[FileReply], openapi_extra=needs(READ, 404))
def list_files(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByLink,
    question: OfQuestion = "",
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """The files of an assessment, at the questions of whoever asks."""
    found = [
        each
        for each in evidence.list_files(session, opened.row, question or None)
        if evidence.is_theirs(opened.access, opened.questionnaire, each.question_id)
    ]
    return page_of(request, [_shown(each) for each in found], [each.id for each in found], after, limit)


@sending.post(
    "/{question_id}/evidence",
    response_model=FileReply,
    status_code=201,
    openapi_extra=needs(ANSWER, 404, 409, 413, 415) | {"requestBody": FORM},
)
def send_file(
    request: Request,
    received: ReceivedFile,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByLink,
    question_id: Question,
    now: Now,
) -> Response:
    """Send a PDF, PNG or JPEG of at most 10 MB as the field `file` of a form."""
    number = keep_file(request, received, session, opened, question_id, now)
    [file] = [each for each in evidence.list_files(session, opened.row, question_id) if each.id == number]
    return made(request, _shown(file), f"/api/v1/assessments/{key}/evidence/{number}")


@router.get(
    "/{number}",
    response_class=FileResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}}},
    openapi_extra=needs(READ, 404),
)
def download_file(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByLink, number: Number
) -> Response:
    """One file."""
    found = evidence.get_file(session, opened.access, opened.questionnaire, number)
    path = artifacts.path_of(evidence_folder(request), found.content_sha256)
    if not path.is_file():
        raise FileNotFound
    headers = {"content-disposition": disposition(found.name), "content-security-policy": FOREIGN}
    return file_reply(request, path, found.content_sha256, found.media_type, headers)


@router.delete("/{number}", status_code=204, openapi_extra=needs(ANSWER, 404, 409))
def remove_file(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByLink, number: Number, now: Now
) -> Response:
    """Remove a file, while the assessment is open."""
    evidence.remove(session, opened.access, opened.questionnaire, number, now)
    return Response(status_code=204, background=BackgroundTask(delete_unused, request, opened))
