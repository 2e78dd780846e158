"""The server itself: uvicorn, which ends the streams of workshops at once when it stops."""

import gc
import resource
import socket

import uvicorn
from fastapi import FastAPI

from app.live import MOST_STREAMS, Live

OTHER_CONNECTIONS = 400  # besides streams: more at once only wait for each other
FILES = 65_536


class Server(uvicorn.Server):
    """Starts with what it has loaded set apart, and ends the streams of workshops at once when it stops.

    Garbage collection would look through all 270,000 objects of the modules again and again: 130 ms in which nobody is
    answered. Without ending the streams, stopping would wait until the last page that follows a workshop has gone.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            live: Live = app.state.live
            live.close()
        await super().shutdown(sockets)
        # Python tears down what garbage collection can see; DuckDB complains of each of its objects that is left.
        gc.unfreeze()


def most_connections() -> int:
    return MOST_STREAMS + OTHER_CONNECTIONS


def raise_file_limit() -> None:
    """Each stream is a file; many systems let a process open 1,024 unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
