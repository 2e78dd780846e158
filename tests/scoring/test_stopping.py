"""Stopping: each rule by itself, in its order, on both sides of its limit."""

import pytest

from scoring.stopping import Fired, Rules, Standing, share_changed, stop

RULES = Rules(k=2, minutes=45)
OPEN = (0.99, 0.6, 0.4, 0.01)
SETTLED = (0.99, 0.91, 0.09, 0.01)


def _rule(standing: Standing, rules: Rules = RULES) -> str | None:
    fired = stop(rules, standing)
    return fired.rule if fired else None


def test_a_room_with_open_items_time_and_rounds_goes_on() -> None:
    assert _rule(Standing(1, OPEN, minutes=10)) is None


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_one_chance_on_or_between_the_limits_keeps_the_room_from_being_settled(chance: float) -> None:
    assert _rule(Standing(1, (0.99, chance, 0.01))) is None


def test_chances_outside_the_limits_settle_the_room() -> None:
    assert stop(RULES, Standing(1, SETTLED, minutes=8)) == Fired("settled", {"round": 1, "minutes": 8, "open_items": 0})


def test_an_agreement_for_or_against_every_contested_item_settles_the_room() -> None:
    fired = stop(RULES, Standing(2, OPEN, top_two=(0.75, 0.25, 1.0, 0.0)))
    assert fired is not None
    assert fired.rule == "settled"
    assert fired.figures == {"round": 2, "minutes": 0, "open_items": 2, "not_agreed": 0}


def test_one_rating_without_agreement_leaves_it_open() -> None:
    assert _rule(Standing(2, OPEN, top_two=(0.8, 0.74))) is None
    assert _rule(Standing(2, OPEN, top_two=(0.8, 0.26))) is None


@pytest.mark.parametrize(("changed", "rule"), [(0.149, "stable"), (0.15, None), (0.5, None), (None, None)])
def test_less_change_than_the_least_worth_a_round_is_stable(changed: float | None, rule: str | None) -> None:
    assert _rule(Standing(2, OPEN, top_two=(0.5,), changed=changed)) == rule


def test_the_time_box_fires_when_it_is_used_up_and_never_without_one() -> None:
    assert _rule(Standing(1, OPEN, minutes=44.9)) is None
    assert _rule(Standing(1, OPEN, minutes=45)) == "time"
    assert _rule(Standing(1, OPEN, minutes=500), Rules(k=2)) is None


def test_the_last_round_is_the_last() -> None:
    assert _rule(Standing(2, OPEN)) is None
    assert _rule(Standing(3, OPEN)) == "rounds"


def test_the_record_says_what_fired_first_and_what_else_held() -> None:
    fired = stop(RULES, Standing(3, SETTLED, top_two=(0.5,), changed=0.1, minutes=50))
    assert fired == Fired(
        "settled",
        {"round": 3, "minutes": 50, "open_items": 0, "not_agreed": 1, "changed": 0.1},
        ("stable", "time", "rounds"),
    )


def test_a_room_without_items_has_settled_nothing() -> None:
    assert _rule(Standing(1, ())) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": 0}, {"most_rounds": 0}, {"minutes": 0}, {"settled_low": 0.9, "settled_high": 0.1}, {"settled_high": 1.1},
        {"least_change": 0}, {"agreement": 0.5},
    ],
    ids=lambda w: next(iter(w)),
)  # fmt: skip
def test_rules_that_never_or_always_hold_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above"):
        Rules(**{"k": 3, **wrong})  # type: ignore[arg-type]


def test_change_counts_only_ratings_given_in_both_rounds() -> None:
    before = {(1, "a", "urgency"): 4, (1, "b", "urgency"): 2, (2, "a", "urgency"): 3, (2, "b", "urgency"): 3}
    after = {(1, "a", "urgency"): 4, (1, "b", "urgency"): 5, (2, "a", "urgency"): 3, (3, "b", "urgency"): 1}
    assert share_changed(before, after) == pytest.approx(1 / 3)
    assert share_changed(before, {}) is None


def test_two_people_who_cross_have_changed_though_the_distribution_has_not() -> None:
    before = {(1, "a", "urgency"): 1, (2, "a", "urgency"): 5}
    after = {(1, "a", "urgency"): 5, (2, "a", "urgency"): 1}
    assert share_changed(before, after) == 1.0
