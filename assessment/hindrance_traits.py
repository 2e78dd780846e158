"""What stands in the way of firms, in the tables of a release: of those who have said, who names what."""

import numpy as np
from numpy.typing import NDArray

from assessment.hindrances import HINDRANCES
from assessment.release_traits import Trait, Traits
from assessment.release_units import NOT_SAID, Units
from scoring.lattices import Integers

NAME = "H"


def hindrances_of(units: Units, ids: Integers | None) -> Traits:
    """What stands in the way of each unit; `ids` are numbers of the units that change with what they say."""
    traits = [Trait(f"{NAME}:{id}", _said(units.hindrances, place)) for place, id in enumerate(HINDRANCES)]
    return Traits(NAME, tuple(traits), ids)


def _said(numbers: NDArray[np.int32], place: int) -> NDArray[np.float64]:
    return np.where(numbers == NOT_SAID, np.nan, (numbers >> place & 1).astype(np.float64))
