"""Firms of one enterprise group count once in statistics: who belongs together, by what firms say of their owners.

A firm names the firm that owns more than half of it, by name or number. Firms that name the same owner are one group,
with the owner where it is in the programme itself, and with whom that belongs to. What was said is kept private: it is
read here, and shown to the firm's own managers alone.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.release_units import AT_ONCE, Units
from assessment.tables import Firm, Outcome
from assessment.texts import clean_name


def say(firm: Firm, owner: str) -> None:
    """Keep who owns more than half of a firm; empty: nobody, or it would rather not say.

    Raises:
        Invalid: the text is too long, or cannot be stored.
    """
    firm.enterprise_group = clean_name(owner)


def groups_of(session: Session, programme_id: int) -> dict[int, int]:
    """The number of the group of each firm of a programme that is in one: the lowest number among its firms."""
    ours = select(Outcome.firm_id).where(Outcome.programme_id == programme_id)
    told = select(Firm.id, Firm.enterprise_group).where(Firm.enterprise_group != "", Firm.id.in_(ours))
    named = {firm: _key(owner) for firm, owner in session.execute(told)}
    if not named:
        return {}
    owners = set(named.values())
    every = select(Firm.id, Firm.name, Firm.registration_number).where(Firm.id.in_(ours))
    leads: dict[int | str, int | str] = {}
    for firm, *known in session.execute(every.execution_options(yield_per=AT_ONCE)):
        for key in {_key(text) for text in known} & owners:
            _join(leads, firm, key)
    for firm, key in named.items():
        _join(leads, firm, key)
    firms = [each for each in leads if isinstance(each, int)]
    lowest: dict[int | str, int] = {}
    for firm in sorted(firms):
        lowest.setdefault(_lead(leads, firm), firm)
    return {firm: lowest[_lead(leads, firm)] for firm in firms}


def grouped(units: Units, groups: Mapping[int, int]) -> Units:
    """The units with these groups of firms; a firm that is in none is as it was."""
    if not groups:
        return units
    found = [groups.get(firm, group) for firm, group in zip(units.firms.tolist(), units.groups.tolist(), strict=True)]
    return replace(units, groups=np.array(found, dtype=np.int64))


def _key(text: str) -> str:
    """A name or number as it is compared: letters and digits alone, however they are written."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _lead(leads: dict[int | str, int | str], one: int | str) -> int | str:
    while leads.setdefault(one, one) != one:
        leads[one] = leads[leads[one]]
        one = leads[one]
    return one


def _join(leads: dict[int | str, int | str], firm: int, key: str) -> None:
    if key:
        leads[_lead(leads, firm)] = _lead(leads, key)
