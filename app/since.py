"""What came before an assessment and what was done since: read for a page, with the previous questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from fastapi import Request
from sqlalchemy.orm import Session

from app import peers
from app.dependencies import Opened
from app.plan_cases import Shown
from app.shelf import Shelf
from assessment import last_time, one_statement, progress
from assessment.assessments import Sheet
from assessment.comparison import Comparison, comparison
from assessment.firm_support import Support
from assessment.last_time import Previous
from assessment.peer_benchmarks import Benchmark, published, published_for
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
    benchmark: Benchmark | None = None  # where its peers stand, as published

    def told(self, target: Target, now: datetime, support: tuple[Support, ...] = ()) -> Told:
        return told_now(target, self.steps, self.comparison, now.date(), self.rooms, self.benchmark, support)


def since_of(
    request: Request, session: Session, opened: Opened, sheet: Sheet, readiness: Readiness, code: str
) -> Since:
    """At most three statements; none of what is not there. Names of industries are in the language `code`.

    Before an assessment is submitted nothing is told of peers: what they say must not move what the firm says.
    """
    previous, row = last_time.find_previous(session, opened.row), opened.row
    if not opened.is_submitted:
        steps = progress.steps_of(session, row.id, previous.id) if previous else {row.id: {}}
        return Since(steps[row.id], **_compared(request, opened, sheet, readiness, previous, steps))
    numbers = [row.id] if previous is None else [row.id, previous.id]
    said, releases = one_statement.ask(session, progress.steps_query(*numbers), published_for(row))
    steps = progress.steps_in(said, *numbers)
    return Since(
        steps[row.id],
        rooms=rooms_of(session, row),
        benchmark=peers.benchmark_of(request, opened, published(releases), code),
        **_compared(request, opened, sheet, readiness, previous, steps),
    )


class _Before(TypedDict, total=False):
    comparison: Comparison
    previous_day: str


def _compared(
    request: Request,
    opened: Opened,
    sheet: Sheet,
    readiness: Readiness,
    previous: Previous | None,
    steps: Mapping[int, dict[str, Step]],
) -> _Before:
    """Nothing the first time; where the questionnaire of last time is gone, its day alone."""
    if previous is None:
        return {}
    shelf: Shelf = request.app.state.shelf
    try:
        before = shelf.get(previous.questionnaire).questionnaire
    except UnknownDefinition:
        return {"previous_day": previous.day}
    last = previous.read(before, steps[previous.id])
    compared = comparison(opened.questionnaire, sheet.answers, readiness, last, before)
    return {"previous_day": previous.day} if compared is None else {
        "previous_day": previous.day, "comparison": compared
    }  # fmt: skip


def with_since(found: Shown, opened: Opened, since: Since, now: datetime) -> Result:
    """The result beside last time and, while it is the kept plan's, with how far that is."""
    told = since.told(found.result.target, now)
    if found.wanted.is_tried:
        told = replace(told, states={}, as_of="")
    return with_told(found.result, told, (opened.row.submitted_at or now).date())
