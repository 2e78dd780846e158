"""How large a firm is under three official schemes, side by side: none of them is taken for granted.

- European Union: Commission Recommendation 2003/361/EC, annex, article 2: head count below 10, 50 and 250, and yearly
  turnover at most 2, 10 and 50 million EUR. Both must hold, so the larger of the two classes counts. The balance sheet
  total, which may stand in for the turnover, and linked firms are not asked about.
- World Bank Enterprise Surveys, sampling methodology (2009): 5 to 19, 20 to 99, 100 and more employees.
- SME Corporation Malaysia, guideline on the SME definition (2013, in force since 2014): turnover in MYR or full-time
  employees, apart for manufacturing and for services and other sectors; the smaller of the two classes counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from questionnaires.library import SIZES, Rates, Size

Basis = Literal["employees", "turnover"]
Lack = Literal["employees", "either", "rate", "activity", "too_small"]
Limit = Callable[[float], Size]

EU_MEMBERS = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
MANUFACTURING = "C"  # section of ISIC Rev. 4


@dataclass(frozen=True, slots=True)
class Scheme:
    """An official scheme of size classes."""

    id: str
    source: str
    year: int
    currency: str | None = None


EU = Scheme("eu", "Commission Recommendation 2003/361/EC", 2003, "EUR")
WORLD_BANK = Scheme("world_bank", "World Bank Enterprise Surveys", 2009)
SME_CORP = Scheme("sme_corp", "SME Corporation Malaysia, SME definition", 2013, "MYR")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the schemes ask of a firm; each may be unknown. `turnover` is a year's, in `currency`."""

    employees: int | None = None
    turnover: float | None = None
    currency: str = ""
    section: str = ""  # ISIC Rev. 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """A firm's class under one scheme, what it rests on, and what is lacking for it or for a surer one."""

    scheme: Scheme
    size: Size | None
    basis: tuple[Basis, ...] = ()
    is_converted: bool = False  # the turnover was converted at an illustrative planning rate
    lacks: Lack | None = None


def verdicts(facts: Facts, rates: Rates | None = None) -> tuple[Verdict, ...]:
    """The firm's class under each scheme. A turnover in a currency without a rate is left out, never guessed."""
    return _european_union(facts, rates), _world_bank(facts), _malaysia(facts, rates)


def turnover_class(country: str, facts: Facts) -> Size | None:
    """The class by yearly turnover alone, where the country's own scheme is one of these and the currency is its own.

    No conversion: what a firm answers must not hang on an illustrative rate.
    """
    if facts.turnover is None:
        return None
    if country == "MY" and facts.currency == SME_CORP.currency:
        found = {_by_turnover(limits)(facts.turnover) for limits in _malaysian_limits(facts.section)}
        return found.pop() if len(found) == 1 else None
    if country in EU_MEMBERS and facts.currency == EU.currency:
        return _up_to(2e6, 10e6, 50e6)(facts.turnover)
    return None


def _european_union(facts: Facts, rates: Rates | None) -> Verdict:
    if facts.employees is None:
        return Verdict(EU, None, lacks="employees")
    by_people = _below(10, 50, 250)(facts.employees)
    if facts.turnover is None:
        return Verdict(EU, by_people, ("employees",))
    amount = _converted(facts, EU, rates)
    if amount is None:
        return Verdict(EU, by_people, ("employees",), lacks="rate")
    size = _larger(by_people, _up_to(2e6, 10e6, 50e6)(amount))
    return Verdict(EU, size, ("employees", "turnover"), facts.currency != EU.currency)


def _world_bank(facts: Facts) -> Verdict:
    if facts.employees is None:
        return Verdict(WORLD_BANK, None, lacks="employees")
    if facts.employees < 5:
        return Verdict(WORLD_BANK, None, ("employees",), lacks="too_small")
    return Verdict(
        WORLD_BANK, "small" if facts.employees < 20 else "medium" if facts.employees < 100 else "large", ("employees",)
    )


@dataclass(frozen=True, slots=True)
class _Malaysian:
    """Where micro, small and medium end: below the first two, up to the third."""

    employees: tuple[float, float, float]
    turnover: tuple[float, float, float]


MALAYSIAN: Mapping[str, _Malaysian] = {
    "manufacturing": _Malaysian((5, 75, 200), (0.3e6, 15e6, 50e6)),
    "services": _Malaysian((5, 30, 75), (0.3e6, 3e6, 20e6)),
}


def _malaysian_limits(section: str) -> tuple[_Malaysian, ...]:
    """The limits of the firm's sector, or those of both where it is not known."""
    if not section:
        return tuple(MALAYSIAN.values())
    return (MALAYSIAN["manufacturing" if section == MANUFACTURING else "services"],)


def _malaysia(facts: Facts, rates: Rates | None) -> Verdict:
    amount = _converted(facts, SME_CORP, rates)
    is_without_rate = facts.turnover is not None and amount is None
    if facts.employees is None and amount is None:
        return Verdict(SME_CORP, None, lacks="rate" if is_without_rate else "either")
    found = {_malaysian_size(limits, facts.employees, amount) for limits in _malaysian_limits(facts.section)}
    if len(found) > 1:
        return Verdict(SME_CORP, None, lacks="activity")
    known: Mapping[Basis, float | None] = {"employees": facts.employees, "turnover": amount}
    basis = tuple(name for name, value in known.items() if value is not None)
    is_converted = amount is not None and facts.currency != SME_CORP.currency
    return Verdict(SME_CORP, found.pop(), basis, is_converted, "rate" if is_without_rate else None)


def _malaysian_size(limits: _Malaysian, employees: int | None, turnover: float | None) -> Size:
    found = [_of(limits.employees)(employees)] if employees is not None else []
    found += [_by_turnover(limits)(turnover)] if turnover is not None else []
    return min(found, key=SIZES.index)


def _by_turnover(limits: _Malaysian) -> Limit:
    return _of(limits.turnover)


def _of(limits: tuple[float, float, float]) -> Limit:
    first, second, third = limits
    return lambda value: (
        "micro" if value < first else "small" if value < second else "medium" if value <= third else "large"
    )


def _below(first: float, second: float, third: float) -> Limit:
    return lambda value: (
        "micro" if value < first else "small" if value < second else "medium" if value < third else "large"
    )


def _up_to(first: float, second: float, third: float) -> Limit:
    return lambda value: (
        "micro" if value <= first else "small" if value <= second else "medium" if value <= third else "large"
    )


def _larger(one: Size, other: Size) -> Size:
    return max(one, other, key=SIZES.index)


def _converted(facts: Facts, scheme: Scheme, rates: Rates | None) -> float | None:
    """The turnover in the scheme's currency; None when there is none or no planning rate."""
    if facts.turnover is None or scheme.currency is None:
        return None
    if facts.currency == scheme.currency:
        return facts.turnover
    per = {rates.base: 1.0, **rates.per} if rates else {}
    if facts.currency not in per or scheme.currency not in per:
        return None
    return facts.turnover * per[scheme.currency] / per[facts.currency]
