"""The languages we speak: names, directions, catalogues, and how numbers, money and days are written."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from questionnaires.problems import Refused
from questionnaires.pseudo import PseudoTranslations
from questionnaires.rounding import on_paper

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `locale` is Babel's name; `scripts` are the fontconfig languages that a PDF needs glyphs for."""

    code: str
    endonym: str
    direction: Literal["ltr", "rtl"]
    locale: str
    scripts: tuple[str, ...]
    is_pseudo: bool = False


LANGUAGES: Mapping[str, Language] = {
    each.code: each
    for each in (
        Language("en", "English", "ltr", "en", ("en",)),
        Language("fr", "Français", "ltr", "fr", ("fr",)),
        Language("ar", "العربية", "rtl", "ar", ("ar",)),
        Language("zh", "中文", "ltr", "zh_Hans", ("zh-cn",)),
        Language("qps", "⟦Pseudo⟧", "ltr", "en", ("en",), is_pseudo=True),
        Language("qps-rtl", "⟦Pseudo RTL⟧", "rtl", "en", ("en",), is_pseudo=True),
    )
}


class UnknownLanguage(Refused):
    """A language that the service does not speak."""

    def __init__(self, code: str) -> None:
        offered = ", ".join(each.code for each in LANGUAGES.values() if not each.is_pseudo)
        super().__init__(f"There is no language {code!r}; choose one of {offered}.")


def language(code: str) -> Language:
    """The language of this code.

    Raises:
        UnknownLanguage: it is not offered.
    """
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    return LANGUAGES[code]


@dataclass(frozen=True, slots=True)
class Texts:
    """A catalogue ready for use; `machine_made` counts its texts that no person has reviewed yet."""

    translations: Translations
    machine_made: int
    translated: int


@lru_cache(maxsize=64)
def texts(folder: Path, code: str, domain: str | None = None) -> Texts:
    """The catalogue `<folder>/<code>.po`, or `<folder>/<code>/<domain>.po`; empty for the source language.

    Entries marked fuzzy are machine-made: they are shown, and counted so that pages can say so.
    """
    chosen = language(code)
    if chosen.is_pseudo:
        return Texts(PseudoTranslations(is_rtl=chosen.direction == "rtl"), 0, 0)
    file = folder / f"{code}.po" if domain is None else folder / code / f"{domain}.po"
    if not file.is_file():
        return Texts(Translations(), 0, 0)
    catalogue = read_catalogue(file)
    machine_made = sum(1 for message in catalogue if message.id and message.fuzzy and message.string)
    translated = sum(1 for message in catalogue if message.id and message.string)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue, use_fuzzy=True)
    compiled.seek(0)
    return Texts(Translations(compiled), machine_made, translated)


def read_catalogue(file: Path) -> Catalog:
    """A PO file as Babel reads it, in the language of its name or folder."""
    codes = (file.stem, file.parent.name)
    locale = next((LANGUAGES[code].locale for code in codes if code in LANGUAGES), None)
    with file.open("rb") as stream:
        return read_po(stream, locale=locale)


def is_offered(folder: Path, code: str) -> bool:
    """Whether there is an interface in this language: the source language, or one with a catalogue here."""
    return code == SOURCE or (folder / f"{code}.po").is_file() or LANGUAGES[code].is_pseudo


def number(code: str, value: float, decimals: int = 1) -> str:
    """A number with this many decimals, half rounded away from zero, Latin digits, and groups that never break."""
    return f"{on_paper(value, decimals):,.{decimals}f}".translate(_signs(code))


@lru_cache
def _signs(code: str) -> Mapping[int, str]:
    """What the language writes between digits. Babel formats numbers too, but a page has thousands, at 12 µs each."""
    locale = _locale(code)
    signs = {
        ",": numbers.get_group_symbol(locale, numbering_system="latn"),
        ".": numbers.get_decimal_symbol(locale, numbering_system="latn"),
    }
    return str.maketrans(signs)


def comma(code: str) -> str:
    """What stands between the items of a list."""
    return "\u060c " if LANGUAGES[code].direction == "rtl" else ", "


def money(code: str, amount: float, currency: str) -> str:
    """An amount without decimals, its currency by ISO code; the space between them never breaks."""
    written = numbers.format_currency(
        amount, currency, format="¤¤ #,##0", locale=_locale(code), currency_digits=False, numbering_system="latn"
    )
    return written.replace(" ", "\u00a0")


def money_range(code: str, low: float, high: float, currency: str) -> str:
    """Two amounts as one range; one amount where both are the same."""
    if low == high:
        return money(code, low, currency)
    return f"{money(code, low, currency)}\u2013{number(code, high, 0)}"


def percent(code: str, share: float, decimals: int = 0) -> str:
    """A share (0 to 1) in per cent with this many decimals, the sign as the language sets it."""
    locale = Locale.parse(_locale(code))
    pattern = str(locale.percent_formats[None].pattern)
    if decimals:
        pattern = pattern.replace("0", "0." + "0" * decimals, 1)
    return numbers.format_percent(share, format=pattern, locale=locale, numbering_system="latn")


def rate(code: str, share: float) -> str:
    """A share (0 to 1) in per cent, with one decimal where it has one."""
    return percent(code, share, 0 if round(100 * share, 6).is_integer() else 1)


def day(code: str, iso: str) -> str:
    """An ISO day, written out; an empty text stays empty."""
    return dates.format_date(date.fromisoformat(iso), format="long", locale=_locale(code)) if iso else ""


def moment(code: str, at: datetime) -> str:
    """Day and time in UTC, and that it is UTC."""
    in_utc = at.astimezone(UTC)
    clock = dates.format_time(in_utc, format="HH:mm", locale=_locale(code))
    return f"{dates.format_date(in_utc.date(), format='medium', locale=_locale(code))}, {clock} UTC"


def country(code: str, iso: str) -> str:
    """A country's name by its ISO 3166-1 code; the code itself where no name is known."""
    return str(Locale.parse(_locale(code)).territories.get(iso, iso))


def _locale(code: str) -> str:
    return language(code).locale
