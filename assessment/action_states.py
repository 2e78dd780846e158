"""Which actions firms say they have planned, done or given up, by what the actions need (the enablers F.I.R.S.T.).

Only what firms have said of their roadmaps counts: a roadmap that nobody has said anything of is a proposal. So first
it is told how many have said anything, and then, of these, what. Planned is what was begun or done, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.policy_reading import FIRST
from assessment.release_traits import Trait, Traits
from assessment.release_units import AT_ONCE, Units
from assessment.standing import STATES
from assessment.tables import ActionProgress, Outcome
from questionnaires.library import Definition
from scoring.lattices import Integers

NAME = "A"
TOLD = f"{NAME}:told"
SAID: Mapping[str, tuple[str, ...]] = {
    "planned": ("planned", "started", "done"),
    "done": ("done",),
    "dropped": ("dropped",),
}
ANY = "any"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of actions: the firm, the place of the action in the definition, and of the state in STATES."""

    firms: Integers
    actions: Integers
    states: Integers


def trait_of(state: str, enabler: str) -> str:
    return f"{NAME}:{state}.{enabler}"


def read(session: Session, programme_id: int, definition: Definition, wave: int) -> Said:
    """What firms said of the actions of their assessments of a wave; of one said twice, what was said last."""
    place = {action.id: number for number, action in enumerate(definition.actions)}
    query = (
        select(Outcome.firm_id, ActionProgress.action_id, ActionProgress.state)
        .join(Outcome, Outcome.assessment_id == ActionProgress.assessment_id)
        .where(
            Outcome.programme_id == programme_id,
            Outcome.wave == wave,
            Outcome.questionnaire == definition.questionnaire.reference,
        )
        .order_by(ActionProgress.changed_at, ActionProgress.id)
        .execution_options(yield_per=AT_ONCE)
    )
    last: dict[tuple[int, int], int] = {}
    for firm, action, state in session.execute(query):
        if action in place and state in STATES:
            last[firm, place[action]] = STATES.index(state)
    keys = np.array(sorted(last), dtype=np.int64).reshape(-1, 2)
    return Said(
        keys[:, 0], keys[:, 1], np.array([last[firm, action] for firm, action in keys.tolist()], dtype=np.int64)
    )


def actions_of(definition: Definition, units: Units, said: Said) -> Traits:
    """What the units said: whether anything, and of actions of any kind and of each enabler."""
    order = np.argsort(units.firms)
    place = order[np.searchsorted(units.firms, said.firms, sorter=order) % max(units.count, 1)] if units.count else None
    if place is None:
        return Traits(NAME, ())
    there = units.firms[place] == said.firms
    of_unit, actions, states = place[there], said.actions[there], said.states[there]
    needs = np.array([FIRST.index(a.enabler) if a.enabler else -1 for a in definition.actions], dtype=np.int64)
    told = _yes(units.count, of_unit)
    traits = [Trait(TOLD, told)]
    for enabler in (ANY, *(each for number, each in enumerate(FIRST) if number in needs)):
        kind = np.ones(len(actions), dtype=np.bool_) if enabler == ANY else needs[actions] == FIRST.index(enabler)
        before: tuple[str, ...] = ()
        for state, counted in SAID.items():
            is_state = np.isin(states, [STATES.index(each) for each in counted])
            yes = np.where(told == 1, _yes(units.count, of_unit[kind & is_state]), np.nan)
            traits.append(Trait(trait_of(state, enabler), yes, TOLD, before))
            before = (*before, traits[-1].id)
    return Traits(NAME, tuple(traits), _numbers(units, of_unit, actions, states))


def _yes(count: int, units: Integers) -> NDArray[np.float64]:
    found = np.zeros(count)
    found[units] = 1
    return found


def _numbers(units: Units, of_unit: Integers, actions: Integers, states: Integers) -> Integers:
    """Numbers of the units that are others once a unit has said anything else, of what stands in its way, too."""
    mixed = units.ids.astype(np.uint64) + (units.hindrances + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    most = int(actions.max(initial=0)) + 1
    parts = np.random.default_rng(0).integers(1, 2**63, (most, len(STATES)), dtype=np.uint64)
    np.add.at(mixed, of_unit, parts[actions, states])
    return (mixed & np.uint64(2**63 - 1)).astype(np.int64)


def indicators_of(definition: Definition) -> Sequence[str]:
    """The traits that there can be, in their order."""
    needs = {action.enabler for action in definition.actions}
    return [TOLD, *(trait_of(state, enabler) for enabler in (ANY, *(e for e in FIRST if e in needs)) for state in SAID)]
