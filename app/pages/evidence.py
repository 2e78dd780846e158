"""Evidence of one question: see what is there, add a file, take it home, remove it."""

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from app import artifacts
from app.database_session import DatabaseSession
from app.dependencies import Now, Opened, OpenedByLink
from app.file_cleaning import LONGEST_SIDE
from app.opened_sections import all_sections
from app.pages.assessments import see
from app.report_files import disposition
from app.templating import content, page
from app.uploads import FOREIGN, LARGEST_BODY, ReceivedFile, delete_unused, evidence_folder, keep_file
from assessment import evidence
from assessment.evidence import FileNotFound
from assessment.sections import Section

router = APIRouter(prefix="/a/{key}/evidence")
uploading = APIRouter(prefix="/a/{key}/evidence")  # its forms bring files, so its route reads them itself


def section_of(opened: Opened, question_id: str) -> Section:
    """The section, of those that are theirs, in which a question stands with the others of its topic."""
    if not evidence.is_theirs(opened.access, opened.questionnaire, question_id):
        raise FileNotFound
    found = [s for s in all_sections(opened) if any(q.id == question_id for q in s.questions)]
    if not found:
        raise FileNotFound
    return found[-1]


@router.get("/{question_id}")
def show_files(request: Request, session: DatabaseSession, opened: OpenedByLink, question_id: str) -> Response:
    section = section_of(opened, question_id)
    return page(
        request,
        "evidence.html",
        opened=opened,
        section=section,
        question=content(request, opened.definition).questions[question_id],
        files=evidence.list_files(session, opened.row, question_id),
        most=evidence.MOST_FILES,
        longest=LONGEST_SIDE,
    )


@uploading.post("/{question_id}", max_body_size=LARGEST_BODY)
def add_file(
    request: Request, received: ReceivedFile, session: DatabaseSession, opened: OpenedByLink, question_id: str, now: Now
) -> Response:
    """Keep a file that has been cleaned; the same content again is the same file."""
    keep_file(request, received, session, opened, question_id, now)
    return see(f"{opened.link}/evidence/{question_id}")


@router.get("/{question_id}/{number}")
def download_file(
    request: Request, session: DatabaseSession, opened: OpenedByLink, question_id: str, number: int
) -> Response:
    """The file, to be saved and never shown by the browser inside our pages."""
    found = evidence.get_file(session, opened.access, opened.questionnaire, number)
    path = artifacts.path_of(evidence_folder(request), found.content_sha256)
    if found.question_id != question_id or not path.is_file():
        raise FileNotFound
    headers = {"content-disposition": disposition(found.name), "content-security-policy": FOREIGN}
    return FileResponse(path, media_type=found.media_type, headers=headers)


@router.post("/{question_id}/{number}/remove")
def remove_file(
    request: Request, session: DatabaseSession, opened: OpenedByLink, question_id: str, number: int, now: Now
) -> Response:
    """Remove a file; its content goes once the removal is committed, if nothing else uses it."""
    question = evidence.remove(session, opened.access, opened.questionnaire, number, now)
    response = see(f"{opened.link}/evidence/{question}")
    response.background = BackgroundTask(delete_unused, request, opened)
    return response
