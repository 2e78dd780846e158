"""The service as it was with other lists of codes: what it keeps of a release is read by the service of today."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType

import pytest

from assessment import release_codes, release_context, release_kept, release_making, release_manifest, release_units
from assessment.release_codes import sections_of
from assessment.release_units import BASIS_CODES, OWNERSHIP_CODES, UNKNOWN

MODULES: Sequence[ModuleType] = (
    release_codes, release_context, release_kept, release_making, release_manifest, release_units,
)  # fmt: skip


@contextmanager
def listed_as(
    industries: Sequence[str], sizes: Sequence[str], ownerships: Sequence[str] = OWNERSHIP_CODES
) -> Iterator[None]:
    """Inside, industries, sizes and owners are listed so, what is not known last of all."""
    sections = sections_of(industries)
    lists: Mapping[str, object] = {
        "INDUSTRY_CODES": tuple(industries),
        "SECTION_CODES": sections,
        "SECTION_OF_LEAF": tuple(sections.index(code if code == UNKNOWN else code[0]) for code in industries),
        "SIZE_CODES": tuple(sizes),
        "OWNERSHIP_CODES": tuple(ownerships),
        "BASIS_CODES": BASIS_CODES,
        "SECTION_OF": {code[1:]: code[0] for code in industries if code[1:].isdigit()},
        "_INDUSTRY": {code: leaf for leaf, code in enumerate(industries)},
        "SECTIONS": {code: code for code in sections if code != UNKNOWN},
        "DIVISIONS": {s: {c[1:]: c for c in industries if c[0] == s and c[1:].isdigit()} for s in sections},
    }
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            for name in lists.keys() & vars(module).keys():
                patch.setattr(module, name, lists[name])
        yield
