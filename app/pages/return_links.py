"""The return link, sent to an address."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import NoSuchPage, Now, OpenedByManager
from app.forms import Problem, Sent
from app.return_links import mail_it, return_link
from app.templating import page
from assessment.errors import Invalid

router = APIRouter(prefix="/a/{key}")


@router.post("/return-link")
def send_link(request: Request, session: DatabaseSession, opened: OpenedByManager, sent: Sent, now: Now) -> Response:
    """Mail the link; where no mail is sent, and for who comes by their account, this page does not exist."""
    found = return_link(request, opened)
    if found is None or not found.may_mail:
        raise NoSuchPage
    try:
        mail_it(request, session, opened, sent.text("email"), now)
    except Invalid as refusal:
        problem = Problem(refusal.message, refusal.values)
        shown = return_link(request, opened, email=sent.text("email")[:254], problem=problem)
        return page(request, "return_link_page.html", 422, opened=opened, return_link=shown)
    return RedirectResponse(f"{opened.link}?mailed=1", status_code=303)
