"""What a firm says stands in its way, read as it comes in: at most three things of the list, or nothing at all."""

from collections.abc import Sequence

from assessment.errors import N_, Invalid
from assessment.hindrances import HINDRANCES, NOTHING

MOST = 3


class TooManyHindrances(Invalid):
    """More are named than tell what stands first."""

    def __init__(self) -> None:
        super().__init__(N_("Choose %(most)s things at most: those that stand most in the way."), most=MOST)


class NothingAndSomething(Invalid):
    """Both cannot be true."""

    def __init__(self) -> None:
        super().__init__(N_("Choose what stands in the way, or that nothing does, but not both."))


class UnknownHindrance(Invalid):
    """It is not in the list."""

    def __init__(self, given: str) -> None:
        super().__init__(
            N_("‘%(given)s’ is not in the list. Choose from: %(known)s."),
            given=given,
            known=", ".join((*HINDRANCES, NOTHING)),
        )


def read_hindrances(chosen: Sequence[str]) -> tuple[str, ...] | None:
    """What was chosen, in the order of the list: () for nothing in the way, None where nothing was chosen.

    Raises:
        UnknownHindrance, TooManyHindrances, NothingAndSomething: it cannot be meant.
    """
    strange = next((each for each in chosen if each not in HINDRANCES and each != NOTHING), None)
    if strange is not None:
        raise UnknownHindrance(strange[:40])
    found = tuple(id for id in HINDRANCES if id in chosen)
    if found and NOTHING in chosen:
        raise NothingAndSomething
    if len(found) > MOST:
        raise TooManyHindrances
    return found if chosen else None
