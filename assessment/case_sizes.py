"""The size class of each case's firm, by its programme's scheme: kept with the case, so that queues filter by it."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from assessment.firm_profile import facts_of
from assessment.outcomes import size_of
from assessment.tables import Firm, Programme, ProgrammeCase
from scoring.size_schemes import Facts

AT_ONCE = 5_000  # cases


def note(session: Session, firm: Firm) -> None:
    """Tell a firm's cases what its particulars say of its size; called once they have changed."""
    query = (
        select(ProgrammeCase, Programme.size_scheme)
        .join(Programme, Programme.id == ProgrammeCase.programme_id)
        .where(ProgrammeCase.firm_id == firm.id)
    )
    for case, scheme in session.execute(query):
        case.size = size_of(scheme, facts_of(firm))


def keep(session: Session, programme: Programme, after: int) -> int | None:
    """Set what is not as the firms say, for the next cases behind the number `after`; None at the end."""
    query = (
        select(ProgrammeCase.id, ProgrammeCase.size, Firm.employees, Firm.turnover, Firm.turnover_currency)
        .add_columns(Firm.isic_section)
        .join(Firm, Firm.id == ProgrammeCase.firm_id)
        .where(ProgrammeCase.programme_id == programme.id, ProgrammeCase.id > after)
        .order_by(ProgrammeCase.id)
        .limit(AT_ONCE)
    )
    rows = session.execute(query).all()
    found = [(number, size, size_of(programme.size_scheme, Facts(*facts))) for number, size, *facts in rows]
    changed = [{"case": number, "to": new} for number, old, new in found if old != new]
    if changed:
        columns = ProgrammeCase.__table__.c
        statement = update(ProgrammeCase.__table__).where(columns.id == bindparam("case"))  # type: ignore[arg-type]
        session.connection().execute(statement.values(size=bindparam("to")), changed)
    return rows[-1].id if len(rows) == AT_ONCE else None
