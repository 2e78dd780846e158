"""The projector: what the whole room looks at, by a link of its own that only looks."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.join_proof import join_link
from app.qr_codes import qr_code
from app.roadmap_page import in_language
from app.room_results import view_of
from app.templating import content, page, public_link
from app.workshop_doors import Led, LedWorkshop, Shown, ShownWorkshop, names_of_groups
from assessment import room_state, room_views
from assessment.roadmap_screen import roadmap_screen
from assessment.room_screen import ASKED, LOBBY, PRIORITIES, ROADMAP, Screen
from assessment.room_views import RoundView
from assessment.rounds import LEVELS
from questionnaires.schema import Questionnaire

router = APIRouter()
LONG = 460  # characters of a question with its levels, from which on all is set smaller to fit the screen


@router.get("/screen/{key}")
def show_screen(request: Request, session: DatabaseSession, shown: ShownWorkshop, now: Now) -> Response:
    return _screen(request, session, shown, f"/live/screen/{shown.key}", now)


@router.get("/w/{key}/screen")
def show_own_screen(request: Request, session: DatabaseSession, led: LedWorkshop, now: Now) -> Response:
    """The same from the laptop of who leads it."""
    return _screen(request, session, led, f"/live/chair/{led.key}", now)


def _screen(request: Request, session: DatabaseSession, opened: Shown | Led, live: str, now: Now) -> Response:
    row, shown = opened.row, content(request, opened.definition)
    screen = Screen.of(row)
    ladders = {q: len(shown.questions[q].levels or ()) for q in row.questions}
    is_roadmap = screen.page == ROADMAP
    view = None if is_roadmap else room_views.round_view(session, row, ladders)
    link = public_link(request, f"/j/{row.code}") if row.code else ""
    what = screen.page
    if what == LOBBY or (what == ASKED and view is None):
        what = LOBBY
    return page(
        request,
        "screen.html",
        workshop=row,
        shown=shown,
        screen=screen,
        what=what if row.state == "running" or what not in (LOBBY, ASKED) else row.state,
        asked=view,
        room_roadmap=roadmap_screen(session, row, in_language(request, opened.definition)) if is_roadmap else None,
        priorities=view_of(request, session, opened) if _shows_priorities(screen, view) else None,
        heading=_heading(shown, view) or row.name,
        is_long=_length(shown, view, screen) > LONG,
        state=room_state.room_state(session, row.id),
        live=live,
        link=link,
        picture=qr_code(join_link(request, row.code)) if row.code else "",
        groups=names_of_groups(request, opened),
        now=now,
    )


def _shows_priorities(screen: Screen, view: RoundView | None) -> bool:
    is_result = screen.page == ASKED and view is not None and view.kind != LEVELS and view.is_shown
    return screen.page == PRIORITIES or is_result


def _heading(shown: Questionnaire, view: RoundView | None) -> str:
    """The section that all questions of a round belong to; empty when there are several."""
    asked = [shown.dimension_of[q] for q in view.subjects] if view and view.kind == LEVELS else []
    return asked[0].title if len({each.id for each in asked}) == 1 else ""


def _length(shown: Questionnaire, view: RoundView | None, screen: Screen) -> int:
    if view is None or view.kind != LEVELS:
        return 0
    question = shown.questions[view.question]
    levels = sum(len(level.text) for level in question.levels or ()) if screen.descriptors else 0
    return levels + (len(question.text) if levels else 0)
