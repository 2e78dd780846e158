"""Planned against achieved: the actions of the kept plan, how far each is, and saying so."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import plan_cases
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByManager
from app.firm_results import Kept, written_in
from app.forms import Problem, Sent, SentForm
from app.templating import language_of, page
from assessment import assessments, firm_support, plans, progress
from assessment.case_support import exchange_of
from assessment.errors import Invalid
from assessment.progress import ActionNotFound, ProgressChanged
from assessment.standing import ENDED, STATES, PlannedStep, Standing, State, Step, planned_steps, standing
from questionnaires.languages import language
from questionnaires.translation import translate
from reports.firm import names
from reports.firm.material import Material
from reports.wording import wording
from scoring.roadmap import PHASES, Roadmap

router = APIRouter(prefix="/a/{key}/progress")


@router.get("")
def show_progress(request: Request, session: DatabaseSession, opened: OpenedByManager, now: Now) -> Response:
    if not opened.is_submitted:
        return RedirectResponse(f"{opened.link}/results", status_code=303)
    m, today = _material(request, session, opened), now.date()
    steps = progress.steps_of(session, opened.row.id)[opened.row.id]
    since = _first_day(opened, today)
    roadmap = m.result.roadmap
    planned = planned_steps(roadmap, steps, since, today) if isinstance(roadmap, Roadmap) else ()
    inside = {each.step.action for each in planned}
    return page(
        request,
        "progress.html",
        opened=opened,
        titles={name: action.title for name, action in m.actions.items()},
        phases=_phases(m, planned),
        outside=[step for name, step in steps.items() if name not in inside and name in m.actions],
        standing=standing(planned, since, today),
        cost=_cost(m, standing(planned, since, today)),
        **_support(session, opened, m, planned, now),
        text_language=m.words.language,
    )


def _material(request: Request, session: DatabaseSession, opened: Opened) -> Material:
    """The kept plan's result in the reader's language."""
    sheet = assessments.sheet_of(session, opened.row)
    plan = plans.plan_of(opened.row, opened.definition)
    kept: Kept = request.app.state.kept
    _, result = plan_cases.kept_result(kept, opened, sheet, plan)
    return Material(result, wording(written_in(language_of(request).code)))


def _first_day(opened: Opened, today: date) -> date:
    """Months of the plan count from the day of the submission."""
    return opened.row.submitted_at.date() if opened.row.submitted_at else today


def _phases(m: Material, planned: tuple[PlannedStep, ...]) -> list[tuple[str, str, list[PlannedStep]]]:
    titles = names.phases(m.words)
    return [
        (titles[phase.id], m.months(phase.start, phase.end), [each for each in planned if each.phase == number])
        for number, phase in enumerate(PHASES)
    ]


def _support(
    session: DatabaseSession, opened: Opened, m: Material, planned: Sequence[PlannedStep], now: datetime
) -> dict[str, Any]:
    """What programmes offer for the actions that are still ahead: beside each action, and each offer for all."""
    ahead = [m.actions[each.step.action] for each in planned if each.step.state not in ENDED]
    found = firm_support.find(session, opened.row, opened.questionnaire, now) if ahead else ()
    told = (found, ahead, m.result.wishes.size, exchange_of(opened.definition))
    return {"support": firm_support.by_action(*told), "offers": firm_support.by_offer(*told)}


def _cost(m: Material, found: Standing) -> str:
    return m.sum(found.total.cost_low, found.total.cost_high) if found.total.done else ""


@router.get("/{action_id}")
def show_action(request: Request, session: DatabaseSession, opened: OpenedByManager, action_id: str) -> Response:
    if not opened.is_submitted:
        return RedirectResponse(f"{opened.link}/results", status_code=303)
    if action_id not in opened.definition.action:
        raise ActionNotFound
    present = progress.steps_of(session, opened.row.id)[opened.row.id].get(action_id, Step(action_id))
    return _form(request, opened, present, progress.mark(present), {})


@router.post("/{action_id}")
def record_progress(
    request: Request,
    session: DatabaseSession,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    action_id: str,
    sent: Sent,
    now: Now,
) -> Response:
    """Say where an action stands; what somebody else said meanwhile is shown beside it and not replaced."""
    step = _sent(action_id, sent)
    by = person.called if person else ""
    offered = opened.definition.action
    try:
        progress.record(session, opened.row, step, offered, sent.text("seen"), by, now)
    except ProgressChanged as refusal:
        return _form(request, opened, step, progress.mark(refusal.present), {}, 409, present=refusal.present)
    except Invalid as refusal:
        problem = Problem(refusal.message, refusal.values)
        return _form(request, opened, step, sent.text("seen"), {_field(step, refusal, now): problem}, 422)
    return RedirectResponse(f"{opened.link}/progress#{action_id}", status_code=303)


def _sent(action_id: str, sent: SentForm) -> Step:
    known: dict[str, State] = {each: each for each in STATES}
    state: Any = known.get(sent.text("state"), sent.text("state")[:16])
    return Step(action_id, state, sent.text("day").strip()[:40], sent.text("owner"), sent.text("note"))


def _field(step: Step, refusal: Invalid, now: Now) -> str:
    """The field that a refusal speaks of: the first that is refused by itself."""
    trials = {
        "state": Step(step.action, step.state),
        "day": Step(step.action, "done", step.day),
        "owner": Step(step.action, owner=step.owner),
    }
    for name, trial in trials.items():
        try:
            progress.cleaned(trial, now)
        except Invalid:
            return name
    return "note"


def _form(
    request: Request,
    opened: Opened,
    step: Step,
    seen: str,
    problems: dict[str, Problem],
    status: int = 200,
    present: Step | None = None,
) -> Response:
    written = written_in(language_of(request).code)
    return page(
        request,
        "action_progress.html",
        status,
        opened=opened,
        action=translate(opened.definition, written).definition.action[step.action],
        text_language=language(written),
        today=datetime.now(UTC).date().isoformat(),
        step=step,
        seen=seen,
        problems=problems,
        present=present,
    )
