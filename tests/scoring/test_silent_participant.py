"""One voice worth a few people, which fades as people vote."""

import math
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.learning import learn
from scoring.learning_gate import Gate
from scoring.learning_model import Model
from scoring.past_workshops import GapFeatures, Tally, room_scores
from scoring.rank_agreement import tau_b
from scoring.silent_participant import KAPPA, prior_scores, with_silent_participant, worth
from tests.scoring.made_up_workshops import FEATURES_MATTER, Country

PRIOR = {"a": 0.6, "b": -0.2, "c": -0.4}
VOTES = {"all": {"a": Tally(-4, 8), "b": Tally(4, 8), "c": Tally(0, 0)}}


@given(st.integers(1, 200), st.floats(0, 50))
def test_with_n_people_its_weight_is_kappa_over_kappa_plus_n(people: int, kappa: float) -> None:
    found = with_silent_participant(PRIOR, VOTES, people, kappa)
    assert found.weight == pytest.approx(kappa / (kappa + people))
    weight = kappa / (kappa + people)
    assert found.gaps["a"].score == pytest.approx(weight * 0.6 + (1 - weight) * -0.5)
    assert found.gaps["b"].score == pytest.approx(weight * -0.2 + (1 - weight) * 0.5)


@pytest.mark.parametrize(("people", "weight"), [(0, 1), (5, 1 / 2), (20, 1 / 5), (40, 1 / 9), (95, 1 / 20)])
def test_it_fades_as_people_vote(people: int, weight: float) -> None:
    assert with_silent_participant(PRIOR, VOTES if people else {}, people).weight == pytest.approx(weight)


def test_it_is_exactly_kappa_more_people_who_choose_as_the_prior() -> None:
    """Five people whose taps give the prior's scores, voting beside eight others, each shown each gap once."""
    room = {"a": Tally(-4, 8), "b": Tally(4, 8)}
    five = {"a": Tally(3, 5), "b": Tally(-1, 5)}
    together = {gap: Tally(room[gap].net + five[gap].net, 13) for gap in room}
    found = with_silent_participant({"a": 0.6, "b": -0.2}, {"all": room}, people=8, kappa=5)
    assert {gap: heard.score for gap, heard in found.gaps.items()} == pytest.approx(room_scores({"all": together}))


def test_worth_nothing_it_changes_nothing() -> None:
    found = with_silent_participant(PRIOR, VOTES, 8, kappa=0)
    assert found.weight == 0
    assert {gap: heard.score for gap, heard in found.gaps.items()} == {"a": -0.5, "b": 0.5, "c": 0}


def test_a_gap_nobody_was_shown_has_the_prior_alone_and_one_it_does_not_know_the_votes_alone() -> None:
    found = with_silent_participant({"a": 0.6, "c": -0.4}, VOTES, 8)
    assert (found.gaps["c"].observed, found.gaps["c"].score) == (None, -0.4)
    assert (found.gaps["b"].prior, found.gaps["b"].score) == (0, 0.5)


def test_it_is_worth_nobody_while_the_gate_is_shut() -> None:
    assert worth(Gate("beats", 12, 10, 5)) == KAPPA == 5
    assert worth(Gate("beats", 12, 10, 5), 2.5) == 2.5
    assert worth(Gate("does_not_beat", 12, 10, 5)) == worth(Gate("too_few", 3, 10, 5), 2.5) == 0


def test_what_cannot_be_is_refused() -> None:
    for people, kappa in ((-1, 5), (8, -1), (0, 5)):
        with pytest.raises(ValueError, match="votes have voters"):
            with_silent_participant(PRIOR, VOTES, people, kappa)


def test_the_prior_is_on_the_scale_of_best_worst_scores() -> None:
    gaps = [GapFeatures("a", 2, 0.2), GapFeatures("b", 1, 0.2)]
    found = prior_scores(Model("q", "1", 1, "", {"rule": 0.5}), gaps)
    assert found == pytest.approx({"a": math.tanh(0.25), "b": math.tanh(-0.25)})
    logit = {gap: math.log((1 + score) / (1 - score)) for gap, score in found.items()}
    assert logit["a"] - logit["b"] == pytest.approx(0.5 * 2)  # two standard deviations apart
    assert prior_scores(Model("q", "1", 1, "", {"rule": 0.5}), []) == {}


def test_it_helps_while_few_have_voted_and_is_hardly_heard_when_many_have() -> None:
    """Made-up rooms, mean tau-b with what the room really wants: clearly better at 4 votes, within 0.02 at 80."""
    country = Country(21, FEATURES_MATTER)
    model = learn(country.workshops(40), "made-up", "1").model
    gain = {}
    for people in (4, 10, 20, 80):
        taus = []
        for _ in range(60):
            gaps, room = country.room()
            votes = country.votes(gaps, room, people)
            ids, prior = [gap.id for gap in gaps], prior_scores(model, gaps)
            both = with_silent_participant(prior, votes, people).gaps
            alone = room_scores(votes)
            wanted = room.tolist()
            taus.append(tau_b([both[i].score for i in ids], wanted) - tau_b([alone.get(i, 0.0) for i in ids], wanted))
        gain[people] = mean(taus)
    assert gain[4] > 0.08
    assert gain[4] > gain[10] > gain[20] > gain[80] > -0.02
    assert gain[80] < 0.03
