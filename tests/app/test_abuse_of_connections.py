"""Connections that are held open, headers without end, ranges without number: the service goes on for all others."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from httpx2 import Client, get

from tests.app.conftest import Live

HALF = b"POST /a/x/sections/q HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def sockets() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


def connect(live: Live, sockets: ExitStack) -> socket.socket:
    public = urlsplit(live.address)
    return sockets.enter_context(socket.create_connection((public.hostname, public.port), timeout=20))


def said(connection: socket.socket) -> bytes:
    """All that the service says until it closes the connection, or the first of it."""
    found = connection.recv(65536)
    return found.split(b"\r\n", 1)[0]


def test_a_hundred_who_never_finish_keep_nobody_waiting(live: Live, sockets: ExitStack) -> None:
    for number in range(100):
        waiting = connect(live, sockets)
        waiting.sendall(HALF if number % 2 else HALF + b"Content-Length: 1000\r\n\r\na=")

    begun = time.perf_counter()
    assert get(f"{live.address}/").status_code == 200
    assert time.perf_counter() - begun < 30


@pytest.mark.parametrize("header", [b"x" * 8192 + b": 1", b"x: " + b"y" * 100_000, b"x : 1", b"\x00: 1"])
def test_a_header_without_end_is_refused_or_passed_over(live: Live, sockets: ExitStack, header: bytes) -> None:
    public = urlsplit(live.address)
    connection = connect(live, sockets)
    connection.sendall(b"GET /help HTTP/1.1\r\nHost: %b\r\n%b\r\n\r\n" % (public.netloc.encode(), header))

    assert said(connection).split()[1] in (b"200", b"400", b"431")


def test_a_body_without_length_is_cut_off_at_the_limit(live: Live, sockets: ExitStack) -> None:
    public = urlsplit(live.address)
    connection = connect(live, sockets)
    connection.sendall(
        b"POST /api/v1/firms HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" % public.netloc.encode()
    )
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    sent = 0
    try:
        for _ in range(200):
            connection.sendall(chunk)
            sent += 65536
    except OSError:
        sent += 0  # the service has closed the connection, as it should
    answer = b""
    try:
        answer = said(connection)
    except OSError:
        assert sent < 200 * 65536

    assert sent < 200 * 65536 or b"413" in answer


@pytest.mark.parametrize(
    "ranges", ["0-," + "1-," * 10_000 + "2-", "0-0," * 10_000 + "1-1", "-1," * 5000 + "-2", "5-1", "x"]
)
def test_ten_thousand_ranges_are_answered_at_once(live: Live, ranges: str) -> None:
    with Client(base_url=live.address) as client:
        client.get("/static/fourward.css")
        begun = time.perf_counter()
        answer = client.get("/static/fourward.css", headers={"range": f"bytes={ranges}"})

    assert answer.status_code in (200, 206, 400, 416, 431)
    assert len(answer.content) < 1_000_000
    assert time.perf_counter() - begun < 30
