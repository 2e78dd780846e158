"""An invitation to a workshop: its link leads to the seat that is kept, the first time and every time after."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent
from app.pages.join import join_page, seat_taken
from app.templating import page
from assessment import invitations
from assessment.errors import Invalid
from assessment.participants import GroupMissing

router = APIRouter(prefix="/i/{key}")


@router.get("")
def show_invitation(request: Request, session: DatabaseSession, key: str) -> Response:
    """A button for who has a seat already: programs that look through mails open every link."""
    opened = invitations.open_invitation(session, key)
    if opened.participant is not None:
        return page(request, "invited_again.html", workshop=opened.workshop, action=f"/i/{key}")
    entered = {"group": opened.row.group_id, "nickname": ""}
    return join_page(request, opened.workshop, entered, {}, 200, f"/i/{key}")


@router.post("")
def take_kept_seat(request: Request, session: DatabaseSession, key: str, sent: Sent, now: Now) -> Response:
    opened = invitations.open_invitation(session, key, for_change=True)
    try:
        joined = invitations.take_seat(session, opened, sent.text("group"), sent.text("nickname"), now)
    except Invalid as refusal:
        field = "group" if isinstance(refusal, GroupMissing) else "nickname"
        entered = {"group": sent.text("group"), "nickname": sent.text("nickname")}
        problems = {field: Problem(refusal.message, refusal.values)}
        return join_page(request, opened.workshop, entered, problems, 422, f"/i/{key}")
    return seat_taken(request, opened.workshop, joined)
