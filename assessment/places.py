"""Countries by ISO 3166-1 and their regions by ISO 3166-2."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.numbers import get_territory_currencies

# Codes that CLDR names and ISO 3166-1 does not give to a country.
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
)
REGIONS = Path(__file__).parent / "regions.json"


@lru_cache
def _all_regions() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(REGIONS.read_text("utf-8"))["regions"]
    return found


def regions_of(country: str) -> Mapping[str, str]:
    """The first level of a country's regions: ISO 3166-2 code -> name as it is called there; empty where there is none.

    Source: the package iso-3166 4.4.0 by Titus Wormer (MIT).
    """
    return _all_regions().get(country, {})


@lru_cache
def currency_of(country: str) -> str:
    """What people pay with in a country today, empty where that is not known."""
    found = get_territory_currencies(country) if country in COUNTRIES else []
    return str(found[0]) if found else ""


@lru_cache
def currencies() -> tuple[str, ...]:
    """The currencies (ISO 4217) that are in use in some country today, by code."""
    return tuple(sorted({c for country in COUNTRIES for c in get_territory_currencies(country)}))
