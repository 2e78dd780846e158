"""The bar of saving: one answer through the whole service against a bare endpoint that writes the same rows."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

import orjson
from sqlalchemy import make_url, text

from app.database import Database
from app.settings import Settings
from app.upgrade import upgrade
from assessment import access, assessments, firms
from assessment.tables import Role, User, UserSession
from questionnaires.loader import load_definition
from tests.app.ports import free_port
from tests.conftest import POSTGRESQL, postgresql_database

CONNECTIONS = 32
SECONDS, ROUNDS = 6.0, 5
LEAST_RATIO, MOST_P99 = 0.25, 3.0


@dataclass
class Figures:
    """What one stretch of saving has shown."""

    a_second: float
    p99: float  # ms
    cpu: float  # ms of the server a save

    def __str__(self) -> str:
        return f"{self.a_second:.0f}/s, p99 {self.p99:.0f} ms, {self.cpu:.2f} ms of CPU each"


def measure(full: bool) -> dict[str, object]:
    """Both ways in turn, on the same database: the machine is shared and drifts."""
    with _sqlite_file() as url:
        found = _compared("SQLite", url, full)
    if POSTGRESQL:
        with postgresql_database() as url:
            found |= _compared(f"PostgreSQL (fsync {_fsync(url)})", url, full)
    return found


@contextmanager
def _sqlite_file() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        file = Path(folder).resolve() / "save.db"
        file.touch()
        yield f"sqlite:///{file}"


def _fsync(url: str) -> str:
    """Whether this server waits for the disk: without, a commit costs the bare endpoint next to nothing."""
    database = Database(url)
    with database.reader() as session:
        answer = str(session.scalar(text("SHOW fsync")))
    database.close()
    return answer


def _compared(name: str, url: str, full: bool) -> dict[str, object]:
    rounds, seconds = (ROUNDS, SECONDS) if full else (3, 2.0)
    savers = _prepared(url)
    with _serving(url) as whole_server, _bare(url) as bare_server:
        asyncio.run(_load(whole_server, [s.whole for s in savers], 1.0))
        whole, bare = [], []
        for _ in range(rounds):
            bare.append(asyncio.run(_load(bare_server, [s.bare for s in savers], seconds)))
            whole.append(asyncio.run(_load(whole_server, [s.whole for s in savers], seconds)))
    ratio = median(w.a_second / b.a_second for w, b in zip(whole, bare, strict=True))
    later = median(w.p99 / b.p99 for w, b in zip(whole, bare, strict=True))
    return {
        f"{name}, saves a second against bare": f"{ratio:.2f}, bar {LEAST_RATIO} {_met(ratio >= LEAST_RATIO)}",
        f"{name}, p99 against bare": f"{later:.1f}x, bar {MOST_P99:g}x {_met(later <= MOST_P99)}",
        f"{name}, bare": "; ".join(map(str, bare)),
        f"{name}, whole": "; ".join(map(str, whole)),
    }


def _met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


class Saver:
    """A person who changes one answer after the other; each save is new and none is in conflict."""

    def __init__(self, assessment_id: int, cookie: str, questions: list[str]) -> None:
        self.assessment_id, self.cookie, self.questions = assessment_id, cookie, questions
        self._turns = {"whole": count(), "bare": count()}

    def _next(self, side: str) -> tuple[str, int]:
        """The question, and how often it was answered before."""
        turn, place = divmod(next(self._turns[side]), len(self.questions))
        return self.questions[place], turn

    def whole(self) -> bytes:
        question, base = self._next("whole")
        operation = {"id": str(uuid.uuid4()), "question": question, "base": base, "answer": base % 2, "note": "a note"}
        path = f"/api/v1/assessments/{self.assessment_id}/answers:batch"
        return _request(path, {"operations": [operation]}, f"cookie: session={self.cookie}\r\n")

    def bare(self) -> bytes:
        question, base = self._next("bare")
        sent = {"id": str(uuid.uuid4()), "assessment": self.assessment_id + CONNECTIONS, "question": question}
        return _request("/save", sent | {"answer": base % 2, "note": "a note"})


def _request(path: str, content: object, more: str = "") -> bytes:
    body = orjson.dumps(content)
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nsec-fetch-site: same-origin\r\n"
    )
    return f"{head}sec-fetch-site: same-origin\r\n{more}content-length: {len(body)}\r\n\r\n".encode() + body


def _prepared(url: str) -> list[Saver]:
    """Twice as many assessments as connections: the first half for the service, the others for the bare endpoint."""
    database = Database(url)
    upgrade(database)
    definition = load_definition("industry4-readiness")
    questions = [q.id for q in definition.questionnaire.questions.values() if q.levels]
    now = datetime.now(UTC)
    savers = []
    with database.transaction() as session:
        for number in range(2 * CONNECTIONS):
            firm = firms.register(session, f"Firm {number}", "MY", now)
            assessment, _ = assessments.start(session, firm, definition.questionnaire, {}, now)
            user, secret = User(email=f"{number}@example.org", created_at=now), access.new_token()
            session.add(user)
            session.flush()
            session.add(Role(user_id=user.id, role="manager", firm_id=firm.id, granted_at=now))
            signed_in = UserSession(user_id=user.id, token_sha256=access.token_sha256(secret), created_at=now)
            signed_in.last_seen_at, signed_in.expires_at = now, now + timedelta(days=1)
            session.add(signed_in)
            savers.append(Saver(assessment.id, secret, questions))
    database.close()
    return savers[:CONNECTIONS]


@contextmanager
def _serving(url: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(database_url=url, public_url=address, port=port, workers=0, saves_per_minute=10**9)
    command = [sys.executable, "-m", "app", "serve"]
    with _process(command, port, {**os.environ, **settings.as_environment()}) as process:
        yield process


@contextmanager
def _bare(url: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    parsed = make_url(url)
    place = (
        str(parsed.database)
        if parsed.get_backend_name() == "sqlite"
        else parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    with _process([sys.executable, "-m", "tests.bench.bare_save", place, str(port)], port, dict(os.environ)) as process:
        yield process


@contextmanager
def _process(command: list[str], port: int, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(_answers(port))
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


async def _answers(port: int) -> None:
    async with asyncio.timeout(120):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


class _Client(asyncio.Protocol):
    """One connection: the next save is sent when the reply to the last one is there."""

    def __init__(self, next_request: Callable[[], bytes], until: float, times: list[float]) -> None:
        self.next_request, self.until, self.times = next_request, until, times
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.begun = time.perf_counter()
        self.transport.write(self.next_request())

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self.received = b""
        if not head.startswith(b"HTTP/1.1 200") or (b'"status"' in body and b'"saved"' not in body):
            self.done.set_exception(AssertionError(head + body))
            return
        now = time.perf_counter()
        self.times.append(now - self.begun)
        if now < self.until:
            self._send()
        else:
            self.transport.close()
            self.done.set_result(None)


def _same(client: _Client) -> _Client:
    return client


async def _load(server: tuple[int, int], savers: list[Callable[[], bytes]], seconds: float) -> Figures:
    pid, port = server
    times: list[float] = []
    before, begun = _cpu_seconds(pid), time.perf_counter()
    loop = asyncio.get_running_loop()
    clients = [_Client(saver, begun + seconds, times) for saver in savers]
    for client in clients:
        await loop.create_connection(partial(_same, client), "127.0.0.1", port)
    await asyncio.gather(*(client.done for client in clients))
    spent, cpu = time.perf_counter() - begun, _cpu_seconds(pid) - before
    times.sort()
    return Figures(len(times) / spent, times[int(len(times) * 0.99)] * 1e3, cpu / len(times) * 1e3)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
