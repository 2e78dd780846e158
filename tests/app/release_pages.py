"""A published release, for what is true of every page."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import artifacts
from app.database import Database
from assessment.tables import Programme, Release
from tests.release_samples import sample_release

PAGES = (
    "release:",
    "release:?rows=division&columns=dimension",
    "release:?rows=size&sort=high",
    "release:?indicator=profile",
    "release:?rows=region&figure=median",
    "release:/about",
    "release:/differences",
)
BEGINNINGS = {"release": "/releases/1"}
CHANGE: dict[str, Any] = {
    "wave": "2026", "industry": "C13", "size": "_T", "region": "_T", "ownership": "_T", "basis": "_T",
    "indicator": "overall", "change": "figure", "figures": ["mean"], "n_before": 20, "n_after": 20, "mean_before": 1.0,
    "mean_after": 2.5,
}  # fmt: skip


def published_release(database: Database, folder: Path) -> dict[str, str]:
    """A release of a programme of its own, with files; returns where its pages are."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as made:
        path, manifest = sample_release(Path(made), firms=400, waves=2)
        sha256 = artifacts.store(folder, path.read_bytes())
    told = {"previous": 1, "counts": {"figure": 1}, "first": [CHANGE]}
    contents = {
        "tables-en.csv": b"a",
        "tables-ar.xlsx": b"b" * 2_000_000,
        "differences.json": json.dumps(told).encode(),
    }
    files = {name: {"sha256": artifacts.store(folder, each), "size": len(each)} for name, each in contents.items()}
    with database.transaction() as session:
        programme = Programme(
            name="⟦Ready⟧", country="MY", questionnaire_id="industry4-readiness", questionnaire_version="1.0.0",
            created_at=now, changed_at=now, state="open",
        )  # fmt: skip
        session.add(programme)
        session.flush()
        release = Release(
            programme_id=programme.id, number=2, title="⟦Readiness⟧", state="published", manifest=manifest,
            cube_sha256=sha256, files=files, requested_at=now, made_at=now, published_at=now,
        )  # fmt: skip
        session.add(release)
        session.flush()
        return {"release": f"/releases/{release.id}"}
