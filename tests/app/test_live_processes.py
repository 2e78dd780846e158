"""Live over several processes on PostgreSQL: what happens in one is heard in all, also when the connection was lost."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from app.database import Database
from app.live_notices import Notices
from app.settings import Settings
from tests.apart import run_apart
from tests.app.ports import free_port
from tests.app.serving import Server, serving
from tests.app.streams import Stream, now, opened
from tests.assessment.rooms import Room, room, vote

pytestmark = pytest.mark.postgresql
END_LISTENING = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
AND (query LIKE 'LISTEN%' OR query = 'SELECT 1') AND pid <> pg_backend_pid()"""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """On SQLite one process serves, and there is nothing to hear."""
    database: Database = request.getfixturevalue("postgresql_migrated")
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
def two(server_settings: Settings, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    port = free_port()
    other = server_settings.model_copy(update={"port": port, "public_url": f"http://127.0.0.1:{port}"})
    with ExitStack() as running:
        first = running.enter_context(serving(server_settings, tmp_path / "first.log"))
        yield first, running.enter_context(serving(other, tmp_path / "second.log"))


@pytest.fixture
def there(postgresql_migrated: Database) -> Room:
    with postgresql_migrated.transaction() as session:
        return room(session)


def pressed(server: Server, there: Room, seen: int, do: str) -> httpx2.Response:
    address = f"{server.address}/w/{there.chair}/control?seen={seen}"
    return httpx2.post(address, data={"do": do, "what": "all"}, follow_redirects=False)


def test_what_is_pressed_at_one_process_is_heard_and_known_at_the_other(
    two: tuple[Server, Server], there: Room, streams: list[Stream], postgresql_migrated: Database
) -> None:
    first, second = two
    phone = opened(streams, second.address, "seat", there.secrets[0])
    screen = opened(streams, second.address, "screen", there.screen)
    seen = int(phone.next("seq"))
    assert screen.next("count") == "[0,11]"

    assert pressed(first, there, seen, "ask").status_code == 303
    newest = seen
    while newest < seen + 2:
        newest = int(phone.next("seq", 2))
    state = httpx2.get(f"{second.address}/live/seat/{there.secrets[0]}?since={seen}").json()
    assert (state["seq"], state["round"]["state"]) == (newest, "open")

    sent = [{"round": 1, "subject": there.workshop.questions[0], "value": 1}]
    assert httpx2.post(f"{first.address}/r/{there.secrets[1]}/votes", json=sent).status_code == 200
    assert screen.next("count", 3) == "[1,11]"
    with postgresql_migrated.transaction() as session:
        vote(session, there, 1, [(3, there.workshop.questions[0], 1)], now())
    sent[0]["value"] = 2
    assert httpx2.post(f"{second.address}/r/{there.secrets[1]}/votes", json=sent).status_code == 200
    assert screen.next("count", 3) == "[2,11]"


def test_what_was_missed_while_the_connection_was_lost_is_told_when_it_is_back(
    two: tuple[Server, Server], there: Room, streams: list[Stream], postgresql_migrated: Database
) -> None:
    first, second = two
    phone = opened(streams, second.address, "seat", there.secrets[0])
    seen = int(phone.next("seq"))
    with postgresql_migrated.engine.connect() as connection:
        connection.execute(text(END_LISTENING))
    assert pressed(first, there, seen, "ask").status_code == 303

    newest = seen
    while newest < seen + 2:
        newest = int(phone.next("seq", 5))


def test_a_page_out_of_date_is_refused_whichever_process_it_is_sent_to(two: tuple[Server, Server], there: Room) -> None:
    first, second = two
    assert pressed(first, there, there.workshop.seq, "ask").status_code == 303
    assert pressed(second, there, there.workshop.seq, "reveal").status_code == 409


def test_stopping_ends_the_listening_also_where_an_error_comes_of_it(postgresql_migrated: Database) -> None:
    looking = asyncio.Event()

    async def look() -> None:
        looking.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError as ended:
            raise RuntimeError("closed in the middle") from ended

    async def listen_and_stop() -> bool:
        task = asyncio.create_task(Notices(postgresql_migrated.url, lambda _: None, look).run())
        await looking.wait()
        task.cancel()
        await asyncio.wait([task], timeout=3)
        return task.cancelled()

    assert run_apart(listen_and_stop())
