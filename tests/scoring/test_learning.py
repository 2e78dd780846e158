"""From workshops to a record: the same to the byte, never of two kinds at once, and growing with what is known."""

import json
import random
from dataclasses import replace
from statistics import mean

import pytest

from scoring.learning import UnknownFormat, from_record, learn, record_bytes, to_record
from scoring.learning_curve import learning_curve
from scoring.learning_gate import seen_by
from scoring.learning_model import cold_start, fit
from scoring.past_workshops import MixedWorkshops, PastWorkshop
from scoring.rank_agreement import tau_b
from tests.scoring.made_up_workshops import FEATURES_MATTER, Country

SMALL_STEPS = {"rule": 0.5, "days": -1.0, "section=s1": 0.8}  # the ballot had a budget: what is dear came last
LARGE_STEPS = {"rule": 0.5, "days": 0.5, "section=s1": -0.3}  # it has none any more: what is large comes first


def shuffled(workshops: list[PastWorkshop]) -> list[PastWorkshop]:
    """The same workshops with everything in them in another order."""
    mixer = random.Random(5)
    found = []
    for w in workshops:
        gaps, votes = list(w.gaps), [(g, list(t.items())) for g, t in w.first_round.items()]
        mixer.shuffle(gaps)
        mixer.shuffle(votes)
        for _, tallies in votes:
            mixer.shuffle(tallies)
        found.append(replace(w, gaps=tuple(gaps), first_round={g: dict(t) for g, t in votes}))
    mixer.shuffle(found)
    return found


def test_two_learnings_in_another_order_are_the_same_bytes() -> None:
    workshops = Country(31, FEATURES_MATTER).workshops(12)
    one, other = learn(workshops, "made-up", "1"), learn(shuffled(workshops), "made-up", "1")
    assert record_bytes(one) == record_bytes(other)
    assert record_bytes(learn(workshops[:-1], "made-up", "1")) != record_bytes(one)


def test_a_record_is_json_and_comes_back_as_it_was() -> None:
    workshops = Country(32, FEATURES_MATTER).workshops(12)
    for count in (0, 1, 2, 12):
        learned = learn(workshops[:count], "made-up", "1")
        again = from_record(json.loads(json.dumps(to_record(learned))))
        assert again == learned
        assert record_bytes(again) == record_bytes(learned)
    record = to_record(learned)
    named = [record["model"][name] for name in ("instrument", "protocol", "workshops")]
    assert named == ["made-up", "1", 12]
    assert record["gate"]["reason"] == "beats"
    assert len(record["model"]["trained_on"]) == 64
    with pytest.raises(UnknownFormat, match="Learn anew"):
        from_record({**record, "format": 0})


def test_the_hash_tells_which_workshops_were_learned_from() -> None:
    workshops = Country(33, FEATURES_MATTER).workshops(4)
    hashes = {learn(part, "made-up", "1").model.trained_on for part in (workshops, workshops[1:], workshops[:-1], [])}
    assert len(hashes) == 4
    assert learn(workshops[::-1], "made-up", "1").model.trained_on in hashes


def test_without_workshops_it_is_the_cold_start_behind_a_shut_gate() -> None:
    learned = learn([], "qi4tf", "1")
    assert learned.model == cold_start("qi4tf", "1")
    assert (learned.gate.reason, learned.gate.workshops, learned.reliability) == ("too_few", 0, None)


def test_workshops_of_another_protocol_or_questionnaire_change_not_a_byte() -> None:
    old, new = Country(34, SMALL_STEPS), Country(34, LARGE_STEPS)
    mine = new.workshops(12, protocol="2")
    others = [*old.workshops(30, protocol="1"), *(replace(w, instrument="other", id=f"o{w.id}") for w in mine)]
    assert record_bytes(learn([*mine, *others], "made-up", "2")) == record_bytes(learn(mine, "made-up", "2"))
    kinds = (("made-up", "1"), ("made-up", "2"), ("other", "2"))
    each = [learn([*others, *mine], *kind) for kind in kinds]
    assert [(e.model.instrument, e.model.protocol, e.model.workshops) for e in each] == [
        ("made-up", "1", 30), ("made-up", "2", 12), ("other", "2", 12),
    ]  # fmt: skip


def test_a_change_of_protocol_would_make_a_pooled_model_worse_than_the_simple_rule() -> None:
    """The trap that keeps kinds apart: years of an old protocol outvote what the new one shows.

    Seen in real participatory budgets, where a change of the ballot's budget rule turned the tie between cost and
    votes round and a model of all years fell behind a rule of one line.
    """
    old, new = Country(35, SMALL_STEPS), Country(35, LARGE_STEPS)
    before, since = old.workshops(40, protocol="1"), new.workshops(12, protocol="2")
    ahead = [new.workshop(f"t{number}", "2") for number in range(40)]
    pooled = fit([replace(w, protocol="2") for w in before] + since, "made-up", "2")  # as if they were the same
    apart = fit(since, "made-up", "2")
    tau_pooled, tau_apart = (
        mean(tau_b(h.predicted, h.observed) for h in (seen_by(model, w) for w in ahead)) for model in (pooled, apart)
    )
    tau_rule = mean(tau_b(h.rule, h.observed) for h in (seen_by(apart, w) for w in ahead))
    assert tau_pooled < tau_rule - 0.05
    assert tau_apart > tau_rule + 0.05


def test_the_learning_curve_starts_at_the_simple_rule_and_rises_above_it() -> None:
    curve = learning_curve(Country(36, FEATURES_MATTER).workshops(45), draws=5)
    assert [point.workshops for point in curve] == [0, 1, 2, 3, 5, 10, 20, 40]
    assert curve[0].model_tau == curve[0].rule_tau
    taus = [point.model_tau for point in curve]
    assert taus == sorted(taus)
    assert taus[-1] > curve[-1].rule_tau + 0.3
    assert [point.tested for point in curve] == [5 * (45 - point.workshops) for point in curve]
    assert learning_curve(Country(36, FEATURES_MATTER).workshops(45)[::-1], draws=5) == curve
    assert learning_curve([]) == ()


def test_a_learning_curve_of_mixed_workshops_is_refused() -> None:
    country = Country(37, FEATURES_MATTER)
    with pytest.raises(MixedWorkshops):
        learning_curve([country.workshop("a", "1"), country.workshop("b", "2")])
