"""What earlier workshops would say: chances that come true, and reasons that add up."""

import itertools
import math

import numpy as np
import pytest

from scoring.learning import learn
from scoring.learning_chances import calibrated_slope, reliability
from scoring.learning_gate import HeldOut, held_out
from scoring.learning_model import Model, cold_start
from scoring.learning_prediction import predict
from scoring.past_workshops import GapFeatures, room_scores
from tests.scoring.made_up_workshops import FEATURES_MATTER, Country

GAPS = tuple(
    GapFeatures(name, size, weight, section=section, days=days)
    for name, size, weight, section, days in [
        ("a", 3, 0.3, "labs", 10), ("b", 2, 0.3, "customs", 90), ("c", 1, 0.3, "labs", 30), ("d", 2, 0.3, "other", 90),
    ]
)  # fmt: skip
MODEL = Model("q", "1", 12, "", {"rule": 0.4, "days": -0.3, "section=labs": 0.5, "section=customs": -0.2}, slope=2.0)


def test_the_terms_sum_to_the_strength_and_the_largest_come_first() -> None:
    found = predict(MODEL, GAPS)
    for each in found.suggestions:
        assert sum(term.contribution for term in each.terms) == pytest.approx(each.strength, abs=1e-12)
        sizes = [abs(term.contribution) for term in each.terms]
        assert sizes == sorted(sizes, reverse=True)
        assert len(each.reasons) <= 3
    of = {each.gap: {term.feature: term for term in each.terms} for each in found.suggestions}
    assert (of["a"]["section"].value, of["a"]["section"].contribution) == ("labs", 1.0)
    assert (of["b"]["section"].value, of["b"]["section"].contribution) == ("customs", -0.4)
    assert (of["d"]["section"].value, of["d"]["section"].contribution) == ("other", 0.0)
    assert of["a"]["rule"].contribution == pytest.approx(2 * 0.4 * math.sqrt(2))
    assert of["b"]["days"].contribution < 0 < of["a"]["days"].contribution
    assert "section" not in [term.feature for each in found.suggestions if each.gap == "d" for term in each.reasons]


def test_the_chances_are_those_of_the_drawn_orders_computed_one_by_one() -> None:
    """Plackett-Luce over all 24 orders of four gaps: chance of an order = product of e^s over the sum still left."""
    found = predict(MODEL, GAPS, k=2, draws=40_000)
    odds = {each.gap: math.exp(each.strength) for each in found.suggestions}
    in_top, places, before = dict.fromkeys(odds, 0.0), dict.fromkeys(odds, 0.0), 0.0
    for order in itertools.permutations(odds):
        left, chance = sum(odds.values()), 1.0
        for gap in order:
            chance *= odds[gap] / left
            left -= odds[gap]
        for place, gap in enumerate(order, 1):
            places[gap] += chance * place
            in_top[gap] += chance * (place <= 2)
        before += chance * (order.index("b") < order.index("c"))
    assert found.chance("b", "c") == pytest.approx(before, abs=1e-9)
    assert found.chance("c", "b") == pytest.approx(1 - before, abs=1e-9)
    for each in found.suggestions:
        assert each.expected_place == pytest.approx(places[each.gap], abs=1e-9)
        assert each.in_top == pytest.approx(in_top[each.gap], abs=0.01)
    with pytest.raises(KeyError):
        found.chance("a", "not there")


def test_the_order_of_the_list_changes_nothing_and_the_seed_only_the_draws() -> None:
    found, other = predict(MODEL, GAPS, k=2), predict(MODEL, GAPS, k=2, seed=1)
    assert found == predict(MODEL, GAPS[::-1], k=2)
    assert [(each.gap, each.place) for each in other.suggestions] == [(e.gap, e.place) for e in found.suggestions]
    assert [each.in_top for each in other.suggestions] != [each.in_top for each in found.suggestions]
    assert predict(MODEL, ()).suggestions == ()


def test_before_any_workshop_the_places_are_those_of_gap_times_weight_and_ties_stay() -> None:
    found = predict(cold_start("q", "1"), GAPS, k=9)
    assert [(each.gap, each.place) for each in found.suggestions] == [("a", 1), ("b", 2), ("d", 2), ("c", 4)]
    assert found.chance("b", "d") == 0.5
    assert [term.feature for term in found.suggestions[0].reasons] == ["rule"]
    assert {each.in_top for each in found.suggestions} == {1.0}


def test_chances_come_true_on_workshops_that_were_not_learned_from() -> None:
    country = Country(11, FEATURES_MATTER)
    learned = learn(country.workshops(40), "made-up", "1")
    chances, came, in_top, was = [], [], [], []
    for _ in range(150):
        gaps, room = country.room()
        scores = room_scores(country.votes(gaps, room, 40))
        found = predict(learned.model, gaps, k=3, draws=1000)
        first = sorted(scores, key=lambda gap: -scores[gap])[:3]
        in_top += [each.in_top for each in found.suggestions]
        was += [each.gap in first for each in found.suggestions]
        for one, other in itertools.combinations([each.gap for each in found.suggestions], 2):
            chances.append(found.chance(one, other))
            came.append((np.sign(scores[one] - scores[other]) + 1) / 2)
    for said, happened, near in ((np.array(chances), np.array(came), 0.05), (np.array(in_top), np.array(was), 0.08)):
        for low in np.arange(0, 1, 0.2):
            of = (said >= low) & (said <= low + 0.2)
            if of.sum() >= 100:
                assert happened[of].mean() == pytest.approx(said[of].mean(), abs=near)
    checked = learned.reliability
    assert checked is not None
    assert checked.brier < 0.18
    for each in checked.bins:
        assert each.low <= each.predicted <= each.high
        assert each.observed == pytest.approx(each.predicted, abs=0.1)


def test_an_order_that_is_wrong_as_often_as_right_gets_chances_of_a_half() -> None:
    right = HeldOut("r", ("a", "b", "c"), (1.0, 0.0, -1.0), (3, 2, 1), (0.5, 0.1, -0.6))
    wrong = HeldOut("w", ("a", "b", "c"), (1.0, 0.0, -1.0), (3, 2, 1), (-0.6, 0.1, 0.5))
    assert calibrated_slope([right, wrong] * 200) == pytest.approx(0, abs=0.01)
    assert calibrated_slope([wrong] * 9) == 0
    assert calibrated_slope([]) == 1
    assert calibrated_slope([right] * 40) > calibrated_slope([right] * 4) > 1
    assert reliability([right, wrong]) is None


def test_a_slope_is_the_factor_between_what_was_said_and_what_came() -> None:
    """Strengths said at half their size need a slope twice as large."""
    held = held_out(Country(12, FEATURES_MATTER).workshops(60))
    halved = [HeldOut(h.workshop, h.gaps, tuple(p / 2 for p in h.predicted), h.rule, h.observed) for h in held]
    assert calibrated_slope(halved) == pytest.approx(2 * calibrated_slope(held), rel=0.02)
