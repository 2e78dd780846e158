"""Live: what people who follow a workshop are told, when, and what they are never told."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, Queue

import httpx2
import pytest

from app.database import Database
from assessment import rounds, workshop_access
from tests.app.conftest import Live
from tests.assessment.rooms import Room, room

pytestmark = pytest.mark.filterwarnings("error")


@dataclass(frozen=True)
class Event:
    name: str
    data: str


class Stream:
    """An open stream, read in a thread of its own."""

    def __init__(self, address: str, path: str) -> None:
        self.events: Queue[Event] = Queue()
        self.text = ""
        self._ended = threading.Event()
        self._client = httpx2.Client(timeout=httpx2.Timeout(10, read=30))
        self._opened = self._client.stream("GET", f"{address}{path}", headers={"accept-encoding": "gzip"})
        self.reply = self._opened.__enter__()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        name = data = ""
        try:
            for line in self.reply.iter_lines():
                self.text += line + "\n"
                key, _, value = line.partition(": ")
                name, data = (value if key == "event" else name), (value if key == "data" else data)
                if not line and name:
                    self.events.put(Event(name, data))
                    name = data = ""
        except httpx2.HTTPError:
            self.text += ""  # the connection is gone, which is what `ended` says
        self._ended.set()

    def next(self, name: str, within: float = 5) -> str:
        end = time.monotonic() + within
        while True:
            found = self.events.get(timeout=max(0.001, end - time.monotonic()))
            if found.name == name:
                return found.data

    def is_silent(self, seconds: float, name: str = "seq") -> bool:
        try:
            self.next(name, seconds)
        except Empty:
            return True
        return False

    def ends(self, within: float) -> bool:
        return self._ended.wait(within)

    def close(self) -> None:
        with suppress(OSError):
            self.reply.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self.reply.close()
        self._client.close()


@pytest.fixture
def streams() -> Iterator[list[Stream]]:
    found: list[Stream] = []
    yield found
    for each in found:
        each.close()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def there(live: Live) -> Room:
    with live.app.state.database.transaction() as session:
        return room(session)


def opened(streams: list[Stream], address: str, kind: str, key: str) -> Stream:
    stream = Stream(address, f"/live/{kind}/{key}/stream")
    streams.append(stream)
    return stream


def ask(database: Database, there: Room) -> int:
    with database.transaction() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        return rounds.open_round(session, held, "levels", held.questions, now()).number


def test_a_number_comes_when_it_is_committed_and_not_before(live: Live, there: Room, streams: list[Stream]) -> None:
    phone = opened(streams, live.address, "seat", there.secrets[0])
    assert phone.reply.headers["content-type"].startswith("text/event-stream")
    assert phone.reply.headers["x-accel-buffering"] == "no"
    assert phone.reply.headers["cache-control"] == "no-store"
    assert "content-encoding" not in phone.reply.headers
    begun = int(phone.next("seq"))

    with live.app.state.database.transaction() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        rounds.open_round(session, held, "levels", held.questions, now())
        assert phone.is_silent(0.5)

    assert int(phone.next("seq", 1)) == begun + 1


def test_what_is_rolled_back_is_never_told(live: Live, there: Room, streams: list[Stream]) -> None:
    phone = opened(streams, live.address, "seat", there.secrets[0])
    phone.next("seq")
    with live.app.state.database.writing() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        rounds.open_round(session, held, "levels", held.questions, now())
        session.rollback()

    assert phone.is_silent(0.5)


def test_the_state_of_phones_is_small_and_the_same_for_all(live: Live, there: Room) -> None:
    ask(live.app.state.database, there)
    replies = [httpx2.get(f"{live.address}/live/seat/{secret}") for secret in there.secrets[:3]]

    assert len({reply.content for reply in replies}) == 1
    assert len(replies[0].content) <= 1024
    state = replies[0].json()
    assert (state["seq"], state["state"], state["round"]["number"], state["round"]["state"]) == (
        3,
        "running",
        1,
        "open",
    )


def test_a_state_that_is_known_is_not_sent_again(live: Live, there: Room) -> None:
    address = f"{live.address}/live/seat/{there.secrets[0]}"
    tag = httpx2.get(address).headers["etag"]
    again = httpx2.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")

    ask(live.app.state.database, there)
    assert httpx2.get(address, headers={"if-none-match": tag}).status_code == 200
