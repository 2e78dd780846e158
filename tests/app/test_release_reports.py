"""The ministry's report as a file of a release."""

import io
from collections.abc import Iterable, Iterator

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app.release_downloads import write_downloads
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


def tables_of(cube: Cube) -> list[str]:
    """What the workbook's contents list."""
    files: dict[str, bytes] = {}

    def keep(name: str, parts: Iterable[bytes]) -> str:
        files[name] = b"".join(parts)
        return "0" * 64

    write_downloads(Shelf(), cube, ["en"], keep)
    contents = load_workbook(io.BytesIO(files["tables-en.xlsx"]), read_only=True).worksheets[1]
    return [str(title) for _, title in contents.iter_rows(min_row=2, values_only=True)]


def test_the_workbook_has_the_policy_reading_and_without_the_questionnaire_only_the_cells(cube: Cube) -> None:
    gone = Cube(cube.path, {**cube.manifest, "release": {**cube.manifest["release"], "questionnaire": "gone@1.0.0"}})
    policy = ["Gaps and the areas of policy that answer them", "Policies that worked in these areas, as published"]
    tables = tables_of(cube)

    assert tables[-2:] == policy
    assert tables_of(gone) == tables[:-2]
    assert dict(reports(Shelf(), gone, ["en"])) == {}
