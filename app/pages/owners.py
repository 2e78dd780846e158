"""An owner's page: one action of a workshop's roadmap, and telling how far it is."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now, present_moment
from app.forms import Problem, Sent, SentForm
from app.roadmap_page import in_language
from app.templating import page
from app.workshop_doors import definition_of
from assessment import action_owners
from assessment.action_owners import News, NewsChanged, OwnedAction
from assessment.room_actions import FieldInvalid

router = APIRouter(prefix="/o/{key}")
LARGEST = 10  # digits of a number that a database has


@router.get("")
def show_action(request: Request, session: DatabaseSession, key: str, saved: str = "") -> Response:
    return _page(request, key, action_owners.open_owned(session, key), is_saved=bool(saved))


@router.post("")
def tell_progress(request: Request, session: DatabaseSession, key: str, sent: Sent, now: Now) -> Response:
    """Say where the action stands; what another tab told meanwhile is shown beside it and not replaced."""
    owned = action_owners.open_owned(session, key, for_change=True)
    seen = sent.text("seen")
    number = int(seen) if seen.isdecimal() and len(seen) <= LARGEST else None
    try:
        action_owners.tell(session, owned, sent.text("state"), sent.text("day"), sent.text("note"), number, now)
    except NewsChanged as refusal:
        return _page(request, key, owned, sent, present=refusal.present, status=409)
    except FieldInvalid as refusal:
        problems = {refusal.field: Problem(refusal.message, refusal.values)}
        return _page(request, key, owned, sent, problems, status=422)
    return RedirectResponse(f"/o/{key}?saved=1", status_code=303)


def _page(
    request: Request,
    key: str,
    owned: OwnedAction,
    sent: SentForm | None = None,
    problems: dict[str, Problem] | None = None,
    present: News | None = None,
    status: int = 200,
    is_saved: bool = False,
) -> Response:
    shown = in_language(request, definition_of(request, owned.workshop))
    row, newest = owned.row, owned.newest
    action = shown.action.get(row.action_id) if row.action_id else None
    return page(
        request,
        "owner.html",
        status,
        key=key,
        owned=owned,
        action=row,
        workshop=owned.workshop,
        title=action.title if action else row.title,
        question=shown.questionnaire.questions[row.question_id].text,
        state=sent.text("state") if sent else row.state,
        day_typed=sent.text("day") if sent else (newest.day if newest else ""),
        note=sent.text("note") if sent else "",
        # A form that was refused for a mistake has still seen what it had seen.
        seen=sent.text("seen") if sent and problems else (newest.number if newest else ""),
        problems=problems or {},
        present=present,
        today=present_moment().date().isoformat(),
        is_saved=is_saved,
    )
