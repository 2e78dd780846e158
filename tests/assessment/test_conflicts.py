"""Two answers to one question: both are kept, a person chooses, and nothing is overwritten unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import access, answer_rows, conflicts, respondents, saving
from assessment.access import Access
from assessment.conflicts import KEPT, TAKEN, AnsweredMeanwhile, ConflictNotFound
from assessment.saving import Operation, QuestionNotFound
from assessment.tables import AnswerConflict, AnswerRevision
from tests.factories import NOW, started, tiny

TINY = tiny().questionnaire
QUESTION = "skills.training"


def differing(session: Session) -> tuple[str, str]:
    """The holder of the return link said 1; Amina, who had not seen it, says 2. Returns both links' secrets."""
    found, token = started(session)
    _, hers = respondents.ask(session, found, "Amina", ["skills"], ["skills"], NOW)
    saving.save(session, Access(found), TINY, [Operation(QUESTION, 0, 1)], NOW)
    saving.save(session, access.open_by_key(session, hers), TINY, [Operation(QUESTION, 0, 2, "since May")], NOW)
    return token, hers


def the_one(session: Session, token: str) -> tuple[Access, int]:
    found = access.open_by_key(session, token, for_change=True)
    (difference,) = conflicts.list_open(session, found.assessment)
    return found, difference.id


def present(session: Session, token: str) -> answer_rows.Present:
    return answer_rows.present_answers(session, access.open_by_link(session, token).id)[QUESTION]


def test_both_answers_are_kept_with_who_gave_them(database: Database) -> None:
    with database.transaction() as session:
        token, _ = differing(session)
        (found,) = conflicts.list_open(session, access.open_by_link(session, token))

        assert (found.value, found.note, found.by, found.at) == (2, "since May", "Amina", NOW)
        assert present(session, token).value == 1


def test_keeping_changes_no_answer_and_settles(database: Database) -> None:
    with database.transaction() as session:
        token, _ = differing(session)
        found, number = the_one(session, token)
        assert conflicts.settle(session, found, TINY, number, KEPT, 1, NOW) == QUESTION

        assert present(session, token).version == 1
        assert not conflicts.list_open(session, found.assessment)
        (kept,) = conflicts.list_of_question(session, found.assessment, QUESTION)
        assert (kept.settled_as, kept.settled_at) == ("kept", NOW)


def test_taking_is_a_new_revision_of_whoever_has_chosen(database: Database) -> None:
    with database.transaction() as session:
        token, hers = differing(session)
        found, number = the_one(session, hers)
        conflicts.settle(session, found, TINY, number, TAKEN, 1, NOW)

        now = present(session, token)
        assert (now.version, now.value, now.note, now.by) == (2, 2, "since May", "Amina")
        versions = session.scalars(select(AnswerRevision.value).order_by(AnswerRevision.version)).all()
        assert versions == [1, 2]
        (taken,) = conflicts.list_of_question(session, found.assessment, QUESTION)
        assert (taken.settled_as, taken.settled_by) == ("taken", "Amina")


def test_choosing_again_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        token, _ = differing(session)
        found, number = the_one(session, token)
        conflicts.settle(session, found, TINY, number, KEPT, 1, NOW)
        conflicts.settle(session, found, TINY, number, TAKEN, 1, NOW)

        assert present(session, token).value == 1


def test_an_answer_that_moved_meanwhile_must_be_seen_first(database: Database) -> None:
    with database.transaction() as session:
        token, _ = differing(session)
        found, number = the_one(session, token)
        saving.save(session, found, TINY, [Operation(QUESTION, 1, 3)], NOW)

        with pytest.raises(AnsweredMeanwhile):
            conflicts.settle(session, found, TINY, number, TAKEN, 1, NOW)
        assert len(conflicts.list_open(session, found.assessment)) == 1


def test_only_who_may_answer_the_question_settles_it(database: Database) -> None:
    with database.transaction() as session:
        token, _ = differing(session)
        found, number = the_one(session, token)
        _, others = respondents.ask(session, found.assessment, "Bao", ["machines~1"], ["machines~1"], NOW)
        theirs, _ = started(session)

        with pytest.raises(QuestionNotFound):
            conflicts.settle(session, access.open_by_key(session, others), TINY, number, TAKEN, 1, NOW)
        with pytest.raises(ConflictNotFound):
            conflicts.settle(session, Access(theirs), TINY, number, TAKEN, 1, NOW)
        with pytest.raises(ConflictNotFound):
            conflicts.settle(session, found, TINY, 2**40, TAKEN, 1, NOW)


def test_two_who_choose_at_once_settle_it_once(database: Database) -> None:
    with database.transaction() as session:
        token, _ = differing(session)

    def choose(choice: str) -> None:
        with database.transaction() as session:
            found = access.open_by_key(session, token, for_change=True)
            number = session.scalars(select(AnswerConflict.id)).one()
            try:
                conflicts.settle(session, found, TINY, number, choice, 1, NOW)  # type: ignore[arg-type]
            except AnsweredMeanwhile:
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(choose, [TAKEN, KEPT, TAKEN, TAKEN]))

    with database.reader() as session:
        revisions = session.scalars(select(AnswerRevision.version)).all()
        settled_as = session.scalars(select(AnswerConflict.settled_as)).one()
        assert len(revisions) == (2 if settled_as == "taken" else 1)
