"""What came before an assessment and what was done since: read for a page, with the previous questionnaire."""

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from app.dependencies import Opened
from app.plan_cases import Shown
from app.shelf import Shelf
from assessment import last_time, progress
from assessment.assessments import Sheet
from assessment.comparison import Comparison, comparison
from assessment.results import Result
from assessment.rooms_told import RoomTold, rooms_of
from assessment.standing import Step
from assessment.told import Told, told_now, with_told
from questionnaires.problems import UnknownDefinition
from scoring.gaps import Target
from scoring.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Since:
    """What was said of the actions, and the comparison with last time where there is one."""

    steps: dict[str, Step]
    comparison: Comparison | None = None
    previous_day: str = ""  # ISO; empty when there was no time before
    rooms: tuple[RoomTold, ...] = ()  # what the workshops have settled that it was part of

    def told(self, target: Target, now: datetime) -> Told:
        return told_now(target, self.steps, self.comparison, now.date(), self.rooms)


def since_of(request: Request, session: Session, opened: Opened, sheet: Sheet, readiness: Readiness) -> Since:
    """At most three statements; none of what is not there."""
    previous = last_time.find_previous(session, opened.row)
    numbers = [opened.row.id] if previous is None else [opened.row.id, previous.id]
    if previous is None and not opened.is_submitted:
        return Since({})
    steps = progress.steps_of(session, *numbers)
    rooms = rooms_of(session, opened.row) if opened.is_submitted else ()
    if previous is None:
        return Since(steps[opened.row.id], rooms=rooms)
    shelf: Shelf = request.app.state.shelf
    try:
        before = shelf.get(previous.questionnaire).questionnaire
    except UnknownDefinition:
        return Since(steps[opened.row.id], None, previous.day, rooms)
    last = previous.read(before, steps[previous.id])
    compared = comparison(opened.questionnaire, sheet.answers, readiness, last, before)
    return Since(steps[opened.row.id], compared, previous.day, rooms)


def with_since(found: Shown, opened: Opened, since: Since, now: datetime) -> Result:
    """The result beside last time and, while it is the kept plan's, with how far that is."""
    told = since.told(found.result.target, now)
    if found.wanted.is_tried:
        told = replace(told, states={}, as_of="")
    return with_told(found.result, told, (opened.row.submitted_at or now).date())
