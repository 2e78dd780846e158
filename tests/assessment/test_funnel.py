"""The funnel's figures are what one counts by hand."""

from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy.orm import Session

from app.database import Database
from assessment import case_events, funnel
from assessment.case_states import (
    ACTION_DONE,
    APPLIED,
    ELIGIBLE,
    ENDORSED,
    FIRM,
    FUNNEL,
    INELIGIBLE,
    NOT_SELECTED,
    OFFICER,
    ON_SITE,
    SELECTED,
    SELF_ASSESSED,
    WITHDRAWN,
)
from assessment.funnel import StepFigures
from assessment.tables import Programme
from tests.assessment.cases import Run, add_case, new_firm, run_programme
from tests.conftest import statements_of
from tests.factories import NOW

TODAY = date(2027, 6, 1)
# A case each: the states that it came to, with the days from the one before.
STORIES = (
    ((APPLIED, 0), (INELIGIBLE, 1)),
    ((APPLIED, 0), (ELIGIBLE, 2)),
    ((APPLIED, 0), (ELIGIBLE, 2), (NOT_SELECTED, 10)),
    ((APPLIED, 0), (ELIGIBLE, 4), (SELECTED, 20)),
    ((APPLIED, 0), (ELIGIBLE, 0), (SELECTED, 6), (SELF_ASSESSED, 9.5), (WITHDRAWN, 1)),
    ((APPLIED, 0), (ELIGIBLE, 0), (SELECTED, 6), (SELF_ASSESSED, 5), (ON_SITE, 7), (ENDORSED, 30), (ACTION_DONE, 100)),
)


def told(session: Session, run: Run) -> None:
    for number, story in enumerate(STORIES):
        case = add_case(session, run, new_firm(session, f"Firm {number}"), APPLIED)
        at: datetime = NOW
        for state, days in story:
            at += timedelta(days=days)
            case_events.record(session, case, case_events.MOVED, at, by=FIRM, state=state)
            case_events.record(session, case, case_events.NOTED, at, by=OFFICER, text="changes no state")


def test_the_steps_of_six_cases(session: Session) -> None:
    run = run_programme(session)
    session.get_one(Programme, run.programme).targets = {SELECTED: 500, ENDORSED: 60}
    told(session, run)
    found = {each.state: each for each in funnel.figures(session, run.programme, TODAY)}
    assert list(found) == list(FUNNEL)
    assert [found[state].reached for state in FUNNEL] == [6, 5, 3, 2, 1, 1, 1, 1, 0]
    assert found[APPLIED] == StepFigures(APPLIED, 6, 0, 0, median([1, 2, 2, 4, 0, 0]), None)
    assert found[ELIGIBLE] == StepFigures(ELIGIBLE, 5, 1, 1, median([10, 20, 6, 6]), None)
    assert found[SELECTED] == StepFigures(SELECTED, 3, 1, 1, (9.5 + 5) / 2, 500)
    assert found[SELF_ASSESSED].days == 4
    assert found[ENDORSED] == StepFigures(ENDORSED, 1, 0, 0, 100, 60)
    assert (found[ACTION_DONE].waiting, found[ACTION_DONE].overdue, found[ACTION_DONE].days) == (1, 0, None)


def test_other_programmes_do_not_count(session: Session) -> None:
    told(session, run_programme(session, "other"))
    run = run_programme(session)
    assert {each.reached for each in funnel.figures(session, run.programme, TODAY)} == {0}


def test_two_statements_however_many_cases(database: Database) -> None:
    with database.transaction() as session:
        run = run_programme(session)
        told(session, run)
    with database.reader() as session:
        there = session.get_one(Programme, run.programme)
        with statements_of(database) as statements:
            funnel.figures(session, run.programme, TODAY)
    assert (len(statements), there.id) == (2, run.programme)


def test_cases_are_counted_from_an_index_alone(database: Database) -> None:
    with database.transaction() as session:
        run = run_programme(session)
        told(session, run)
    with database.reader() as session, statements_of(database) as statements:
        funnel.at_a_glance(session, run.programme, TODAY)
        if session.connection().dialect.name == "sqlite":
            explain = f"EXPLAIN QUERY PLAN {statements[0]}".replace("?", "1")
            plan = str(session.connection().exec_driver_sql(explain).all())
            assert "COVERING INDEX ix_programme_case_count" in plan
            assert "TEMP B-TREE" not in plan
