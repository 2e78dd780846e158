"""What PostgreSQL tells this process of the others: one connection that listens, and is made anew when it is lost."""

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable

from psycopg import AsyncConnection, sql
from sqlalchemy import URL

from app.database import CHANNEL

log = logging.getLogger("fourward.live")
SIGN_OF_LIFE = 20.0  # seconds without news after which the connection has to prove that it is there
LONGEST_WAIT = 5.0


class Notices:
    """`heard` gets each payload; `missed` is called whenever something may have been missed."""

    def __init__(self, url: URL, heard: Callable[[str], None], missed: Callable[[], Awaitable[None]]) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard, self._missed = heard, missed
        self.is_listening = False
        self.name = secrets.token_hex(8)

    async def run(self) -> None:
        wait = 0.1
        while True:
            try:
                async with await AsyncConnection.connect(self._address, autocommit=True, connect_timeout=5) as there:
                    await there.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self.is_listening, wait = True, 0.1
                    await self._missed()
                    await self._listen(there)
            except Exception as error:
                # A library may answer the end of this task with an error of its own: that is still the end.
                if (task := asyncio.current_task()) and task.cancelling():
                    raise asyncio.CancelledError from error
                log.warning("news of other processes cannot be heard now: %s", type(error).__name__)
            finally:
                self.is_listening = False
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311  spreads the load, keeps no secret
            wait = min(LONGEST_WAIT, wait * 2)

    async def _listen(self, there: AsyncConnection) -> None:
        while True:
            async for notice in there.notifies(timeout=SIGN_OF_LIFE):
                self._heard(notice.payload)
            async with asyncio.timeout(SIGN_OF_LIFE):
                await there.execute("SELECT 1")
