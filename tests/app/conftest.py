"""A browser, and the service it visits."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from app.main import create_app
from app.serving import Server
from app.settings import Settings
from tests.app.bad_network import BadNetwork
from tests.app.ports import free_port
from tests.app.streams import Stream
from tests.factories import TINY_FOLDER

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
MOBILE: Any = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2.6}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Live:
    """The service, answering on an address of its own."""

    address: str
    app: FastAPI


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Live]:
    """One service for all browser tests, with the test languages."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copyfile(sqlite_template, folder / "live.db")
    port = free_port()
    settings = Settings(
        database_url=f"sqlite:///{folder / 'live.db'}",
        artifacts=folder / "artifacts",
        public_url=f"http://127.0.0.1:{port}",
        definitions=TINY_FOLDER,
        test_languages=True,
        demo=True,
        workers=0,
    )
    app = create_app(settings)
    server = Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield Live(settings.public_url, app)
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def streams() -> Iterator[list[Stream]]:
    found: list[Stream] = []
    yield found
    for each in found:
        each.close()


@pytest.fixture
def phone(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, base_url=live.address, has_touch=True, is_mobile=True)
    context.set_default_timeout(45_000)
    yield context
    context.close()


@pytest.fixture
def network(live: Live) -> Iterator[BadNetwork]:
    with BadNetwork(live.address) as found:
        yield found


@pytest.fixture
def mobile(browser: Browser, network: BadNetwork) -> Iterator[BrowserContext]:
    """A phone that reaches the service by a network that may be bad."""
    context = browser.new_context(base_url=network.address, **MOBILE)
    context.set_default_timeout(45_000)
    yield context
    context.close()


@pytest.fixture
def plain(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    """A phone with JavaScript switched off."""
    context = browser.new_context(viewport=PHONE, base_url=live.address, java_script_enabled=False)
    context.set_default_timeout(45_000)
    yield context
    context.close()


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
