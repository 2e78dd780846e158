"""Numbers by numbers: what a dictionary would say, in a fraction of its memory."""

import random
import tracemalloc

from assessment.number_maps import NumberMap


def test_it_says_what_a_dictionary_says() -> None:
    chance = random.Random(5)
    said, known = NumberMap(), dict[int, int]()
    for _ in range(20_000):
        key = chance.choice(
            (chance.randrange(-(1 << 63), 1 << 63), chance.randrange(-300, 300), chance.randrange(9) << 40)
        )
        value = chance.randrange(-(1 << 62), 1 << 62)
        if chance.random() < 0.5:
            said[key] = known[key] = value
        else:
            assert said.setdefault(key, value) == known.setdefault(key, value)
        other = chance.randrange(-400, 400)
        assert said.get(other) == known.get(other)
    assert len(said) == len(known)
    assert all(said.get(key) == value for key, value in known.items())


def test_a_number_takes_at_most_64_bytes() -> None:
    tracemalloc.start()
    try:
        said = NumberMap()
        for number in range(20_000):
            said[-number << 20] = number
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held / len(said) < 64
