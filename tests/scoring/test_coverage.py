"""Coverage by the business register: shares, weights, and that neither goes past the release's pattern."""

import json

import numpy as np
import pytest

from scoring.coverage import Assessed, Registered, coverage, weights_of
from scoring.dominance import Rules

RULES, SCALE = Rules(), (0.0, 5.0)
EVERY = {"total": {"_T"}, "section": {"C", "J"}, "size": {"small", "large"}, "region": {"MY-01", "MY-02"}}
REGISTER = [
    Registered(section, size, region, firms)
    for section, of_section in (("C", 3), ("J", 1))
    for size, of_size in (("small", 3), ("large", 1))
    for region, of_region in (("MY-01", 1), ("MY-02", 1))
    for firms in [of_section * of_size * of_region * 50]
]


def volunteers(large: int = 150, small: int = 50, seed: int = 0) -> Assessed:
    """Large firms come more often and score higher: what weights can mend."""
    random, n = np.random.default_rng(seed), large + small
    size = np.repeat(["large", "small"], [large, small])
    score = np.where(size == "large", 3.0, 1.0) + random.normal(0, 0.3, n)
    codes = {
        "section": random.choice(["C", "J"], n, p=[0.7, 0.3]),
        "size": size,
        "region": random.choice(["MY-01", "MY-02"], n),
    }
    return Assessed(np.arange(n), codes, score)


def made(firms: Assessed, shown: dict[str, set[str]] | None = None) -> dict[str, object]:
    found = coverage(firms, REGISTER, EVERY if shown is None else shown, RULES, SCALE, "Register of 2025", "2025-12-31")
    return json.loads(json.dumps(found))


def row(found: dict[str, object], name: str, code: str) -> dict[str, object]:
    return next(each for each in found["margins"][name] if each["code"] == code)


def test_weights_mend_what_the_margins_explain() -> None:
    firms = volunteers()
    total = made(firms)["total"]

    assert firms.scores.mean() == pytest.approx(2.5, abs=0.1)
    assert total["weighted_mean"] == pytest.approx(1.5, abs=0.1)  # three of four firms are small
    assert total["low"] <= total["weighted_mean"] <= total["high"]


def test_shares_are_those_of_the_register() -> None:
    found = made(volunteers())

    assert found["frame"] == sum(each.firms for each in REGISTER) == 1600
    assert found["total"] | {"weighted_mean": 0, "low": 0, "high": 0} == {
        "code": "_T", "frame": 1600, "status": "F", "n": 200, "share": 12.0, "weighted_mean": 0, "low": 0, "high": 0,
    }  # fmt: skip
    assert (row(found, "size", "large")["share"], row(found, "size", "small")["share"]) == (38, 4.2)


def test_the_design_effect_tells_what_unequal_weights_cost() -> None:
    weights = made(volunteers())["weights"]

    assert weights["deff"] > 1.5
    assert weights["n_eff"] == pytest.approx(200 / weights["deff"], abs=5)
    assert made(volunteers(50, 150))["weights"]["deff"] < 1.1


def test_weights_that_had_to_be_cut_say_how_far_they_miss_the_register() -> None:
    few, enough = made(volunteers(195, 5))["weights"], made(volunteers(100, 100))["weights"]

    assert (few["is_met"], enough["is_met"]) == (False, True)
    assert few["missed"] > 50


def test_a_group_that_is_held_back_has_no_number_no_share_and_no_mean() -> None:
    found = made(volunteers(), EVERY | {"section": {"C"}})

    assert row(found, "section", "J") == {"code": "J", "frame": 400, "status": "C"}
    assert "weighted_mean" in row(found, "section", "C") or row(found, "section", "C")["status"] == "F"


def test_one_section_held_back_alone_takes_the_weighted_mean_of_the_other_along() -> None:
    """Total less C is J: the pattern of the weighted means is made anew, whatever the caller says is shown."""
    found = made(volunteers(), EVERY | {"section": {"C"}})
    told = [name for name in ("C", "J") if "weighted_mean" in row(found, "section", name)]

    assert "weighted_mean" in found["total"]
    assert told == []


def test_a_held_back_total_holds_back_all_weights() -> None:
    found = made(volunteers(), {"size": {"small"}})

    assert found["total"] == {"code": "_T", "frame": 1600, "status": "C"}
    assert "weights" not in found


def test_one_group_of_firms_that_dominates_a_cell_holds_its_weighted_mean_back() -> None:
    """Three hundred small firms of twelve owners, nearly all of one: the second largest can work out the largest."""
    firms = volunteers(100, 300)
    owner, small = firms.groups.copy(), np.flatnonzero(firms.codes["size"] == "small")
    owner[small[280:290]] = 2000
    assert "weighted_mean" in row(made(Assessed(owner, firms.codes, firms.scores)), "size", "small")
    owner[small[:280]] = 1000

    assert "weighted_mean" not in row(made(Assessed(owner, firms.codes, firms.scores)), "size", "small")


def test_groups_of_the_register_without_a_firm_are_named() -> None:
    firms = volunteers()
    firms.codes["section"][:] = "C"
    found = made(firms)

    assert found["empty"]["section"] == ["J"]
    assert row(found, "section", "J") == {"code": "J", "frame": 400, "status": "F", "n": 0, "share": 0}


def test_firms_whose_code_is_not_known_count_as_the_known_ones_do() -> None:
    firms = volunteers()
    known, _ = weights_of(firms, {"size": {"large": 800, "small": 800}})
    firms.codes["size"][:20] = ""
    weights, raked = weights_of(firms, {"size": {"large": 800, "small": 800}})

    assert raked.missed < 1e-9
    assert weights[:20].mean() == pytest.approx(weights.mean())
    assert known.mean() == pytest.approx(weights.mean())
    assert made(firms)["unknown"]["size"] == 10


def test_a_register_without_regions_has_no_margin_of_them() -> None:
    register = [Registered(each.section, each.size, "", each.firms) for each in REGISTER]
    found = coverage(volunteers(), register, EVERY, RULES, SCALE)

    assert list(found["margins"]) == ["section", "size"]
    assert found["weights"]["margins"] == ["section", "size"]


def test_without_a_register_only_the_number_of_firms_is_told() -> None:
    found = coverage(volunteers(), [], EVERY, RULES, SCALE)

    assert found["total"] == {"code": "_T", "frame": 0, "status": "F", "n": 200, "share": None}
    assert "weights" not in found


def test_few_firms_without_a_score_hold_the_weighted_means_back() -> None:
    firms = volunteers()
    firms.scores[:4] = np.nan

    assert "weighted_mean" not in made(firms)["total"]
