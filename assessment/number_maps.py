"""Whole numbers by whole numbers, millions of them: some 32 bytes each, where a dictionary takes 170."""

from array import array

FIRST_PLACES = 1 << 10
FREE = -(1 << 63)  # no value is this one
SPREAD = 0x9E3779B97F4A7C15  # 2 ** 64 by the golden ratio: numbers in a row fall far apart
WORD = (1 << 64) - 1


class NumberMap:
    """A table with open addressing; numbers and values have 64 bits."""

    def __init__(self) -> None:
        self._make(FIRST_PLACES)

    def _make(self, places: int) -> None:
        self._count = 0
        self._shift = 64 - (places.bit_length() - 1)
        self._keys = array("q", bytes(8 * places))
        self._values = array("q", [FREE]) * places

    def __len__(self) -> int:
        return self._count

    def get(self, key: int) -> int | None:
        value = self._values[self._place(key)]
        return None if value == FREE else value

    def __setitem__(self, key: int, value: int) -> None:
        place = self._place(key)
        if self._values[place] == FREE:
            self._count += 1
            if self._count * 5 > len(self._values) * 3:
                self._grow()
                self[key] = value
                return
            self._keys[place] = key
        self._values[place] = value

    def setdefault(self, key: int, value: int) -> int:
        """What is there, or else this value from now on."""
        found = self.get(key)
        if found is None:
            self[key] = value
            return value
        return found

    def _place(self, key: int) -> int:
        keys, values, last = self._keys, self._values, len(self._values) - 1
        place = (key * SPREAD & WORD) >> self._shift
        while values[place] != FREE and keys[place] != key:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._make(2 * len(values))
        for key, value in zip(keys, values, strict=True):
            if value != FREE:
                self[key] = value
