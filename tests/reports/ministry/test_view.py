"""What the report for a ministry says: no more than its intervals allow, and nothing that is held back."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from questionnaires.languages import read_catalogue
from reports.columns_file import read_columns, write_columns
from reports.ministry import change, dimensions, levels, places, reach, target, traits
from reports.ministry.build import build_ministry_report
from reports.ministry.cells import HELD, Cell
from reports.ministry.document import render_ministry_html
from reports.ministry.material import Material
from reports.ministry.view import Heat, MinistryReport, Section
from reports.release.cube import COLUMNS, KEYS, NUMBERS, Cube
from reports.wording import LOCALES
from reports.workshop.view import Row, Table
from tests.release_samples import sample_release
from tests.reports.ministry import made_up
from tests.reports.ministry.test_cells import columns_of


def section(report: MinistryReport, id: str) -> Section:
    return next(each for each in report.sections if each.id == id)


def rows_of(found: Section) -> Iterator[Row]:
    for _, shown in found.exhibits:
        if isinstance(shown, Table):
            yield from shown.rows
            yield from (row for group in shown.groups for row in group.rows)


def with_cells(m: Material, **changed: Cell) -> Material:
    """The material with other cells: `overall`, or a code of an industry, size or region."""
    cells = dict(m.cells)
    for code, cell in changed.items():
        for key in m.cells:
            if key[-1] == "overall" and (code in key[:-1] if code != "overall" else set(key[:-1]) == {"_T"}):
                cells[key] = cell
    found = Material(m.cube, m.manifest, m.definition, m.words)
    found.__dict__["cells"] = cells
    return found


def cell(mean: float, half: float, n: int = 100) -> Cell:
    return Cell(True, n, mean, mean - half, mean + half, 1.0, None, None, None, ())


def test_every_exhibit_of_the_brief_is_there(report: MinistryReport) -> None:
    assert [each.id for each in report.sections] == [
        "reach", "levels", "dimensions", "industries", "regions", "technologies", "gaps", "hindrances", "actions",
        "change", "target", "policy", "impact",
    ]  # fmt: skip
    kinds = [kind for kind, _ in section(report, "industries").exhibits]
    assert kinds == ["table", "heat", "grid"]


def test_what_is_held_back_in_the_release_is_marked_and_has_no_figure(report: MinistryReport) -> None:
    held = {code for side, code in made_up.HELD if side == "industry"}
    lines = [row for row in rows_of(section(report, "industries")) if held & set(row.head.split(", "))]
    heat = next(shown for kind, shown in section(report, "industries").exhibits if isinstance(shown, Heat))

    [line] = lines
    assert (set(line.head.split(", ")), line.cells, line.marks) == (held, ("–", "held back"), ())
    assert not [row for row in heat.rows if row.head[:3] in held]
    assert held <= set(re.findall(r"[A-Z][0-9]{2}", heat.source))
    assert all(c.text == "c" and c.tone is None for row in heat.rows for c in row.cells if c.is_held)


def test_figures_that_a_file_wrongly_holds_of_a_held_back_cell_are_not_read(cube: Cube, tmp_path: Any) -> None:
    """Whoever makes the cube leaves them out; would they not, the report still shows none of them."""
    columns = columns_of(read_columns(cube.path, COLUMNS))
    held = columns["status"] == "C"
    for name in NUMBERS:
        columns[name][held] = 4.44
    path = tmp_path / "leaky.parquet"
    write_columns(path, columns, order=KEYS)
    manifest = made_up.manifest()
    told = [
        build_ministry_report(Cube(each, manifest), manifest, "en", made_up.definition()) for each in (cube.path, path)
    ]

    assert held.any()
    assert render_ministry_html(told[0]) == render_ministry_html(told[1])


def test_held_back_coverage_and_panel_cells_show_nothing(report: MinistryReport) -> None:
    region = next(row for row in rows_of(section(report, "reach")) if row.head == "Region 09")
    industry = next(row for row in rows_of(section(report, "change")) if row.head.startswith("M "))

    assert region.cells == ("600", "held back", "–", "–")
    assert industry.cells == ("held back", "–", "–")


@pytest.mark.parametrize(("half", "clear"), [(0.1, True), (0.4, False)])
def test_an_industry_is_above_all_firms_only_when_the_intervals_do_not_meet(
    m: Material, half: float, clear: bool
) -> None:
    m = with_cells(m, overall=cell(2.0, half), **{code: cell(2.0, 0.1) for code in made_up.INDUSTRIES})
    m = with_cells(m, C26=cell(2.5, half))
    above, open_, below, held = m.clear_groups(m.industries())

    assert ("C26" in {code for code, _ in above}) is clear
    assert not below
    assert not held
    assert places.industry_finding(m).startswith(
        "Industries clearly above" if clear else "No industry can be told apart"
    )
    assert len(open_) + len(above) == len(m.industries())


@pytest.mark.parametrize(("half", "said"), [(0.1, "is clearly ahead"), (0.6, "No dimension in which")])
def test_large_firms_are_ahead_only_where_the_intervals_do_not_meet(m: Material, half: float, said: str) -> None:
    cells = {
        key: replace(c, low=c.mean - half, high=c.mean + half) if c.mean is not None else c
        for key, c in m.cells.items()
    }
    for key in cells:
        if key[1] == "large" and cells[key].mean is not None:
            cells[key] = replace(cells[key], mean=2.5, low=2.5 - half, high=2.5 + half)
        elif key[1] == "micro" and cells[key].mean is not None:
            cells[key] = replace(cells[key], mean=1.5, low=1.5 - half, high=1.5 + half)
    m.__dict__["cells"] = cells

    assert said in dimensions.size_finding(m)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.1, 0.3, "rose by +0.2"),
        (-0.3, -0.1, "fell by"),
        (-0.1, 0.3, "no change can be told"),
        (0.0, 0.3, "no change"),
    ],
)
def test_firms_rose_or_fell_only_when_the_paired_interval_says_so(
    m: Material, low: float, high: float, said: str
) -> None:
    m.manifest["extra"]["panel"][0].update(change=(low + high) / 2, low=low, high=high)

    assert said in change.finding(m)


def test_no_change_has_no_sign_and_sizes_stand_from_micro_to_large(m: Material) -> None:
    assert [m.signed(value) for value in (0.1, 0.0, -0.1)] == ["+0.1", "0.0", "−0.1"]
    sizes = [{"by": "size", "code": code, "to": "2030"} for code in ("large", "medium", "micro", "small")]
    m.manifest["extra"]["panel"][:] = [*sizes, {"by": "total", "code": "_T", "to": "2030"}]

    assert [row["code"] for row in change.newest(m)] == ["_T", "micro", "small", "medium", "large"]


def test_a_profile_is_the_most_common_only_when_no_other_can_be(m: Material) -> None:
    place = next(key for key in m.cells if key[-1] == "profile" and set(key[:-1]) == {"_T"})
    every = m.cells[place]
    m.cells[place] = replace(every, n=1000, shares=(10.0, 60.0, 20.0, 10.0, 0.0))
    assert "Newcomer is the most common profile: 60% of firms (57 to 63%)" in levels.finding(m)
    m.cells[place] = replace(every, n=40, shares=(10.0, 40.0, 38.0, 12.0, 0.0))
    assert levels.finding(m) == "The most common profiles: Newcomer and Learner"


def test_few_firms_and_wide_intervals_are_marked_u(m: Material) -> None:
    assert m.interval(cell(2.0, 0.3, n=100)) == "1.7 to 2.3"
    assert m.interval(cell(2.0, 0.3, n=25)) == "1.7 to 2.3 u"
    assert m.interval(cell(2.0, 0.6, n=100)) == "1.4 to 2.6 u"


def test_the_way_to_the_next_profile_is_that_of_the_questionnaire(m: Material) -> None:
    m = with_cells(m, overall=cell(1.6, 0.1))
    found = target.priorities(m)

    assert target.target_of(m) == ("Learner", 2)
    assert sum(target.shares(m)[d.id] for d in m.leaves) == pytest.approx(1.0)
    assert [each.gain for each in found] == sorted((each.gain for each in found), reverse=True)
    assert all(each.distance > 0 for each in found)
    assert "the mean lacks 0.4" in target.finding(m)


def test_volunteers_are_said_not_to_be_the_population(report: MinistryReport) -> None:
    text = re.sub(r"<[^>]+>", " ", render_ministry_html(report))

    assert "They are not the country's firms" in report.cover.note
    assert "They are not the population" in " ".join(section(report, "reach").intro)
    assert "model-based precision" in text
    assert "margin of error" not in text.lower()
    assert "sampling error" in text  # only to say that it is none


def test_every_exhibit_with_means_says_how_many_firms_and_how_sure(report: MinistryReport) -> None:
    for each in report.sections:
        for _, shown in each.exhibits:
            if getattr(shown, "ticks", ()):
                assert "n" in shown.heads or "n = " in shown.source
                assert "95 % intervals" in shown.source


def test_without_a_register_the_report_says_that_coverage_is_not_known(m: Material) -> None:
    m.manifest["coverage"] = {}

    assert "is not known" in reach.finding(m)
    assert [kind for kind, _ in reach.build_reach(m).exhibits] == ["table"]


def test_technologies_that_cannot_be_told_apart_are_not_ranked(m: Material) -> None:
    place = {t: (*("_T",) * 5, f"T:{t}") for t in m.questionnaire.technologies}
    for key in place.values():
        m.cells[key] = replace(m.cells[key], n=200, shares=(95.0, 5.0))
    assert traits.technology_finding(m) == "No technology is clearly used more than all others"
    cloud = place["cloud_computing"]
    m.cells[cloud] = replace(m.cells[cloud], shares=(30.0, 70.0))
    assert traits.technology_finding(m).startswith("Most in use: Cloud computing, by 70% of firms")


def test_a_technology_that_is_held_back_has_no_figure_by_size_or_section(m: Material, report: MinistryReport) -> None:
    shown = section(report, "technologies").exhibits
    assert [kind for kind, _ in shown] == ["table", "heat"]
    heat = next(each for kind, each in shown if isinstance(each, Heat))
    assert [row.head for row in heat.rows] == [
        "All firms",
        "Micro",
        "Small",
        "Medium",
        "Large",
        "C Industry C",
        "H Industry H",
        "M Industry M",
    ]
    key = (*("_T",) * 5, "T:simulation")
    m.cells[key] = HELD
    [line] = [row for row in rows_of(traits.build_technologies(m)) if row.head == "Simulation"]
    assert (line.cells, line.marks) == (("held back", "–"), ())


def test_actions_are_told_of_the_firms_that_say_where_they_stand(m: Material, report: MinistryReport) -> None:
    found = section(report, "actions")
    [needs, groups] = [shown for _, shown in found.exhibits]
    told = m.shown("A:told")
    assert found.intro[0].startswith(f"Of 1,350 firms {m.per_cent(told.shares[1])} (")
    assert [row.head for row in needs.rows] == ["Any action", "Funding", "Skills"]
    assert [len(row.cells) for row in needs.rows] == [4] * 3
    assert [group.title for group in groups.groups] == ["Size", "Industry section"]
    m.cells[(*("_T",) * 5, "A:told")] = HELD
    assert traits.build_actions(m) is None


def test_no_language_speaks_of_a_margin_of_error() -> None:
    for file in LOCALES.glob("*.po"):
        told = [str(message.string) for message in read_catalogue(file) if "interval" in str(message.id)]
        assert not [text for text in told if "marge d’erreur" in text.lower() or "هامش الخطأ" in text]


def test_the_report_holds_back_exactly_what_the_release_holds_back(tmp_path: Any) -> None:
    """Of a release made as any other: every industry, region and dimension cell with a figure is shown in the cube."""
    path, manifest = sample_release(tmp_path, firms=160, waves=1)
    report = build_ministry_report(Cube(path, manifest), manifest, "en", made_up.definition())
    read = read_columns(path, COLUMNS, {"wave": ["2026"]})
    status = {tuple(row[:7]): row[7] for row in zip(*(read[name] for name in (*KEYS, "status")), strict=True)}
    leaves = [d.id for d in made_up.definition().questionnaire.walk() if d.questions]
    told = [d for d in leaves if ("2026", "_T", "_T", "_T", "_T", "_T", f"D:{d}") in status]
    heat = next(shown for kind, shown in section(report, "industries").exhibits if isinstance(shown, Heat))
    held = 0
    for row in heat.rows[1:]:
        code = row.head.partition(" ")[0]
        for dimension, found in zip(told, row.cells, strict=True):
            there = status.get(("2026", code, "_T", "_T", "_T", "_T", f"D:{dimension}"))
            assert (found.text == "–") == (there is None)
            if there == "C":
                held += 1
                assert found.is_held
                assert found.tone is None
    named = {row.head.partition(" ")[0] for row in heat.rows}
    for code in {key[1] for key in status if len(key[1]) == 3} - named:  # told of in one line: whole rows are held back
        assert {status.get(("2026", code, "_T", "_T", "_T", "_T", f"D:{d}")) for d in told} <= {"C", None}
        assert code in heat.source
        held += 1
    regions = {row.head: row for row in rows_of(section(report, "regions"))}
    for code in (key[3] for key in status if key[3] != "_T" and key[-1] == "overall"):
        name = manifest["classifications"]["region"][code]["name"]
        if name in regions and status["2026", "_T", "_T", code, "_T", "_T", "overall"] == "C":
            assert regions[name].cells == ("–", "held back")
    assert held
