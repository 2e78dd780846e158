"""Live: who follows which workshop in this process, and what they are told: its newest number, and how many voted."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import CHANNEL, Database
from app.live_notices import Notices
from app.live_rooms import Kept, Link, Listener, Room
from assessment.access import NUMBER
from assessment.errors import N_, TooMany
from assessment.room_state import newest_numbers, room_state

log = logging.getLogger("fourward.live")
P = ParamSpec("P")
T = TypeVar("T")
MOST_STREAMS = 4000  # in one process
MOST_FROM_ADDRESS = 500  # of one workshop: the people in a hotel share one address
MOST_OF_LINK = {"seat": 4, "screen": 20, "chair": 20}  # beyond, the oldest ends: it may be of a phone that has gone
MOST_ROOMS = 1000  # that nobody follows and that are remembered all the same
COUNT_SECONDS = 1.0
DOUBT_SECONDS = 0.2  # for which what is kept is the newest, where another process may know better


class TooManyStreams(TooMany):
    """So many follow already that one more would take from the others."""

    def __init__(self) -> None:
        super().__init__(N_("Too many pages follow this workshop from here. This page looks again by itself."), 5)


class Live:
    """Tells after each commit, within this process and from others; what it keeps is made once for all who ask."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.rooms: dict[int, Room] = {}
        self.links: dict[Link, list[Listener]] = {}
        self.streams, self.is_open = 0, True
        self.notices = None if database.is_sqlite else Notices(database.url, self._heard, self._look_at_all)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._readings: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._loop, self.is_open = asyncio.get_running_loop(), True
        self.database.tell = self._committed
        if self.notices:
            self._spawn(self.notices.run())
        try:
            yield
        finally:
            self.close()
            self._loop = None
            for task in self._tasks:
                task.cancel()
            await _wait_for(self._tasks)
            # What is being read is read to its end: its connection must be back before the database is closed.
            await _wait_for(self._readings)

    def close(self) -> None:
        """End every stream at once: the server stops."""
        self.is_open = False
        for room in self.rooms.values():
            for listener in room.listeners:
                listener.is_over = True
            room.wake()

    # What is new

    def _committed(self, numbers: Mapping[int, int], counted: Collection[int]) -> None:
        for workshop_id, seq in numbers.items():
            self._soon(self.tell, workshop_id, seq)
        for workshop_id in counted:
            self.voted(workshop_id)

    def voted(self, workshop_id: int) -> None:
        """Somebody has voted, come or gone; from any thread."""
        self._soon(self._count_soon, workshop_id, True)

    def _soon(self, call: Callable[..., None], *arguments: Any) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    def tell(self, workshop_id: int, seq: int) -> None:
        """The workshop has this number now."""
        room = self.rooms.get(workshop_id)
        if room is not None and seq > room.seq:
            room.seq = seq
            room.wake()
            self._make(room)

    def _count_soon(self, workshop_id: int, is_ours: bool) -> None:
        """Count at once, and then at most once a second."""
        room = self.room(workshop_id)
        if room.counting is None:
            loop = asyncio.get_running_loop()
            wait = max(0.0, room.counted_at + COUNT_SECONDS - loop.time())
            room.counting = loop.call_later(wait, self._count, room, is_ours)

    def _count(self, room: Room, is_ours: bool) -> None:
        room.counting, room.counted_at = None, asyncio.get_running_loop().time()
        if self.notices and is_ours:
            self._spawn(self._tell_others(f"{room.workshop_id}:+{self.notices.name}"))
        if any(listener.hears_counts for listener in room.listeners):
            self._spawn(self._make_anew(room))

    async def _tell_others(self, payload: str) -> None:
        def notify() -> None:
            with self.database.transaction() as session:
                session.execute(select(func.pg_notify(CHANNEL, payload)))

        async with self.database.place(writing=True):
            await run_in_threadpool(notify)

    def _heard(self, payload: str) -> None:
        """`workshop:number`, or `workshop:+process` where that process asks to count."""
        workshop, _, news = payload.partition(":")
        if not news.startswith("+"):
            self.tell(int(workshop), int(news))
        elif self.notices and news[1:] != self.notices.name and int(workshop) in self.rooms:
            self._count_soon(int(workshop), False)

    async def _look_at_all(self) -> None:
        """What was missed while nothing was heard."""
        if not self.rooms:
            return
        found = await self.read(newest_numbers, list(self.rooms))
        for workshop_id, seq in found.items():
            self.tell(workshop_id, seq)
            self._count_soon(workshop_id, False)

    # Who follows

    def room(self, workshop_id: int) -> Room:
        if workshop_id not in self.rooms:
            if len(self.rooms) > MOST_ROOMS:
                self.rooms = {n: room for n, room in self.rooms.items() if room.listeners}
            self.rooms[workshop_id] = Room(workshop_id)
        return self.rooms[workshop_id]

    def known(self, link: Link) -> int | None:
        """The workshop of a link whose stream is open; None when one has to look.

        A workshop's number is no secret: it opens for a person, and so one looks each time.
        """
        if NUMBER.fullmatch(link[1]):
            return None
        return next((each.room.workshop_id for each in self.links.get(link, ()) if not each.is_doubtful), None)

    def join(self, link: Link, workshop_id: int, seq: int, address: str) -> Listener:
        """Follow a workshop by a link that is good at event number `seq`.

        Raises:
            TooManyStreams
        """
        room = self.room(workshop_id)
        if self.streams >= MOST_STREAMS or room.addresses[address] >= MOST_FROM_ADDRESS or not self.is_open:
            raise TooManyStreams
        same = self.links.setdefault(link, [])
        if len(same) >= MOST_OF_LINK[link[0]]:
            same[0].is_over = True
            same[0].woken.set()
        listener = Listener(room, link, address, seq)
        same.append(listener)
        room.listeners.add(listener)
        room.addresses[address] += 1
        room.seq = max(room.seq, seq)
        self.streams += 1
        return listener

    def leave(self, listener: Listener) -> None:
        room, same = listener.room, self.links[listener.link]
        room.listeners.discard(listener)
        room.addresses[listener.address] -= 1
        same.remove(listener)
        if not same:
            del self.links[listener.link]
        if not room.listeners:
            room.addresses.clear()
        self.streams -= 1

    # What is kept

    async def kept(self, workshop_id: int, since: int = -1, *, counted: bool = False) -> Kept:
        """The state as it is now; `since` is the number that whoever asks has seen."""
        room = self.room(workshop_id)
        for _ in range(2):  # one that is being made may have been begun before the newest number
            if room.kept is not None and self._is_newest(room, room.kept, since, counted):
                return room.kept
            await asyncio.shield(self._make(room))
        assert room.kept is not None  # noqa: S101  it was made, or making it has raised
        return room.kept

    def _is_newest(self, room: Room, kept: Kept, since: int, counted: bool) -> bool:
        if kept.state.seq < max(room.seq, since):
            return False
        age = asyncio.get_running_loop().time() - kept.made_at
        if counted and age > COUNT_SECONDS:
            return False
        if self.notices is None:
            return True
        hears = self.notices.is_listening and kept.state.seq > since
        return age <= (DOUBT_SECONDS if not hears else float("inf"))

    def _make(self, room: Room) -> asyncio.Task[None]:
        if room.making is None:
            room.making = self._spawn(self._make_one(room))
        return room.making

    async def _make_anew(self, room: Room) -> None:
        if room.making is not None:
            await asyncio.shield(room.making)
        await asyncio.shield(self._make(room))

    async def read(self, query: Callable[Concatenate[Session, P], T], *of: P.args, **more: P.kwargs) -> T:
        """What a query finds. Its session is opened and closed in the thread: who asks may be cancelled meanwhile."""

        def work() -> T:
            with self.database.reader() as session:
                return query(session, *of, **more)

        async def take_turn() -> T:
            async with self.database.place(writing=False):
                return await run_in_threadpool(work)

        reading = asyncio.create_task(take_turn())
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)
        return await asyncio.shield(reading)

    async def _make_one(self, room: Room) -> None:
        try:
            begun_with = room.seq
            made_at = asyncio.get_running_loop().time()
            state = await self.read(room_state, room.workshop_id)
            room.kept = Kept(state, made_at)
            if state.seq > room.seq or room.seq == begun_with:
                room.seq = state.seq
        finally:
            room.making = None
        room.wake(counts_only=all(each.told == room.seq and not each.is_doubtful for each in room.listeners))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("live: %r", error)


async def _wait_for(tasks: set[asyncio.Task[Any]]) -> None:
    """Wait for those of this loop; a test's client may have had a loop of its own for each request."""
    here = asyncio.get_running_loop()
    await asyncio.gather(*(task for task in tasks if task.get_loop() is here), return_exceptions=True)
