"""Streams of a workshop's numbers, as tests read them."""

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, Queue

import httpx2


@dataclass(frozen=True)
class Event:
    name: str
    data: str


class Stream:
    """An open stream, read in a thread of its own."""

    def __init__(self, address: str, path: str, headers: Mapping[str, str]) -> None:
        self.events: Queue[Event] = Queue()
        self.text = ""
        self._ended = threading.Event()
        self._client = httpx2.Client(timeout=httpx2.Timeout(10, read=30))
        self._opened = self._client.stream("GET", f"{address}{path}", headers={"accept-encoding": "gzip", **headers})
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


def opened(
    streams: list[Stream], address: str, kind: str, key: str, headers: Mapping[str, str] | None = None
) -> Stream:
    """One that is closed with the others of the test."""
    stream = Stream(address, f"/live/{kind}/{key}/stream", headers or {})
    streams.append(stream)
    return stream


def now() -> datetime:
    return datetime.now(UTC)
