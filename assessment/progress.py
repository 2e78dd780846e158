"""How far a firm is with the actions of its roadmap: what people say of each, kept with who and when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.standing import STATES, State, Step
from assessment.tables import ActionProgress, Assessment
from assessment.texts import clean_name, clean_note

EARLIEST = date(2000, 1, 1)
STATE: Mapping[str, State] = {each: each for each in STATES}


class NoPlanYet(Conflict):
    """A roadmap is worked off once the answers it rests on no longer change."""

    def __init__(self) -> None:
        super().__init__(N_("Submit the assessment first; then say here how far you are with its roadmap."))


class ActionNotFound(NotFound):
    """The questionnaire has no such action."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such action in this plan. Go back to the list of actions."))


class ProgressChanged(Conflict):
    """Somebody else has said something of this action since the page was opened; `present` is what."""

    def __init__(self, present: Step) -> None:
        self.present = present
        super().__init__(N_("Somebody else changed this action meanwhile. Compare both, then send yours again."))


def steps_of(session: Session, *assessment_ids: int) -> dict[int, dict[str, Step]]:
    """What was said of the actions of some assessments, by assessment and action."""
    return steps_in(session.execute(steps_query(*assessment_ids)), *assessment_ids)


def steps_query(*assessment_ids: int) -> Select[Any]:
    """The rows that `steps_in` reads, to be asked beside others (assessment.one_statement)."""
    step = ActionProgress
    said: tuple[Any, ...] = (step.state, step.day, step.owner, step.note, step.changed_at, step.changed_by)
    query: Select[Any] = select(step.assessment_id, step.id, step.action_id, *said)
    return query.where(step.assessment_id.in_(assessment_ids))


def steps_in(rows: Iterable[Sequence[Any]], *assessment_ids: int) -> dict[int, dict[str, Step]]:
    found: dict[int, dict[str, Step]] = {number: {} for number in assessment_ids}
    for assessment_id, _, action, state, *said in sorted(rows, key=lambda row: row[1]):
        found[assessment_id][action] = Step(action, STATE.get(state, "planned"), *said)
    return found


def record(
    session: Session,
    assessment: Assessment,
    step: Step,
    offered: Collection[str],
    seen: str,
    by: str,
    now: datetime,
) -> Step:
    """Say where an action stands. `seen` is the ISO moment of what was said before, empty for nothing.

    No score changes by it: answers do. What was said already is not said again.

    Raises:
        NoPlanYet, ActionNotFound, Invalid
        ProgressChanged: something else was said meanwhile.
    """
    if assessment.frozen is None:
        raise NoPlanYet
    if step.action not in offered:
        raise ActionNotFound
    told = cleaned(step, now)
    query = select(ActionProgress).where(
        ActionProgress.assessment_id == assessment.id, ActionProgress.action_id == step.action
    )
    row = session.scalars(query).one_or_none()
    present = Step(step.action) if row is None else _step(row)
    if _said(present) == _said(told):
        return present
    if mark(present) != seen:
        raise ProgressChanged(present)
    if row is None:
        row = ActionProgress(assessment_id=assessment.id, action_id=step.action)
        session.add(row)
    row.state, row.day, row.owner, row.note = _said(told)
    row.changed_at, row.changed_by = now, clean_name(by)
    session.flush()
    return _step(row)


def mark(step: Step) -> str:
    """What a form carries to say which state of an action it has shown."""
    return step.changed_at.isoformat() if step.changed_at else ""


def cleaned(step: Step, now: datetime) -> Step:
    """What a person said, as it can be stored; without a day it holds from today, and a plan has none.

    Raises:
        Invalid: there is no such state, the day is none or lies ahead, or a text cannot be stored.
    """
    if step.state not in STATES:
        raise Invalid(N_("Choose where the action stands."))
    day = "" if step.state == "planned" else _day(step.day, now)
    return Step(step.action, step.state, day, clean_name(step.owner), clean_note(step.note))


def _day(text: str, now: datetime) -> str:
    if not text:
        return now.date().isoformat()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("Enter a day, for example 2026-11-30.")) from None
    # East of Greenwich it may be tomorrow already.
    if not EARLIEST <= day <= now.date() + timedelta(days=1):
        raise Invalid(N_("Enter a day that is not in the future."))
    return day.isoformat()


def _said(step: Step) -> tuple[State, str, str, str]:
    return step.state, step.day, step.owner, step.note


def _step(row: ActionProgress) -> Step:
    return Step(
        row.action_id, STATE.get(row.state, "planned"), row.day, row.owner, row.note, row.changed_at, row.changed_by
    )
