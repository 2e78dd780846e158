"""The gate before a release: every secret bounded by linear programmes, and a release that fails does not go out.

An attacker is assumed to know more than is shown: numbers and sums unrounded, which crossings hold any firm at all, and
all earlier releases. For each secret the interval of its number of firms has to be wide enough, and for sums of weights
it has to reach beyond the protection level of the p% rule on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from scoring.bounds import Intervals, Mask, Need, binding, intervals, slack_of
from scoring.cell_statistics import concentration
from scoring.disclosure import Pattern, pattern
from scoring.dominance import Rules, protection_levels
from scoring.elimination import follows
from scoring.lattices import Integers
from scoring.release_views import View
from scoring.waves import Ground, all_shown

MOST_REPAIRS = 12
SLACK = 1e-5
FOLLOW, BOUNDED = "follow", "bounded"  # what is wrong with some sums: known exactly, or too closely
Reason = tuple[str, int]  # what, and of how many sums


class ReleaseRefused(Exception):
    """The release would give something away; the reasons name what, never how much."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(f"{what}: {count}" for what, count in reasons))


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
    def reasons(self) -> tuple[Reason, ...]:
        found = ((FOLLOW, self.told), (BOUNDED, int(self.failed.sum())))
        return tuple((what, count) for what, count in found if count)


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
    few = (size.n < rules.threshold) & (size.n > 0) & ~found.lost
    zero = np.zeros(len(few))
    need = Need(zero, zero, np.where(few, float(rules.width), np.where(found.lost, 0.0, SLACK)))
    units = of.units.astype(np.float64)
    firms = intervals(shown, secrets, units, need)
    failed = ~need.met(firms, max(SLACK, slack_of(units)))  # what was wide enough for the programmes is so here
    amounts = None
    if of.who.amount is not None:
        level = np.where(found.lost, 0.0, protection_levels(size, rules.p))
        need = Need(level, level, zero)
        amounts = intervals(shown, secrets, of.who.total, need)
        failed |= ~need.met(amounts, SLACK * float(of.who.total.max(initial=1.0)))
    failed &= ~found.lost
    if amounts is None and failed.any():
        failed[failed] = _closer_than_before(of, secrets[np.flatnonzero(failed)], firms, failed)
    width = (firms.highest - firms.lowest)[few]
    told = follows(secrets, shown) & ~found.lost
    return Protection(firms, amounts, failed | told, int(told.sum()), float(width.min(initial=np.inf)))


def _closer_than_before(of: Ground, secrets: csr_array, firms: Intervals, at: Mask) -> Mask:
    """Of secrets that are bounded too closely, whether this release bounds them closer than earlier ones do alone.

    What those have told cannot be held back any more: a release that adds nothing to it is not refused for it. Where a
    secret has atoms of which they told nothing, they did not bound it at all.
    """
    untold = np.asarray(abs(of.known_short).sum(axis=0)).ravel() == 0
    new: Mask = abs(secrets) @ untold.astype(np.int64) > 0
    zero = np.zeros(secrets.shape[0])
    to_the_end = Need(zero, zero, np.full(len(zero), np.inf))
    before = intervals(of.known_short, secrets, of.units.astype(np.float64), to_the_end)
    closer: Mask = (before.highest > firms.highest[at] + SLACK) | (before.lowest < firms.lowest[at] - SLACK)
    return closer | new | ~before.exact


def release(of: Ground, rules: Rules, held_back: Mask | None = None, views: Sequence[View] = ()) -> Release:
    """The pattern of a release that passes the gate; where a secret is bounded too closely, partners are held back too.

    Cells `held_back` for another reason stay secret. With `views` the programmes bound each secret by the tables of
    every view that it can be told in, and by all tables where it can be told in none; that nothing follows exactly is
    always decided over all tables.

    Raises:
        ReleaseRefused: secrets are still bounded too closely after a fixed number of repairs.
        NotSettled: no pattern was found.
    """
    held_back = np.zeros(of.cells.count, dtype=np.bool_) if held_back is None else held_back.copy()
    new = ~follows(of.cells.members(), of.known)
    for repairs in range(MOST_REPAIRS + 1):
        found = pattern(of, rules, held_back)
        protection, more = _audited(of, found, rules, views, new)
        if not protection.failed.any():
            return Release(found, protection, repairs)
        if not more.any():
            break
        held_back |= more
    raise ReleaseRefused(protection.reasons)


def _audited(of: Ground, found: Pattern, rules: Rules, views: Sequence[View], new: Mask) -> tuple[Protection, Mask]:
    """What the audit finds, view by view, and which of the `new` cells to hold back for what it finds wanting."""
    if not views:
        protection = audit(of, found, rules)
        return protection, _partners(of, found, protection.failed, new)
    told = follows(found.secrets, all_shown(of, found.shown)) & ~found.lost
    failed, narrowest, partners = told.copy(), np.inf, np.zeros(of.cells.count, dtype=np.bool_)
    unseen = np.ones(len(failed), dtype=np.bool_)
    parts: list[tuple[Ground, Pattern, Integers, Integers]] = []
    for view in views:
        at, secrets = view.told(found.secrets)
        unseen[at] = False
        seen = Pattern(found.shown[view.cell], secrets, found.unsafe[view.cell], found.lost[at], found.rounds)
        parts.append((view.of, seen, at, view.cell))
    rest = np.flatnonzero(unseen)
    alone = Pattern(found.shown, found.secrets[rest], found.unsafe, found.lost[rest], found.rounds)
    parts.append((of, alone, rest, np.arange(of.cells.count)))
    intervals_: list[Intervals] = []
    for ground_, seen, at, cell in parts:
        if len(at):
            protection = audit(ground_, seen, rules)
            intervals_.append(protection.firms)
            failed[at] |= protection.failed
            narrowest = min(narrowest, protection.narrowest)
            partners[cell[_partners(ground_, seen, protection.failed, new[cell])]] = True
    if told.any():
        partners |= _partners(of, found, told, new)
    return Protection(_joined(intervals_), None, failed, int(told.sum()), narrowest), partners


def _joined(found: Sequence[Intervals]) -> Intervals:
    if not found:
        return Intervals(np.empty(0), np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_))
    columns = zip(*((each.value, each.lowest, each.highest) for each in found), strict=True)
    value, lowest, highest = (np.concatenate(column) for column in columns)
    return Intervals(value, lowest, highest, np.concatenate([each.exact for each in found]))


def _partners(of: Ground, found: Pattern, failed: Mask, new: Mask) -> Mask:
    """One more cell to hold back for each failed secret: the smallest of the shown ones that bound it.

    Cells from above come first, then cells from below; where none is found, the smallest shown cell around the secret.
    What follows from earlier releases is known whether or not it is shown again, so only `new` cells can help. What
    holds all firms stays if anything else can go.
    """
    cells, members = of.cells, of.cells.members()
    size = members @ of.units
    shown = np.flatnonzero(found.shown & new)
    rows = csr_array(vstack([members[shown], of.known], format="csr"))
    chosen = np.zeros(cells.count, dtype=np.bool_)
    for secret in np.flatnonzero(failed):
        row = found.secrets[[secret]]
        around = [cell for cell in cells.of_atom[:, row.indices[0]] if cell >= 0 and found.shown[cell] and new[cell]]
        candidates = np.array(around, dtype=np.int64)
        for side in (row, -row):
            bounding = binding(rows, side, of.units.astype(np.float64))
            if len(bounding := bounding[bounding < len(shown)]):
                candidates = shown[bounding]
                break
        if len(candidates):
            chosen[candidates[np.argmin(size[candidates])]] = True
    return chosen
