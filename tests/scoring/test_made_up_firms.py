"""A made-up country has the structure it is said to have, and is the same for the same seed."""

import numpy as np
import pytest

from questionnaires.schema import Questionnaire
from scoring.columns import DOES_NOT_APPLY, OPEN
from scoring.made_up_answers import Answered, made_up_answers
from scoring.made_up_firms import LEAVING, OWNERSHIPS, Land, MadeUpFirms, made_up_firms, made_up_register
from scoring.readiness import readiness
from tests.scoring.building import answer, build, dimension, question

LAND = Land(("C10", "C13", "C25", "G46", "M71"), ("MY-01", "MY-07", "MY-10"), (2022, 2023, 2024, 2025, 2026))
FIRMS = 12_000  # more than are drawn at once
LADDER = [f"Step {n}." for n in range(6)]


@pytest.fixture(scope="module")
def firms() -> MadeUpFirms:
    return made_up_firms(LAND, FIRMS, seed=1)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    skills = dimension("skills", question("a", levels=LADDER), question("b", levels=LADDER))
    only_services = question("s", levels=LADDER, applies_if={"field": "sector", "in": ["services"]})
    sector = {"id": "sector", "text": "?", "choices": {"manufacturing": "Makes things", "services": "Serves"}}
    return build([skills, dimension("serving", only_services)], fields=[sector])


def answered(questionnaire: Questionnaire, firms: MadeUpFirms, wave: int, seed: int = 1) -> tuple[Answered, Answered]:
    parts = list(made_up_answers(questionnaire, LAND, firms, wave, seed))
    return joined([p.own for p in parts]), joined([p.verified for p in parts])


def joined(parts: list[Answered]) -> Answered:
    columns = zip(*((p.firms, p.levels, p.scores) for p in parts), strict=True)
    return Answered(*map(np.concatenate, columns))


def test_each_wave_has_as_many_firms_and_small_ones_leave_more_often(firms: MadeUpFirms) -> None:
    assert [len(firms.of_wave(wave)) for wave in range(5)] == [FIRMS] * 5
    first = firms.of_wave(0)
    left = [(firms.last[first[firms.size[first] == size]] == 0).mean() for size in range(4)]
    assert left == pytest.approx(LEAVING, abs=0.03)
    stayed = np.isin(first, firms.of_wave(4)).mean()
    assert 0.5 < stayed < 0.7


def test_the_same_seed_draws_the_same_country_and_another_one_another(
    questionnaire: Questionnaire, firms: MadeUpFirms
) -> None:
    again, other = made_up_firms(LAND, FIRMS, seed=1), made_up_firms(LAND, FIRMS, seed=2)
    assert (again.employees == firms.employees).all()
    assert (again.strength == firms.strength).all()
    assert other.count != firms.count or (other.employees != firms.employees).any()
    one, same = answered(questionnaire, firms, 1)[0], answered(questionnaire, again, 1)[0]
    assert (one.levels == same.levels).all()


def test_scores_are_those_of_the_levels(questionnaire: Questionnaire, firms: MadeUpFirms) -> None:
    own, _ = answered(questionnaire, firms, 2)
    for row in range(0, FIRMS, 997):
        sector = "manufacturing" if LAND.industries[firms.industry[own.firms[row]]].startswith("C") else "services"
        given = {q: int(n) for q, n in zip("abs", own.levels[row], strict=True) if n not in (OPEN, DOES_NOT_APPLY)}
        alone = readiness(questionnaire, answer(given, sector=sector))
        nodes = [alone.overall, *alone.nodes.values()]
        expected = [np.nan if node.score is None else node.score for node in nodes]
        assert own.scores[row] == pytest.approx(expected, nan_ok=True)


def test_what_does_not_apply_is_not_answered(questionnaire: Questionnaire, firms: MadeUpFirms) -> None:
    own, _ = answered(questionnaire, firms, 0)
    makes = np.array([code.startswith("C") for code in LAND.industries])[firms.industry[own.firms]]
    assert ((own.levels[:, 2] == DOES_NOT_APPLY) == makes).all()
    assert not (own.levels[:, 0] == OPEN).any(), "each dimension has an answer, so each firm has its score"
    assert 0 < (own.levels[:, 1] == OPEN).mean() < 0.03


def test_structure_size_shifts_scores_time_moves_them_and_small_firms_overrate_themselves(
    questionnaire: Questionnaire, firms: MadeUpFirms
) -> None:
    first, _ = answered(questionnaire, firms, 0)
    last, visited = answered(questionnaire, firms, 4)
    by_size = [last.scores[firms.size[last.firms] == size, 0].mean() for size in range(4)]
    assert (np.diff(by_size) > 0).all()
    both = np.intersect1d(first.firms, last.firms)
    then, now = (wave.scores[np.isin(wave.firms, both), 0] for wave in (first, last))
    assert (now - then).mean() > 0.2
    assert np.corrcoef(then, now)[0, 1] > 0.5, "a firm stays much like itself"
    own = dict(zip(last.firms.tolist(), last.scores[:, 0], strict=True))
    apart = np.array([own[firm] for firm in visited.firms.tolist()]) - visited.scores[:, 0]
    small, large = (apart[np.isin(firms.size[visited.firms], sizes)].mean() for sizes in ([0, 1], [3]))
    assert small > 0.05
    assert small > large + 0.1


def test_a_register_holds_more_firms_of_every_kind_than_were_assessed(firms: MadeUpFirms) -> None:
    frame = made_up_register(LAND, firms, seed=1)
    at = firms.of_wave(4)
    assert (frame.firms > 0).all()
    for size in range(4):
        there, assessed = frame.firms[frame.size == size].sum(), (firms.size[at] == size).sum()
        assert there > assessed
    share = [(firms.size[at] == s).sum() / frame.firms[frame.size == s].sum() for s in range(4)]
    assert (np.diff(share) > 0).all(), "small firms are reached least"


def test_a_few_firms_belong_to_groups_and_owners_are_named(firms: MadeUpFirms) -> None:
    sizes = np.unique(firms.group, return_counts=True)[1]
    assert set(sizes.tolist()) == {1, 3}
    assert firms.owner.max() < len(OWNERSHIPS)
