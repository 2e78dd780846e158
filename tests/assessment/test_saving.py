"""Many who answer at once: each save is the answer, or kept beside it; nothing is overwritten unseen."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update

from app.database import Database
from assessment import access, answer_rows, saving
from assessment.access import token_sha256
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


def conflicts(database: Database) -> list[str]:
    with database.reader() as session:
        return sorted(session.scalars(select(AnswerConflict.note)))


def test_a_form_that_is_sent_twice_leaves_its_answer_once(database: Database, token: str) -> None:
    save(database, token, Operation("skills.languages", 0, ["ERP"], "first"))
    save(database, token, Operation("skills.languages", 1, ["CAD"], "second"))
    behind = Operation("skills.languages", 1, ["ERP", "CAD"], "behind")

    again = Operation("skills.languages", 1, ["CAD", "ERP"], "behind")
    assert [save(database, token, each)[0].status for each in (behind, again)] == ["conflict"] * 2
    assert conflicts(database) == ["behind"]

    with database.transaction() as session:
        session.execute(update(AnswerConflict).values(settled_at=NOW, settled_as="kept"))
    save(database, token, behind)
    assert conflicts(database) == ["behind"] * 2, "what was settled is not what is said now"


def test_a_form_with_anything_else_in_it_leaves_another_answer(database: Database, token: str) -> None:
    for version, note in enumerate(("first", "second", "third")):
        save(database, token, Operation("machines.1", version, 1, note))
    secret = access.new_token()
    with database.transaction() as session:
        found = access.open_by_link(session, token)
        asked = Respondent(assessment_id=found.id, name="Amina", created_at=NOW, token_sha256=token_sha256(secret))
        session.add(asked)

    for sender, base, value, note in (
        (token, 1, 2, "a"),
        (token, 2, 2, "a"),
        (token, 1, 0, "a"),
        (token, 1, 2, "b"),
        (secret, 1, 2, "a"),
    ):
        assert save(database, sender, Operation("machines.1", base, value, note))[0].status == "conflict"
    assert conflicts(database) == ["a"] * 4 + ["b"]


def test_what_a_device_sends_under_two_ids_is_kept_twice(database: Database, token: str) -> None:
    save(database, token, Operation("machines.1", 0, 1, "first"))
    for _ in range(2):
        save(database, token, Operation("machines.1", 0, 2, "behind", new_id()))

    assert conflicts(database) == ["behind"] * 2


def test_that_a_save_settles_is_part_of_its_content(database: Database, token: str) -> None:
    save(database, token, Operation("machines.1", 0, 1, "first"))
    save(database, token, Operation("machines.1", 0, 2, "behind", new_id()))
    settling = Operation("machines.1", 1, 2, "behind", new_id(), settles=True)

    assert save(database, token, settling)[0].status == "saved"
    [other] = save(database, token, replace(settling, settles=False))

    assert isinstance(other.refusal, saving.OperationReused)
    with database.reader() as session:
        assert session.scalars(select(AnswerConflict.settled_as)).all() == ["taken"]


def test_a_save_sent_again_settles_nothing_that_came_since(database: Database, token: str) -> None:
    save(database, token, Operation("machines.1", 0, 1, "first"))
    settling = Operation("machines.1", 1, 2, "mine", new_id(), settles=True)
    save(database, token, settling)
    save(database, token, Operation("machines.1", 1, 0, "behind", new_id()))
    save(database, token, settling)

    with database.reader() as session:
        assert session.scalars(select(AnswerConflict.settled_at)).all() == [None]


def test_the_hash_of_a_save_is_what_it_was_before_saves_could_settle() -> None:
    content = b'["machines.1", 3, ["ERP"], "lathes"]'

    assert Operation("machines.1", 3, ["ERP"], "lathes", new_id()).sha256() == sha256(content).hexdigest()
