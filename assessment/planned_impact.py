"""What planned actions would help, told by what they need: a release tells no more of them than that.

An action of a library has a strength for each pillar and names effects (UNIDO 2019, Tables 4 to 6). Of actions that
firms plan only the enabler is told, so they count as the library's actions that need it do on average.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment.policy_reading import FIRST, area_for
from questionnaires.library import EFFECTS_OF, Action, Definition, Effect, Enabler, Pillar


@dataclass(frozen=True, slots=True)
class Helped:
    """How strongly each pillar is helped, 0 (not) to 3 (strongly), and the share of actions that name each effect."""

    pillars: Mapping[Pillar, float]
    effects: Mapping[Effect, float]


@dataclass(frozen=True, slots=True)
class Kind:
    """The actions of a library that need one enabler: the area of policy that answers it, and what they help."""

    enabler: Enabler
    area: str
    actions: int
    helped: Helped


def kinds_of(definition: Definition) -> tuple[Kind, ...]:
    """The kinds of actions that a library has, in the order of F.I.R.S.T."""
    by_need = {need: [action for action in definition.actions if action.enabler == need] for need in FIRST}
    return tuple(Kind(need, area_for(need), len(some), _helped(some)) for need, some in by_need.items() if some)


def _helped(actions: Sequence[Action]) -> Helped:
    return Helped(
        {pillar: sum(getattr(a.impact, pillar) for a in actions) / len(actions) for pillar in EFFECTS_OF},
        {e: sum(e in a.effects for a in actions) / len(actions) for effects in EFFECTS_OF.values() for e in effects},
    )


def together(kinds: Sequence[Kind], planned: Mapping[Enabler, float]) -> Helped | None:
    """What all planned kinds help on average, each as often as firms have planned it; None where none is planned.

    `planned` are shares of firms that plan any action of a kind. A kind whose share is not told is left out.
    """
    told = [(kind.helped, planned[kind.enabler]) for kind in kinds if planned.get(kind.enabler)]
    whole = sum(share for _, share in told)
    if not told:
        return None
    return Helped(
        {name: sum(each.pillars[name] * share for each, share in told) / whole for name in told[0][0].pillars},
        {name: sum(each.effects[name] * share for each, share in told) / whole for name in told[0][0].effects},
    )
