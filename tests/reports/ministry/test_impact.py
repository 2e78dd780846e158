"""The report tells what planned actions would help, from cells that are out and strengths of the library alone."""

import pytest

from assessment.planned_impact import kinds_of, together
from reports.ministry import impact
from reports.ministry.build import build_ministry_report
from reports.ministry.cells import HELD
from reports.ministry.material import Material
from reports.ministry.view import MinistryReport
from reports.release.cube import Cube
from tests.reports.ministry import made_up

EVERY = ("_T",) * 5


def test_each_need_has_its_area_who_plans_it_and_what_it_helps(m: Material, report: MinistryReport) -> None:
    found = next(each for each in report.sections if each.id == "impact")
    needs, groups, effects = (shown for _, shown in found.exhibits)
    funding = m.shown("A:planned.funding")
    library = {kind.enabler: kind for kind in kinds_of(made_up.definition())}
    row = next(row for row in needs.rows if row.head == "Funding")
    strengths = tuple(f"{value:.1f}" for value in library["funding"].helped.pillars.values())
    assert row.cells[:2] == ("Demand and adoption", "1,350")
    assert row.cells[2].startswith(f"{m.per_cent(funding.shares[1])} (")
    assert row.cells[3:] == strengths
    every = together(tuple(library.values()), {e: m.shown(f"A:planned.{e}").shares[1] for e in ("funding", "skills")})
    assert every is not None
    assert needs.rows[-1].cells[3:] == tuple(f"{value:.1f}" for value in every.pillars.values())
    assert [group.title for group in groups.groups] == ["Size", "Industry section"]
    assert [len(group.rows) for group in effects.groups] == [5, 2, 3]
    assert effects.groups[0].rows[0].cells == (f"{round(100 * every.effects['efficiency'])}%",)


def test_what_is_held_back_counts_nowhere(m: Material) -> None:
    m.cells[(*EVERY, "A:planned.funding")] = HELD
    found = impact.build_impact(m)
    assert found is not None
    needs = found.exhibits[0][1]
    skills = next(row for row in needs.rows if row.head == "Skills")
    assert next(row for row in needs.rows if row.head == "Funding").cells[1:3] == ("–", "held back")
    assert needs.rows[-1].cells[3:] == skills.cells[3:]
    for indicator in [key[-1] for key in m.cells if key[:-1] == EVERY and key[-1].startswith("A:planned.")]:
        m.cells[(*EVERY, indicator)] = HELD
    assert impact.build_impact(m) is None
    assert impact.finding(m) == ""


def test_a_size_that_one_kind_is_not_told_of_has_no_strengths_which_would_be_those_of_the_others(m: Material) -> None:
    m.cells[next(key for key in m.cells if "micro" in key and key[-1] == "A:planned.skills")] = HELD
    found = impact.build_impact(m)
    assert found is not None
    sizes, sections, held = found.exhibits[1][1].groups
    assert [row.head for row in sizes.rows] == ["Small", "Medium", "Large"]
    assert len(sections.rows) == 3
    assert (held.title, [row.head for row in held.rows]) == ("Held back", ["Micro"])
    assert held.rows[0].cells == ("held back", "–", "–", "–")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_section_is_there_in_every_language(cube: Cube, language: str) -> None:
    report = build_ministry_report(cube, made_up.manifest(), language, made_up.definition())
    assert "impact" in {each.id for each in report.sections}
