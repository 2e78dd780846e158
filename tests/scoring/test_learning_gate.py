"""The gate stays shut where gap x weight is all there is, and opens where more can be learned."""

from dataclasses import replace

import pytest

from scoring.learning_gate import MINIMUM_WORKSHOPS, HeldOut, held_out, judge
from scoring.past_workshops import MixedWorkshops
from tests.scoring.made_up_workshops import FEATURES_MATTER, RULE_ONLY, Country


def test_where_only_gap_times_weight_is_true_the_gate_hardly_ever_opens() -> None:
    """100 made-up series of 15 workshops; at most 10 may open by chance."""
    opened = [judge(held_out(Country(seed, RULE_ONLY).workshops(15))).open for seed in range(100)]
    assert sum(opened) <= 10


def test_where_features_matter_it_opens_at_the_first_workshop_that_may_open_it() -> None:
    opened = 0
    for seed in range(20):
        workshops = Country(seed, FEATURES_MATTER).workshops(MINIMUM_WORKSHOPS)
        assert judge(held_out(workshops[:-1])).reason == "too_few"
        opened += judge(held_out(workshops)).open
    assert opened >= 19


def test_where_features_matter_little_it_opens_after_thirty_workshops() -> None:
    weak = {"rule": 0.6, "days": -0.25, "difference": 0.2}
    assert sum(judge(held_out(Country(seed, weak).workshops(30))).open for seed in range(10)) >= 9


def test_the_gate_says_its_reason_and_its_figures() -> None:
    country = Country(7, FEATURES_MATTER)
    none = judge([])
    assert (none.reason, none.open, none.workshops, none.minimum) == ("too_few", False, 0, MINIMUM_WORKSHOPS)
    assert none.tau is None
    assert none.ndcg is None
    few = judge(held_out(country.workshops(4)), minimum=10)
    assert (few.reason, few.open, few.workshops) == ("too_few", False, 4)
    assert few.tau is not None  # told, but it opens nothing
    enough = judge(held_out(country.workshops(12)), k=3)
    assert (enough.reason, enough.open, enough.k) == ("beats", True, 3)
    for margin in (enough.tau, enough.ndcg):
        assert margin is not None
        assert margin.difference == pytest.approx(margin.model - margin.rule, abs=2e-6)
        assert 0 < margin.low < margin.difference < margin.high
        assert -1 <= margin.rule < margin.model <= 1


def test_as_good_is_not_better() -> None:
    same = [HeldOut(str(i), ("a", "b", "c"), (3, 2, 1), (3, 2, 1), (0.5, 0.1, -0.6)) for i in range(12)]
    gate = judge(same)
    assert (gate.reason, gate.open) == ("does_not_beat", False)
    assert gate.tau is not None
    assert (gate.tau.model, gate.tau.difference, gate.tau.low) == (1, 0, 0)


def test_better_everywhere_but_in_too_few_places_is_not_better() -> None:
    """Nine of twelve as good and three much better: the interval of the mean still reaches 0 or comes near it."""
    good = HeldOut("g", ("a", "b", "c"), (3, 2, 1), (1, 2, 3), (0.5, 0.1, -0.6))
    bad = replace(good, predicted=(1, 2, 3), rule=(3, 2, 1))
    even = replace(good, rule=(3, 2, 1))
    assert judge([good] * 12).open
    assert judge([good] * 2 + [bad] + [even] * 9).reason == "does_not_beat"


def test_each_workshop_is_predicted_without_itself() -> None:
    """Turning one workshop's votes round changes what is said of the others, and nothing of what is said of it."""
    workshops = Country(8, FEATURES_MATTER).workshops(6)
    before = held_out(workshops)
    one = workshops[2]
    turned = {
        group: {gap: replace(tally, net=-tally.net) for gap, tally in tallies.items()}
        for group, tallies in one.first_round.items()
    }
    after = held_out([*workshops[:2], replace(one, first_round=turned), *workshops[3:]])
    assert after[2].predicted == before[2].predicted
    assert after[2].observed == tuple(-score for score in before[2].observed)
    assert all(after[i].predicted != before[i].predicted for i in (0, 1, 3, 4, 5))
    assert [each.workshop for each in before] == [w.id for w in workshops]


def test_one_workshop_holds_nothing_out_and_mixed_ones_are_refused() -> None:
    country = Country(9, RULE_ONLY)
    assert held_out(country.workshops(1)) == ()
    with pytest.raises(MixedWorkshops):
        held_out([country.workshop("a", "1"), country.workshop("b", "2")])
