"""Lists in statements have few lengths: a database keeps what it has planned by the statement's text."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def padded(values: Iterable[T]) -> list[T]:
    """The values and the last one again, up to a power of two. Only for `IN (...)`, where twice is once.

    >>> padded("abc")
    ['a', 'b', 'c', 'c']
    """
    found = list(values)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else found
