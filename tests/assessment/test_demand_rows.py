"""Kept groups of shared demand come back as they were, and are found by action, section and region, page by page."""

import pytest

from assessment.demand_rows import PAGE, Sought, packed, page_of, rows_of, unpacked
from questionnaires.library import Definition
from questionnaires.loader import load_definition

SECTIONS, REGIONS = ("C", "G", "H"), ("MY-01", "MY-07", "MY-10")


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition("industry4-readiness")


@pytest.fixture(scope="module")
def rows(definition: Definition) -> list[tuple[str, str, str, int, float, float]]:
    actions = [action.id for action in definition.actions][:20]
    codes = [(action, section, region) for action in actions for section in SECTIONS for region in REGIONS]
    return [(*each, 200 - place, 1_000.0 * place, 2_000.5 * place) for place, each in enumerate(codes)]


def test_what_is_packed_comes_back_and_what_was_kept_unpacked_is_read_too(
    definition: Definition, rows: list[tuple[str, str, str, int, float, float]]
) -> None:
    assert [tuple(row) for row in unpacked(packed(rows))] == rows
    assert unpacked(rows) == rows
    page = page_of(definition, unpacked(packed(rows)), Sought(), 1)
    assert rows_of(page.groups) == rows[:PAGE]
    assert len(packed(rows)) < len(str(rows)) / 3


def test_pages_together_are_all_groups_in_their_order(
    definition: Definition, rows: list[tuple[str, str, str, int, float, float]]
) -> None:
    pages = [page_of(definition, rows, Sought(first=first), 1) for first in range(0, len(rows) + PAGE, PAGE)]
    assert [row for page in pages for row in rows_of(page.groups)] == rows
    assert {page.many for page in pages} == {len(rows)} == {180}
    assert pages[-1].groups == ()


def test_groups_are_looked_for_by_section_region_and_action(
    definition: Definition, rows: list[tuple[str, str, str, int, float, float]]
) -> None:
    found = page_of(definition, rows, Sought(section="G", region="MY-07"), 1)
    assert found.many == 20
    assert {(each.section, each.region) for each in found.groups} == {("G", "MY-07")}
    assert (found.sections, found.regions) == (SECTIONS, REGIONS)
    [one] = page_of(definition, rows, Sought(rows[4][0], "G", "MY-07"), 1).groups
    assert rows_of([one]) == [rows[4]]
    for sought in (Sought("unknown"), Sought(section="Z"), Sought(region="MY-99")):
        assert page_of(definition, rows, sought, 1).many == 0


def test_groups_below_a_threshold_that_was_raised_are_not_told_nor_their_codes(
    definition: Definition, rows: list[tuple[str, str, str, int, float, float]]
) -> None:
    small = (rows[0][0], "A", "MY-16", 20, 1.0, 2.0)
    gone = ("an-action-of-before", "B", "MY-15", 500, 1.0, 2.0)
    found = page_of(definition, [gone, *rows, small], Sought(), 100)
    assert found.many == 101
    assert (found.sections, found.regions) == (SECTIONS, REGIONS)
    assert page_of(definition, [small], Sought(section="A"), 21).groups == ()
