"""Phones as light as can be: a stream each, and a connection on which they ask for the state and send their votes."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import orjson

HOST = b"Host: 127.0.0.1\r\n"
MOST_FROM_ADDRESS = 400  # of this machine's own addresses: 127.0.0.1, 127.0.0.2, ...


class Stream(asyncio.Protocol):
    """The numbers that have come, with their times; each is passed on."""

    def __init__(self, phone: "Phone") -> None:
        self.phone, self.rest, self.status = phone, b"", 0
        self.numbers: list[tuple[int, float]] = []

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"id: "):
                self.numbers.append((int(line[4:]), now))
                self.phone.hear(int(line[4:]))
            elif line.startswith(b"HTTP/1.1 "):
                self.status = int(line.split()[1])


class Talk(asyncio.Protocol):
    """One request after the other; replies as they come."""

    def __init__(self) -> None:
        self.received = b""
        self.waiting: list[asyncio.Future[tuple[int, bytes]]] = []
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        assert self.transport is not None
        reply: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self.waiting.append(reply)
        self.transport.write(request)
        return reply

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received and self.waiting:
            head, _, rest = self.received.partition(b"\r\n\r\n")
            length = next((int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0)
            if len(rest) < length:
                return
            self.received = rest[length:]
            self.waiting.pop(0).set_result((int(head.split(b" ", 2)[1]), rest[:length]))

    def connection_lost(self, error: Exception | None) -> None:
        for reply in self.waiting:
            if not reply.done():
                reply.set_exception(ConnectionError("closed"))


class Phone:
    """A seat: it asks for the state at each new number, and remembers when it had which."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.stream, self.talk = Stream(self), Talk()
        self.states: list[tuple[dict[str, Any], float]] = []
        self.requests = 0
        self._asking: set[asyncio.Task[None]] = set()

    async def open(self, number: int) -> None:
        loop, source = asyncio.get_running_loop(), (f"127.0.0.{1 + number // MOST_FROM_ADDRESS}", 0)
        transport, _ = await loop.create_connection(lambda: self.stream, "127.0.0.1", self.port, local_addr=source)
        await loop.create_connection(lambda: self.talk, "127.0.0.1", self.port, local_addr=source)
        transport.write(b"GET /live/seat/%b/stream HTTP/1.1\r\n%b\r\n" % (self.key.encode(), HOST))

    def hear(self, number: int) -> None:
        task = asyncio.get_running_loop().create_task(self._ask(number))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask(self, number: int) -> None:
        self.requests += 1
        path = f"/live/seat/{self.key}?since={number - 1}".encode()
        status, body = await self.talk.send(b"GET %b HTTP/1.1\r\n%b\r\n" % (path, HOST))
        if status == 200:
            self.states.append((orjson.loads(body), time.perf_counter()))

    async def vote(self, votes: list[dict[str, Any]]) -> float:
        """Seconds until it was acknowledged."""
        body, begun = orjson.dumps(votes), time.perf_counter()
        head = b"POST /r/%b/votes HTTP/1.1\r\n%bContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n"
        request = head % (self.key.encode(), HOST) + b"Content-Length: %d\r\n\r\n" % len(body) + body
        status, reply = await self.talk.send(request)
        assert status == 200, (status, reply)
        return time.perf_counter() - begun


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so many of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share) // 100) - 1)]
