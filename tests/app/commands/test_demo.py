"""`fourward demo`: one command, three firms, and a clean end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2

from app.demo import TOKENS
from tests.app.ports import free_port


def test_the_demo_shows_its_firms_makes_a_report_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "app", "demo", "--port", str(port), "--folder", str(tmp_path / "demo")]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
    try:
        home = wait_for(f"{address}/", lambda text: "Choose a questionnaire" in text)
        for token in TOKENS.values():
            assert f'href="/a/{token}"' in home
            assert httpx2.get(f"{address}/a/{token}", follow_redirects=True, timeout=30).status_code == 200
        ordered = httpx2.post(
            f"{address}/a/{TOKENS['done']}/reports", data={"language": "en"}, headers={"origin": address}
        )
        page = address + ordered.headers["location"]
        wait_for(page, lambda text: "The report is ready" in text, 90)
        assert httpx2.get(f"{page}/file").content.startswith(b"%PDF")
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(40) in (0, -signal.SIGINT)
        assert time.monotonic() - begun < 40
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in (tmp_path / "log").read_text()


def wait_for(address: str, is_there: object, seconds: float = 150) -> str:
    assert callable(is_there)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            text = httpx2.get(address, timeout=60).text
        except httpx2.TransportError:
            text = ""
        if is_there(text):
            return text
        time.sleep(0.2)
    raise AssertionError(f"{address} did not come up")
