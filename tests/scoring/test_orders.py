"""What is known of the order of actions before anything is chosen."""

from itertools import pairwise

from hypothesis import given, settings

from scoring.orders import orders
from scoring.plan_model import TIMING, Task
from scoring.schedule import Late
from tests.scoring.plan_oracle import all_plans
from tests.scoring.planned import candidate, tasks


@settings(max_examples=60, deadline=None)
@given(tasks(5))
def test_every_plan_that_can_be_put_in_time_keeps_to_the_rows(asked: Task) -> None:
    found, plans = orders(asked.timing, asked.candidates), all_plans(asked)
    column = {name: at for at, name in enumerate(plans.names)}
    for name, at in column.items():
        assert (plans.phase[:, at] >= found.first_phase.get(name, 3)).all()
    for row in found.rows:
        has_ended = plans.phase[:, column[row.action]] <= row.phase
        is_allowed = sum((plans.phase[:, column[name]] <= by for name, by in row.unless.items()), start=~has_ended)
        assert is_allowed.all()


def test_each_action_is_told_where_it_can_end_first() -> None:
    found = [candidate("a", months=2), candidate("b", months=2, needs=(("a",),)), candidate("c", months=40)]
    assert orders(TIMING, {c.id: c for c in found}).first_phase == {"a": 0, "b": 1}


def test_a_chain_gives_a_row_for_its_far_end_where_its_links_do_not_say_as_much() -> None:
    found = [
        candidate("a", months=1), candidate("b", months=5, needs=(("a",),)),
        candidate("c", months=5, needs=(("b",),)),
    ]  # fmt: skip
    rows = orders(TIMING, {c.id: c for c in found}).rows
    assert rows == (
        Late("b", 1, {"a": 1}), Late("b", 2, {"a": 2}), Late("c", 1, {"b": 1}), Late("c", 1, {"a": 0}),
        Late("c", 2, {"b": 2}),
    )  # fmt: skip


def test_an_alternative_that_can_never_end_is_none() -> None:
    found = [candidate("a", months=40), candidate("b"), candidate("c", needs=(("a", "b"),))]
    assert Late("c", 0, {"b": 0}) in orders(TIMING, {c.id: c for c in found}).rows


def test_a_chain_of_a_thousand_is_no_burden() -> None:
    names = [f"n{i}" for i in range(1000)]
    chain = [candidate(names[0])] + [candidate(n, needs=((before,),)) for before, n in pairwise(names)]
    found = orders(TIMING, {c.id: c for c in chain})
    assert len(found.first_phase) == 36
