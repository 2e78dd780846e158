"""What a firm says of itself: every particular may be left open, and each that is given is checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assessment.errors import N_, Invalid
from assessment.industries import SECTION_OF, SECTIONS
from assessment.places import COUNTRIES, currencies, regions_of
from assessment.tables import Firm
from assessment.texts import clean_name

OWNERSHIPS = ("local", "joint", "foreign")
MOST_EMPLOYEES = 10_000_000
LARGEST_TURNOVER = 1e15
EARLIEST = 1000
NUMBER_CHARACTERS = 64
WAITING = "--"  # the country of firms of an import that is not in yet (`waiting_firms`): nobody knows them


class InvalidParticulars(Invalid):
    """Some particulars cannot be used: `problems` says which and why."""

    def __init__(self, problems: Mapping[str, Invalid]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        super().__init__(first.message, **first.values)


@dataclass(frozen=True, slots=True)
class Particulars:
    """A firm's own words and figures. Empty or None: it would rather not say."""

    name: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""  # ISO 3166-2
    registration_number: str = ""
    isic_section: str = ""  # ISIC Rev. 4; implied by the division
    isic_division: str = ""
    employees: int | None = None
    turnover: float | None = None  # a year
    turnover_currency: str = ""  # ISO 4217
    ownership: str = ""  # local | joint | foreign
    is_exporter: bool | None = None
    founded: int | None = None  # year


FIELDS = tuple(Particulars.__dataclass_fields__)


def particulars_of(firm: Firm) -> Particulars:
    return Particulars(**{name: getattr(firm, name) for name in FIELDS})


def checked(given: Particulars, now: datetime, *, needs_name: bool = True) -> Particulars:
    """The particulars as they are kept: texts cleaned, the section that a division implies filled in.

    Raises:
        InvalidParticulars: some cannot be used; all of them are named.
    """
    problems: dict[str, Invalid] = {}
    cleaned = replace(
        given,
        name=_cleaned("name", given.name, problems),
        registration_number=_cleaned("registration_number", given.registration_number, problems),
        isic_section=SECTION_OF.get(given.isic_division, given.isic_section),
    )
    if needs_name and not cleaned.name and "name" not in problems:
        problems["name"] = Invalid(N_("Enter the name of the firm."))
    cleaned = cleaned if cleaned.turnover is not None else replace(cleaned, turnover_currency="")
    problems |= {
        name: refusal
        for name, refusal in (*_texts(cleaned), *_numbers(cleaned, now))
        if refusal is not None and name not in problems
    }
    if problems:
        raise InvalidParticulars(problems)
    return cleaned


def _cleaned(name: str, text: str, problems: dict[str, Invalid]) -> str:
    try:
        return clean_name(text)
    except Invalid as refusal:
        problems[name] = refusal
        return ""


def _texts(given: Particulars) -> list[tuple[str, Invalid | None]]:
    number, region = given.registration_number, given.region
    is_number = len(number) <= NUMBER_CHARACTERS and (not number or re.search(r"[^\W_]", number) is not None)
    industry = given.isic_division or given.isic_section
    is_industry = given.isic_division in SECTION_OF if given.isic_division else given.isic_section in SECTIONS
    return [
        ("country", _unless(given.country in COUNTRIES or not given.country, N_("Choose a country from the list."))),
        ("region", _unless(not region or region in regions_of(given.country), N_("Choose a region of that country."))),
        (
            "registration_number",
            _unless(is_number, N_("Enter the number as the register writes it, with at most 64 characters.")),
        ),
        ("industry", _unless(not industry or is_industry, N_("Choose an industry from the list."))),
        ("ownership", _unless(given.ownership in ("", *OWNERSHIPS), N_("Choose one of the answers."))),
    ]


def _numbers(given: Particulars, now: datetime) -> list[tuple[str, Invalid | None]]:
    people, turnover, founded = given.employees, given.turnover, given.founded
    return [
        (
            "employees",
            _unless(
                people is None or 0 <= people <= MOST_EMPLOYEES,
                N_("Enter a whole number from 0 to %(high)s."),
                high=f"{MOST_EMPLOYEES:,}".replace(",", "\u00a0"),
            ),
        ),
        (
            "turnover",
            _unless(
                turnover is None or 0 <= turnover <= LARGEST_TURNOVER,  # also refuses NaN
                N_("Enter what the firm sold in a year, as a number of 0 or more."),
            ),
        ),
        (
            "turnover_currency",
            _unless(turnover is None or given.turnover_currency in currencies(), N_("Choose the currency.")),
        ),
        (
            "founded",
            _unless(
                founded is None or EARLIEST <= founded <= now.year,
                N_("Enter a year from %(low)d to %(high)d."),
                low=EARLIEST,
                high=now.year,
            ),
        ),
    ]


def _unless(is_right: bool, message: str, **values: object) -> Invalid | None:
    return None if is_right else Invalid(message, **values)
