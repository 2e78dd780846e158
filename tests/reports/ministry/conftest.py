"""The made-up release, once; the layout's process ends with these tests."""

from collections.abc import Iterator

import pytest

from reports import pdf
from reports.ministry.build import build_ministry_report
from reports.ministry.material import Material
from reports.ministry.view import MinistryReport
from reports.release.cube import Cube
from reports.wording import wording
from tests.reports.ministry import made_up


@pytest.fixture(scope="package", autouse=True)
def worker_ends_with_the_tests() -> Iterator[None]:
    yield
    pdf.close()


@pytest.fixture(scope="package")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Cube:
    return made_up.release(tmp_path_factory.mktemp("made-up"))[0]


@pytest.fixture(scope="package")
def report(cube: Cube) -> MinistryReport:
    return build_ministry_report(cube, made_up.manifest(), "en", made_up.definition())


@pytest.fixture
def m(cube: Cube) -> Material:
    return Material(cube, made_up.manifest(), made_up.definition(), wording("en"))
