"""The cells that a firm is set beside are those of the file, figure by figure, and none that is held back."""

from pathlib import Path

import pytest

from assessment.peer_benchmarks import ALL, OVERALL, indicators_of
from questionnaires.loader import load_definition
from reports.columns_file import read_columns
from reports.release.peer_cells import FIGURES, peer_cells
from tests.release_samples import sample_release

ASKED = indicators_of(load_definition("industry4-readiness").questionnaire)
GROUPS = (("J62", "large"), ("J", "large"), ("J62", ALL), ("J", ALL), (ALL, "large"), (ALL, ALL))


@pytest.fixture(scope="module")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_release(tmp_path_factory.mktemp("release"), firms=400, waves=2)[0]


def test_each_cell_is_one_that_the_release_shows_in_its_newest_year(cube: Path) -> None:
    wave, cells = peer_cells(cube, GROUPS, ASKED, ("2025", "2026"))
    assert peer_cells(cube, GROUPS, ASKED) == (wave, cells)

    assert (wave, cells[0].indicator) == ("2026", OVERALL)
    assert {cell.indicator for cell in cells} == set(ASKED)
    for cell in cells:
        where = {
            "wave": [wave], "industry": [cell.industry], "size": [cell.size], "region": [ALL], "ownership": [ALL],
            "basis": [ALL], "indicator": [cell.indicator],
        }  # fmt: skip
        row = {name: column[0] for name, column in read_columns(cube, ("status", *FIGURES), where).items()}
        assert row.pop("status") == "F"
        assert {name: getattr(cell, name) for name in FIGURES} == {
            name: None if value is None else pytest.approx(value, abs=1e-4) for name, value in row.items()
        }


def test_what_is_held_back_of_the_narrow_group_is_passed_over(cube: Path) -> None:
    where = {"wave": ["2026"], "indicator": [OVERALL], "region": [ALL], "ownership": [ALL], "basis": [ALL]}
    read = read_columns(cube, ("industry", "size", "status"), where)
    status = {(industry, size): status for industry, size, status in zip(*read.values(), strict=True)}
    held_back = [group for group, status in status.items() if status == "C" and ALL not in group]
    assert held_back
    for industry, size in held_back:
        groups = ((industry, size), (industry, ALL), (ALL, size), (ALL, ALL))
        first = peer_cells(cube, groups, ASKED)[1][0]
        assert (first.industry, first.size) == next(group for group in groups if status.get(group) == "F")
