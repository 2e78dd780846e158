"""Technologies in use and actions of firms, attacked: nobody's yes or no follows, in one release or in two."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment import action_states, release_kept, release_units
from assessment.action_states import TOLD, Said, actions_of, trait_of
from assessment.hindrance_traits import hindrances_of
from assessment.hindrances import HINDRANCES, as_number
from assessment.release_making import Wave, make_wave
from assessment.release_manifest import traits_told
from assessment.release_traits import ASKED, Trait, Traits, with_traits
from assessment.release_units import Units
from assessment.standing import STATES
from assessment.tables import ActionProgress
from assessment.technology_use import asked_about, in_use_from, technologies_of
from questionnaires.loader import load_definition
from scoring.plan import plan_of
from scoring.release_tables import ONE_WAY, are_among, names_of, some_cells
from scoring.waves import Earlier, Firms
from tests.factories import NOW
from tests.release_samples import a_programme, enter_units, sample_making, sample_units
from tests.scoring.attacker import Attacker, knowing

MAKING, FIRMS, YEAR = sample_making(), 400, 2026
DEFINITION = load_definition("industry4-readiness")
PARTS = ("industry", "size", "region", "ownership", "basis")


def units_of(firms: int = FIRMS) -> Units:
    return with_hindrances(sample_units(MAKING.questionnaire, firms, YEAR, unknown=0.0))


def said_of(units: Units, seed: int = 3) -> Said:
    """Three in four firms say something of some actions."""
    random = np.random.default_rng(seed)
    rows = {
        (int(firm), int(action)): int(random.choice(4, p=(0.4, 0.2, 0.3, 0.1)))
        for firm in units.firms[random.random(units.count) < 0.75]
        for action in random.choice(len(DEFINITION.actions), 3, replace=False)
    }
    keys = np.array(list(rows), dtype=np.int64)
    return Said(keys[:, 0], keys[:, 1], np.array([*rows.values()], dtype=np.int64))


def with_hindrances(units: Units, seed: int = 4) -> Units:
    """Two in three firms name up to three things that stand in their way, or nothing."""
    random = np.random.default_rng(seed)
    ids, said = list(HINDRANCES), units.hindrances.copy()
    for row in np.flatnonzero(random.random(units.count) < 0.66):
        said[row] = as_number(random.choice(ids, random.integers(0, 4), replace=False).tolist())
    return replace(units, hindrances=said)


def told(units: Units, said: Said) -> tuple[Traits, ...]:
    actions = actions_of(DEFINITION, units, said)
    return technologies_of(MAKING.questionnaire, units), actions, hindrances_of(units, actions.ids)


def made(units: Units, traits: tuple[Traits, ...], *before: Wave) -> Wave:
    known = [release_kept.known_of(release_kept.packed(MAKING, [wave]), MAKING, YEAR) for wave in before]
    return with_traits(MAKING, make_wave(MAKING, units, known, lambda step: None), traits, known)


def shown_of(wave: Wave, trait: Trait, among: Traits) -> list[Earlier]:
    """What is shown of a trait: of those it is asked of, and of those who say yes, in cells whose row goes out."""
    populations = {name: p for p in wave.populations for name in p.indicators}
    asked = populations[trait.within or ASKED + among.name]
    ids = wave.units.ids if among.ids is None else among.ids
    found = []
    for each in (asked, populations[trait.id]):
        at = slice(None) if each.units is None else each.units
        found.append(Earlier(Firms(ids[at], wave.units.groups[at]), each.cells, each.shown))
    return found


def answers_told(wave: Wave, trait: Trait) -> list[Earlier]:
    """What rows tell of those who say yes and of those who say no; another answer makes a firm another unit."""
    yes, found = next(p for p in wave.populations if trait.id in p.indicators), []
    for value in (0, 1):
        at = np.flatnonzero(trait.values == value)
        cells = some_cells(MAKING.lattice(wave.units.count), wave.units.leaves[:, at], ONE_WAY)
        firms = Firms(2 * wave.units.firms[at] + value, wave.units.groups[at])
        found.append(Earlier(firms, cells, are_among(cells, names_of(yes.cells)[yes.shown])))
    return found


def attacked(shown: list[Earlier]) -> Attacker:
    """Somebody to whom each firm that says yes is another unknown than one that says no: sums of each are told."""
    numbers = np.unique(np.concatenate([each.firms.ids for each in shown]))
    return knowing(shown, dict.fromkeys(numbers.tolist(), 1.0))


def rows_of(wave: Wave, indicator: str, status: str = "F") -> dict[tuple[str, ...], tuple[float, float, float]]:
    columns = wave.columns
    at = np.flatnonzero((columns["indicator"] == indicator) & (columns["status"] == status))
    keys = zip(*(columns[part][at].tolist() for part in PARTS), strict=True)
    return dict(zip(keys, zip(*(columns[f][at].tolist() for f in ("n", "s0", "s1")), strict=True), strict=True))


def counted(units: Units, trait: Trait, cell: tuple[str, ...]) -> tuple[int, int]:
    """How many firms of a cell say yes and no, counted one by one."""
    inside = np.ones(units.count, dtype=np.bool_)
    sections = np.array(release_units.SECTION_CODES)[np.array(release_units.SECTION_OF_LEAF)[units.leaves[0]]]
    columns = {0: sections, 1: np.array(release_units.SIZE_CODES)[units.leaves[1]]}
    columns[2] = np.array(MAKING.regions)[units.leaves[2]]
    for place, values in columns.items():
        if cell[place] != "_T":
            inside &= values == cell[place]
    return int((trait.values[inside] == 1).sum()), int((trait.values[inside] == 0).sum())


def test_every_share_shown_has_ten_firms_that_say_yes_and_ten_that_say_no() -> None:
    units = units_of()
    traits = told(units, said_of(units))
    wave, seen = made(units, traits), 0
    for trait in (trait for each in traits for trait in each.traits):
        for cell, (n, no, yes) in rows_of(wave, trait.id).items():
            says_yes, says_no = counted(units, trait, cell)
            assert min(says_yes, says_no) >= 10
            assert n == pytest.approx(says_yes + says_no, abs=2.5)
            assert yes == pytest.approx(100 * says_yes / (says_yes + says_no), abs=0.5)
            assert no == pytest.approx(100 - yes, abs=1)
            seen += 1
    assert seen > 150


def test_nobody_follows_from_the_traits_of_a_release_and_many_would_without_their_protection() -> None:
    units = units_of(250)
    traits = told(units, said_of(units))
    wave, would = made(units, traits), 0
    for among in traits:
        for trait in among.traits:
            shown = shown_of(wave, trait, among)
            attacker = attacked(shown)
            assert attacker.firms_that_follow() == set()
            assert attacker.small_groups(10) == 0
            bare = [shown[0], replace(shown[1], shown=np.ones(shown[1].cells.count, dtype=np.bool_))]
            would += attacked(bare).small_groups(10)
    assert would > 50


def ending(said: Said, units: Units, firms: int) -> Said:
    """So many firms that had nothing done have ended an action since."""
    done = next(t for t in actions_of(DEFINITION, units, said).traits if t.id == trait_of("done", "any"))
    states = said.states.copy()
    for firm in units.firms[np.flatnonzero(done.values == 0)[:firms]]:
        states[np.flatnonzero(said.firms == firm)[0]] = STATES.index("done")
    return replace(said, states=states)


def told_in_short(units: Units, said: Said) -> tuple[Traits, Traits]:
    """One technology, and what is said of any action."""
    used, actions, _ = told(units, said)
    some = tuple(trait for trait in actions.traits if trait.id == TOLD or trait.id.endswith("any"))
    return replace(used, traits=used.traits[4:5]), replace(actions, traits=some)


def test_a_firm_that_has_done_something_since_does_not_follow_from_two_releases() -> None:
    """One firm ends an action: were the tables told anew, the difference would be its."""
    units = units_of()
    said = said_of(units)
    later = ending(said, units, 1)
    first = made(units, told_in_short(units, said))
    second = made(units, told_in_short(units, later), first)
    forgetful = made(units, told_in_short(units, later))
    before, now = told_in_short(units, said)[1], told_in_short(units, later)[1]
    for then, trait in zip(before.traits, now.traits, strict=True):
        known = answers_told(first, then)
        assert attacked([*known, *answers_told(second, trait)]).small_groups(10) == 0, trait.id
    done = [each.traits[[t.id for t in each.traits].index(trait_of("done", "any"))] for each in (before, now)]
    assert attacked([*answers_told(first, done[0]), *answers_told(forgetful, done[1])]).small_groups(10) > 0
    assert rows_of(second, "T:cloud_computing") == rows_of(first, "T:cloud_computing") != {}


def test_enough_firms_that_have_done_something_since_are_told() -> None:
    units = units_of()
    said = said_of(units)
    later = ending(said, units, 60)
    first = made(units, told_in_short(units, said))
    second = made(units, told_in_short(units, later), first)
    done, total = trait_of("done", "any"), ("_T",) * 5
    assert rows_of(second, done)[total][2] > rows_of(first, done)[total][2]
    before = release_kept.kept_of(first)
    assert release_kept.changes(before, second) == 120  # as many units are gone as there are others in their place
    assert release_kept.changes(before, first) == 0


def test_where_all_firms_of_a_size_say_the_same_that_does_not_follow_from_the_other_sizes() -> None:
    """Nobody says no in a cell: the sum over nobody is a secret, too, and another cell is held back for it."""
    units = units_of()
    size = np.minimum(units.leaves[1], 2)
    units = replace(units, leaves=np.stack([units.leaves[0], size, *units.leaves[2:]]))
    random = np.random.default_rng(2)
    for same in (0.0, 1.0):
        values = np.where(size == 2, same, (random.random(units.count) < 0.5).astype(np.float64))
        wave = made(units, (Traits("T", (Trait("T:x", values),)),))
        shown = {cell[1] for cell in rows_of(wave, "T:x") if cell[1] != "_T"}
        held = {cell[1] for cell in rows_of(wave, "T:x", "C") if cell[1] != "_T"}
        assert "medium" in held
        assert len(held) == 2
        assert len(shown) == 1


def test_a_technology_is_in_use_from_half_way_up_any_question_about_it() -> None:
    units = units_of(60)
    asked = asked_about(MAKING.questionnaire, "artificial_intelligence")
    assert {in_use_from(question) for question in asked} == {3}
    column = [question.id for question in plan_of(MAKING.questionnaire).questions].index(asked[0].id)
    others = [[q.id for q in plan_of(MAKING.questionnaire).questions].index(q.id) for q in asked[1:]]
    units.levels[:, others] = 2
    units.levels[:4, column] = (2, 3, 5, 255)
    found = {t.id: t.values for t in technologies_of(MAKING.questionnaire, units).traits}["T:artificial_intelligence"]
    assert found[:4].tolist() == [0, 1, 1, 0]
    units.levels[:1, [column, *others]] = 254
    found = {t.id: t.values for t in technologies_of(MAKING.questionnaire, units).traits}["T:artificial_intelligence"]
    assert np.isnan(found[0])


def test_what_firms_say_is_read_by_firm_and_the_last_word_counts(session: Session) -> None:
    programme, units = a_programme(session), units_of(12)
    enter_units(session, programme, units)
    needs = {a.enabler: a.id for a in DEFINITION.actions if a.enabler}
    base = YEAR * 100_000
    rows = [(0, needs["skills"], "done"), (0, needs["funding"], "dropped"), (3, needs["skills"], "planned")]
    session.execute(
        insert(ActionProgress),
        [{"assessment_id": base + f, "action_id": a, "state": s, "changed_at": NOW} for f, a, s in rows],
    )
    session.execute(
        insert(ActionProgress),
        [{"assessment_id": base + 5, "action_id": "gone", "state": "done", "changed_at": NOW}],
    )
    read = release_units.read(session, programme.id, DEFINITION.questionnaire.reference, YEAR, MAKING.regions)
    said = action_states.read(session, programme.id, DEFINITION, YEAR)
    found = {trait.id: trait.values.tolist() for trait in actions_of(DEFINITION, read, said).traits}
    assert found[TOLD] == [1.0, 0, 0, 1.0, *[0] * 8]
    at = [0, 3]
    assert [found[trait_of("done", "skills")][i] for i in at] == [1, 0]
    assert [found[trait_of("planned", "skills")][i] for i in at] == [1, 1]
    assert [found[trait_of("dropped", "any")][i] for i in at] == [1, 0]
    assert np.isnan(found[trait_of("done", "any")][1])


def test_what_is_told_has_a_name_and_is_in_the_manifest() -> None:
    units = units_of()
    traits = told(units, said_of(units))
    named = {each["id"]: each for each in traits_told(DEFINITION)}
    assert {trait.id for each in traits for trait in each.traits} == set(named)
    assert named["T:simulation"]["from"] == 3
    assert named["A:planned.skills"]["name"] == "Skills: planned, begun or done"
    assert named["H:funds"]["kind"] == "hindrance"


def test_nothing_is_told_of_actions_where_nobody_says_anything() -> None:
    units = units_of(60)
    nothing = Said(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    wave = made(units, told(units, nothing))
    assert rows_of(wave, TOLD) == {}
    assert len(rows_of(wave, TOLD, "C")) > 5
