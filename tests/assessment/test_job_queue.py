"""A job is done once: also when a worker is lost, late, or never ready."""

from datetime import timedelta

from app.database import Database
from assessment import job_queue
from assessment.job_queue import MOST_ATTEMPTS, Claim
from tests.factories import NOW

LEASE = timedelta(seconds=40)


def claim(database: Database, seconds: float = 0) -> Claim | None:
    with database.transaction() as session:
        return job_queue.claim(session, NOW + timedelta(seconds=seconds), LEASE)


def enqueue(database: Database, *keys: str) -> None:
    with database.transaction() as session:
        for key in keys:
            job_queue.enqueue(session, "report", key, NOW)


def test_a_job_of_a_transaction_that_is_rolled_back_was_never_there(database: Database) -> None:
    with database.writing() as session:
        job_queue.enqueue(session, "report", "1", NOW)
        session.rollback()

    assert claim(database) is None


def test_jobs_are_taken_in_order_and_by_one_worker_each(database: Database) -> None:
    enqueue(database, "1", "2")

    first, second, third = claim(database), claim(database), claim(database)

    assert first is not None
    assert second is not None
    assert (first.key, second.key, third) == ("1", "2", None)


def test_a_job_whose_worker_shows_no_sign_of_life_is_taken_again_and_the_late_one_is_refused(
    database: Database,
) -> None:
    enqueue(database, "1")
    lost = claim(database)
    assert lost is not None
    assert claim(database, 39) is None

    again = claim(database, 41)
    assert again is not None
    assert (again.key, again.attempt) == ("1", 2)
    with database.transaction() as session:
        assert not job_queue.finish(session, lost)
        assert not job_queue.beat(session, lost, NOW, LEASE)
        assert job_queue.finish(session, again)


def test_a_sign_of_life_keeps_the_job(database: Database) -> None:
    enqueue(database, "1")
    held = claim(database)
    assert held is not None
    with database.transaction() as session:
        assert job_queue.beat(session, held, NOW + timedelta(seconds=30), LEASE)

    assert claim(database, 60) is None
    assert claim(database, 71) is not None


def test_a_clock_that_steps_back_gives_no_job_to_two(database: Database) -> None:
    enqueue(database, "1")

    assert claim(database) is not None
    assert claim(database, -3600) is None


def test_a_job_that_fails_is_tried_later_and_given_up_in_the_end(database: Database) -> None:
    enqueue(database, "poison", "good")
    seconds, states = 0.0, []
    while (held := claim(database, seconds)) is not None or seconds < 300:
        if held is not None and held.key == "poison":
            with database.transaction() as session:
                states.append(job_queue.fail(session, held, "ValueError", NOW + timedelta(seconds=seconds)))
        seconds += 1

    assert states == ["queued"] * (MOST_ATTEMPTS - 1) + ["dead"]


def test_a_job_that_kills_its_worker_each_time_is_given_up(database: Database) -> None:
    enqueue(database, "poison")
    for attempt in range(MOST_ATTEMPTS):
        held = claim(database, 41 * attempt)
        assert held is not None
        assert not held.is_over

    over = claim(database, 41 * MOST_ATTEMPTS)

    assert over is not None
    assert over.is_over
    assert claim(database, 10_000) is None


def test_a_job_that_is_put_back_costs_no_attempt(database: Database) -> None:
    enqueue(database, "1")
    held = claim(database)
    assert held is not None
    with database.transaction() as session:
        job_queue.release(session, held, NOW)

    again = claim(database)
    assert again is not None
    assert again.attempt == 1


def test_the_oldest_job_that_waits_is_known(database: Database) -> None:
    with database.reader() as session:
        assert job_queue.oldest_waiting(session) is None
    enqueue(database, "1")

    with database.reader() as session:
        assert job_queue.oldest_waiting(session) == NOW


def test_mails_go_first_and_long_jobs_last_and_only_to_who_takes_them(database: Database) -> None:
    with database.transaction() as session:
        for kind in ("release", "import", "report", "mail"):
            job_queue.enqueue(session, kind, kind, NOW)

    with database.transaction() as session:
        quick = [job_queue.claim(session, NOW, LEASE, job_queue.LONG) for _ in range(3)]
    patient = [claim(database) for _ in range(3)]

    assert [each and each.kind for each in quick] == ["mail", "report", None]
    assert [each and each.kind for each in patient] == ["release", "import", None]
