"""What earlier workshops have taught: a page for everybody who signs in; and whether a workshop may teach."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Sent
from app.learning_page import learning_rows
from app.templating import page
from app.workshop_doors import LedWorkshop
from assessment import learned_standing, learning_orders
from assessment.learned_standing import FEWEST_OTHERS

router = APIRouter()


@router.get("/workshops/learning")
def show_learning(request: Request, session: DatabaseSession, person: SignedInPerson) -> Response:
    found = learned_standing.standings(session, person.user_id)
    return page(request, "workshop_learning.html", rows=learning_rows(request, found), fewest=FEWEST_OTHERS)


@router.post("/w/{key}/teaching")
def set_teaching(session: DatabaseSession, led: LedWorkshop, sent: Sent, now: Now) -> Response:
    learning_orders.set_teaching(session, led.row, sent.text("teaches") == "1", now)
    return RedirectResponse(led.link, status_code=303)
