"""What tests of the domain may ask for."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.database import Database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction, committed when the test ends well."""
    with database.transaction() as session:
        yield session
