"""Published elections: ballots from the first place to the last, with how many people cast each."""

import numpy as np
from numpy.typing import NDArray

# Schulze (2011), Social Choice and Welfare 36:267-303, example 1
SCHULZE_1 = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
# Condorcet (1785), after Young (1988), American Political Science Review 82:1231-1244
CONDORCET = {"ABC": 23, "BCA": 17, "BAC": 2, "CAB": 10, "CBA": 8}


def rankings(ballots: dict[str, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The place of each item, in the order of the alphabet, on each ballot; and the people of each ballot."""
    places = [[ballot.index(item) + 1 for item in sorted(ballot)] for ballot in ballots]
    return np.array(places, dtype=np.float64), np.array(list(ballots.values()), dtype=np.float64)
