"""The ministry's report as a file of a release."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.release_reports import reports
from app.shelf import Shelf
from reports import pdf
from reports.release.cube import Cube
from tests.release_samples import sample_release


@pytest.fixture(scope="module", autouse=True)
def worker_ends_with_the_module() -> Iterator[None]:
    yield
    pdf.close()


@pytest.fixture(scope="module")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Cube:
    return Cube(*sample_release(tmp_path_factory.mktemp("release"), firms=300, waves=1))


def test_a_report_for_each_language_the_same_bytes_twice(cube: Cube) -> None:
    made = dict(reports(Shelf(), cube, ["en"]))

    assert list(made) == ["report-en.pdf"]
    assert dict(reports(Shelf(), cube, ["en"])) == made
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made["report-en.pdf"])).pages)
    assert "Manufacture of food products" in text
    assert "Clearly" in text or "cannot be told apart" in text


def test_without_its_questionnaire_a_release_has_no_report(cube: Cube, tmp_path: Path) -> None:
    gone = Cube(cube.path, {**cube.manifest, "release": {**cube.manifest["release"], "questionnaire": "gone@1.0.0"}})

    assert dict(reports(Shelf(), gone, ["en"])) == {}
