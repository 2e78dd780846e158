"""In which currency the costs of the actions are written, and the planning rate to another one."""

from questionnaires.library import Definition
from questionnaires.problems import Refused


class NoRate(Refused):
    """There is no planning rate between the actions' currency and the one that is wanted."""


def own_currency(definition: Definition) -> str:
    """The currency in which the costs are written; where actions differ, that of the first."""
    return next((action.currency for action in definition.actions), "USD")


def rate_to(definition: Definition, currency: str, own: str | None = None) -> float:
    """Units of `currency` for one unit of `own`, the actions' own if none is named, from the library's planning rates.

    Raises:
        NoRate: the library has no rate for one of the two.
    """
    own = own or own_currency(definition)
    if currency == own:
        return 1.0
    per = {definition.rates.base: 1.0, **definition.rates.per} if definition.rates else {}
    if own in per and currency in per:
        return per[currency] / per[own]
    known = ", ".join(sorted(per)) or own
    raise NoRate(f"There is no planning rate from {own} to {currency}; choose one of {known}, or give a rate.")
