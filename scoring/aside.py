"""What a library prints by itself goes to standard error: standard output holds what this program says, and no more."""

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

OUT, ERR = 1, 2
ALL_STREAMS = None  # what C's fflush takes for "every one"


def _c_library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):  # where C's library has no such name, as on Windows, its prints stay where they are
        return None


_C = _c_library()
_lock = threading.Lock()
_within: list[int] = []  # for each block that is open now, where standard output went before the first of them


@contextmanager
def prints_aside() -> Iterator[None]:
    """HiGHS has a line that no option silences; within this block, all that C code prints is set aside.

    Threads may be in it at the same time: the first to enter and the last to leave move the stream.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    with _lock:
        _within.append(_within[0] if _within else _moved())


def _moved() -> int:
    """A copy of the stream as it was; -1 where it was not moved."""
    if _C is None:
        return -1
    try:
        _C.fflush(ALL_STREAMS)
        before = os.dup(OUT)
        os.dup2(ERR, OUT)
    except OSError:  # one of the two is closed, so there is nobody to disturb
        return -1
    return before


def _leave() -> None:
    with _lock:
        before = _within.pop()
        if _within or before < 0 or _C is None:
            return
        _C.fflush(ALL_STREAMS)
        os.dup2(before, OUT)
        os.close(before)
