"""Firms: registered with the little they say of themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from assessment.errors import N_, Invalid
from assessment.tables import Firm
from assessment.texts import clean_name


def register(session: Session, name: str, country: str, now: datetime) -> Firm:
    """Register a firm; both name and country may be left out.

    Raises:
        Invalid: the name or the country cannot be used.
    """
    firm = Firm(name=clean_name(name), country=_country(country), created_at=now)
    session.add(firm)
    session.flush()
    return firm


def rename(firm: Firm, name: str, country: str) -> None:
    """Correct what a firm said of itself.

    Raises:
        Invalid: the name or the country cannot be used.
    """
    firm.name, firm.country = clean_name(name), _country(country)


def _country(code: str) -> str:
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise Invalid(N_("Choose a country from the list."))
    return code
