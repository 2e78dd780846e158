"""Which firm a row is of: one that the service has, one of an earlier row, or a new one.

A firm is known again by its registration number in its country; a row without a number, or a firm that has none here,
by its name in country and region. What is kept of a firm is two numbers: some 70 MB for a million firms.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.firm_duplicates import plain_name, plain_number
from assessment.number_maps import NumberMap
from assessment.particulars import WAITING
from assessment.tables import Firm

SEVERAL = 0  # firms with this name


class KnownFirms:
    """The firms of the service by their own number, and new ones by -1, -2, … in the order of the file."""

    def __init__(self) -> None:
        self.new = 0
        self.newest_id = 0  # up to here every firm of the service is known
        self._by_number = NumberMap()
        self._by_name = NumberMap()  # twice the firm, and one more where that has a number

    def load(self, session: Session) -> None:
        """Learn all firms of the service."""
        columns = Firm.id, Firm.name, Firm.country, Firm.region, Firm.registration_number
        waits = False
        for firm_id, name, country, region, number in session.execute(
            select(*columns).order_by(Firm.id).execution_options(yield_per=10_000)
        ):
            if country == WAITING:  # it may be in before we are
                waits = waits or firm_id > 0
                continue
            self._add(firm_id, *keys_of(name, country, region, number))
            if not waits:
                self.newest_id = firm_id

    def find(self, name: str, country: str, region: str, number: str) -> int | None:
        """The firm of a row; None where the name stands for several. A new firm is known from now on."""
        by_number, by_name = keys_of(name, country, region, number)
        if by_number is not None and (found := self._by_number.get(by_number)) is not None:
            return found
        found, is_numbered = self._named(by_name)
        if by_number is None:
            if found == SEVERAL:
                return None
            if found is not None:
                return found
        elif found is not None and found != SEVERAL and not is_numbered:
            self._by_number[by_number] = found
            self._by_name[by_name] = 2 * found + 1
            return found
        self.new += 1
        self._add(-self.new, by_number, by_name)
        return -self.new

    def has_number(self, country: str, number: str) -> bool:
        """Whether a firm of this country has this registration number."""
        by_number, _ = keys_of("", country, "", number)
        return by_number is not None and self._by_number.get(by_number) is not None

    def has_new(self, firms: Iterable[tuple[str, str, str, str]]) -> bool:
        """Whether one of these firms, which came to the service since, is one that a file brings as new."""
        for each in firms:
            by_number, by_name = keys_of(*each)
            found = (self._by_number.get(by_number) if by_number is not None else None, self._named(by_name)[0])
            if any(ref is not None and ref < 0 for ref in found):
                return True
        return False

    def _named(self, by_name: int) -> tuple[int | None, bool]:
        """The firm with this name, and whether it has a number."""
        found = self._by_name.get(by_name)
        return (None, False) if found is None else (found >> 1, bool(found & 1))

    def _add(self, ref: int, by_number: int | None, by_name: int) -> None:
        if by_number is not None:
            self._by_number.setdefault(by_number, ref)
        is_alone = self._by_name.get(by_name) is None
        self._by_name[by_name] = 2 * ref + (by_number is not None) if is_alone else 2 * SEVERAL


def keys_of(name: str, country: str, region: str, number: str) -> tuple[int | None, int]:
    """A firm's registration number and its name, each as a number of 64 bits; no two of a million firms share one."""
    plain = plain_number(number) if number and country else ""
    return (hash((country, plain)) if plain else None), hash((country, region, plain_name(name) or name))
