"""A firm is asked once: its particulars fill the fields of every questionnaire, and what it says there fills them.

A questionnaire's field is known by its id, and taken only where its kind and its bounds fit. Nothing that was said is
ever overwritten: what is filled in can be changed, and only an empty particular is filled.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from assessment.particulars import MOST_EMPLOYEES, OWNERSHIPS
from assessment.places import currency_of
from assessment.tables import Firm
from questionnaires.answers import ProfileValue
from questionnaires.schema import ProfileField
from scoring.size_schemes import MANUFACTURING, Facts, turnover_class

# Divisions of ISIC Rev. 4 whose firms all belong to one branch as industry4-readiness has them. Where a division falls
# into two branches (71: engineering, testing), or where its sector may be called either (33), it stays open.
BRANCHES: Mapping[str, tuple[str, ...]] = {
    "food": ("10", "11", "12"),
    "textiles": ("13", "14", "15"),
    "wood_paper": ("16", "17", "18", "31"),
    "chemicals": ("20", "21", "22"),
    "minerals": ("23",),
    "metals": ("24", "25"),
    "electronics": ("26", "27"),
    "machinery": ("28", "29", "30"),
    "other_manufacturing": ("19", "32"),
    "upkeep": ("33",),
    "logistics": ("49", "50", "51", "52", "53"),
    "engineering": ("62", "72"),
}
BRANCH_OF: Mapping[str, str] = {d: branch for branch, divisions in BRANCHES.items() for d in divisions}
REPAIR = "33"


def facts_of(firm: Firm) -> Facts:
    """What the size schemes ask of a firm."""
    return Facts(firm.employees, firm.turnover, firm.turnover_currency, firm.isic_section)


def profile_of(firm: Firm, fields: Iterable[ProfileField], now: datetime) -> dict[str, ProfileValue]:
    """What a firm's particulars say to a questionnaire's fields; only what fits their choices and bounds."""
    known: Mapping[str, ProfileValue | None] = {
        "sector": _sector(firm),
        "branch": BRANCH_OF.get(firm.isic_division),
        "employees": firm.employees,
        "turnover": turnover_class(firm.country, facts_of(firm)),
        "years": None if firm.founded is None else max(now.year - firm.founded, 0),
        "founded": firm.founded,
        "exports": "none" if firm.is_exporter is False else None,
        "exporter": None if firm.is_exporter is None else "yes" if firm.is_exporter else "no",
        "ownership": firm.ownership or None,
        "country": firm.country or None,
        "region": firm.region or None,
        "isic_section": firm.isic_section or None,
        "isic_division": firm.isic_division or None,
    }
    return fitting(fields, {name: value for name, value in known.items() if value is not None})


def fitting(fields: Iterable[ProfileField], values: Mapping[str, ProfileValue]) -> dict[str, ProfileValue]:
    """Those values that a questionnaire's fields of the same name accept."""
    return {f.id: values[f.id] for f in fields if f.id in values and _fits(f, values[f.id])}


def learn(firm: Firm, fields: Iterable[ProfileField], profile: Mapping[str, ProfileValue], now: datetime) -> None:
    """Fill a firm's empty particulars with what it has said in a questionnaire."""
    said = fitting(fields, profile)
    employees, exports, ownership = said.get("employees"), said.get("exports"), said.get("ownership")
    before = _learnt(firm)
    if firm.employees is None and isinstance(employees, int | float) and 0 <= employees <= MOST_EMPLOYEES:
        firm.employees = int(employees) if float(employees).is_integer() else None
    if firm.is_exporter is None and exports in ("none", "under_half", "half_or_more"):
        firm.is_exporter = exports != "none"
    if not firm.ownership and ownership in OWNERSHIPS:
        firm.ownership = str(ownership)
    if not firm.isic_section and said.get("sector") == "manufacturing":
        firm.isic_section = MANUFACTURING
    if _learnt(firm) != before:
        firm.changed_at = now


def _learnt(firm: Firm) -> tuple[object, ...]:
    return firm.employees, firm.is_exporter, firm.ownership, firm.isic_section


def usual_currency(firm: Firm) -> str:
    """The currency to offer first for the turnover."""
    return firm.turnover_currency or currency_of(firm.country)


def _sector(firm: Firm) -> str | None:
    if firm.isic_division == REPAIR or not firm.isic_section:
        return None
    if firm.isic_section == MANUFACTURING:
        return "manufacturing"
    # The others are services only where a branch of services to manufacturers stands for them.
    return "services" if firm.isic_division in BRANCH_OF or firm.isic_division == "71" else None


def _fits(field: ProfileField, value: ProfileValue) -> bool:
    if field.choices is not None:
        return isinstance(value, str) and value in field.choices
    if field.number is None or isinstance(value, str):
        return False
    low, high = field.number.min, field.number.max
    return (low is None or value >= low) and (high is None or value <= high)
