"""A sheet says who owns more than half of a firm: by a number that has to be known, or by any name."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import enterprise_groups
from assessment.tables import Firm, Programme, ProgrammeCall
from tests.assessment import programmes
from tests.assessment.test_firm_imports import DAY, call, looked, programme, taken

__all__ = ["call", "programme"]
HEADS = "name | registration_number | owner_number | owner | assessed_on | machines.1"


def test_firms_of_an_owner_are_one_group_whether_it_stands_above_or_below(
    session: Session, programme: Programme, call: ProgrammeCall, tmp_path: Path
) -> None:
    rows = (
        f"Kilang A | 1 | 2019-09 | | {DAY} | 1",
        f"Besar | 201909 | | | {DAY} | 1",
        f"Kilang B | 2 | 201909 | Besar | {DAY} | 1",
        f"Kilang C | 3 | | BESAR | {DAY} | 1",
        f"Kilang D | 4 | | | {DAY} | 1",
    )
    taken(session, programme, tmp_path, HEADS, *rows)
    said = {name: (id, owner) for id, name, owner in session.execute(select(Firm.id, Firm.name, Firm.enterprise_group))}
    assert [said[name][1] for name in ("Kilang A", "Kilang B", "Kilang C", "Kilang D")] == [
        "2019-09", "201909", "BESAR", "",
    ]  # fmt: skip
    lowest = said["Kilang A"][0]
    together = {said[name][0] for name in ("Kilang A", "Besar", "Kilang B", "Kilang C")}
    assert enterprise_groups.groups_of(session, programme.id) == dict.fromkeys(together, lowest)


def test_an_owner_whose_number_no_firm_has_is_told_at_its_cell(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    programmes.firm(session, registration_number="2019 0001")
    rows = "A | 1 | 777 | | |", "B | 2 | 20190001 | | |", "C | 3 | 2.01901E+11 | | |", "D | 4 | | Nobody here | |"
    assert looked(session, programme, HEADS, *rows) == [(4, "C", "cut_number"), (2, "C", "owner")]


def test_a_firm_that_is_here_keeps_whom_it_named_as_owner(
    session: Session, programme: Programme, call: ProgrammeCall, tmp_path: Path
) -> None:
    firm_id, _ = programmes.firm(session, registration_number="2019 0001")
    enterprise_groups.say(session.get_one(Firm, firm_id), "Besar")
    taken(session, programme, tmp_path, HEADS, f"Renamed | 20190001 | | Kecil | {DAY} | 2")
    session.expire_all()
    assert session.get_one(Firm, firm_id).enterprise_group == "Besar"
