"""What stands in the way, in the ministry's report: ranked only where it can be told apart, answered by an area."""

from dataclasses import replace

from assessment.hindrances import HINDRANCES
from reports.ministry import hindrances
from reports.ministry.cells import HELD
from reports.ministry.material import Material
from reports.ministry.view import Heat, MinistryReport
from reports.workshop.view import Table

ALL = ("_T",) * 5


def test_each_thing_stands_with_its_share_its_area_and_its_enabler(report: MinistryReport) -> None:
    found = next(each for each in report.sections if each.id == "hindrances")
    (_, chart), (_, heat) = found.exhibits
    assert isinstance(chart, Table)
    assert isinstance(heat, Heat)
    notes = {row.head: row.note for row in chart.rows}
    assert notes["Money: own funds or credit fall short"] == "Demand and adoption; Funding"
    assert notes["We cannot tell whether it would pay"] == "Demand and adoption"
    assert notes["We fear for our data and secrets"].endswith("placed here by us")
    assert len(notes) == len(heat.columns) == len(HINDRANCES)
    assert found.intro[0].startswith("1,350 of 1,350 firms said")


def test_what_cannot_be_told_apart_is_not_ranked(m: Material) -> None:
    for id in HINDRANCES:
        m.cells[*ALL, f"H:{id}"] = replace(m.cells[*ALL, f"H:{id}"], n=200, shares=(90.0, 10.0))
    assert hindrances.hindrance_finding(m) == "Nothing is clearly named more than all else"
    m.cells[*ALL, "H:people"] = replace(m.cells[*ALL, "H:people"], shares=(30.0, 70.0))
    assert hindrances.hindrance_finding(m).startswith("Named most: People with the skills")


def test_what_is_held_back_has_no_figure_and_without_any_there_is_no_section(m: Material) -> None:
    m.cells[*ALL, "H:rules"] = HELD
    built = hindrances.build_hindrances(m)
    assert built is not None
    (_, chart), _ = built.exhibits
    assert isinstance(chart, Table)
    assert [row.cells for row in chart.rows if row.head.startswith("Rules")] == [("held back", "–")]
    for id in HINDRANCES:
        m.cells[*ALL, f"H:{id}"] = HELD
    assert hindrances.build_hindrances(m) is None
