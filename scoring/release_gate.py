"""The gate before a release: every secret bounded by linear programmes, and a release that fails does not go out.

An attacker is assumed to know more than is shown: numbers and sums unrounded, which crossings hold any firm at all, and
all earlier releases. For each secret the interval of its number of firms has to be wide enough, and for sums of weights
it has to reach beyond the protection level of the p% rule on both sides.
"""

from dataclasses import dataclass

import numpy as np

from scoring.bounds import Intervals, Mask, Need, binding, intervals
from scoring.cell_statistics import concentration
from scoring.disclosure import Pattern, pattern
from scoring.dominance import Rules, protection_levels
from scoring.elimination import follows
from scoring.waves import Ground, all_shown

MOST_REPAIRS = 12
SLACK = 1e-5


class ReleaseRefused(Exception):
    """The release would give something away; the reasons name what, never how much."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


@dataclass(frozen=True, slots=True)
class Protection:
    """What the audit found of every secret of a release.

    Attributes:
        firms: the intervals of their numbers of firms.
        amounts: the intervals of their sums of weights; None where every firm counts the same.
        failed: which secrets are not protected well enough.
        told: how many of the secrets follow exactly from what is shown.
        narrowest: the narrowest interval found for a number of firms; infinite when there is no secret.
    """

    firms: Intervals
    amounts: Intervals | None
    failed: Mask
    told: int
    narrowest: float

    @property
    def reasons(self) -> tuple[str, ...]:
        said = [(self.told, "sums follow exactly from what is shown"), (int(self.failed.sum()), "sums can be bounded")]
        return tuple(f"{count} {what}" for count, what in said if count)


@dataclass(frozen=True, slots=True)
class Release:
    """A pattern that has passed the gate, with what the audit found; nothing of it but `pattern.shown` goes out."""

    pattern: Pattern
    protection: Protection
    repairs: int


def audit(of: Ground, found: Pattern, rules: Rules) -> Protection:
    """Bound every secret of a pattern, given everything shown now and before."""
    shown = all_shown(of, found.shown)
    secrets = found.secrets
    size = concentration(abs(secrets), of.who)
    few = (size.n < rules.threshold) & (size.n > 0)
    zero = np.zeros(len(few))
    need = Need(zero, zero, np.where(few, float(rules.width), SLACK))
    firms = intervals(shown, secrets, of.units.astype(np.float64), need)
    failed = ~need.met(firms, SLACK)
    amounts = None
    if of.who.amount is not None:
        level = protection_levels(size, rules.p)
        need = Need(level, level, zero)
        amounts = intervals(shown, secrets, of.who.total, need)
        failed |= ~need.met(amounts, SLACK * float(of.who.total.max(initial=1.0)))
    failed &= ~found.lost
    width = (firms.highest - firms.lowest)[few & ~found.lost]
    told = follows(secrets, shown) & ~found.lost
    return Protection(firms, amounts, failed | told, int(told.sum()), float(width.min(initial=np.inf)))


def release(of: Ground, rules: Rules, held_back: Mask | None = None) -> Release:
    """The pattern of a release that passes the gate; where a secret is bounded too closely, partners are held back too.

    Cells `held_back` for another reason stay secret.

    Raises:
        ReleaseRefused: secrets are still bounded too closely after a fixed number of repairs.
        NotSettled: no pattern was found.
    """
    held_back = np.zeros(of.cells.count, dtype=np.bool_) if held_back is None else held_back.copy()
    for repairs in range(MOST_REPAIRS + 1):
        found = pattern(of, rules, held_back)
        protection = audit(of, found, rules)
        if not protection.failed.any():
            return Release(found, protection, repairs)
        held_back |= _partners(of, found, protection.failed)
    raise ReleaseRefused(protection.reasons)


def _partners(of: Ground, found: Pattern, failed: Mask) -> Mask:
    """One more cell to hold back for each failed secret: the smallest of the shown ones that bound it from above.

    Where they are not found, the smallest shown cell around the secret. What holds all firms stays if anything else
    can go.
    """
    cells, members = of.cells, of.cells.members()
    size = members @ of.units
    shown = np.flatnonzero(found.shown)
    chosen = np.zeros(cells.count, dtype=np.bool_)
    for secret in np.flatnonzero(failed):
        row = found.secrets[[secret]]
        cells_bounding = shown[binding(members[shown], row, of.units.astype(np.float64))]
        around = [cell for cell in cells.of_atom[:, row.indices[0]] if cell >= 0 and found.shown[cell]]
        candidates = cells_bounding if len(cells_bounding) else np.array(around, dtype=np.int64)
        if len(candidates):
            chosen[candidates[np.argmin(size[candidates])]] = True
    return chosen
