"""Many who answer at once: each save is the answer, or kept beside it; nothing is overwritten unseen."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import Database
from assessment import access, answer_rows, saving
from assessment.answer_rows import Present
from assessment.saving import Operation, Outcome
from assessment.tables import AnswerConflict, AnswerOperation, AnswerRevision, Respondent
from tests.factories import NOW, started, tiny

QUESTIONNAIRE = tiny().questionnaire
THREADS = 20


def new_id() -> str:
    return str(uuid.uuid4())


def save(database: Database, token: str, *operations: Operation) -> list[Outcome]:
    with database.transaction() as session:
        opened = access.open_by_key(session, token, for_change=True)
        return saving.save(session, opened, QUESTIONNAIRE, operations, NOW)


@pytest.fixture
def token(database: Database) -> str:
    with database.transaction() as session:
        return started(session)[1]


def test_of_twenty_who_answer_at_once_one_wins_and_the_others_are_kept(database: Database, token: str) -> None:
    def attempt(number: int) -> str:
        return save(database, token, Operation("machines.1", 0, 1, f"note {number}", new_id()))[0].status

    with ThreadPoolExecutor(THREADS) as threads:
        statuses = list(threads.map(attempt, range(THREADS)))

    assert sorted(statuses) == ["conflict"] * (THREADS - 1) + ["saved"]
    with database.reader() as session:
        notes = {*session.scalars(select(AnswerConflict.note)), *session.scalars(select(AnswerRevision.note))}
    assert notes == {f"note {number}" for number in range(THREADS)}


def test_twenty_who_go_on_from_what_they_see_lose_nothing(database: Database, token: str) -> None:
    """Each reads, answers over it, and reads again: winners and conflicts are all attempts."""

    def attempt(number: int) -> list[str]:
        seen, statuses = 0, list[str]()
        for turn in range(5):
            sent = Operation("machines.1", seen, turn % 3, f"{number}, {turn}", new_id())
            [outcome] = save(database, token, sent)
            seen = outcome.present.version
            statuses.append(outcome.status)
        return statuses

    with ThreadPoolExecutor(THREADS) as threads:
        statuses = [status for found in threads.map(attempt, range(THREADS)) for status in found]

    with database.reader() as session:
        winners = session.scalar(select(func.count()).select_from(AnswerRevision))
        kept = session.scalar(select(func.count()).select_from(AnswerConflict))
        versions = session.scalars(select(AnswerRevision.version).order_by(AnswerRevision.version)).all()
    assert statuses.count("saved") == winners
    assert statuses.count("conflict") == kept
    assert (winners or 0) + (kept or 0) == THREADS * 5
    assert versions == list(range(1, len(versions) + 1))


def test_a_colleague_answers_their_sections_only(database: Database, token: str) -> None:
    secret = access.new_token()
    with database.transaction() as session:
        assessment = access.open_by_link(session, token)
        asked = Respondent(assessment_id=assessment.id, name="Amina", sections=["skills"], created_at=NOW)
        asked.token_sha256 = access.token_sha256(secret)
        session.add(asked)

    mine, theirs = save(
        database, secret, Operation("skills.training", 0, 1, id=new_id()), Operation("machines.1", 0, 1, id=new_id())
    )

    assert (mine.status, mine.present.by) == ("saved", "Amina")
    assert (theirs.status, type(theirs.refusal)) == ("refused", saving.QuestionNotFound)


def test_a_refusal_does_not_say_how_another_section_is_answered(database: Database, token: str) -> None:
    save(database, token, Operation("machines.1", 0, 2))
    with database.transaction() as session:
        opened = access.open_by_key(session, token, for_change=True)
        colleague = access.Access(opened.assessment, sections=frozenset({"skills"}), may_manage=False)
        [outcome] = saving.save(session, colleague, QUESTIONNAIRE, [Operation("machines.1", 0, 1)], NOW)

    assert outcome.present == Present()


def test_replies_to_saves_are_forgotten_after_a_month(database: Database, token: str) -> None:
    save(database, token, Operation("machines.1", 0, 1, id=new_id()))
    with database.transaction() as session:
        assert answer_rows.forget_operations(session, NOW) == 0
        assert answer_rows.forget_operations(session, NOW + timedelta(seconds=1)) == 1
        assert session.scalar(select(func.count()).select_from(AnswerOperation)) == 0
        assert session.scalar(select(func.count()).select_from(AnswerRevision)) == 1
