"""Answers on paper: sheets to print, a table to fill in, and the table back again, tried first and taken in whole."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import LARGEST_FIELD, Problem, Sent
from app.report_files import disposition
from app.templating import content, page
from app.uploads import read_one_file
from app.workshop_doors import Led, LedWorkshop, PressedWorkshop, names_of_groups
from assessment import paper_answers, paper_sheets, rounds, votes
from assessment.csv_sheets import sheet
from assessment.errors import N_, Conflict
from assessment.paper_sheets import LARGEST, Reading, SheetProblem

router = APIRouter(prefix="/w/{key}/paper")
uploading = APIRouter(prefix="/w/{key}/paper")  # its form brings a file, so its route reads it itself
NO_READING = Reading()


async def receive_table(request: Request) -> bytes:
    """Read the file before the database takes its turn."""
    return (await read_one_file(request))[1]


@router.get("")
def show_paper(request: Request, session: DatabaseSession, led: LedWorkshop, now: Now) -> Response:
    return _page(request, session, led, now, NO_READING, None, 200)


def _page(
    request: Request,
    session: DatabaseSession,
    led: Led,
    now: Now,
    reading: Reading,
    problem: Problem | None,
    status: int,
) -> Response:
    newest = rounds.current(session, led.row.id)
    text = paper_sheets.as_text(reading) if reading.sheets else ""
    return page(
        request,
        "room_paper.html",
        status,
        led=led,
        reading=reading,
        text=text,
        names=names_of_groups(request, led),
        newest=newest,
        fits=bool(reading.sheets) and paper_answers.fits_round(newest, reading, now),
        free=newest is None or newest.state not in ("open", "closed"),
        taken=paper_answers.count_sheets(session, led.row.id),
        to_take_back=paper_answers.to_take_back(session, newest),
        problem=problem,
    )


@uploading.post("", max_body_size=LARGEST + LARGEST_FIELD)
def try_table(
    request: Request,
    received: Annotated[bytes, Depends(receive_table, scope="function")],
    session: DatabaseSession,
    led: LedWorkshop,
    now: Now,
) -> Response:
    """Read a table and say everything that is wrong with it; nothing is taken in yet."""
    return _read(request, session, led, now, received)


def _read(request: Request, session: DatabaseSession, led: Led, now: Now, received: bytes) -> Response:
    reading = paper_sheets.read_sheets(received, led.row, led.questionnaire)
    if reading.sheets and len(paper_sheets.as_text(reading)) >= LARGEST_FIELD:
        reading = Reading(problems=(SheetProblem(0, "", N_("The table is too large. Split it in two."), {}),))
    return _page(request, session, led, now, reading, None, 422 if reading.problems else 200)


@router.post("/take")
def take_in(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    """Take in a table that was tried: all of it, or nothing."""
    led = pressed.led
    reading = paper_sheets.read_sheets(sent.text("sheets").encode(), led.row, led.questionnaire)
    if not reading.sheets:
        return _page(request, session, led, now, reading, None, 422)
    own_round = sent.text("where") == "own"
    try:
        if pressed.stale:
            raise pressed.stale
        paper_answers.take_in(session, led.row, led.questionnaire, reading, now, own_round=own_round)
    except Conflict as refusal:
        session.rollback()
        return _page(request, session, led, now, reading, Problem(refusal.message, refusal.values), 409)
    return RedirectResponse(f"{led.link}/paper", status_code=303)


@router.post("/back")
def take_back(request: Request, session: DatabaseSession, pressed: PressedWorkshop, now: Now) -> Response:
    """Take the sheets of the newest round out again, before it is shown."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        paper_answers.take_back(session, led.row, now)
    except Conflict as refusal:
        session.rollback()
        return _page(request, session, led, now, NO_READING, Problem(refusal.message, refusal.values), 409)
    return RedirectResponse(f"{led.link}/paper", status_code=303)


@router.get("/table.csv")
def download_table(led: LedWorkshop) -> Response:
    """The empty table: the names of its columns."""
    headers = {"content-disposition": disposition("Fourward-paper.csv")}
    return Response(
        sheet((paper_sheets.GROUP, *led.row.questions), ()), media_type="text/csv; charset=utf-8", headers=headers
    )


@router.get("/sheets/{group_id}")
def show_sheets(request: Request, led: LedWorkshop, group_id: str) -> Response:
    """The questions of one group, to be printed and filled in by hand."""
    names = names_of_groups(request, led)
    if group_id not in names:
        raise votes.NotAsked
    shown = content(request, led.definition)
    asked = [q for q in led.row.questions if votes.is_asked(led.row, led.questionnaire, q, group_id)]
    return page(request, "room_sheets.html", led=led, shown=shown, questions=asked, group=names[group_id])
