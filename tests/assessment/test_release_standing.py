"""Rows of a release that cannot be told anew: as they stood, listed as they were, in an order that tells nothing."""

from typing import Any

import numpy as np

from assessment.release_beside import coverage_standing, funnel_standing, one_way, panel_standing
from assessment.release_making import FIGURES
from assessment.release_standing import SIDES, as_it_stood, standing


def columns(*rows: tuple[str, str, float | None, float | None]) -> dict[str, Any]:
    """Rows of (industry, status, n, mean) as a wave has them."""
    names = list(zip(*rows, strict=True))
    sides = {name: np.array(["_T"] * len(rows), dtype=object) for name in SIDES}
    sides |= {"wave": np.array(["2026"] * len(rows), dtype=object), "industry": np.array(names[0], dtype=object)}
    sides |= {"indicator": np.array(["overall"] * len(rows), dtype=object)}
    figures = [np.array([np.nan if each is None else each for each in name], dtype=np.float32) for name in names[2:]]
    return {**sides, "status": np.array(names[1], dtype=object), "n": figures[0], "mean": figures[1]}


def earlier(*rows: tuple[str, str, float | None, float | None]) -> dict[str, list[Any]]:
    read = {name: list(values) for name, values in columns(*rows).items()}
    read |= {name: [row[at] for row in rows] for at, name in ((2, "n"), (3, "mean"))}
    return read


def rows_of(put: dict[str, Any]) -> list[tuple[str, str, float | None, float | None]]:
    def told(value: float) -> float | None:
        return None if np.isnan(value) else round(float(value), 2)

    every = zip(put["industry"], put["status"], put["n"], put["mean"], strict=True)
    return [(industry, status, told(n), told(mean)) for industry, status, n, mean in every]


def test_what_is_held_back_now_stands_and_no_row_of_the_few_comes_or_goes() -> None:
    """A stood; C had few and has none now; D has its first few; E has lost all of its twenty; F is shown at last."""
    now = columns(("F", "F", 15, 2.5), ("D", "C", None, None), ("A", "C", None, None), ("B", "F", 30, 3.0))
    then = earlier(("A", "F", 20, 1.5), ("B", "F", 15, 2.0), ("C", "C", None, None), ("E", "F", 20, 4.0),
                   ("F", "C", None, None))  # fmt: skip
    assert rows_of(standing(now, then)) == [
        ("A", "F", 20, 1.5), ("B", "F", 30, 3.0), ("C", "C", None, None), ("F", "F", 15, 2.5),
    ]  # fmt: skip


def test_the_order_of_rows_is_that_of_their_codes_whatever_came_or_went() -> None:
    given = [("B", "F", 15.0, 2.0), ("A", "F", 15.0, 2.0)]
    then = earlier(("C", "C", None, None), ("A", "F", 20, 1.5))
    assert [row[0] for row in rows_of(standing(columns(*given), then))] == ["A", "B", "C"]
    assert rows_of(standing(columns(*given), then)) == rows_of(standing(columns(*reversed(given)), then))


def test_of_fewer_firms_than_it_takes_now_nothing_is_shown_again() -> None:
    now = columns(("A", "C", None, None), ("B", "C", None, None))
    then = earlier(("A", "F", 15, 1.5), ("B", "F", 40, 2.0))
    shown = [("A", "C", None, None), ("B", "F", 40, 2.0)]
    assert rows_of(standing(now, then, least=27.5)) == shown
    assert rows_of(as_it_stood(now, then, least=27.5)) == shown
    assert rows_of(as_it_stood(now, then)) == [("A", "F", 15, 1.5), ("B", "F", 40, 2.0)]


def cube(n: float, status: str = "F") -> dict[tuple[str, str], tuple[Any, ...]]:
    return {("total", "_T"): ("F", 100.0), ("section", "C"): (status, n if status == "F" else None)}


def coverage(mean: float, frame: int = 1000, n: int = 60) -> dict[str, Any]:
    row = {"code": "C", "frame": frame, "status": "F", "n": n, "share": 6, "weighted_mean": mean, "low": 1, "high": 3}
    total = {"code": "_T", "frame": frame, "status": "F", "n": 100, "share": 10, "weighted_mean": 2.0}
    return {"source": "R", "as_of": "", "frame": frame, "total": total, "margins": {"section": [row]},
            "unknown": {"section": 1}, "empty": {"section": []}, "weights": {"deff": mean}}  # fmt: skip


def test_a_weighted_mean_stands_with_its_cell_and_waits_after_another_register() -> None:
    stood = coverage_standing(coverage(2.4), cube(60), cube(60), coverage(2.0))
    assert stood["margins"]["section"][0]["weighted_mean"] == 2.0
    assert stood["weights"] == {"deff": 2.0}
    anew = coverage_standing(coverage(2.4, n=75), cube(75), cube(60), coverage(2.0))
    assert (anew["margins"]["section"][0]["weighted_mean"], anew["margins"]["section"][0]["n"]) == (2.4, 75)
    other = coverage_standing(coverage(2.4, frame=2000), cube(60), cube(60), coverage(2.0))
    assert "weighted_mean" not in other["margins"]["section"][0]
    assert other["margins"]["section"][0]["frame"] == 2000
    assert "weights" not in other
    held = coverage_standing(coverage(2.4), cube(60, "C"), cube(60, "C"), coverage(2.0))
    assert held["margins"]["section"][0]["status"] == "C"
    assert "n" not in held["margins"]["section"][0]


def test_coverage_says_what_the_first_release_s_cells_say() -> None:
    found = coverage_standing(coverage(2.4), cube(60), {}, {})
    assert found["margins"] == coverage(2.4)["margins"]
    assert found["unknown"] == {"section": 0}
    unknown = cube(60) | {("section", "_U"): ("C", None)}
    assert coverage_standing(coverage(2.4), unknown, {}, {})["unknown"] == {"section": None}


def test_groups_of_a_margin_are_read_from_the_rows_of_one_side() -> None:
    rows = (("_T", "F", 100, 2.0), ("C", "F", 60, 2.5), ("C10", "C", None, None), ("_U", "C", None, None))
    found = one_way({**{name: [None] * len(rows) for name in FIGURES}, **earlier(*rows)})
    assert set(found) == {("total", "_T"), ("section", "C"), ("section", "_U")}
    assert found["section", "C"][:3] == ("F", 60.0, 2.5)


def test_rows_of_the_same_firms_stand_and_no_new_one_is_listed() -> None:
    def row(code: str, status: str, change: float | None = None) -> dict[str, Any]:
        return {"from": "2025", "to": "2026", "by": "section", "code": code, "status": status, "change": change}

    last = [row("A", "F", 0.1), row("B", "C"), row("D", "F", 0.3)]
    now = [row("A", "C"), row("C", "C"), row("D", "F", 0.5)]
    assert panel_standing(now, last) == [row("A", "F", 0.1), row("B", "C"), row("D", "F", 0.5)]
    assert panel_standing(now, []) == now


def test_a_step_of_the_funnel_is_told_anew_after_ten_cases() -> None:
    def step(cases: int | None) -> dict[str, Any]:
        return (
            {"state": "applied", "status": "C"}
            if cases is None
            else {"state": "applied", "status": "F", "cases": cases}
        )

    assert funnel_standing([step(50)], [step(40)], 10, 5) == [step(40)]
    assert funnel_standing([step(55)], [step(40)], 10, 5) == [step(55)]
    assert funnel_standing([step(None)], [step(15)], 10, 5) == [step(15)]
    assert funnel_standing([step(15)], [step(None)], 10, 5) == [step(15)]
    assert funnel_standing([], [step(15)], 10, 5) == [step(15)]
