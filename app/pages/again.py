"""The next time: start again from the results, and take over what has not changed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.beside import said_before
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByLink, OpenedByManager
from app.opened_sections import find_section
from app.pages.assessments import see
from app.shelf import Shelf
from app.templating import content, page
from assessment import starting_again
from assessment.access import NUMBER

router = APIRouter(prefix="/a/{key}")


@router.get("/again")
def show_again(request: Request, session: DatabaseSession, opened: OpenedByManager) -> Response:
    if not opened.is_submitted:
        return see(opened.link)
    shelf: Shelf = request.app.state.shelf
    newest = shelf.newest_of(opened.row.questionnaire_id)
    return page(
        request,
        "again.html",
        opened=opened,
        questionnaire=content(request, newest),
        is_newer=newest.questionnaire.version != opened.row.questionnaire_version,
        is_begun=starting_again.find_next(session, opened.row) is not None,
    )


@router.post("/again")
def start_next(request: Request, session: DatabaseSession, opened: OpenedByManager, now: Now) -> Response:
    """Start the next assessment; whoever is signed in finds it again by its number, others by its own link."""
    shelf: Shelf = request.app.state.shelf
    by_role = NUMBER.fullmatch(opened.key) is not None
    begun = starting_again.find_next(session, opened.row) if by_role else None
    if begun is not None:
        return see(f"/a/{begun}")
    newest = shelf.newest_of(opened.row.questionnaire_id).questionnaire
    started, token = starting_again.start_again(session, opened.row, newest, now)
    return see(f"/a/{started.id if by_role else token}?new=1")


@router.post("/sections/{section_id}/last-time")
def take_over(request: Request, session: DatabaseSession, opened: OpenedByLink, section_id: str, now: Now) -> Response:
    """Nothing has changed here: record the last time's answers as answers of whoever presses the button."""
    section = find_section(opened, section_id)
    before = said_before(request, session, opened)
    if before is not None:
        starting_again.take_over(session, opened.access, opened.questionnaire, section.questions, before, now)
    return see(f"{opened.link}/sections/{section.id}/check")
