"""A newer version of the questionnaire: what moving there would do, the move, and what it left behind."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.answer_form import QuestionView
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByManager
from app.differences import in_words
from app.forms import Sent
from app.newer_versions import newer_version
from app.pages.assessments import see
from app.report_files import disposition
from app.shelf import Shelf
from app.templating import content, page
from assessment import version_moves
from assessment.csv_sheets import sheet
from assessment.move_plans import MovePlan, NoWayThere, Passage, plan_move
from assessment.texts import clean_name
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire

router = APIRouter(prefix="/a/{key}")
COLUMNS = ("question_id", "question", "answer", "level", "note", "became", "reason", "files", "differing")


@dataclass(frozen=True, slots=True)
class PassageView:
    """One question on its way, in words: as it was said, and as it will stand."""

    before: QuestionView
    after: QuestionView | None
    reason: str


@router.get("/move")
def show_move(request: Request, session: DatabaseSession, opened: OpenedByManager) -> Response:
    """What is kept, what is to be looked at again, and what is left behind, before anything is done."""
    newer = newer_version(request, opened)
    if newer is None or opened.is_submitted:
        return see(opened.link)
    shown = content(request, newer.definition)
    if not newer.has_way:
        return page(request, "move.html", opened=opened, questionnaire=shown, has_way=False)
    plan = plan_move(session, opened.row, opened.questionnaire, newer.definition)
    then = content(request, opened.definition)
    views = {fate: _views(plan, fate, opened, newer.definition, then, shown) for fate in ("kept", "changed", "left")}
    return page(
        request,
        "move.html",
        opened=opened,
        questionnaire=shown,
        has_way=True,
        fresh=[shown.questions[q].text for q in plan.new_questions],
        fields=[f.text for f in then.fields if f.id in plan.left_profile],
        **views,
    )


def _views(
    plan: MovePlan, fate: str, opened: Opened, later: Definition, then: Questionnaire, shown: Questionnaire
) -> list[PassageView]:
    return [_view(p, opened.questionnaire, later.questionnaire, then, shown) for p in plan.of_fate(fate)]


def _view(
    passage: Passage, earlier: Questionnaire, later: Questionnaire, then: Questionnaire, shown: Questionnaire
) -> PassageView:
    old, new, before = passage.step.old.id, passage.step.new, passage.before
    value, note = (before.value, before.note) if before else (None, "")
    said = in_words(earlier.questions[old], then.questions[old], value, note)
    after = in_words(later.questions[new.id], shown.questions[new.id], passage.after, "") if new else None
    return PassageView(said, after, passage.step.reason)


@router.post("/move")
def move(
    request: Request,
    session: DatabaseSession,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: Sent,
    now: Now,
) -> Response:
    """Move to the version that the page has shown. Pressed twice, it is done once."""
    if sent.text("to") == opened.row.questionnaire_version:
        return see(opened.link)
    newer = newer_version(request, opened)
    if newer is None or not newer.has_way or newer.definition.questionnaire.version != sent.text("to"):
        raise NoWayThere
    who = person.called if person else clean_name(sent.text("name"))
    number = version_moves.move(session, opened.row, opened.questionnaire, newer.definition, who, now)
    return see(f"{opened.link}/moves/{number}")


@router.get("/moves/{number}")
def show_past_move(request: Request, session: DatabaseSession, opened: OpenedByManager, number: int) -> Response:
    found = version_moves.get_move(session, opened.row, number)
    shelf: Shelf = request.app.state.shelf
    earlier = shelf.get(f"{opened.row.questionnaire_id}@{found.from_version}")
    fields = {field.id: field.text for field in content(request, earlier).fields}
    return page(request, "moved.html", opened=opened, move=found, fields=fields)


@router.get("/moves/{number}/left-behind.csv")
def download_left_behind(session: DatabaseSession, opened: OpenedByManager, number: int) -> Response:
    """What a move left behind, as a table to take home."""
    found = version_moves.get_move(session, opened.row, number)
    rows = ({"question_id": q, **{k: _flat(v) for k, v in what.items()}} for q, what in found.left_behind.items())
    name = f"Fourward-left-behind-{found.from_version}.csv"
    headers = {"content-disposition": disposition(name)}
    return Response(sheet(COLUMNS, rows), media_type="text/csv; charset=utf-8", headers=headers)


def _flat(value: object) -> object:
    return "; ".join(str(v) for v in value) if isinstance(value, list) else value
