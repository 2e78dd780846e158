"""The policy reading in the workbook: numbers as the report has them, nothing of what is held back."""

import io

import pytest
from openpyxl import load_workbook

from assessment.hindrances import HINDRANCES
from assessment.planned_impact import kinds_of, together
from reports.ministry import policy_sheets as sheets
from reports.ministry.material import Material
from reports.release.cube import Cube
from reports.release.labels import Labels
from reports.release.workbook import release_workbook
from reports.wording import wording
from reports.workbook import Sheet
from tests.reports.ministry import made_up


def of(cube: Cube, language: str = "en") -> tuple[Sheet, ...]:
    labels = Labels(made_up.manifest(), language)
    return sheets.policy_sheets(cube, made_up.manifest(), made_up.definition(), labels)


def test_gaps_planned_actions_and_policies_are_tables(cube: Cube) -> None:
    gaps, hindered, planned, groups, policies = of(cube)
    m = Material(cube, made_up.manifest(), made_up.definition(), wording("en"))
    assert len(gaps.rows) == len(m.questionnaire.questions)
    assert {row[3 - 1] for row in gaps.rows} <= {
        "Framework conditions",
        "Demand and adoption",
        "Skills and capabilities",
    }
    assert [row[6] for row in gaps.rows] == sorted((row[6] for row in gaps.rows), reverse=True)
    kinds = kinds_of(made_up.definition())
    shares = {need: m.shown(f"A:planned.{need}").shares[1] for need in ("funding", "skills")}
    every = together(kinds, shares)
    assert every is not None
    funding, infrastructure, *_, last = planned.rows
    assert funding[:4] == ("Funding", "Demand and adoption", 1350, shares["funding"] / 100)
    assert funding[6] == kinds[0].actions
    assert infrastructure[2:6] == (":c",) * 4
    assert last[7:10] == tuple(round(value, 1) for value in every.pillars.values())
    assert len(groups.rows) == 4 + 3
    assert {row[0] for row in hindered.rows} == {each.text for each in HINDRANCES.values()}
    share = m.shown("H:funds").shares[1] / 100
    assert ("Money: own funds or credit fall short", "Demand and adoption", "Funding", 1350, share) in [
        row[:5] for row in hindered.rows
    ]
    assert {row[2] for row in policies.rows} == {
        "Framework conditions",
        "Demand and adoption",
        "Skills and capabilities",
    }
    assert all(len(row) == len(sheet.columns) for sheet in of(cube) for row in sheet.rows)


def test_they_stand_behind_the_other_tables_and_are_in_the_contents(cube: Cube) -> None:
    more = of(cube, "ar")
    content = release_workbook(cube, Labels(made_up.manifest(), "ar"), more=more)
    book = load_workbook(io.BytesIO(content), read_only=True)
    contents = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))[-len(more) :]
    assert [title for _, title in contents] == [sheet.columns[0].head for sheet in more]
    assert [name for name, _ in contents] == book.sheetnames[-2 - len(more) : -2]
    last = list(book[contents[-1][0]].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in last] == [row[0] for row in more[-1].rows]


def test_a_release_that_tells_of_no_actions_has_gaps_and_policies(cube: Cube, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = Material(cube, made_up.manifest(), made_up.definition(), wording("en")).cells
    monkeypatch.setattr(
        Material, "cells", {key: cell for key, cell in cells.items() if key[-1][:2] not in ("A:", "H:")}
    )
    gaps, policies = of(cube)
    assert gaps.columns[0].head.startswith("Gaps")
    assert policies.rows
