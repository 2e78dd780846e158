"""The real server, as an operator runs it, in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.settings import Settings


@dataclass
class Server:
    """`fourward serve` on a port of its own."""

    settings: Settings
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return self.settings.public_url


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
