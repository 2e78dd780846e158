"""What commands write: files that are there when they are complete or not at all, and what they print."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from app.commands.errors import BadInput

UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file to write to, under a name of its own until everything is written.

    What a link points to is written, not the link; a device or a pipe (/dev/null, /dev/stdout) is written as it is.

    Raises:
        BadInput: it cannot be written there; this is known before anything is computed.
    """
    draft = Path(os.path.realpath(target)).with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            with open(target, "wb") as file:
                yield file
            return
        with open(draft, "xb") as file:
            yield file
        draft.replace(os.path.realpath(target))
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            draft.unlink()


@contextmanager
def printing() -> Iterator[None]:
    """Print what the terminal's encoding lacks as escapes, and say in one line that a disk takes no more.

    Raises:
        BadInput: what is printed cannot be written.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise BadInput(f"{error.filename or 'the output'} cannot be written: {error.strerror}") from error
    finally:
        _forget_what_cannot_be_written()


def _forget_what_cannot_be_written() -> None:
    """A buffer that its disk refuses goes nowhere: trying again at the end would change the exit code."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
