"""Which cells of a release go out so that nobody's answers can be worked out: one pattern for all its figures.

A cell is held back because it is unsafe itself, or because a secret would follow from it and the others (whatever the
chain, and whatever earlier releases showed). Nobody is told which of the two. Secret are the unsafe cells of this
release and of earlier ones, differences of few firms between two cells, and what is left of a total, now or then, after
its shown parts when that is unsafe.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from scoring.cell_statistics import concentration
from scoring.dominance import Rules, is_unsafe
from scoring.elimination import decide
from scoring.lattices import Cells, Integers
from scoring.remainders import remainders, without_repeats
from scoring.waves import Ground, Mask, changed_remainders, past_remainders, past_secrets, small_differences

MOST_ROUNDS = 20


class NotSettled(Exception):
    """New unsafe remainders kept appearing; the release has to be made coarser."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What goes out.

    Attributes:
        shown: of each cell whether its figures go out; every other cell has the one status "held back".
        secrets: the sums, as rows over atoms, that must not follow from what is shown.
        unsafe: of each cell whether it is unsafe itself. Never leaves the release's own audit.
        lost: which secrets follow from earlier releases already: nothing done now can mend them.
        rounds: how often unsafe remainders were found and the pattern made anew.
    """

    shown: Mask
    secrets: csr_array
    unsafe: Mask
    lost: Mask
    rounds: int


def pattern(of: Ground, rules: Rules, held_back: Mask | None = None) -> Pattern:
    """The pattern of a release; cells `held_back` for another reason stay secret too.

    Raises:
        NotSettled: no pattern was found within a fixed number of rounds.
    """
    cells, members = of.cells, of.cells.members()
    weighted = of.who.amount is not None
    unsafe = is_unsafe(concentration(members, of.who), rules, weighted)
    secret = unsafe if held_back is None else unsafe | held_back
    order = _most_wanted_first(cells, members @ of.units, ~secret)
    differences = small_differences(of, ~secret, rules)
    unsafe_rows = [members[np.flatnonzero(secret)], differences, past_secrets(of, rules)]
    secrets = without_repeats(vstack(unsafe_rows, format="csr"))
    for rounds in range(1, MOST_ROUNDS + 1):
        decided = decide(members[order], secrets, of.known)
        shown = np.zeros(cells.count, dtype=np.bool_)
        shown[order[decided.published]] = True
        left = _unsafe_remainders(of, shown, rules)
        more = without_repeats(vstack([secrets, left], format="csr"))
        if more.shape[0] == secrets.shape[0]:
            return Pattern(shown, secrets, unsafe, decided.lost, rounds)
        secrets = more
    raise NotSettled(f"unsafe remainders still appear after {MOST_ROUNDS} rounds")


def _most_wanted_first(cells: Cells, n: Integers, candidates: Mask) -> Integers:
    """Candidates by table, the coarsest first, in a table the largest first: totals are shown as long as can be."""
    chosen = np.flatnonzero(candidates)
    in_table = np.bincount(cells.table, minlength=len(cells.lattice.tables))
    fineness = in_table[cells.table[chosen]]
    return chosen[np.lexsort((-n[chosen], cells.table[chosen], fineness))]


def _unsafe_remainders(of: Ground, shown: Mask, rules: Rules) -> csr_array:
    weighted = of.who.amount is not None
    present = np.where(of.cells.of_atom[0] >= 0, 1, 0)
    rows = remainders(of.cells, shown, present)
    unsafe = is_unsafe(concentration(rows, of.who), rules, weighted)
    since = [changed_remainders(of, shown, rules), past_remainders(of, shown, rules)]
    return csr_array(vstack([rows[unsafe], *since]))
