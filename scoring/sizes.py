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
