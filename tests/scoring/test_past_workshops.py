"""What an earlier workshop is, and which of them may be learned from together."""

from dataclasses import replace

import pytest

from scoring.best_worst import Choice, ballot_counts, item_scores
from scoring.past_workshops import (
    GapFeatures,
    MixedWorkshops,
    PastWorkshop,
    Tally,
    refuse_mixed,
    room_scores,
    tallies_of,
    teaching,
    times_shown,
)

GAPS = (GapFeatures("a", 2, 0.5), GapFeatures("b", 1, 0.5), GapFeatures("c", 3, 0.1))
VOTES = {
    "industry": {"a": Tally(6, 10), "b": Tally(-6, 10), "c": Tally(0, 0)},
    "government": {"a": Tally(0, 2), "b": Tally(1, 2)},
}
WORKSHOP = PastWorkshop("w1", "qi4tf", "1", GAPS, VOTES, 12)


def test_each_group_counts_the_same_however_many_people_it_has() -> None:
    assert room_scores(VOTES) == pytest.approx({"a": (0.6 + 0.0) / 2, "b": (-0.6 + 0.5) / 2})
    assert times_shown(VOTES) == {"a": 12, "b": 12, "c": 0}


def test_tallies_of_a_room_score_as_the_room_does_and_hide_its_small_groups() -> None:
    """Seven of industry, six of government, three of academia, who join the largest group."""
    groups = ["industry"] * 7 + ["government"] * 6 + ["academia"] * 3
    items = ("a", "b", "c", "d", "e", "never")
    choices = [
        Choice(person, group, shown, shown[person % 4], shown[(person + 1 + screen) % 4])
        for person, group in enumerate(groups)
        for screen, shown in enumerate([("a", "b", "c", "d"), ("b", "c", "d", "e"), ("e", "a", "c", "b")])
    ]
    counts = ballot_counts(items, choices)
    found = tallies_of(counts)
    assert sorted(found) == ["government", "industry + academia"]
    assert sum(tally.shown for tallies in found.values() for tally in tallies.values()) == 16 * 3 * 4
    assert room_scores(found) == pytest.approx({each.item: each.score for each in item_scores(counts)[:-1]})


def test_only_the_same_questionnaire_and_protocol_teach_and_only_where_people_voted() -> None:
    others = [
        replace(WORKSHOP, id="w0"),
        replace(WORKSHOP, id="w2", protocol="2"),
        replace(WORKSHOP, id="w3", instrument="industry4-readiness"),
        replace(WORKSHOP, id="w4", first_round={}),
        replace(WORKSHOP, id="w5", first_round={"industry": {"a": Tally(1, 4)}}),
        replace(WORKSHOP, id="w6", people=0),
    ]
    assert [w.id for w in teaching([WORKSHOP, *others], "qi4tf", "1")] == ["w0", "w1"]
    with pytest.raises(ValueError, match="once"):
        teaching([WORKSHOP, WORKSHOP], "qi4tf", "1")


def test_mixed_workshops_are_refused_by_name() -> None:
    refuse_mixed([])
    refuse_mixed([WORKSHOP, WORKSHOP])
    with pytest.raises(MixedWorkshops, match=r"qi4tf \(protocol 1\), qi4tf \(protocol 2\)"):
        refuse_mixed([WORKSHOP, replace(WORKSHOP, protocol="2")])


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no more often"):
        Tally(3, 2)
    with pytest.raises(ValueError, match="below 0"):
        GapFeatures("a", -1, 0.5)
    with pytest.raises(ValueError, match="stands once"):
        replace(WORKSHOP, gaps=(*GAPS, GAPS[0]))
    with pytest.raises(ValueError, match="its own gaps"):
        replace(WORKSHOP, gaps=GAPS[:1])
