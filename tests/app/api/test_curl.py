"""The walk in docs/api.md, run as it stands there."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.database import Database
from app.settings import Settings
from app.templating import STATIC
from assessment.tables import ApiToken
from tests.app.api.program import token_for
from tests.app.serving import serving

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not here")
def test_the_walk_from_the_start_to_the_report_works_as_written(
    server_settings: Settings, database: Database, tmp_path: Path
) -> None:
    [walk] = re.findall(r"```sh\n(.+?)```", DOCUMENT.read_text(), re.DOTALL)
    token, settings = token_for(database), server_settings.model_copy(update={"workers": 1})
    (tmp_path / "picture.png").write_bytes((STATIC / "icon-192.png").read_bytes())
    with serving(settings, tmp_path / "log") as server:
        done = subprocess.run(
            ["/bin/bash", "-eu", "-o", "pipefail", "-c", walk],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "SITE": server.address, "TOKEN": token},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r'\{\s*"saved": [1-9][0-9]+\s*\}', done.stdout), done.stdout
    assert '"submitted"' in done.stdout
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert token not in (tmp_path / "log").read_text()
    with database.reader() as session:
        used = session.scalars(select(ApiToken.last_used_at)).one()
        assert used is not None
        assert (datetime.now(UTC) - used).total_seconds() < 300
