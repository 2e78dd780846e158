"""How far a firm is with its roadmap: what may be said, by whom it was said, and that nobody overwrites another."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import Database
from assessment import assessments, progress
from assessment.errors import Invalid
from assessment.progress import ActionNotFound, NoPlanYet, ProgressChanged
from assessment.results import wishes_for
from assessment.standing import Standing, Step, planned_steps, standing
from assessment.tables import Assessment
from scoring.roadmap import PlannedAction, Roadmap
from tests.factories import NOW, answered, started, tiny

OFFERED = ("first", "second")


def submitted(session: Session) -> Assessment:
    assessment, _ = started(session)
    answered(session, assessment, skills__training=2)
    assessments.submit(session, assessment, tiny().questionnaire, wishes_for(tiny(), {}), NOW)
    return assessment


def said(session: Session, assessment: Assessment, step: Step, seen: str = "", by: str = "") -> Step:
    return progress.record(session, assessment, step, OFFERED, seen, by, NOW)


def test_what_is_said_of_an_action_is_kept_with_who_and_when(database: Database) -> None:
    with database.transaction() as session:
        assessment = submitted(session)
        said(session, assessment, Step("first", "started", "2026-11-01", " Aisha ", "two machines\r\nso far"), by="Lim")
    with database.reader() as session:
        found = progress.steps_of(session, assessment.id)[assessment.id]

    assert found == {"first": Step("first", "started", "2026-11-01", "Aisha", "two machines\nso far", NOW, "Lim")}


def test_without_a_day_it_holds_from_today_and_a_plan_has_none(database: Database) -> None:
    with database.transaction() as session:
        assessment = submitted(session)
        assert said(session, assessment, Step("first", "done")).day == "2026-11-20"
        assert said(session, assessment, Step("second", "planned", "2026-11-01", "Aisha")).day == ""


def test_a_score_never_moves_by_it(database: Database) -> None:
    with database.transaction() as session:
        assessment = submitted(session)
        before = (assessment.frozen, assessment.scores)
        said(session, assessment, Step("first", "done"))
        assert (assessment.frozen, assessment.scores) == before


def test_what_another_said_meanwhile_is_not_overwritten(database: Database) -> None:
    with database.transaction() as session:
        assessment = submitted(session)
        theirs = said(session, assessment, Step("first", "started", owner="Aisha"))
        with pytest.raises(ProgressChanged) as refusal:
            said(session, assessment, Step("first", "done", owner="Lim"))
        assert refusal.value.present == theirs
        assert said(session, assessment, Step("first", "done", owner="Lim"), progress.mark(theirs)).state == "done"


def test_the_same_said_twice_is_no_conflict(database: Database) -> None:
    with database.transaction() as session:
        assessment = submitted(session)
        once = said(session, assessment, Step("first", "done"))
        assert said(session, assessment, Step("first", "done")) == once


@pytest.mark.parametrize(
    "step",
    [
        Step("first", "finished"),  # type: ignore[arg-type]
        Step("first", "done", "yesterday"),
        Step("first", "done", (NOW.date() + timedelta(days=2)).isoformat()),
        Step("first", "done", "1850-01-01"),
        Step("first", "done", owner="x" * 201),
        Step("first", "done", note="\x00"),
    ],
)
def test_what_does_not_fit_is_refused(database: Database, step: Step) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        said(session, submitted(session), step)


def test_an_action_that_there_is_not_or_a_plan_that_there_is_not_is_refused(database: Database) -> None:
    with database.transaction() as session:
        assessment = submitted(session)
        with pytest.raises(ActionNotFound):
            said(session, assessment, Step("third", "done"))
        unfinished, _ = started(session)
        with pytest.raises(NoPlanYet):
            said(session, unfinished, Step("first", "done"))


def action(name: str, phase: int, end: float, cost: float = 100.0) -> PlannedAction:
    return PlannedAction(name, phase, 0.0, end, cost, 2 * cost, 5.0, 0.1, False, (), ())


ROADMAP = Roadmap(
    (action("first", 0, 2), action("second", 0, 3, 50.0), action("third", 1, 12)), (), (), 1.0, 2.0, {}, {}, 0.0
)


def test_an_action_is_late_the_day_after_its_planned_end_unless_it_has_ended() -> None:
    since = date(2026, 1, 1)
    steps = {"second": Step("second", "done", "2026-02-01", changed_at=NOW)}
    end = planned_steps(ROADMAP, steps, since, since)[0].end
    assert end == date(2026, 3, 3)  # 2 x 365.25 / 12 days

    def late(today: date) -> list[str]:
        return [each.action for each in planned_steps(ROADMAP, steps, since, today) if each.is_late]

    assert late(end) == []
    assert late(end + timedelta(days=1)) == ["first"]
    assert late(date(2028, 1, 1)) == ["first", "third"]


def test_the_standing_counts_each_phase_and_the_cost_of_what_is_done() -> None:
    steps = {
        "first": Step("first", "done", changed_at=NOW),
        "second": Step("second", "dropped", changed_at=NOW),
        "third": Step("third", "started", changed_at=NOW),
        "gone": Step("gone", "done", changed_at=NOW),
    }
    since, today = date(2026, 1, 1), date(2027, 6, 1)
    found = standing(planned_steps(ROADMAP, steps, since, today), since, today)

    assert (found.phases[0].actions, found.phases[0].done, found.phases[0].dropped) == (2, 1, 1)
    assert (found.total.cost_low, found.total.cost_high) == (100.0, 200.0)
    assert (found.total.started, found.total.late, found.said) == (1, 1, 3)
    assert Standing.from_json(found.as_json()) == found
