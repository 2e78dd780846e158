"""The rules of a workshop, fixed before it starts: how many gaps are put in order, and when asking ends."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from assessment.errors import N_, Invalid

PROTOCOL = "best-worst 1"  # what learning never mixes: changes with the way people are asked
GRACE_SECONDS = 60  # answers that were given without a connection still count this long after a round is closed


@dataclass(frozen=True, slots=True)
class WorkshopRules:
    """What is decided beforehand. Shares are of 1.

    Defaults follow the measurements cited in docs/method.md; `agreement` is van der Eijk's A.
    """

    shortlist: int = 10  # gaps that people put in order, 8 to 15
    screens: int = 5  # best-worst screens of four per person, 5 or 6
    top: int = 5  # places that matter
    most_rounds: int = 3
    settled: float = 0.1  # a place among the top is settled when its chance is below this or above 1 less this
    least_change: float = 0.15  # stable when fewer than this share of the answers changed
    agreement: float = 0.5  # from here on a question counts as agreed
    silent_voice: int = 5  # people that earlier workshops are worth in the order; 0 is none

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "WorkshopRules":
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in record.items() if name in known})

    def check(self) -> None:
        """Refuse rules that no workshop can follow.

        Raises:
            Invalid: says which, and between what bounds.
        """
        for name, (low, high) in BOUNDS.items():
            if not low <= getattr(self, name) <= high:
                raise Invalid(LABELS[name], low=low, high=high)
        if self.top >= self.shortlist:
            raise Invalid(N_("The top places must be fewer than the gaps on the short list."))


BOUNDS: dict[str, tuple[float, float]] = {
    "shortlist": (8, 15),
    "screens": (3, 8),
    "top": (1, 8),
    "most_rounds": (1, 3),
    "settled": (0.01, 0.3),
    "least_change": (0.05, 0.5),
    "agreement": (0.2, 0.9),
    "silent_voice": (0, 5),
}
LABELS = {
    "shortlist": N_("The short list holds %(low)d to %(high)d gaps."),
    "screens": N_("Each person gets %(low)d to %(high)d screens."),
    "top": N_("The top places are %(low)d to %(high)d."),
    "most_rounds": N_("There are %(low)d to %(high)d rounds at most."),
    "settled": N_("The chance at which a place is settled lies between %(low).2f and %(high).2f."),
    "least_change": N_("The share of changed answers lies between %(low).2f and %(high).2f."),
    "agreement": N_("The agreement lies between %(low).1f and %(high).1f."),
    "silent_voice": N_("Earlier workshops are worth %(low)d to %(high)d people."),
}
