"""What the results page shows of the roadmap beside the view: its controls, and how a tried plan differs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.plan_offers import GOALS
from assessment.plans import PlanChanges
from assessment.results import Result
from reports.firm import names
from reports.firm.material import Material
from reports.firm.money import left_out_row
from reports.wording import wording
from scoring.roadmap import PHASES, Infeasible, LeftOut


@dataclass(frozen=True, slots=True)
class LeftOutChoice:
    """An action that is not in the plan, why, and what it would cost and add."""

    id: str
    title: str
    reason: str
    cost: str
    gain: str


@dataclass(frozen=True, slots=True)
class Controls:
    """What can be asked of the plan, in words."""

    phases: tuple[tuple[str, str], ...]  # title and months
    goals: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]  # dimensions with questions
    left_out: tuple[LeftOutChoice, ...]
    others: tuple[tuple[str, str], ...]  # actions of which something is wanted and that are in neither list


@dataclass(frozen=True, slots=True)
class Changed:
    """How the tried plan differs from the kept one; titles, and phases where one moved."""

    changes: PlanChanges
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[tuple[str, str, str], ...]
    gained: str
    days: str


def controls_of(result: Result, code: str, wished: Collection[str]) -> Controls:
    """The controls in a language; `wished` are the actions of which something is wanted."""
    m = Material(result, wording(code))
    left = () if isinstance(result.roadmap, Infeasible) else result.roadmap.left_out
    planned = set() if isinstance(result.roadmap, Infeasible) else {one.action for one in result.roadmap.actions}
    shown = planned | {one.action for one in left}
    effects = names.effects(m.words)
    return Controls(
        phases=_phases(m),
        goals=tuple((goal, effects[goal]) for goal in GOALS),
        targets=tuple((each.id, each.title) for each in m.questionnaire.walk() if each.questions),
        left_out=tuple(_left_out(m, one) for one in left),
        others=tuple((name, m.actions[name].title) for name in wished if name not in shown),
    )


def changed_of(result: Result, code: str, changes: PlanChanges) -> Changed:
    m = Material(result, wording(code))
    titles: Mapping[str, str] = {name: action.title for name, action in m.actions.items()}
    phases = [title for title, _ in _phases(m)]
    gain = changes.readiness
    return Changed(
        changes=changes,
        added=tuple(titles[name] for name in changes.added),
        dropped=tuple(titles[name] for name in changes.dropped),
        moved=tuple((titles[move.action], phases[move.before], phases[move.after]) for move in changes.moved),
        gained=m.gain(gain) if gain >= 0 else m.loss(-gain),
        days=m.days(abs(changes.days)),
    )


def _phases(m: Material) -> tuple[tuple[str, str], ...]:
    titles = names.phases(m.words)
    return tuple((titles[phase.id], m.months(phase.start, phase.end)) for phase in PHASES)


def _left_out(m: Material, one: LeftOut) -> LeftOutChoice:
    row = left_out_row(m, one)
    return LeftOutChoice(one.action, row.title, row.reason, row.cost, row.gain)
