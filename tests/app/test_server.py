"""The real server, as an operator runs it: it loses no answer it acknowledged, and stops when asked."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from app.settings import Settings
from tests.app.ports import free_port
from tests.factories import TINY_FOLDER


@dataclass
class Server:
    """`fourward serve` on a port of its own."""

    settings: Settings
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return self.settings.public_url


@pytest.fixture
def server_settings(database_url: str, tmp_path: Path) -> Settings:
    port = free_port()
    return Settings(
        database_url=database_url,
        artifacts=tmp_path / "artifacts",
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        definitions=TINY_FOLDER,
        workers=0,
    )


@contextmanager
def serving(settings: Settings, log: Path) -> Iterator[Server]:
    environment = {**os.environ, **settings.as_environment()}
    with log.open("ab") as sink:
        process = subprocess.Popen([sys.executable, "-m", "app", "serve"], env=environment, stdout=sink, stderr=sink)
    try:
        wait_until_alive(settings, process, log)
        yield Server(settings, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_until_alive(settings: Settings, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(f"{settings.public_url}/healthz", timeout=10).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


@dataclass
class Saver(threading.Thread):
    """Answers one question over and over, each time with a new note, and remembers what was acknowledged."""

    address: str
    link: str
    acknowledged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        with httpx2.Client(headers={"origin": self.address}, timeout=60) as client:
            for n in range(100_000):
                note = f"note {n}"
                data = {"shown": "skills.training", "a.skills.training": str(n % 4), "note.skills.training": note}
                try:
                    answer = client.post(f"{self.address}{self.link}/answers/skills.training", data=data)
                except httpx2.TransportError:
                    return
                if answer.status_code == 204:
                    self.acknowledged.append(note)


def start_assessment(address: str) -> str:
    answer = httpx2.post(f"{address}/start/tiny", data={"firm": "Acme"}, headers={"origin": address})
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def test_a_server_that_is_killed_loses_no_answer_that_it_acknowledged(
    server_settings: Settings, tmp_path: Path
) -> None:
    savers: list[Saver] = []
    for _ in range(2):
        with serving(server_settings, tmp_path / "log") as server:
            these = [Saver(server.address, start_assessment(server.address)) for _ in range(5)]
            for saver in these:
                saver.start()
            time.sleep(1.2)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            for saver in these:
                saver.join(10)
            savers += these

    with serving(server_settings, tmp_path / "log") as server:
        for saver in savers:
            page = httpx2.get(f"{server.address}{saver.link}/sections/skills").text
            stored = re.search(r"<textarea[^>]*>note (\d+)</textarea>", page)
            last = int(stored[1]) if stored else -1
            # One more may have been stored than we were told of; none that we were told of may be missing.
            assert last in (len(saver.acknowledged) - 1, len(saver.acknowledged))
    assert sum(len(s.acknowledged) for s in savers) > 20


def test_a_server_that_is_asked_to_stop_does_so_within_twelve_seconds_and_takes_its_worker_along(
    server_settings: Settings, tmp_path: Path
) -> None:
    settings = server_settings.model_copy(update={"workers": 1})
    with serving(settings, tmp_path / "log") as server:
        worker = wait_for_child(server.process.pid)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        server.process.wait(12)

    assert time.monotonic() - begun < 12
    wait_until_gone(worker)


def test_a_worker_falls_with_its_server_and_rises_again_when_it_falls_alone(
    server_settings: Settings, tmp_path: Path
) -> None:
    settings = server_settings.model_copy(update={"workers": 1})
    with serving(settings, tmp_path / "log") as server:
        first = wait_for_child(server.process.pid)
        os.kill(first, signal.SIGKILL)
        second = wait_for_child(server.process.pid, other_than=first)
        server.process.kill()
        server.process.wait()

    assert first != second
    wait_until_gone(second)


def test_the_log_names_routes_and_no_return_link(server_settings: Settings, tmp_path: Path) -> None:
    with serving(server_settings, tmp_path / "log") as server:
        link = start_assessment(server.address)
        httpx2.get(f"{server.address}{link}", headers={"user-agent": '{"forged": true}'})
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(12)

    text = (tmp_path / "log").read_text()
    assert '"route": "/a/{key}"' in text
    assert link.rpartition("/")[2] not in text
    assert all(line.startswith("{") and "forged" not in line for line in text.splitlines())


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def wait_for_child(pid: int, other_than: int = 0) -> int:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        for child in children(pid):
            if child != other_than and b"worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        time.sleep(0.05)
    raise AssertionError("no worker was started")


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 12
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end, "the worker outlived its server"
        time.sleep(0.05)
