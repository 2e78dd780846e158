"""Signing in: whether its time tells who has an account, and what a flood of guesses does to everybody else."""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from fastapi.testclient import TestClient
from sqlalchemy import delete

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.upgrade import upgrade
from assessment import users
from assessment.passwords import Hashing
from assessment.tables import AttemptCount
from tests.app.ports import free_port

KNOWN, UNKNOWN = "known@firm.example", "unknown@firm.example"
PASSWORD = "three lamps over the harbour"
FLOOD = 170  # guesses a second: 10,000 a minute


def measure(full: bool) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / 'bench.db'}",
            artifacts=Path(folder) / "artifacts",
            public_url="http://testserver",
            demo=True,
            workers=0,
        )
        database = Database(settings.database_url)
        upgrade(database)
        with database.transaction() as session:
            hashing = Hashing(settings.password_memory_kib, settings.password_passes)
            users.register(session, KNOWN, datetime.now(UTC)).password_hash = hashing.hash(PASSWORD)
        found = _timing(settings, database, 200 if full else 10)
        database.close()
        return found | _flood(settings, 15 if full else 3)


def _timing(settings: Settings, database: Database, times: int) -> dict[str, object]:
    app = create_app(settings)
    found: dict[str, object] = {}
    with TestClient(app, headers={"origin": "http://testserver"}, follow_redirects=False) as client:
        for path, what in (("/sign-in", "asking for a code"), ("/sign-in/password", "a wrong password")):
            taken: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
            for turn in range(2 * times + 4):
                email = (KNOWN, UNKNOWN)[turn % 2]
                with database.transaction() as session:
                    session.execute(delete(AttemptCount))
                begun = time.perf_counter()
                client.post(path, data={"email": email, "password": "wrong wrong wrong"})
                taken[email].append(time.perf_counter() - begun)
            known, unknown = (statistics.median(each[2:]) * 1000 for each in taken.values())
            apart = abs(known - unknown) / max(known, unknown)
            verdict = "met" if apart < 0.10 else "MISSED"
            found[f"{what}, {times} each"] = (
                f"known {known:.1f} ms, unknown {unknown:.1f} ms, {apart:.1%} apart (bar 10 %): {verdict}"
            )
    app.state.database.close()
    return found


def _flood(settings: Settings, seconds: float) -> dict[str, object]:
    """Guesses from as many networks as there are guesses, so that no count stops them; pages are read meanwhile."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    chosen = settings.model_copy(update={"public_url": address, "port": port})
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve"], env={**os.environ, **chosen.as_environment()}, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(address)
        before = _memory(process.pid)
        statuses: list[int] = []
        pages: list[float] = []
        peak = before
        with ThreadPoolExecutor(64) as pool, httpx2.Client(timeout=30) as reader:
            end = time.monotonic() + seconds
            number = 0
            sender = threading.local()
            while time.monotonic() < end:
                for _ in range(FLOOD // 10):
                    number += 1
                    pool.submit(_guess, sender, address, number, statuses)
                begun = time.perf_counter()
                assert reader.get(f"{address}/sign-in").status_code == 200
                pages.append(time.perf_counter() - begun)
                peak = max(peak, _memory(process.pid))
                time.sleep(max(0.0, 0.1 - (time.perf_counter() - begun)))
    finally:
        process.terminate()
        process.wait(20)
    p95 = sorted(pages)[int(len(pages) * 0.95)] * 1000
    answers = {status: statuses.count(status) for status in sorted(set(statuses))}
    return {
        f"{len(statuses) / seconds:.0f} guesses a second": f"answered {answers}",
        "a page meanwhile": f"p95 {p95:.0f} ms (bar 500 ms): {'met' if p95 < 500 else 'MISSED'}",
        "memory": f"{(peak - before) / 1e6:+.0f} MB (bar 100 MB): {'met' if peak - before < 100e6 else 'MISSED'}",
    }


def _guess(sender: threading.local, address: str, number: int, statuses: list[int]) -> None:
    if not hasattr(sender, "client"):
        sender.client = httpx2.Client(timeout=30)
    headers = {"origin": address, "x-forwarded-for": f"10.{number // 250 % 250}.{number % 250}.1"}
    data = {"email": f"n{number}@firm.example", "password": "wrong wrong wrong"}
    statuses.append(sender.client.post(f"{address}/sign-in/password", data=data, headers=headers).status_code)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            httpx2.get(f"{address}/healthz")
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def _memory(pid: int) -> int:
    """Bytes of a process that are in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
