"""Writes that share a transaction: what happens to one does not happen to the others, and no two groups can block."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from app.group_commit import GroupCommit
from assessment import access, firms
from assessment.access import AssessmentNotFound
from assessment.tables import Assessment, Firm
from tests.apart import run_apart
from tests.factories import NOW, started


class Held:
    """Assessments that are held, and what is written at the end."""

    def __init__(self, session: Session, keys: Sequence[str]) -> None:
        access.hold(session, keys)
        self.session = session
        self.names: list[str] = []

    def write(self) -> None:
        for name in self.names:
            firms.register(self.session, name, "MY", NOW)


Work = Callable[[Session, Held], Any]


def done_together(database: Database, *works: tuple[Work, str]) -> list[Any]:
    """What became of each."""

    async def run() -> list[Any]:
        saves = GroupCommit(database, Held)
        return await asyncio.gather(*(saves.run(*each, "lane") for each in works), return_exceptions=True)

    return run_apart(run())


def registering(name: str, problem: Exception | None = None) -> Work:
    """At once, as whatever fails does, or with the rest of its group."""

    def work(session: Session, group: Held) -> str:
        if problem is None:
            group.names.append(name)
            return name
        firms.register(session, name, "MY", NOW)
        session.flush()
        raise problem

    return work


def names(database: Database) -> list[str]:
    with database.reader() as session:
        return sorted(session.scalars(select(Firm.name)))


def test_one_that_is_refused_stops_none_of_its_group(database: Database) -> None:
    def refused(_session: Session, _group: Held) -> None:
        raise AssessmentNotFound

    found = done_together(database, (registering("A"), "x"), (refused, "x"), (registering("C"), "x"))

    assert found[0::2] == ["A", "C"]
    assert isinstance(found[1], AssessmentNotFound)
    assert names(database) == ["A", "C"]


def test_one_that_fails_is_undone_and_nothing_else_of_its_group(database: Database) -> None:
    found = done_together(
        database,
        (registering("A"), "x"),
        (registering("B", ValueError("after")), "x"),
        (registering("C"), "x"),
    )

    assert found[0::2] == ["A", "C"]
    assert str(found[1]) == "after"
    assert names(database) == ["A", "C"]


def test_one_that_fails_alone_is_undone(database: Database) -> None:
    [found] = done_together(database, (registering("A", ValueError("after")), "x"))

    assert str(found) == "after"
    assert names(database) == []


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_groups_that_hold_the_same_assessments_by_other_keys_do_not_wait_in_a_circle(database: Database) -> None:
    """One by the secrets of the links, first A; one by their numbers, first B."""
    saves = GroupCommit(database, Held)
    with database.transaction() as session:
        made = [started(session) for _ in range(40)]
    lanes = [(saves.lane_of(token), saves.lane_of(str(each.id))) for each, token in made]
    (_, a), (_, b) = [each for each in zip(lanes, made, strict=True) if each[0] == (0, 1)][:2]
    both_hold_one = threading.Barrier(2)
    done: list[str] = []

    def holding(key: str, *, first: bool) -> tuple[Work, str]:
        def work(session: Session, _group: Held) -> None:
            assessment_id = a[0].id if key in (a[1], str(a[0].id)) else b[0].id
            session.execute(select(Assessment.id).where(Assessment.id == assessment_id).with_for_update())
            done.append(key)
            if first:
                try:
                    both_hold_one.wait(1)
                except threading.BrokenBarrierError:
                    return  # the other group waits until this one has all it needs

        return work, key

    async def run() -> None:
        by_link = (holding(a[1], first=True), holding(b[1], first=False))
        by_number = (holding(str(b[0].id), first=True), holding(str(a[0].id), first=False))
        await asyncio.gather(*(saves.run(*each, each[1]) for each in by_link + by_number))

    run_apart(run())

    # A group in which the database has to end a circle is done again.
    assert len(done) == 4
