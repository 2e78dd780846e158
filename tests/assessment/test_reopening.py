"""Reopening: what was submitted stays, with its scores; what follows is a submission of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.database import Database
from assessment import access, assessments, reopening, report_orders
from assessment.errors import Invalid
from assessment.reopening import NotSubmittedYet, ReasonMissing, SubmissionNotFound
from assessment.results import wishes_for
from scoring.roadmap import Wishes
from tests.factories import NOW, answered, started, tiny

LATER = NOW + timedelta(days=3)


def submitted(session, level: int = 1) -> str:  # type: ignore[no-untyped-def]
    found, token = started(session)
    answered(session, found, skills__training=level)
    assessments.submit(session, found, tiny().questionnaire, wishes_for(tiny(), {}), NOW)
    return token


def test_the_submission_becomes_a_past_one_and_answers_are_taken_again(database: Database) -> None:
    with database.transaction() as session:
        token = submitted(session)
    with database.transaction() as session:
        found = access.open_by_link(session, token)
        scores = dict(found.scores or {})
        reopening.reopen(session, found, "  the training plan\r\nwas missing ", "Amina", LATER)
        answered(session, found, skills__training=2)
    with database.reader() as session:
        found = access.open_by_link(session, token)
        (past,) = reopening.list_past(session, found)

        assert (found.state, found.frozen, found.scores, found.submitted_at) == ("open", None, None, None)
        assert assessments.sheet_of(session, found).answers.answers == {"skills.training": 2}
        assert (past.number, past.reason, past.reopened_by) == (1, "the training plan\nwas missing", "Amina")
        assert (past.submitted_at, past.reopened_at) == (NOW, LATER)
        assert past.snapshot.answers.answers == {"skills.training": 1}
        assert (past.scores, past.questionnaire_version) == (scores, "1.0.0")


def test_submitting_again_makes_a_new_snapshot_and_a_second_past_one_counts_on(database: Database) -> None:
    with database.transaction() as session:
        found = access.open_by_link(session, submitted(session))
        reopening.reopen(session, found, "first", "", LATER)
        answered(session, found, skills__training=3)
        assessments.submit(session, found, tiny().questionnaire, Wishes(), LATER)
        assert assessments.sheet_of(session, found).answers.answers == {"skills.training": 3}

        reopening.reopen(session, found, "second", "", LATER)
        assert [(p.number, p.reason) for p in reopening.list_past(session, found)] == [(1, "first"), (2, "second")]
        assert reopening.get_past(session, found, 2).snapshot.answers.answers == {"skills.training": 3}
        with pytest.raises(SubmissionNotFound):
            reopening.get_past(session, found, 3)


def test_a_reason_is_needed_and_is_short(database: Database) -> None:
    with database.transaction() as session:
        found = access.open_by_link(session, submitted(session))

        with pytest.raises(ReasonMissing):
            reopening.reopen(session, found, " \n", "Amina", LATER)
        with pytest.raises(Invalid):
            reopening.reopen(session, found, "x" * 501, "Amina", LATER)
        assert found.state == "submitted"


def test_what_is_open_cannot_be_reopened(database: Database) -> None:
    with database.transaction() as session:
        found, _ = started(session)
        with pytest.raises(NotSubmittedYet):
            reopening.reopen(session, found, "why not", "", LATER)


def test_two_who_reopen_at_once_leave_one_past_submission(database: Database) -> None:
    with database.transaction() as session:
        token = submitted(session)

    def reopen(_: int) -> bool:
        with database.transaction() as session:
            found = access.open_by_key(session, token, for_change=True).assessment
            try:
                reopening.reopen(session, found, "at once", "", LATER)
            except NotSubmittedYet:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(reopen, range(4))) == 1
    with database.reader() as session:
        assert len(reopening.list_past(session, access.open_by_link(session, token))) == 1


def test_a_report_of_a_past_submission_is_still_made_of_what_was_submitted_then(database: Database) -> None:
    with database.transaction() as session:
        found = access.open_by_link(session, submitted(session))
        first = report_orders.order(session, found, "en", Wishes(), "1", NOW)
        reopening.reopen(session, found, "why", "", LATER)
        (past,) = reopening.list_past(session, found)
        assert report_orders.get_order(session, first, found).snapshot.answers.answers == {"skills.training": 1}

        again = LATER + timedelta(days=1)
        answered(session, found, skills__training=3)
        assessments.submit(session, found, tiny().questionnaire, Wishes(), again)
        second = report_orders.order(session, found, "en", Wishes(), "1", again)

        order = report_orders.get_order(session, first, found)
        assert (order.submitted_at, order.frozen_scores) == (NOW, past.scores)
        assert [o.id for o in report_orders.list_orders(session, found)] == [second]
        assert [o.id for o in report_orders.list_orders(session, found, past.submitted_at, past.reopened_at)] == [first]


def test_submitted_anew_without_a_change_the_report_has_its_own_day(database: Database) -> None:
    with database.transaction() as session:
        found = access.open_by_link(session, submitted(session))
        first = report_orders.order(session, found, "en", Wishes(), "1", NOW)
        reopening.reopen(session, found, "why", "", LATER)
        assessments.submit(session, found, tiny().questionnaire, Wishes(), LATER)

        assert report_orders.order(session, found, "en", Wishes(), "1", LATER) != first
