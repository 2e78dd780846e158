"""Migrations: on both databases, all or nothing, and no row is lost on the way."""

from typing import Any

import pytest
from pytest_alembic.config import Config
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from app.database import Database, make_engine
from app.upgrade import SchemaProblem, check_in_step, is_ready, newest, revision_of, upgrade
from assessment.tables import AnswerRevision
from tests.factories import answered, started

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]


@pytest.fixture
def alembic_config() -> Config:
    return Config.from_raw_config({"script_location": "migrations"})


@pytest.fixture
def alembic_engine(empty_database_url: str) -> Any:
    engine: Engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_a_migrated_database_is_ready_and_in_step_with_the_tables(database: Database) -> None:
    assert revision_of(database) == newest()
    assert is_ready(database)
    check_in_step(database)


def test_migrating_twice_changes_nothing(database: Database) -> None:
    upgrade(database)

    assert is_ready(database)


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    def claim(version: str) -> None:
        with database.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

    claim("2099_01_01")
    with pytest.raises(SchemaProblem, match="newer version"):
        upgrade(database)
    claim(newest())  # others use this database after us


def test_a_database_that_holds_something_else_is_refused(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE groceries (id INTEGER PRIMARY KEY)"))

    with pytest.raises(SchemaProblem, match="other tables"):
        upgrade(database)
    database.close()


def test_the_history_of_answers_cannot_be_changed(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        answered(session, assessment, skills__training=1)

    with database.writing() as session:
        session.scalars(select(AnswerRevision)).one().value = 3
        with pytest.raises(DatabaseError, match="never changed"):
            session.flush()
