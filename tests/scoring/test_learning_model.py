"""A model held to gap x weight: what it is without workshops, and what it finds with many."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.learning_features import RULE, rule_score
from scoring.learning_model import RULE_STRENGTH, cold_start, fit, fitted, pairs_of, strengths
from scoring.past_workshops import GapFeatures, MixedWorkshops, PastWorkshop, Tally
from tests.scoring.made_up_workshops import FEATURES_MATTER, RULE_ONLY, Country

SIZES = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 4.0])
WEIGHTS = st.floats(0, 1)


@given(st.lists(st.tuples(SIZES, WEIGHTS), min_size=2, max_size=15))
def test_without_workshops_the_order_is_that_of_gap_times_weight_ties_included(
    given_gaps: list[tuple[float, float]],
) -> None:
    gaps = [GapFeatures(f"g{i}", size, weight, days=i, section=f"s{i}") for i, (size, weight) in enumerate(given_gaps)]
    rule = np.array([rule_score(gap) for gap in gaps])
    if rule.std() <= 1e-6:  # all but the same: standardising would be a matter of noise
        return
    found = strengths(fit([], "qi4tf", "1"), gaps)
    for i in range(len(gaps)):
        for j in range(len(gaps)):
            assert np.sign(rule[i] - rule[j]) == np.sign(found[i] - found[j])


def test_one_workshop_moves_the_cold_start_only_a_little() -> None:
    found = fit(Country(1, FEATURES_MATTER).workshops(1), "made-up", "1").coefficients
    assert found[RULE] == pytest.approx(RULE_STRENGTH, abs=0.2)
    assert max(abs(value) for name, value in found.items() if name != RULE) < 0.2
    assert cold_start("made-up", "1").coefficients == {RULE: RULE_STRENGTH}


def test_many_workshops_recover_the_true_coefficients_up_to_one_factor() -> None:
    """Screens of four and the room's own taste draw all of them in alike; every other coefficient stays near 0."""
    found = fit(Country(2, FEATURES_MATTER).workshops(300), "made-up", "1").coefficients
    truth = {name: FEATURES_MATTER.get(name, 0.0) for name in found}
    true, learned = np.array(list(truth.values())), np.array(list(found.values()))
    factor = float(true @ learned / (true @ true))
    assert 0.5 < factor < 0.8
    assert np.abs(learned - factor * true).max() < 0.06
    assert float(true @ learned / np.linalg.norm(true) / np.linalg.norm(learned)) > 0.99


def test_where_only_the_rule_is_true_no_other_feature_is_found() -> None:
    found = fit(Country(3, RULE_ONLY).workshops(300), "made-up", "1").coefficients
    assert found[RULE] > 0.4
    assert max(abs(value) for name, value in found.items() if name != RULE) < 0.07


def test_a_section_that_no_workshop_had_changes_nothing() -> None:
    country = Country(4, FEATURES_MATTER)
    model = fit(country.workshops(20), "made-up", "1")
    assert abs(model.coefficients["section=s1"]) > 0.1
    gaps = country.gaps()
    unseen = [replace(gap, section="a new one", enabler="another") for gap in gaps]
    without = [replace(gap, section=None, enabler=None) for gap in gaps]
    assert strengths(model, unseen).tolist() == strengths(model, without).tolist()
    assert strengths(model, unseen).tolist() != strengths(model, gaps).tolist()


def test_a_column_that_never_differs_stays_where_it_was() -> None:
    workshops = Country(5, FEATURES_MATTER).workshops(6)
    pairs = pairs_of(workshops)
    has = np.array([name == "section=s1" for name in pairs.columns])
    where = np.isin(pairs.workshop, pairs.workshop[(pairs.differences[:, has] != 0).ravel()], invert=True)
    assert fitted(pairs, where)[has].tolist() == [0]


def test_workshops_of_different_kinds_are_never_learned_from_together() -> None:
    country = Country(6, RULE_ONLY)
    mixed = [country.workshop("a", "1"), country.workshop("b", "2")]
    with pytest.raises(MixedWorkshops):
        fit(mixed, "made-up", "1")
    with pytest.raises(MixedWorkshops):
        fit(mixed[:1], "made-up", "2")
    with pytest.raises(MixedWorkshops):
        fit(mixed[:1], "qi4tf", "1")


def test_more_people_count_more_but_no_room_more_than_one_and_a_gap_shown_often_more_than_one_shown_seldom() -> None:
    gaps = (GapFeatures("a", 3, 0.3), GapFeatures("b", 2, 0.2), GapFeatures("c", 1, 0.1))
    votes = {"all": {"a": Tally(3, 12), "b": Tally(0, 12), "c": Tally(-3, 4)}}
    few, many, crowd = (
        PastWorkshop(name, "q", "1", gaps, votes, people) for name, people in zip("xyz", (5, 40, 10**6), strict=True)
    )
    totals = [pairs_of([each]).weights.sum() for each in (few, many, crowd)]
    assert totals == pytest.approx([2 * 5 / 15, 2 * 40 / 50, 2], abs=1e-4)
    one = pairs_of([few])
    assert one.weights[0] / one.weights[1] == pytest.approx((12 * 12 / 24) / (12 * 4 / 16))
    assert one.shares[0] > 0.5  # a was tapped as best, b was not


def test_votes_that_were_all_one_way_still_give_a_number() -> None:
    gaps = (GapFeatures("a", 3, 0.3, days=9), GapFeatures("b", 2, 0.2, days=1))
    votes = {"all": {"a": Tally(8, 8), "b": Tally(-8, 8)}}
    found = fit([PastWorkshop("w", "q", "1", gaps, votes, 8)], "q", "1")
    assert all(np.isfinite(value) for value in found.coefficients.values())
    assert found.coefficients["days"] > 0


def test_the_order_of_a_workshops_gaps_does_not_touch_the_last_bit() -> None:
    workshops = Country(7, FEATURES_MATTER).workshops(3)
    one, other = pairs_of(workshops), pairs_of([replace(w, gaps=w.gaps[::-1]) for w in workshops])
    assert one.columns == other.columns
    for name in ("differences", "shares", "weights", "workshop"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
