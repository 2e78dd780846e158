"""Who tries too often waits; who does not is not troubled by those who do."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from assessment import attempts
from assessment.attempts import Limit, TriedTooOften
from assessment.tables import AttemptCount
from tests.factories import NOW

THREE = Limit("test", 3, timedelta(minutes=15))


def count(database: Database, who: str = "a@b.example", after: timedelta = timedelta(0), limit: Limit = THREE) -> None:
    with database.transaction() as session:
        attempts.count(session, limit, who, NOW + after)


def test_one_too_many_is_refused_and_says_how_long_to_wait(database: Database) -> None:
    for _ in range(3):
        count(database)

    with pytest.raises(TriedTooOften) as refusal:
        count(database, after=timedelta(minutes=5))

    assert refusal.value.retry_after == 600
    assert "Wait 10 minutes" in str(refusal.value)


def test_the_wait_ends_and_does_not_grow_by_trying(database: Database) -> None:
    for _ in range(3):
        count(database)
    for minute in range(1, 15):
        with pytest.raises(TriedTooOften):
            count(database, after=timedelta(minutes=minute))

    count(database, after=timedelta(minutes=15))


def test_each_person_and_each_kind_is_counted_apart(database: Database) -> None:
    for _ in range(3):
        count(database)

    count(database, "c@d.example")
    count(database, limit=Limit("other", 3))


def test_addresses_are_not_kept(database: Database) -> None:
    count(database, "aminah@firm.example")

    with database.reader() as session:
        assert "aminah" not in session.scalars(select(AttemptCount.key)).one()


def test_old_counts_go(database: Database) -> None:
    count(database)
    count(database, "c@d.example", timedelta(days=2))
    with database.transaction() as session:
        attempts.forget_old(session, NOW + timedelta(days=2))
        assert len(session.scalars(select(AttemptCount.key)).all()) == 1


def test_twenty_at_once_are_twenty(database: Database) -> None:
    refused = []

    def try_once() -> None:
        try:
            count(database, limit=Limit("many", 12))
        except TriedTooOften:
            refused.append(1)

    threads = [threading.Thread(target=try_once) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 8
