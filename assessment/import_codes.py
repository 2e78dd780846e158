"""Cells that name a country, a region, an industry or a currency, as people write them, become codes."""

import re
from functools import lru_cache

from babel import Locale

from assessment.import_cells import Cell, Unfit, folded
from assessment.industries import SECTION_OF, SECTIONS
from assessment.places import COUNTRIES, currencies, regions_of
from questionnaires.library import SIZES

SIZE_WORDS: dict[str, str] = {size: size for size in SIZES}


@lru_cache
def _countries() -> dict[str, str]:
    names = Locale("en").territories
    return {folded(names[code]): code for code in COUNTRIES} | {folded(code): code for code in COUNTRIES}


def country(cell: Cell) -> str:
    """A country by its code or its English name."""
    found = _countries().get(folded(str(cell)))
    if found is None:
        raise Unfit("country")
    return found


@lru_cache
def _regions(of: str) -> dict[str, str]:
    regions = regions_of(of)
    by_name = {folded(name): code for code, name in regions.items()}
    return (
        by_name | {folded(code.partition("-")[2]): code for code in regions} | {folded(code): code for code in regions}
    )


def region(cell: Cell, of: str) -> str:
    """A region of a country by its code, with or without the country's before it, or by its name there."""
    word = folded(str(cell))
    known = _regions(of)
    found = known.get(word) or (known.get(word.zfill(2)) if word.isdigit() else None)
    if found is None:
        raise Unfit("region", country=of, example=next(iter(regions_of(of)), f"{of}-01"))
    return found


def isic(cell: Cell) -> tuple[str, str]:
    """Section and division of ISIC Rev. 4; a section alone has no division.

    Three digits are refused: they may be a group, or a class that a spreadsheet has taken the zero from.
    """
    text = re.sub(r"^isic[ -]*(rev\.? ?4)?[ :-]*", "", folded(str(cell))).upper().replace(".", "").replace(" ", "")
    section, digits = (text[:1], text[1:]) if text[:1].isalpha() else ("", text)
    if not digits and section in SECTIONS:
        return section, ""
    division = digits.zfill(2)[:2]
    fits = digits.isascii() and digits.isdigit() and len(digits) in (1, 2, 4) and division in SECTION_OF
    if not fits or (section and SECTION_OF[division] != section):
        raise Unfit("isic")
    return SECTION_OF[division], division


def currency(cell: Cell) -> str:
    """A currency by its code of three letters."""
    found = folded(str(cell)).upper()
    if found not in currencies():
        raise Unfit("currency")
    return found
