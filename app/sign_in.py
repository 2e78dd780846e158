"""Signing in: the hashing of passwords in turn, the mail with the code, and the new session."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app import cookies
from app.browsers import browser_of, network_of
from app.database import DatabaseBusy
from app.settings import Settings
from app.templating import LANGUAGE_COOKIE, environment_of, language_of, set_cookie
from assessment import mails, sessions, sign_in_codes, users
from assessment.passwords import Hashing
from assessment.sessions import Lengths
from assessment.sign_in_codes import Asked
from questionnaires.languages import LANGUAGES

T = TypeVar("T")
HASHES_AT_ONCE = 2
MOST_WAITING = 20  # about a second's worth; more would fill the server with people who wait


def lengths(settings: Settings) -> Lengths:
    return Lengths(
        timedelta(days=settings.session_days),
        timedelta(hours=settings.session_idle_hours),
        timedelta(hours=settings.staff_session_hours),
        timedelta(hours=settings.staff_session_idle_hours),
    )


class Turns:
    """Hashes passwords, two at a time: each takes 19 MiB and most of a tenth of a second.

    In threads of their own, so that what a hash has taken is taken again by the next, and behind everybody else's
    work. Never hash while holding a turn at the database: all saves would wait for it.
    """

    def __init__(self, settings: Settings) -> None:
        self._hashing = Hashing(settings.password_memory_kib, settings.password_passes)
        self._threads = ThreadPoolExecutor(HASHES_AT_ONCE, "password", _step_back)
        self._waiting = 0

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Raises DatabaseBusy when too many wait already."""
        return await self._in_turn(lambda: self._hashing.fits(password_hash, password))

    def is_outdated(self, password_hash: str) -> bool:
        return self._hashing.is_outdated(password_hash)

    async def hash(self, password: str) -> str:
        """Raises DatabaseBusy when too many wait already."""
        return await self._in_turn(lambda: self._hashing.hash(password))

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise DatabaseBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _step_back() -> None:
    """Let pages and saves go before hashes: Linux gives each thread a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def send_code(request: Request, session: Session, email: str, asked: Asked, is_disabled: bool, now: datetime) -> None:
    """Mail a code in the reader's language; a closed account is told so instead, where only its owner reads it."""
    settings: Settings = request.app.state.settings
    environment = environment_of(language_of(request).code)
    template = environment.get_template("mails/closed.txt" if is_disabled else "mails/code.txt")
    code = sign_in_codes.shown(asked.code)
    link = f"{settings.public_url.rstrip('/')}/sign-in/link/{code}"
    minutes = int(sign_in_codes.LIFE.total_seconds()) // 60
    text = template.render(code=code, link=link, service=settings.public_url, minutes=minutes)
    subject, _, body = text.partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)


def sign_in_here(request: Request, session: Session, response: Response, email: str, now: datetime) -> Response:
    """Sign a person in, in this browser, under a new secret.

    Raises:
        AccountDisabled: their account is closed.
    """
    settings: Settings = request.app.state.settings
    language = language_of(request).code
    user = users.register(session, email, now, language=language)
    before = cookies.session_of(request)
    if before:
        sessions.end_by_token(session, before, now)
    found = sessions.start(session, user.id, now, browser_of(request), network_of(request), lengths(settings))
    cookies.set_session(response, settings, *found, now)
    cookies.forget(response, settings, cookies.waiting_cookie(settings))
    if user.language in LANGUAGES and user.language != language:
        set_cookie(response, settings, LANGUAGE_COOKIE, user.language)
    return response
