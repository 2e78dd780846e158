"""Results and views that several tests read, made once."""

from collections.abc import Iterator

import pytest

from assessment.results import Result
from reports import pdf
from reports.firm.build import build_firm_report
from reports.firm.view import FirmReport
from tests.reports.sample import sample_result


@pytest.fixture(scope="session")
def result() -> Result:
    """A food maker with MYR 400,000 on the shipped questionnaire."""
    return sample_result()


@pytest.fixture(scope="session")
def report(result: Result) -> FirmReport:
    return build_firm_report(result, "en")


@pytest.fixture(scope="package", autouse=True)
def worker_ends_with_the_tests() -> Iterator[None]:
    yield
    pdf.close()
