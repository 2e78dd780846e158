"""The level a room settles on, and whether it is agreed by the rule fixed before."""

import pytest

from scoring.agreement import Agreement, AgreementRule, Shortfall, agreement
from scoring.dispersion import of_counts
from scoring.group_difference import GroupDifference

RULE = AgreementRule()


def test_a_room_that_stands_together_is_agreed_on_its_median() -> None:
    found = agreement(of_counts([0, 1, 9, 6, 0, 0], unknown=2), RULE)
    assert found == Agreement(2, ())
    assert found.reached


def test_a_tie_of_the_two_middle_votes_settles_on_the_lower() -> None:
    assert agreement(of_counts([0, 0, 5, 5, 0, 0]), RULE).level == 2


@pytest.mark.parametrize(
    ("counts", "unknown", "missing"),
    [
        ([0, 4, 0, 0], 0, ["too_few_votes"]),
        ([0, 1, 0, 0], 0, ["too_few_votes"]),
        ([0, 0, 0, 0], 0, ["too_few_votes"]),
        ([0, 0, 0, 0], 9, ["too_few_votes", "many_unknown"]),
        ([0, 8, 0, 0], 5, ["many_unknown"]),
        ([9, 0, 0, 9], 0, ["low_agreement", "scattered"]),
        ([0, 5, 5, 5], 0, ["low_agreement", "scattered"]),
        ([0, 6, 6, 5], 0, ["low_agreement", "scattered"]),
        ([1, 7, 5, 4], 0, ["low_agreement", "scattered"]),
        ([9, 4, 0, 4], 0, ["low_agreement"]),
    ],
)
def test_what_is_missing_is_said(counts: list[int], unknown: int, missing: list[Shortfall]) -> None:
    found = agreement(of_counts(counts, unknown), RULE)
    assert list(found.missing) == missing
    assert not found.reached


def test_groups_that_are_clearly_apart_are_no_agreement() -> None:
    room = of_counts([0, 0, 8, 8, 0, 0])
    assert agreement(room, RULE, GroupDifference("a", "b", 1.0, (0.4, 1.6))).missing == ("groups_differ",)
    assert agreement(room, RULE, GroupDifference("a", "b", 1.0, (-0.1, 2.1))).reached
    assert agreement(room, RULE, GroupDifference("a", "b", 0.9, (0.4, 1.4))).reached


def test_a_stricter_rule_never_reaches_more() -> None:
    room = of_counts([0, 2, 9, 6, 1, 0])
    assert agreement(room, RULE).reached
    strict = [AgreementRule(fewest=19), AgreementRule(least_agreement=0.9), AgreementRule(least_pair_share=0.9)]
    assert [agreement(room, rule).reached for rule in strict] == [False] * 3


@pytest.mark.parametrize(
    "nonsense",
    [
        {"fewest": 1},
        {"least_agreement": 1.1},
        {"least_pair_share": 75},
        {"most_unknown": -0.1},
        {"widest_difference": -1},
    ],
)
def test_a_rule_that_cannot_be_is_refused(nonsense: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"rule of agreement|shares are"):
        AgreementRule(**nonsense)  # type: ignore[arg-type]
