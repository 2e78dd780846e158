"""Firms that are probably the same: one registration number, or one name, in one country.

That somebody else has registered a firm is itself told to few: only to people who are signed in, only for a number that
they know, without any name, and for at most five numbers a day. A name is looked for among their own firms alone,
because anyone knows the names of others. Those who run the service find all with `fourward firm duplicates`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assessment import attempts
from assessment.access import MANAGER, RESPONDENT
from assessment.attempts import Limit, TriedTooOften
from assessment.particulars import WAITING, Particulars
from assessment.tables import Firm, Role

LOOKUPS = Limit("firm-number", 5, timedelta(days=1))
# As they are written without dots and in small letters; at the end of a name, alone or one after the other.
_ENDINGS = """
    sdn bhd berhad plt ltd limited pvt private pte plc llc llp lp inc incorporated corp corporation co company
    sarl sarlau sa sas sasu snc spa srl sl slu sau gmbh ag ug kg kgaa ohg se bv nv doo dd ad od jsc pjsc ooo zao
    oy oyj ab as asa aps kft zrt nyrt sro spzoo eood ood uab sia tbk tnhh ctcp opc
"""
LEGAL_FORMS = frozenset(_ENDINGS.split())
BEFORE = re.compile(r"^(pt|cv|ud|doo|sarl|ooo|cong ty tnhh|cong ty co phan) (?=.)")
# Letters that no decomposition takes apart.
PLAIN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "&": " and "})


@dataclass(frozen=True, slots=True)
class Similar:
    """What looks like a firm: the person's own firms, by number and name, and whether there is one of others."""

    own: tuple[tuple[int, str], ...] = ()
    is_known_to_others: bool = False

    def __bool__(self) -> bool:
        return bool(self.own) or self.is_known_to_others


@dataclass(frozen=True, slots=True)
class Alike:
    """Firms that are probably one, for those who run the service."""

    why: str  # number | name
    firms: tuple[tuple[int, str, str, str], ...]  # number in the database, name, country, registration number


def plain_name(name: str) -> str:
    """A name without legal forms, accents, capitals and punctuation; two firms with the same one are probably one.

    >>> plain_name("Société Générale d'Équipement, S.A.R.L.")
    'societe generale d equipement'
    >>> plain_name("KILANG  Padi Sdn. Bhd.") == plain_name("Kilang Padi")
    True
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold().translate(PLAIN))
    bare = "".join(c for c in folded if not unicodedata.combining(c) and c != "\u0640")  # the Arabic stretching mark
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=\b\w)\.\s?(?=\w\b)|['’](?=s\b)", "", bare))
    end = len(words)
    while end > 0 and words[end - 1] in LEGAL_FORMS:
        end -= 1
    return BEFORE.sub("", " ".join(words[:end] or words), count=1)


def plain_number(number: str) -> str:
    """A registration number without what people put between its characters.

    >>> plain_number("201901000001 (1312525-A)")
    '2019010000011312525a'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", number).casefold() if c.isalnum())


def find_similar(
    session: Session, user_id: int, given: Particulars, now: datetime, firm: Firm | None = None
) -> Similar:
    """Firms that look like the one being registered or, with `firm`, corrected."""
    name, number = plain_name(given.name), plain_number(given.registration_number)
    is_own = exists().where(Role.firm_id == Firm.id, Role.user_id == user_id, Role.role.in_((MANAGER, RESPONDENT)))
    itself = firm.id if firm is not None else 0
    others = select(Firm.id, Firm.name, Firm.registration_number).where(
        Firm.country == given.country, Firm.id != itself
    )
    own = tuple(
        (id, called)
        for id, called, registered in session.execute(others.where(is_own).order_by(Firm.id))
        if (name and plain_name(called) == name) or (number and plain_number(registered) == number)
    )
    is_new = firm is None or (given.country, number) != (firm.country, plain_number(firm.registration_number))
    if not (number and given.country and is_new and _may_look(session, user_id, now)):
        return Similar(own)
    strangers = session.scalars(
        select(Firm.registration_number).where(
            Firm.country == given.country, Firm.id != itself, Firm.registration_number != "", ~is_own
        )
    )
    return Similar(own, any(plain_number(each) == number for each in strangers))


def _may_look(session: Session, user_id: int, now: datetime) -> bool:
    """Whether this person may ask once more today; beyond that they are told nothing, as if there were none."""
    try:
        attempts.count(session, LOOKUPS, str(user_id), now)
    except TriedTooOften:
        return False
    return True


def list_alike(session: Session) -> list[Alike]:
    """All firms of a country that share a number or a name."""
    rows = session.execute(
        select(Firm.id, Firm.name, Firm.country, Firm.registration_number)
        .where(Firm.country != WAITING)
        .order_by(Firm.country, Firm.id)
    ).all()
    by_number: dict[tuple[str, str], list[tuple[int, str, str, str]]] = {}
    by_name: dict[tuple[str, str], list[tuple[int, str, str, str]]] = {}
    for id, name, country, registered in rows:
        row = (id, name, country, registered)
        if plain_number(registered) and country:
            by_number.setdefault((country, plain_number(registered)), []).append(row)
        if plain_name(name):
            by_name.setdefault((country, plain_name(name)), []).append(row)
    numbers = {tuple(each) for each in _several(by_number.values())}
    return [
        *(Alike("number", each) for each in sorted(numbers)),
        *(Alike("name", tuple(each)) for each in _several(by_name.values()) if tuple(each) not in numbers),
    ]


def _several(groups: Iterable[Sequence[tuple[int, str, str, str]]]) -> list[Sequence[tuple[int, str, str, str]]]:
    return [group for group in groups if len(group) > 1]
