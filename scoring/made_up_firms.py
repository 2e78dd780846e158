"""Firms that nobody ever asked: a made-up country to try the statistics of many firms on. Never real data.

What is plausible of it, and nothing more: a few industries and regions hold most firms, most firms are small, small
ones stay away from the next wave more often, and newcomers take their places. Each firm has a lasting strength, which
its size, industry, region and owners shift. The figures are invented; the same seed draws the same country.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.library import SIZES
from scoring.sizes import BELOW

Integers = NDArray[np.int64]
Array = NDArray[np.float64]

OWNERSHIPS = ("local", "joint", "foreign")
SIZE_SHARES = (0.46, 0.35, 0.14, 0.05)  # micro to large: who is assessed, not who there is
LEAVING = (0.16, 0.12, 0.08, 0.05)  # share of each size that is not in the next wave
OWNED = ((0.95, 0.03, 0.02), (0.90, 0.06, 0.04), (0.80, 0.11, 0.09), (0.60, 0.18, 0.22))  # a row a size
SIZE_SHIFT, OWNER_SHIFT = (-0.35, 0.0, 0.35, 0.75), (0.0, 0.2, 0.4)
INDUSTRY_SPREAD, REGION_SPREAD, FIRM_SPREAD = 0.3, 0.15, 0.5
ZIPF_INDUSTRY, ZIPF_REGION = 0.9, 0.7
MANUFACTURING, MANUFACTURING_SHARE = "C", 0.6
LARGEST_FIRM = 20_000.0
GROUPED, GROUP_OF = 0.03, 3  # share of firms in enterprise groups, and how many make one up
ONLY_APPLIED = 0.25  # firms that applied and were never assessed, for each firm of a wave


@dataclass(frozen=True, slots=True)
class Land:
    """Where made-up firms can be: industries (section letter and two digits), the country's regions, years of waves."""

    industries: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MadeUpFirms:
    """Firms as columns, in the order in which they joined; industry, size, region and owner are indices.

    Attributes:
        group: the first firm of the enterprise group that each is in; itself for most.
        strength: the level, on a ladder of six, around which a firm's answers lie in the first wave.
        pace: by how much of a level it moves on from wave to wave.
        first, last: the first and the last wave it is in; firms that only applied are in none, and come last.
    """

    industry: Integers
    size: Integers
    region: Integers
    owner: Integers
    employees: Integers
    founded: Integers
    group: Integers
    strength: Array
    pace: Array
    first: Integers
    last: Integers

    @property
    def count(self) -> int:
        return len(self.industry)

    def of_wave(self, wave: int) -> Integers:
        """The numbers of the firms that are in a wave."""
        return np.flatnonzero((self.first <= wave) & (self.last >= wave))


def made_up_firms(land: Land, firms: int, seed: int) -> MadeUpFirms:
    """So many firms in each wave: those who leave are replaced by newcomers."""
    random = np.random.default_rng([seed, 1])
    waves = len(land.years)
    size, last = _sizes(random, firms), np.full(firms, waves - 1)
    first = np.zeros(firms, dtype=np.int64)
    for wave in range(1, waves):
        there = np.flatnonzero(last == waves - 1)
        gone = there[random.random(len(there)) < np.array(LEAVING)[size[there]]]
        last[gone] = wave - 1
        size = np.concatenate([size, _sizes(random, len(gone))])
        first = np.concatenate([first, np.full(len(gone), wave)])
        last = np.concatenate([last, np.full(len(gone), waves - 1)])
    size = np.concatenate([size, _sizes(random, round(firms * ONLY_APPLIED))])
    never = np.full(len(size) - len(first), waves)
    return _with_traits(land, seed, size, np.concatenate([first, never]), np.concatenate([last, never]))


def _with_traits(land: Land, seed: int, size: Integers, first: Integers, last: Integers) -> MadeUpFirms:
    random = np.random.default_rng([seed, 2])
    n = len(size)
    industry = random.choice(len(land.industries), n, p=industry_shares(land.industries, seed))
    region = random.choice(len(land.regions), n, p=_zipf(len(land.regions), ZIPF_REGION, seed))
    owner = (random.random(n)[:, np.newaxis] > np.cumsum(OWNED, axis=1)[size][:, :-1]).sum(axis=1)
    shift = random.normal(0, INDUSTRY_SPREAD, len(land.industries))[industry]
    shift += random.normal(0, REGION_SPREAD, len(land.regions))[region]
    shift += np.array(SIZE_SHIFT)[size] + np.array(OWNER_SHIFT)[owner]
    return MadeUpFirms(
        industry,
        size,
        region,
        owner,
        _employees(random, size),
        land.years[0] - 1 - np.minimum(random.exponential(15, n), 90).astype(np.int64),
        _groups(random, n),
        1.6 + shift + random.normal(0, FIRM_SPREAD, n),
        np.maximum(random.normal(0.1, 0.08, n), -0.1),
        first,
        last,
    )


def industry_shares(industries: Sequence[str], seed: int) -> Array:
    """What share of the firms is in each industry: a few hold most, and manufacturing is favoured."""
    order = np.random.default_rng([seed, 3]).permutation(len(industries))
    shares = (np.arange(1, len(industries) + 1) ** -ZIPF_INDUSTRY)[order]
    factory = np.array([code.startswith(MANUFACTURING) for code in industries])
    if factory.any() and not factory.all():
        shares[factory] *= MANUFACTURING_SHARE / shares[factory].sum()
        shares[~factory] *= (1 - MANUFACTURING_SHARE) / shares[~factory].sum()
    found: Array = shares / shares.sum()
    return found


def _zipf(n: int, steepness: float, seed: int) -> Array:
    shares = np.arange(1, n + 1) ** -steepness
    mixed: Array = (shares / shares.sum())[np.random.default_rng([seed, 4]).permutation(n)]
    return mixed


def _sizes(random: np.random.Generator, n: int) -> Integers:
    drawn: Integers = random.choice(len(SIZES), n, p=SIZE_SHARES)
    return drawn


def _employees(random: np.random.Generator, size: Integers) -> Integers:
    """A head count within each firm's class: low ones more often than high ones."""
    limits = np.array([1.0, *(limit for limit, _ in BELOW), LARGEST_FIRM])
    low, high = limits[size], limits[size + 1]
    drawn: Integers = np.floor(low * (high / low) ** (random.random(len(size)) ** 1.5)).astype(np.int64)
    return drawn


def _groups(random: np.random.Generator, n: int) -> Integers:
    """The first firm of each one's group: a few firms belong together by threes."""
    group = np.arange(n)
    members = random.permutation(n)[: int(n * GROUPED) // GROUP_OF * GROUP_OF].reshape(-1, GROUP_OF)
    group[members] = members.min(axis=1, initial=n)[:, np.newaxis]
    return group


@dataclass(frozen=True, slots=True)
class Frame:
    """How many firms a made-up business register has, by industry, size and region (indices), and their employees."""

    industry: Integers
    size: Integers
    region: Integers
    firms: Integers
    employees: Integers


REACHED = (0.02, 0.06, 0.15, 0.3)  # share of each size that the programme reaches at the most


def made_up_register(land: Land, firms: MadeUpFirms, seed: int) -> Frame:
    """A register that holds every firm of the last wave, and far more small ones that were never assessed."""
    random = np.random.default_rng([seed, 5])
    at = firms.of_wave(len(land.years) - 1)
    shape = (len(land.industries), len(SIZES), len(land.regions))
    cell = np.ravel_multi_index((firms.industry[at], firms.size[at], firms.region[at]), shape)
    cells, of_firm = np.unique(cell, return_inverse=True)
    seen = np.bincount(of_firm)
    industry, size, region = np.unravel_index(cells, shape)
    reached = np.array(REACHED)[size] * random.uniform(0.5, 1.0, len(cells))
    count = np.ceil(seen / reached).astype(np.int64)
    people = np.bincount(of_firm, firms.employees[at]) / seen * count
    return Frame(industry, size, region, count, people.astype(np.int64))
