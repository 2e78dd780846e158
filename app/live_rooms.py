"""A workshop that somebody follows in this process: who listens, and its state as it was last made."""

import asyncio
from collections import Counter

import orjson

from assessment.room_state import RoomState

Link = tuple[str, str]  # seat, screen or chair; and its key


class Kept:
    """A workshop's state, and its bytes as every phone gets them."""

    __slots__ = ("made_at", "phone", "state")

    def __init__(self, state: RoomState, made_at: float) -> None:
        self.state, self.made_at, self.phone = state, made_at, orjson.dumps(state.as_json())

    def with_counts(self) -> bytes:
        """The same for the screen and for who leads."""
        return orjson.dumps(self.state.as_json() | {"voted": self.state.voted, "present": self.state.present})


class Room:
    """A workshop that somebody follows."""

    __slots__ = ("addresses", "counted_at", "counting", "kept", "listeners", "making", "seq", "workshop_id")

    def __init__(self, workshop_id: int) -> None:
        self.workshop_id, self.seq = workshop_id, -1
        self.listeners: set[Listener] = set()
        self.addresses: Counter[str] = Counter()
        self.kept: Kept | None = None
        self.making: asyncio.Task[None] | None = None
        self.counting: asyncio.TimerHandle | None = None
        self.counted_at = float("-inf")

    def wake(self, *, counts_only: bool = False) -> None:
        for listener in self.listeners:
            if listener.hears_counts or not counts_only:
                listener.woken.set()


class Listener:
    """One open stream. Numbers replace each other, so that nothing piles up for who reads slowly."""

    __slots__ = ("address", "checked_at", "counted", "is_over", "link", "room", "told", "woken")

    def __init__(self, room: Room, link: Link, address: str, seq: int) -> None:
        self.room, self.link, self.address = room, link, address
        self.checked_at = seq  # the event up to which its link is known to be good
        self.told, self.counted = -1, (-1, -1)
        self.woken, self.is_over = asyncio.Event(), False

    @property
    def hears_counts(self) -> bool:
        return self.link[0] != "seat"

    @property
    def is_doubtful(self) -> bool:
        """Whether links have ended since this one was looked at."""
        kept = self.room.kept
        return kept is not None and kept.state.links_ended_at > self.checked_at

    def news(self) -> bytes:
        """What it has not been told yet, as the stream carries it."""
        found, seq, kept = b"", self.room.seq, self.room.kept
        if seq != self.told:
            self.told = seq
            found = b"event: seq\nid: %d\ndata: %d\n\n" % (seq, seq)
        if self.hears_counts and kept is not None:
            counts = (kept.state.voted, kept.state.present)
            if counts != self.counted:
                self.counted = counts
                found += b"event: count\ndata: [%d,%d]\n\n" % counts
        return found
