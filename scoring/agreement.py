"""The level on which a room settles, and whether it is agreed by the rule that was fixed before."""

from dataclasses import dataclass
from typing import Literal

from scoring.dispersion import SMALLEST_GROUP, Dispersion
from scoring.group_difference import GroupDifference

Shortfall = Literal["too_few_votes", "low_agreement", "scattered", "many_unknown", "groups_differ"]


@dataclass(frozen=True, slots=True)
class AgreementRule:
    """When a room is agreed on a question; chosen when the workshop is planned, before anybody votes.

    All must hold: at least `fewest` rated votes; agreement A of at least `least_agreement`; at least `least_pair_share`
    of the rated votes on two adjacent levels (75 % is the median threshold of 100 Delphi studies: Diamond et al. 2014,
    J. Clin. Epidemiol. 67:401-409); at most `most_unknown` of those concerned do not know; and no two groups clearly
    apart by `widest_difference` levels or more. The other four defaults are illustrative.
    """

    fewest: int = SMALLEST_GROUP
    least_agreement: float = 0.5
    least_pair_share: float = 0.75
    most_unknown: float = 1 / 3
    widest_difference: float = 1.0

    def __post_init__(self) -> None:
        if self.fewest < 2 or not -1 <= self.least_agreement <= 1:
            raise ValueError("a rule of agreement takes two votes or more, and an agreement from -1 to 1")
        if not (0 <= self.least_pair_share <= 1 and 0 <= self.most_unknown <= 1 and self.widest_difference >= 0):
            raise ValueError("shares are from 0 to 1, and a difference is not below 0")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The level that is suggested (None when nobody rated) and what is missing for the room to be agreed."""

    level: int | None
    missing: tuple[Shortfall, ...]

    @property
    def reached(self) -> bool:
        """Whether the room is agreed."""
        return not self.missing


def agreement(room: Dispersion, rule: AgreementRule, difference: GroupDifference | None = None) -> Agreement:
    """Suggest the median vote, the lower of two middle ones, and say whether the room is agreed on it.

    `difference` is the widest between two groups, where there are groups to show. Agreement says that the room may go
    on, not that it is right: people also agree because others do.
    """
    measured = room.agreement is not None and room.pair_share is not None
    fails: dict[Shortfall, bool] = {
        "too_few_votes": room.rated < rule.fewest,
        "low_agreement": measured and (room.agreement or 0.0) < rule.least_agreement,
        "scattered": measured and (room.pair_share or 0.0) < rule.least_pair_share,
        "many_unknown": (room.unknown_share or 0.0) > rule.most_unknown,
        "groups_differ": difference is not None and differ(difference, rule),
    }
    return Agreement(room.median, tuple(code for code, failed in fails.items() if failed))


def differ(difference: GroupDifference, rule: AgreementRule) -> bool:
    """Whether two groups are clearly apart and by as much as matters."""
    return difference.clear and difference.difference >= rule.widest_difference
