"""How large a firm is, as far as its profile says."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.answers import ProfileValue
from questionnaires.library import SIZES, Size

# Eurostat, Structural business statistics: micro below 10 persons employed, small below 50, medium below 250.
BELOW: tuple[tuple[float, Size], ...] = ((10, "micro"), (50, "small"), (250, "medium"))


@dataclass(frozen=True, slots=True)
class SizeClass:
    """A size class; `is_assumed` where the profile does not say, and `small` is taken."""

    size: Size
    is_assumed: bool = False


def size_class(profile: Mapping[str, ProfileValue]) -> SizeClass:
    """The firm's own class (field `size`), or by its head count (field `employees`), or small, as an assumption."""
    named = next((size for size in SIZES if size == profile.get("size")), None)
    if named is not None:
        return SizeClass(named)
    employees = profile.get("employees")
    if isinstance(employees, int | float):
        return SizeClass(next((size for limit, size in BELOW if employees < limit), "large"))
    return SizeClass("small", is_assumed=True)


# Illustrative: the head count taken where the profile gives only a size class.
TYPICAL: Mapping[Size, float] = {"micro": 5, "small": 25, "medium": 110, "large": 400}
SHARE_FOR_CHANGE = 0.03  # illustrative: the part of all working time that goes into improvement
WORKING_DAYS = 220.0  # a year, of one person
MONTHS_OF_PHASES = (3, 9, 24)


def assumed_days(profile: Mapping[str, ProfileValue]) -> tuple[float, float, float]:
    """Staff days a firm may give to its roadmap in each phase when it names none: 3 % of its working time.

    An assumption so that a plan without a limit does not ask for everything at once; illustrative. At least 10 days in
    the first phase and in proportion after it, so that the owner of a workshop gets a plan as well. They yield to the
    firm's must-dos (`scoring.impossible.days_for_must`).
    """
    employees = profile.get("employees")
    people = float(employees) if isinstance(employees, int | float) else TYPICAL[size_class(profile).size]
    a_year = max(people * WORKING_DAYS * SHARE_FOR_CHANGE, 40.0)
    first, second, third = (float(round(a_year * months / 12)) for months in MONTHS_OF_PHASES)
    return first, second, third
