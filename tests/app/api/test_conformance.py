"""The API keeps to its description, whatever is sent."""

import os
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.database import Database
from tests.app.api import conformance

LONG = os.environ.get("FOURWARD_LONG") == "1"
SECONDS = 45
LONG_EXAMPLES = int(os.environ.get("FOURWARD_LONG_EXAMPLES", "400"))  # for each operation, that fit and that do not
LONG_SECONDS = int(os.environ.get("FOURWARD_LONG_SECONDS", "3600"))


@pytest.mark.timeout(LONG_SECONDS + 600)
def test_requests_that_a_tool_makes_up_are_answered_as_described(
    app: FastAPI, database: Database, database_url: str, tmp_path: Path
) -> None:
    if not (LONG or database.is_sqlite):
        pytest.skip("the long run tries both databases")
    token, keys = conformance.world(app, database)

    file = Path(os.environ.get("FOURWARD_LONG_REPORT", tmp_path / "report.txt"))
    tried = conformance.try_out(app, token, keys, *((LONG_EXAMPLES, LONG_SECONDS) if LONG else (4, SECONDS)), file)

    assert tried.cases >= (20_000 if LONG else 500)
    assert tried.server_errors == 0
    assert not tried.failures
    assert not tried.errors
