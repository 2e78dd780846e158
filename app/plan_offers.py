"""What may be asked of a plan, on a page or by the API: amounts, goals, currencies; and what cannot be had."""

from collections.abc import Collection
from typing import get_args

from assessment.errors import N_
from questionnaires.library import Definition, Effect
from scoring.currencies import own_currency

LARGEST_BUDGET = 1e12
LARGEST_DAYS = 1e6
GOALS: tuple[Effect, ...] = get_args(Effect)
OUT_OF_REACH = N_("An action that is wanted in any case cannot be reached from where the firm stands. Take it out.")


def goals_among(named: Collection[str]) -> tuple[Effect, ...]:
    """The goals that were named, in the order in which they are offered."""
    return tuple(goal for goal in GOALS if goal in named)


def currencies_of(definition: Definition) -> tuple[str, ...]:
    """The currencies a plan can be told in: that of the costs first."""
    own = own_currency(definition)
    others = sorted({definition.rates.base, *definition.rates.per} - {own}) if definition.rates else []
    return (own, *others)
