"""Who closes their account is gone from the database, by address and by name; what their firm has answered stays."""

from datetime import timedelta

import pytest
from sqlalchemy import Text, inspect, select, text

from app.database import Database
from assessment import access, attempts, closed_accounts, mails, roles, sessions, users
from assessment import sign_in_codes as codes
from assessment.access import new_token, token_sha256
from assessment.attempts import Limit
from assessment.tables import ActionProgress, Answer, ApiToken, Assessment, PastSubmission, Respondent, Table, User
from tests.factories import NOW, save_answers, started, tiny

EMAIL, NAME = "zubaidah@kilang-padi.example", "Zubaidah binti Ismail"
MARKS = ("zubaidah", "Zubaidah", "kilang-padi")


def dump(database: Database) -> str:
    """Every value of every row."""
    with database.reader() as session:
        tables = inspect(session.connection()).get_table_names()
        return "\n".join(str(tuple(r)) for t in tables for r in session.execute(text(f'SELECT * FROM "{t}"')))  # noqa: S608


def live(database: Database) -> tuple[int, int]:
    """A person who has left traces everywhere; returns their number and their assessment's."""
    with database.transaction() as session:
        user = users.register(session, EMAIL, NOW, NAME, "ms")
        codes.ask(session, EMAIL, NOW)
        attempts.count(session, Limit("code:address", 9), EMAIL, NOW)
        sessions.start(session, user.id, NOW, "Firefox, Linux", "203.0.113.*")
        session.add(ApiToken(user_id=user.id, name=f"of {NAME}", token_sha256=token_sha256(new_token()),
                             created_at=NOW, expires_at=NOW + timedelta(days=9)))  # fmt: skip
        assessment, _ = started(session, name="Kilang")
        roles.keep_firm(session, user.id, assessment.firm_id, NOW)
        found = access.open_by_key(session, str(assessment.id), user.id)
        save_answers(session, assessment, tiny().questionnaire, {"skills.training": 2}, "by hand", who=found)
        assessment.submitted_by = NAME
        assessment.plan = {"by": NAME, "wishes": {}}
        session.add(
            ActionProgress(
                assessment_id=assessment.id, action_id="a", state="done", owner=NAME, changed_by=NAME, changed_at=NOW
            )
        )
        session.add(
            PastSubmission(
                assessment_id=assessment.id,
                frozen={},
                scores={},
                scoring_version="1",
                questionnaire_version="1",
                submitted_at=NOW,
                submitted_by=NAME,
                reopened_at=NOW,
                reopened_by=EMAIL,
                reason="more to say",
            )
        )
        mails.queue(session, EMAIL, "Your code", f"for {NAME}", NOW)
        sent = mails.queue(session, "other@firm.example", f"{NAME} asks you", "link", NOW)
        mails.note_sent(session, sent, NOW)
        return user.id, assessment.id


def close(database: Database, user_id: int) -> None:
    with database.transaction() as session:
        closed_accounts.close(session, user_id)


def test_no_trace_of_address_or_name_is_left_in_any_table(database: Database) -> None:
    user_id, _ = live(database)
    before = dump(database)
    assert all(mark in before for mark in MARKS)

    close(database, user_id)

    after = dump(database)
    assert not [mark for mark in MARKS if mark in after]


def test_nor_in_the_file(sqlite_database: Database) -> None:
    user_id, _ = live(sqlite_database)

    close(sqlite_database, user_id)

    sqlite_database.close()
    assert sqlite_database.file is not None
    content = sqlite_database.file.read_bytes()
    assert not [mark for mark in MARKS if mark.encode() in content]


def test_every_column_that_names_who_did_something_is_blanked() -> None:
    columns = (c for t in Table.metadata.sorted_tables for c in t.columns if isinstance(c.type, Text))
    naming = {f"{c.table.name}.{c.name}" for c in columns if c.name.endswith("_by")}

    assert naming <= {f"{c.class_.__tablename__}.{c.key}" for c, _ in closed_accounts.NAMED_IN}


def test_the_answers_stay_under_a_number(database: Database) -> None:
    user_id, assessment_id = live(database)

    close(database, user_id)

    with database.reader() as session:
        answer = session.scalars(select(Answer)).one()
        who = session.get_one(Respondent, answer.respondent_id)
        assert (answer.value, answer.note) == (2, "by hand")
        assert (who.name, who.user_id) == (f"#{who.id}", None)
        assert session.get_one(Assessment, assessment_id).submitted_by == ""
        assert session.get_one(Assessment, assessment_id).plan == {"by": "", "wishes": {}}
        assert session.scalars(select(User)).all() == []


def test_other_people_of_the_same_name_in_other_firms_keep_theirs(database: Database) -> None:
    user_id, _ = live(database)
    with database.transaction() as session:
        other, _ = started(session, name="Other")
        other.submitted_by = NAME
        user = users.register(session, "namesake@firm.example", NOW, NAME)
        session.add(Respondent(assessment_id=other.id, user_id=user.id, name=NAME, created_at=NOW))

    close(database, user_id)

    with database.reader() as session:
        assert session.scalars(select(Assessment.submitted_by).where(Assessment.id == other.id)).one() == NAME
        assert session.scalars(select(Respondent.name).where(Respondent.user_id == user.id)).one() == NAME


def test_firms_that_nobody_else_manages_are_named_before(database: Database) -> None:
    user_id, assessment_id = live(database)
    with database.transaction() as session:
        assert closed_accounts.managed_alone(session, user_id) == ["Kilang"]
        other = users.register(session, "b@firm.example", NOW)
        roles.grant(session, other.id, roles.MANAGER, session.get_one(Assessment, assessment_id).firm_id, NOW)
        assert closed_accounts.managed_alone(session, user_id) == []


def test_who_comes_back_is_somebody_new(database: Database) -> None:
    user_id, assessment_id = live(database)
    close(database, user_id)
    with database.transaction() as session:
        again = users.register(session, EMAIL, NOW)
        assert users.firms_of(session, again.id) == []
        with pytest.raises(access.AssessmentNotFound):
            access.open_by_key(session, str(assessment_id), again.id)
