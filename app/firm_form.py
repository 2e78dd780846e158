"""The form of a firm's particulars, and how what it sends becomes particulars."""

from app.forms import Problem, SentForm, number_of, whole_number_of
from assessment.errors import N_
from assessment.industries import DIVISIONS, SECTIONS
from assessment.particulars import InvalidParticulars, Particulars

EXPORTER = {"yes": True, "no": False}
EXPORTERS = {True: "yes", False: "no", None: ""}
LABELS = {
    "name": N_("Name of the firm"),
    "country": N_("Country"),
    "region": N_("Region"),
    "registration_number": N_("Registration number"),
    "industry": N_("Industry"),
    "employees": N_("Employees"),
    "turnover": N_("Turnover in a year"),
    "turnover_currency": N_("Currency"),
    "ownership": N_("Who owns the firm"),
    "exporter": N_("Sells abroad"),
    "founded": N_("Founded in the year"),
    "enterprise_group": N_("Owner of more than half"),
}


def entered(particulars: Particulars) -> dict[str, str]:
    """Particulars as the form shows them."""
    return {
        "name": particulars.name,
        "country": particulars.country,
        "region": particulars.region,
        "registration_number": particulars.registration_number,
        "industry": particulars.isic_division or particulars.isic_section,
        "employees": "" if particulars.employees is None else str(particulars.employees),
        "turnover": _amount(particulars.turnover),
        "turnover_currency": particulars.turnover_currency,
        "ownership": particulars.ownership,
        "exporter": EXPORTERS[particulars.is_exporter],
        "founded": "" if particulars.founded is None else str(particulars.founded),
    }


def _amount(amount: float | None) -> str:
    """An amount as people type it, thousands set apart by spaces."""
    if amount is None:
        return ""
    return f"{amount:,.0f}".replace(",", " ") if amount.is_integer() else f"{amount:.2f}"


def read_particulars(sent: SentForm) -> tuple[Particulars, dict[str, Problem]]:
    """What the form says of the firm, and what in it is no number at all."""
    industry = sent.text("industry").strip()
    problems: dict[str, Problem] = {}
    particulars = Particulars(
        name=sent.text("name"),
        country=sent.text("country").strip(),
        region=sent.text("region").strip(),
        registration_number=sent.text("registration_number"),
        isic_section=industry if len(industry) == 1 else "",
        isic_division=industry if len(industry) != 1 else "",
        employees=whole_number_of(sent, "employees", problems),
        turnover=number_of(sent, "turnover", problems),
        turnover_currency=sent.text("turnover_currency").strip(),
        ownership=sent.text("ownership").strip(),
        is_exporter=EXPORTER.get(sent.text("exporter")),
        founded=whole_number_of(sent, "founded", problems),
    )
    return particulars, problems


def problems_of(refusal: InvalidParticulars) -> dict[str, Problem]:
    return {name: Problem(each.message, each.values) for name, each in refusal.problems.items()}


def industries() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Sections of ISIC Rev. 4 with their divisions: code, title, and the same for each division."""
    return [(code, title, list(DIVISIONS[code].items())) for code, title in SECTIONS.items()]
