"""After the submission: reopen it with a reason, and read what was submitted before."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByManager
from app.forms import Problem, Sent, SentForm
from app.pages.assessments import see
from app.report_steps import words_of
from app.shelf import Shelf
from app.templating import content, page
from assessment import reopening, report_orders, version_moves
from assessment.errors import Invalid
from assessment.reopening import NotSubmittedYet, Past
from assessment.sessions import SignedIn
from assessment.snapshots import readiness_from_json
from assessment.texts import clean_name
from questionnaires.languages import language
from questionnaires.schema import Dimension
from scoring.readiness import NodeScore

router = APIRouter(prefix="/a/{key}")


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A dimension with its score of then."""

    title: str
    depth: int
    score: NodeScore


@router.get("/reopen")
def show_reopen(request: Request, opened: OpenedByManager, person: MaybeSignedIn) -> Response:
    if not opened.is_submitted:
        return see(opened.link)
    return _reopen_page(request, opened, person, SentForm({}), {}, 200)


def _reopen_page(
    request: Request,
    opened: Opened,
    person: SignedIn | None,
    sent: SentForm,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    return page(
        request,
        "reopen.html",
        status,
        opened=opened,
        most=reopening.REASON_CHARACTERS,
        reason=sent.text("reason"),
        name=sent.text("name"),
        person=person,
        problems=problems,
    )


@router.post("/reopen")
def reopen(
    request: Request,
    session: DatabaseSession,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: Sent,
    now: Now,
) -> Response:
    """Take answers again; what was submitted stays readable with its scores and reports."""
    try:
        who = person.called if person else clean_name(sent.text("name"))
        reopening.reopen(session, opened.row, sent.text("reason"), who, now)
    except Invalid as refusal:
        if not opened.is_submitted:
            raise NotSubmittedYet from refusal
        problems = {"reason": Problem(refusal.message, refusal.values)}
        return _reopen_page(request, opened, person, sent, problems, 422)
    return see(opened.link)


@router.get("/submissions")
def list_submissions(request: Request, session: DatabaseSession, opened: OpenedByManager) -> Response:
    past = reopening.list_past(session, opened.row)
    moves = version_moves.list_moves(session, opened.row)
    return page(request, "submissions.html", opened=opened, past=past, moves=moves)


@router.get("/submissions/{number}")
def show_submission(request: Request, session: DatabaseSession, opened: OpenedByManager, number: int) -> Response:
    past = reopening.get_past(session, opened.row, number)
    orders = report_orders.list_orders(session, opened.row, past.submitted_at, past.reopened_at)
    rows, overall, profile = _scores(request, opened, past)
    return page(
        request,
        "submission.html",
        opened=opened,
        past=past,
        rows=rows,
        overall=overall,
        profile=profile,
        orders=[(order, language(order.language).endonym, words_of(request, order)) for order in orders],
    )


def _scores(request: Request, opened: Opened, past: Past) -> tuple[list[ScoreRow], NodeScore, str]:
    """Scores as they were stored, with the names of their own version in the reader's language."""
    shelf: Shelf = request.app.state.shelf
    definition = shelf.get(f"{opened.row.questionnaire_id}@{past.questionnaire_version}")
    shown = content(request, definition)
    scored = readiness_from_json(past.scores, shown)
    rows = [
        ScoreRow(d.title, depth, scored.nodes[d.id]) for d, depth in _walk(shown.dimensions) if d.id in scored.nodes
    ]
    return rows, scored.overall, scored.profile.title if scored.profile else ""


def _walk(dimensions: tuple[Dimension, ...], depth: int = 0) -> list[tuple[Dimension, int]]:
    found = []
    for dimension in dimensions:
        found += [(dimension, depth), *_walk(dimension.dimensions, depth + 1)]
    return found
