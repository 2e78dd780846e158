"""Whose votes are counted together: the declared groups of a room, and what becomes of groups too small to be shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.dispersion import SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Block:
    """One or more declared groups that have one voice together, and are shown as one."""

    groups: tuple[str, ...]
    people: int

    @property
    def shown(self) -> bool:
        """Whether its figures may be shown; false only where the whole room is below five people."""
        return self.people >= SMALLEST_GROUP


def blocks_of(groups: Sequence[str]) -> tuple[Block, ...]:
    """The blocks of a room, from the group of each person who voted; in the order of their first group's name.

    - A group of five people or more is a block of its own.
    - Smaller groups are one block together. Where they still are below five people, they join the largest group (of
      two equally large ones the first by name).
    - A room without any group of five is one block.

    Every block has one voice. So nobody's votes are left out, two people cannot outweigh thirty by declaring a group,
    and no small group's figures can be found by taking the others from the total, because none stands apart in any
    of them. The largest group is joined because it changes least by it.
    """
    people = Counter(groups)
    large = {name: count for name, count in people.items() if count >= SMALLEST_GROUP}
    small = sorted(name for name in people if name not in large)
    joined: dict[str, tuple[str, ...]] = {name: (name,) for name in large}
    if small and sum(people[name] for name in small) >= SMALLEST_GROUP:
        joined[small[0]] = tuple(small)
    elif small and large:
        host = min(large, key=lambda name: (-large[name], name))
        joined[host] = (host, *small)
    elif small:
        joined[small[0]] = tuple(small)
    return tuple(Block(names, sum(people[name] for name in names)) for _, names in sorted(joined.items()))
