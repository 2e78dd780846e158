"""Saves of one transaction: few statements for many, and none sees less than if it had come alone."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import roles, saving, sessions, users
from assessment.access import MANAGER, Access
from assessment.saving import Operation, Outcome
from assessment.saving_together import FEW, Sent, Together
from assessment.tables import Answer, AnswerRevision, Assessment
from tests.conftest import statements_of
from tests.factories import NOW, started, tiny

QUESTIONNAIRE = tiny().questionnaire


@dataclass
class Person:
    """Who manages a firm of their own, with one assessment."""

    number: int
    link: str
    secret: str
    user_id: int

    def sends(self, *operations: Operation) -> Sent:
        return Sent(str(self.number), self.secret, operations)


@pytest.fixture
def people(database: Database) -> list[Person]:
    with database.transaction() as session:
        return [person(session, number) for number in range(6)]


def person(session: Session, number: int) -> Person:
    assessment, link = started(session)
    user = users.register(session, f"{number}@firm.example", NOW, f"Person {number}")
    roles.grant(session, user.id, MANAGER, assessment.firm_id, NOW)
    secret, _ = sessions.start(session, user.id, NOW, "Firefox", "203.0.113.*")
    return Person(assessment.id, link, secret, user.id)


def answer(question: str, base: int, value: int, note: str = "") -> Operation:
    return Operation(question, base, value, note, str(uuid.uuid4()))


def together(session: Session, *sent: Sent) -> list[list[Outcome] | None]:
    """What became of each, None where its sender may not."""
    group = Together(session, sent, NOW, sessions.USUAL)
    outcomes: list[list[Outcome] | None] = []
    for each in sent:
        found = group.reached(each)
        saved = found and saving.save(session, found[1], QUESTIONNAIRE, each.operations, NOW, group.batch)
        outcomes.append(saved or None)
    group.write()
    return outcomes


def test_a_group_of_saves_takes_a_fixed_number_of_statements(database: Database, people: list[Person]) -> None:
    for version in range(2):
        with database.transaction() as session, statements_of(database) as statements:
            found = together(session, *(each.sends(answer("machines.1", version, version)) for each in people))
        assert [[o.status for o in outcomes or []] for outcomes in found] == [["saved"]] * len(people)

    # Held, found, read, written; SQLite holds all it has, and takes rows table by table.
    assert len(statements) == (2 + 3 if database.is_sqlite else 4), statements
    with database.reader() as session:
        assert session.scalars(select(Answer.version)).all() == [2] * len(people)
        assert session.scalar(select(func.count()).select_from(AnswerRevision)) == 2 * len(people)


def test_a_save_sees_what_the_others_of_its_group_have_saved(database: Database, people: list[Person]) -> None:
    someone = people[0]
    first, second, behind = answer("machines.1", 0, 1), answer("machines.1", 1, 2), answer("machines.1", 0, 0)
    with database.transaction() as session:
        found = together(session, *map(someone.sends, (first, second, behind, first)))
        assert [o.status for outcomes in found for o in outcomes or []] == ["saved", "saved", "conflict", "saved"]
    with database.reader() as session:
        assert session.execute(select(Answer.version, Answer.value)).all() == [(2, 2)]
        assert session.scalars(select(AnswerRevision.version).order_by(AnswerRevision.version)).all() == [1, 2]


def test_a_save_of_more_than_the_group_has_read_is_the_same(database: Database, people: list[Person]) -> None:
    questions = [q.id for q in QUESTIONNAIRE.questions.values() if q.levels][: FEW + 1]
    many = [answer(question, 0, 1) for question in questions]
    with database.transaction() as session:
        together(session, people[0].sends(*many[:2]))
    with database.transaction() as session:
        [found] = together(session, people[0].sends(*many, *(answer(q, 1, 0) for q in questions)))
        assert [o.status for o in found or []] == ["saved"] * 2 * len(questions)
    with database.reader() as session:
        assert set(session.execute(select(Answer.version, Answer.value))) == {(2, 0)}


def test_the_others_keys_open_nothing(database: Database, people: list[Person]) -> None:
    """Each pair of session and number stands for itself, whoever else is in the group."""
    mine, theirs = people[:2]
    crossed = Sent(str(theirs.number), mine.secret, [answer("machines.1", 0, 1)])
    with database.transaction() as session:
        found = together(session, mine.sends(), crossed, theirs.sends(answer("machines.1", 0, 2)))

    assert found[1] is None
    assert found[2] is not None
    assert found[2][0].present.by == "Person 1"


@pytest.mark.parametrize("after", [timedelta(days=20), timedelta(hours=13)])
def test_a_session_that_is_over_reaches_nothing(database: Database, people: list[Person], after: timedelta) -> None:
    sent = people[0].sends()
    with database.transaction() as session:
        assert Together(session, [sent], NOW, sessions.USUAL).reached(sent)
        assert Together(session, [sent], NOW + after, sessions.USUAL).reached(sent) is None


def test_who_has_signed_out_or_left_the_firm_reaches_nothing(database: Database, people: list[Person]) -> None:
    out, left = people[0].sends(), people[1].sends()
    with database.transaction() as session:
        sessions.end_by_token(session, people[0].secret, NOW)
        firm_id = session.get_one(Assessment, people[1].number).firm_id
        roles.revoke(session, people[1].user_id, MANAGER, firm_id)
        group = Together(session, [out, left], NOW, sessions.USUAL)
        assert group.reached(out) is None
        assert group.reached(left) is None


def test_a_link_is_not_a_number(database: Database, people: list[Person]) -> None:
    sent = Sent(people[0].link, people[0].secret, [])
    with database.transaction() as session:
        assert Together(session, [sent], NOW, sessions.USUAL).reached(sent) is None


@pytest.mark.parametrize("question", ["a\0b", "\ud800", ""])
def test_a_question_that_no_database_can_hold_is_refused_alone(
    database: Database, people: list[Person], question: str
) -> None:
    with database.transaction() as session:
        [strange, usual] = together(
            session, people[0].sends(answer(question, 0, 1)), people[1].sends(answer("machines.1", 0, 1))
        )

    assert [o.status for o in strange or []] == ["refused"]
    assert [o.status for o in usual or []] == ["saved"]


def test_without_a_group_a_save_is_written_at_once(database: Database, people: list[Person]) -> None:
    with database.transaction() as session:
        found = session.get_one(Assessment, people[0].number)
        saving.save(session, Access(found), QUESTIONNAIRE, [answer("machines.1", 0, 1)], NOW)
        assert session.scalars(select(Answer.version)).all() == [1]
