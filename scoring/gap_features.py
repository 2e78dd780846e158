"""What a definition and a room's answers tell of a gap before anybody votes on it."""

from collections.abc import Sequence
from math import log10
from statistics import mean

from questionnaires.library import Action, Definition
from scoring.currencies import own_currency, rate_to
from scoring.gaps import Gap
from scoring.past_workshops import GapFeatures
from scoring.priorities import closing_actions


def gap_features(
    definition: Definition, gap: Gap, difference: float | None = None, unknown: float | None = None
) -> GapFeatures:
    """The features of a gap; where no action closes it, what actions tell is not known.

    `days` of all closing actions; `cost` the class of the cheapest, in half powers of ten of its middle price over all
    sizes; `enabler` that of the cheapest; `dependencies` the actions that any of them rests on, and what those rest on,
    without the closing ones. `difference` between the groups' mean levels and `unknown`, the share of "do not know",
    come from the room.

    Raises:
        NoRate: the actions' costs are in two currencies and the library has no rate between them.
    """
    closing = closing_actions(definition, gap)
    size = float(gap.target_level - gap.level)
    if not closing:
        return GapFeatures(gap.question, size, gap.weight, difference, unknown, gap.dimension)
    cheapest = min(closing, key=lambda action: (_price(definition, action), action.id))
    return GapFeatures(
        gap.question,
        size,
        gap.weight,
        difference,
        unknown,
        gap.dimension,
        days=sum(action.days for action in closing),
        cost=round(2 * log10(1 + _price(definition, cheapest))),
        enabler=cheapest.enabler,
        dependencies=len(_needed(definition, closing)),
    )


def _price(definition: Definition, action: Action) -> float:
    prices = [price for each in action.cost.values() for price in each]
    return mean(prices) * rate_to(definition, own_currency(definition), action.currency)


def _needed(definition: Definition, closing: Sequence[Action]) -> set[str]:
    """The ids of all actions that must come first, however far back."""
    found: set[str] = set()
    ahead = [name for action in closing for name in action.requires]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += definition.action[name].requires
    return found - {action.id for action in closing}
