"""The real server, as an operator runs it: it loses no answer it acknowledged, and stops when asked."""

import os
import signal
import time
from pathlib import Path

import httpx2

from app.settings import Settings
from tests.app.serving import serving


def start_assessment(address: str) -> str:
    answer = httpx2.post(f"{address}/start/tiny", data={"firm": "Acme"}, headers={"origin": address})
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def test_a_server_that_is_asked_to_stop_does_so_within_twelve_seconds_and_takes_its_worker_along(
    server_settings: Settings, tmp_path: Path
) -> None:
    settings = server_settings.model_copy(update={"workers": 1})
    with serving(settings, tmp_path / "log") as server:
        worker = wait_for_child(server.process.pid)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        server.process.wait(40)

    assert time.monotonic() - begun < 40
    wait_until_gone(worker)
    assert "leaked" not in (tmp_path / "log").read_text(), "what DuckDB says of objects that nobody took away"


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
        server.process.wait(40)

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
    end = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end, "the worker outlived its server"
        time.sleep(0.05)
