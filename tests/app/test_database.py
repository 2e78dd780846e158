"""One request, one transaction; and a SQLite that keeps its word."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from app.database import WAL_IS_SOUND, AlreadyServed, Database
from app.main import create_app
from app.settings import Settings
from assessment.tables import Firm
from tests.conftest import ORIGIN
from tests.factories import NOW


def test_a_commit_that_fails_is_a_500_and_stores_nothing(app: FastAPI, client: TestClient, database: Database) -> None:
    def refuse(_session: Session) -> None:
        raise RuntimeError("the disk is full")

    event.listen(app.state.database.writing, "before_commit", refuse)

    answer = client.post("/start/tiny", data={"firm": "Acme"})

    assert answer.status_code == 500
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(Firm)) == 0


def test_a_route_that_refuses_stores_nothing(client: TestClient, database: Database) -> None:
    answer = client.post("/start/tiny", data={"firm": "Acme", "p.sector": "fishing"})

    assert answer.status_code == 422
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(Firm)) == 0


def test_fifty_writers_at_once_all_get_their_turn(client: TestClient, database: Database) -> None:
    def start(n: int) -> int:
        return client.post("/start/tiny", data={"firm": f"Firm {n}"}, follow_redirects=False).status_code

    with ThreadPoolExecutor(50) as threads:
        statuses = list(threads.map(start, range(50)))

    assert statuses == [303] * 50
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(Firm)) == 50


def test_two_transactions_that_read_and_then_write_wait_for_each_other(database: Database) -> None:
    with database.transaction() as session:
        session.add(Firm(name="0", country="", created_at=NOW))

    def count_up() -> None:
        for _ in range(20):
            with database.transaction() as session:
                firm = session.scalars(select(Firm).with_for_update()).one()
                firm.name = str(int(firm.name) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reader() as session:
        assert session.scalars(select(Firm.name)).one() == "80"


def test_sqlite_is_set_up_to_keep_what_it_acknowledged(sqlite_database: Database) -> None:
    with sqlite_database.reader() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("foreign_keys", "journal_mode", "synchronous", "trusted_schema", "busy_timeout")
        }

    assert found["foreign_keys"] == 1
    assert found["trusted_schema"] == 0
    assert found["busy_timeout"] == 10_000
    assert (found["journal_mode"], found["synchronous"]) == (("wal", 2) if WAL_IS_SOUND else ("truncate", 3))


def test_a_second_server_on_one_sqlite_file_is_refused(sqlite_database: Database) -> None:
    one = sqlite_database.only_server
    with one(), pytest.raises(AlreadyServed, match="Another server"), one():
        pass

    with one():
        pass


def test_requests_from_this_origin_are_what_the_other_tests_send(client: TestClient) -> None:
    assert client.headers["origin"] == ORIGIN


def test_a_database_file_that_goes_away_is_missed_at_once_and_not_made_anew(
    settings: Settings, sqlite_database: Database
) -> None:
    url = sqlite_database.url.render_as_string()
    app = create_app(settings.model_copy(update={"database_url": url}))
    with TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False) as client:
        assert client.post("/start/tiny", data={"firm": "Acme"}, follow_redirects=False).status_code == 303
        file = sqlite_database.file
        assert file is not None
        file.unlink()

        answer = client.post("/start/tiny", data={"firm": "Acme"}, follow_redirects=False)

        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert not file.exists()
