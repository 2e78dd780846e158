"""The layout's process ends with these tests."""

from collections.abc import Iterator

import pytest

from reports import pdf


@pytest.fixture(scope="package", autouse=True)
def worker_ends_with_the_tests() -> Iterator[None]:
    yield
    pdf.close()
