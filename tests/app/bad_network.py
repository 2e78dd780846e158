"""A TCP proxy that behaves like a bad mobile network: slow, cut now and then, or gone."""

import asyncio
import random
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.app.ports import free_port


@dataclass
class BadNetwork:
    """Stands between a browser and a service; may be changed while it runs."""

    service: str
    delay: float = 0.0  # seconds each way
    cuts: float = 0.0  # share of connections that break at a moment of their own
    is_down: bool = False
    port: int = field(default_factory=free_port)
    connections: int = 0
    broken: int = 0
    carried: int = 0  # bytes from the service to the browser, whatever they are
    taken: int = 0  # bytes from the browser to the service
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _random: random.Random = field(default_factory=lambda: random.Random(20))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "BadNetwork":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def go_down(self) -> None:
        """Break what is open, and take nothing until `is_down` is False again."""
        self.is_down = True
        self._loop.call_soon_threadsafe(self._break_all)

    def _break_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _stop(self) -> None:
        self._server.close()
        self._break_all()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.is_down:
            writer.transport.abort()
            return
        parts = urlsplit(self.service)
        there_reader, there_writer = await asyncio.open_connection(parts.hostname, parts.port)
        self._open |= {writer, there_writer}
        cut = asyncio.get_running_loop().call_later(self._random.uniform(0, 2), self._cut, writer, there_writer)
        if self._random.random() >= self.cuts:
            cut.cancel()
        try:
            await asyncio.gather(self._pass(reader, there_writer, "taken"), self._pass(there_reader, writer, "carried"))
        except asyncio.CancelledError:
            pass
        finally:
            cut.cancel()
            self._open -= {writer, there_writer}
            for each in (writer, there_writer):
                each.transport.abort()

    def _cut(self, *writers: asyncio.StreamWriter) -> None:
        self.broken += 1
        for writer in writers:
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counter: str) -> None:
        try:
            while data := await reader.read(16384):
                setattr(self, counter, getattr(self, counter) + len(data))
                await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            writer.transport.abort()
