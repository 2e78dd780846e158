"""A participant's phone: what is being asked now, and what they say to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import cookies
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.templating import content, page
from app.workshop_doors import Round, Seated, TakenSeat, names_of_groups
from assessment import participants, rounds, votes
from assessment.errors import Refusal
from assessment.rounds import BEST_WORST, LEVELS
from assessment.votes import RATINGS, Given
from questionnaires.schema import Dimension, Question, Questionnaire

router = APIRouter(prefix="/r/{key}")
SKIPPED = {"best": None, "worst": None}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that this phone is asked: a question, a screen of gaps, or a gap to rate."""

    subject: str
    title: str
    value: Any
    question: Question | None = None
    items: tuple[tuple[str, str], ...] = ()  # id and text of the gaps on a screen
    heading: str = ""  # the dimension, where it changes


@router.get("")
def show_seat(request: Request, session: DatabaseSession, seat: TakenSeat, now: Now) -> Response:
    return _seat_page(request, session, seat, now, {}, 200)


def _seat_page(
    request: Request,
    session: DatabaseSession,
    seat: Seated,
    now: datetime,
    problems: dict[str, Problem],
    status: int,
    personal_code: str = "",
) -> Response:
    asked = rounds.current(session, seat.workshop.id)
    given = votes.votes_of(session, asked, seat.participant.id) if asked else {}
    shown = content(request, seat.definition)
    return page(
        request,
        "seat.html",
        status,
        seat=seat,
        workshop=seat.workshop,
        group=names_of_groups(request, seat)[seat.participant.group_id],
        asked=asked,
        takes_votes=asked is not None and rounds.takes_votes(asked, now),
        ends_at=rounds.ends_at(asked) if asked else None,
        things=things(asked, seat, shown, given) if asked else (),
        ratings=RATINGS,
        problems=problems,
        personal_code=personal_code or cookies.personal_code_of(request),
    )


def things(asked: Round, seat: Seated, shown: Questionnaire, given: Any) -> tuple[Asked, ...]:
    """What this phone is asked, in order, each with what was said already."""
    subjects = votes.subjects_for(asked, seat.seat, seat.definition.questionnaire)
    if asked.kind == BEST_WORST:
        screens = votes.screens_of(asked, seat.seat)
        titled = [tuple((i, gap_title(shown, i)) for i in screen) for screen in screens]
        return tuple(Asked(s, "", given.get(s), items=items) for s, items in zip(subjects, titled, strict=True))
    found, before = [], None
    for subject in subjects:
        question = shown.questions[subject]
        dimension: Dimension = shown.dimension_of[subject]
        heading = dimension.title if asked.kind == LEVELS and dimension is not before else ""
        title = question.text if asked.kind == LEVELS else gap_title(shown, subject)
        found.append(Asked(subject, title, given.get(subject), question, heading=heading))
        before = dimension
    return tuple(found)


def gap_title(shown: Questionnaire, question_id: str) -> str:
    """How a gap is called where people compare gaps: by its question."""
    return shown.questions[question_id].text


@router.post("")
def vote_by_form(request: Request, session: DatabaseSession, seat: TakenSeat, sent: Sent, now: Now) -> Response:
    """Take down all that the form holds; what came too late is said, and nothing else of it is lost."""
    asked = rounds.current(session, seat.workshop.id)
    given = _sent(sent, asked) if asked else []
    problems: dict[str, Problem] = {}
    for each in given:
        try:
            with session.begin_nested():
                votes.record_vote(session, seat.seat, seat.definition.questionnaire, each, now)
        except Refusal as refusal:
            problems[each.subject] = Problem(refusal.message, refusal.values)
    if problems:
        return _seat_page(request, session, seat, now, problems, 409)
    return RedirectResponse(seat.link, status_code=303)


def _sent(sent: SentForm, asked: Round) -> list[Given]:
    number = int(sent.text("round")) if sent.text("round").isdecimal() and len(sent.text("round")) < 6 else 0
    if asked.kind == LEVELS:
        chosen = {name.removeprefix("a."): sent.text(name) for name in sent if name.startswith("a.")}
        return [Given(number, q, int(v) if v.isdecimal() and len(v) < 3 else v) for q, v in chosen.items()]
    if asked.kind == BEST_WORST:
        screens = {name.partition(".")[2] for name in sent if name.startswith(("best.", "worst.", "skip."))}
        return [Given(number, s, _screen(sent, s)) for s in sorted(screens)]
    rated = {name.partition(".")[2] for name in sent if name.startswith(tuple(f"{r}." for r in RATINGS))}
    return [Given(number, gap, {r: _rating(sent.text(f"{r}.{gap}")) for r in RATINGS}) for gap in sorted(rated)]


def _screen(sent: SentForm, screen: str) -> dict[str, str | None]:
    if sent.text(f"skip.{screen}"):
        return dict(SKIPPED)
    return {name: sent.text(f"{name}.{screen}") or None for name in ("best", "worst")}


def _rating(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) == 1 else None


@router.post("/code")
def make_personal_code(request: Request, session: DatabaseSession, seat: TakenSeat, now: Now) -> Response:
    """A new personal code, to return on another phone."""
    code = participants.renew_code(session, seat.participant)
    return _seat_page(request, session, seat, now, {}, 200, code)
