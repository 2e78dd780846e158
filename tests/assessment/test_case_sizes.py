"""Cases are filed by the size class of their firms, by the scheme of the programme."""

from sqlalchemy.orm import Session

from assessment import case_sizes
from assessment.case_states import APPLIED
from assessment.tables import Firm, Programme, ProgrammeCase
from tests.assessment.cases import add_case, new_firm, run_programme


def size_of(session: Session, case: ProgrammeCase) -> str:
    session.flush()
    session.refresh(case)
    return case.size


def test_a_case_has_the_size_of_its_firm_and_follows_it(session: Session) -> None:
    run = run_programme(session)
    firm = new_firm(session, "Kilang", employees=60, isic_section="C")
    case = add_case(session, run, firm, APPLIED)
    programme = session.get_one(Programme, run.programme)
    assert case_sizes.keep(session, programme, 0) is None
    assert size_of(session, case) == "medium"
    firm.employees = 300
    case_sizes.note(session, firm)
    assert size_of(session, case) == "large"


def test_another_scheme_is_another_size(session: Session) -> None:
    run = run_programme(session)
    cases = [add_case(session, run, new_firm(session, str(n), employees=220, isic_section="C"), APPLIED) for n in "ab"]
    other = run_programme(session, "other")
    theirs = add_case(session, other, session.get_one(Firm, cases[0].firm_id), APPLIED)
    programme = session.get_one(Programme, run.programme)
    programme.size_scheme = "sme_corp"
    case_sizes.keep(session, programme, cases[0].id)
    assert [size_of(session, each) for each in (*cases, theirs)] == ["", "large", ""]
    case_sizes.note(session, session.get_one(Firm, cases[0].firm_id))
    assert [size_of(session, each) for each in (cases[0], theirs)] == ["large", "medium"]
