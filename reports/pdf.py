"""HTML becomes a PDF in a process of its own, which stays warm, has limits, and can fetch nothing."""

import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO

from questionnaires.languages import language
from questionnaires.problems import Refused

FONTS = Path(__file__).parent / "fonts"
SECONDS = 90.0  # wall time for one report
RENDERS = 200  # a worker is replaced after this many reports, so that no leak can grow
LARGEST_HTML = 4_000_000  # bytes; a real report has about 200,000
PACKAGE_OF = {"zh-cn": "fonts-noto-cjk"}  # the Debian package with glyphs for a script that we do not bring along


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF. `relationship` is PDF/A-3's: Source, Data, Alternative, Supplement or Unspecified."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


class RenderFailed(Refused):
    """A report could not be made; what it should show is untouched, and the message says what to do."""


class MissingFont(Refused):
    """The system has no letters for a language."""


def render_pdf(
    html: str, *stylesheets: Path, day: str = "", archive: bool = False, attachments: Sequence[Attachment] = ()
) -> bytes:
    """A tagged PDF/UA-1, or with `archive` a PDF/A-3a with the attachments, from well-formed (XML) HTML.

    `day` (ISO) is the day written into the document, so that the same input gives the same bytes.

    Raises:
        RenderFailed: the page cannot be laid out within 90 s, 60 s of CPU and 1.5 GB.
    """
    body = html.encode()
    if len(body) > LARGEST_HTML:
        raise RenderFailed("This report is too long to be laid out; shorten the notes and make it again.")
    request = {
        "stylesheet": "".join(each.read_text() for each in stylesheets),
        "day": day,
        "archive": archive,
        "attachments": [
            {"name": a.name, "size": len(a.content), "description": a.description, "relationship": a.relationship}
            for a in attachments
        ],
    }
    return _renderer.render(json.dumps(request).encode(), [body, *(a.content for a in attachments)])


@lru_cache
def check_fonts(code: str) -> None:
    """Refuse a language whose letters the system cannot draw, instead of printing boxes.

    Raises:
        MissingFont: names the package that has them.
    """
    chosen = language(code)
    for script in chosen.scripts:
        try:
            found = subprocess.run(  # noqa: S603
                ["fc-list", f":lang={script}", "family"],  # noqa: S607
                env=_environment(),
                capture_output=True,
                text=True,
                check=True,
            )
        except OSError as error:
            raise MissingFont("This machine cannot say which fonts it has: install fontconfig.") from error
        if not found.stdout.strip():
            package = PACKAGE_OF.get(script, "fonts-noto-core")
            raise MissingFont(
                f"This machine has no font for {chosen.endonym}: install {package}, or choose another language."
            )


def close() -> None:
    """End the worker process; the next report starts a new one."""
    _renderer.close()


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV")}
    return {**kept, "FONTCONFIG_FILE": str(FONTS / "fonts.conf"), "SOURCE_DATE_EPOCH": "0", "PYTHONHASHSEED": "0"}


@dataclass(slots=True)
class _Renderer:
    """One worker process, started when first needed; one report at a time."""

    process: subprocess.Popen[bytes] | None = None
    renders: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def render(self, request: bytes, parts: Sequence[bytes]) -> bytes:
        with self.lock:
            if self.process is None or self.process.poll() is not None or self.renders >= RENDERS:
                self._start()
            self.renders += 1
            try:
                answer = self._exchange(request, parts)
            except (OSError, EOFError, TimeoutError) as error:
                self.close()
                raise RenderFailed(
                    "This report took too much time or memory to lay out; shorten the notes and make it again."
                ) from error
        if answer[:1] != b"+":
            raise RenderFailed(f"This report could not be laid out: {answer[1:].decode()}")
        return answer[1:]

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
        self.process = None

    def _start(self) -> None:
        self.close()
        self.renders = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reports.renderer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            cwd=Path(__file__).parent.parent,
        )

    def _exchange(self, request: bytes, parts: Sequence[bytes]) -> bytes:
        if self.process is None or self.process.stdin is None or self.process.stdout is None:
            raise EOFError
        for message in (request, *parts):
            self.process.stdin.write(struct.pack(">I", len(message)) + message)
        self.process.stdin.flush()
        return _read_message(self.process.stdout, time.monotonic() + SECONDS)


def _read_message(stream: IO[bytes], deadline: float) -> bytes:
    size = int.from_bytes(_read(stream, 4, deadline), "big")
    return _read(stream, size, deadline)


def _read(stream: IO[bytes], size: int, deadline: float) -> bytes:
    """Exactly this many bytes before the deadline."""
    read = bytearray()
    while len(read) < size:
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(stream.fileno(), min(size - len(read), 1 << 20))
        if not piece:
            raise EOFError
        read += piece
    return bytes(read)


_renderer = _Renderer()
