"""Files that commands write: there when they are complete, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.commands.errors import BadInput


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file to write to, under a name of its own until everything is written.

    Raises:
        BadInput: it cannot be written there; this is known before anything is computed.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(draft, "xb") as file:
            yield file
        draft.replace(target)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            draft.unlink()
