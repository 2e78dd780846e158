"""The words of one language: texts from the catalogue; numbers, money, shares and days as its readers write them."""

from functools import lru_cache
from pathlib import Path

from questionnaires.languages import (
    LANGUAGES,
    Language,
    country,
    day,
    is_offered,
    language,
    money,
    money_range,
    number,
    percent,
    rate,
    texts,
)
from questionnaires.problems import Refused

LOCALES = Path(__file__).parent / "locales"
LEFTWARDS, RIGHTWARDS = "\u2190", "\u2192"
LEFT_TO_RIGHT_ISOLATE, FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2066", "\u2068", "\u2069"


class NoReportLanguage(Refused):
    """Reports are not written in this language yet."""

    def __init__(self, chosen: Language) -> None:
        codes = (code for code, each in LANGUAGES.items() if not each.is_pseudo and is_offered(LOCALES, code))
        super().__init__(f"There are no reports in {chosen.endonym} ({chosen.code}) yet; choose {', '.join(codes)}.")


class Wording:
    """Says things in one language. Placeholders are `%(name)s`."""

    def __init__(self, code: str) -> None:
        self.language = language(code)
        if not is_offered(LOCALES, code):
            raise NoReportLanguage(self.language)
        self.code = code
        self._texts = texts(LOCALES, code)
        self.is_rtl = self.language.direction == "rtl"

    @property
    def is_machine_made(self) -> bool:
        """Whether any text of the report is a machine translation that no person has reviewed."""
        return self._texts.machine_made > 0

    def gettext(self, message: str, **values: object) -> str:
        return _filled(self._texts.translations.gettext(message), values)

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The form for n things; `%(n)s` is the number as it is written here."""
        text = self._texts.translations.ngettext(one, many, n)
        return _filled(text, {"n": self.count(n), **values})

    def pgettext(self, context: str, message: str, **values: object) -> str:
        return _filled(self._texts.translations.pgettext(context, message), values)

    def count(self, n: int) -> str:
        return number(self.code, n, 0)

    def number(self, value: float, decimals: int = 1) -> str:
        return number(self.code, value, decimals)

    def plain(self, value: float) -> str:
        """A number as it was given: no decimals that say nothing."""
        decimals = next((n for n in range(3) if abs(value - round(value, n)) < 1e-9), 3)
        return number(self.code, value, decimals)

    def money(self, amount: float, currency: str) -> str:
        return self.left_to_right(money(self.code, amount, currency))

    def money_range(self, low: float, high: float, currency: str) -> str:
        return self.left_to_right(money_range(self.code, low, high, currency))

    def percent(self, share: float) -> str:
        return percent(self.code, share)

    def rate(self, share: float) -> str:
        return rate(self.code, share)

    def day(self, iso: str) -> str:
        return day(self.code, iso)

    def country(self, iso: str) -> str:
        return country(self.code, iso)

    def gained(self, value: float, decimals: int) -> str:
        """A number with its plus sign."""
        return self.left_to_right(f"+{self.number(value, decimals)}")

    def left_to_right(self, text: str) -> str:
        """Signs, codes and figures that keep their order among right-to-left words, and do not draw in the next."""
        return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}" if self.is_rtl else text

    def foreign(self, text: str) -> str:
        """A name or note that others wrote; among right-to-left words it keeps its own direction.

        By isolate characters, since WeasyPrint does not isolate <bdi>.
        """
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if self.is_rtl and text else text

    def way(self, start: str, end: str) -> str:
        """From one number to another, with an arrow the way reading goes."""
        return f"{start} {LEFTWARDS if self.is_rtl else RIGHTWARDS} {end}"

    def listed(self, items: tuple[str, ...] | list[str]) -> str:
        """Items in one line: "A, B and C"."""
        if len(items) < 2:
            return "".join(items)
        head = self.pgettext("between items of a list", ", ").join(items[:-1])
        return self.pgettext("list", "%(items)s and %(last)s", items=head, last=items[-1])


@lru_cache(maxsize=len(LANGUAGES))
def wording(code: str) -> Wording:
    """The words of a language.

    Raises:
        UnknownLanguage: it is not offered at all.
        NoReportLanguage: reports are not written in it yet.
    """
    return Wording(code)


def _filled(text: object, values: dict[str, object]) -> str:
    return str(text) % values if values else str(text)
