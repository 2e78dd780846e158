"""How firm the order of a room is, in words that can be read aloud."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database_session import DatabaseSession
from app.room_results import robustness_of
from app.templating import content, page
from app.workshop_doors import LedWorkshop, names_of_groups

router = APIRouter(prefix="/w/{key}")


@router.get("/robustness")
def show_robustness(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return page(
        request,
        "room_robustness.html",
        led=led,
        shown=content(request, led.definition),
        names=names_of_groups(request, led),
        found=robustness_of(request, session, led),
    )
