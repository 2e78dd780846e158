"""Load a programme or a case for a route, for somebody who has a part in it; or refuse."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from app.database_session import SAFE_METHODS, DatabaseSession
from app.dependencies import SignedInPerson
from app.shelf import Shelf
from assessment import programme_access
from assessment.case_states import ANALYST, ASSESSOR, COMMITTEE, OFFICER
from assessment.programme_access import Membership, OpenCase
from assessment.tables import Programme as Programme  # pages name these rows, and ask nobody for them
from assessment.tables import ProgrammeCall as ProgrammeCall
from assessment.tables import ProgrammeCase as ProgrammeCase
from assessment.tables import SupportOffer as SupportOffer
from questionnaires.library import Definition


def _for(*roles: str) -> Callable[..., Membership]:
    def open_it(request: Request, session: DatabaseSession, person: SignedInPerson, programme: str) -> Membership:
        writes = request.method not in SAFE_METHODS
        return programme_access.open_programme(session, programme, person.user_id, *roles, for_change=writes)

    return open_it


# A route names the programme `{programme}` in its path.
MemberProgramme = Annotated[Membership, Depends(_for(), scope="function")]
OfficerProgramme = Annotated[Membership, Depends(_for(OFFICER), scope="function")]
CommitteeProgramme = Annotated[Membership, Depends(_for(OFFICER, COMMITTEE), scope="function")]
StaffProgramme = Annotated[Membership, Depends(_for(OFFICER, COMMITTEE, ASSESSOR), scope="function")]
StatisticsProgramme = Annotated[Membership, Depends(_for(OFFICER, ANALYST), scope="function")]


def open_case(
    request: Request, session: DatabaseSession, person: SignedInPerson, case: str, seen: int | None = None
) -> OpenCase:
    """The case `{case}` of the path; a form says `?seen=` with the version that its page was made of."""
    writes = request.method not in SAFE_METHODS
    return programme_access.open_case(session, case, person.user_id, for_change=writes, seen=seen if writes else None)


OpenedCase = Annotated[OpenCase, Depends(open_case, scope="function")]


def definition_of(request: Request, programme: Programme) -> Definition:
    shelf: Shelf = request.app.state.shelf
    return shelf.get(f"{programme.questionnaire_id}@{programme.questionnaire_version}")
