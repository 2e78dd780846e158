"""Files under the hash of their content: the same whole or in parts, complete or not there at all."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import artifacts

PART = bytes(range(256)) * 2_048  # half a megabyte


def test_content_in_parts_lies_where_the_whole_would(tmp_path: Path) -> None:
    stored = artifacts.store_parts(tmp_path, iter((b"one,", b"", b"two")))

    assert stored == artifacts.Stored(hashlib.sha256(b"one,two").hexdigest(), 7)
    assert artifacts.path_of(tmp_path, stored.sha256).read_bytes() == b"one,two"
    assert artifacts.store(tmp_path, b"one,two") == stored.sha256
    assert [path.name for path in tmp_path.iterdir()] == [stored.sha256]


def test_parts_that_end_early_leave_nothing(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield PART
        raise ValueError("cut off")

    with pytest.raises(ValueError, match="cut off"):
        artifacts.store_parts(tmp_path, parts())
    assert list(tmp_path.iterdir()) == []


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    tracemalloc.start()
    stored = artifacts.store_parts(tmp_path, (PART + bytes([number]) for number in range(64)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert stored.size == 64 * (len(PART) + 1)
    assert most < 4 * len(PART)
