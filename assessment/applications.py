"""A firm applies to a call, once: what it says of itself is judged at once, and it is told why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import case_events, case_sizes, eligibility, firms
from assessment.access import NUMBER
from assessment.case_states import APPLIED, ELIGIBLE, FIRM, INELIGIBLE
from assessment.eligibility import Verdict
from assessment.errors import N_, Conflict, Invalid
from assessment.firm_profile import learn, profile_of
from assessment.programme_calls import OPEN, SOON, CallNotFound, standing_of, today_of
from assessment.tables import Firm, Programme, ProgrammeCall, ProgrammeCase
from questionnaires.answers import ProfileValue
from questionnaires.conditions import Condition
from questionnaires.schema import ProfileField, Questionnaire


class CallNotOpenYet(Conflict):
    """The call begins later."""

    def __init__(self, opens_on: str) -> None:
        super().__init__(N_("Firms can apply to this call from %(day)s on. Come back then."), day=opens_on)


class CallIsClosed(Conflict):
    """The last day is over."""

    def __init__(self, closes_on: str) -> None:
        super().__init__(N_("This call closed on %(day)s. See which calls are open now."), day=closes_on)


class HasApplied(Conflict):
    """A firm applies to a call once."""

    def __init__(self) -> None:
        super().__init__(N_("Your firm has applied to this call already. See how its case stands on the firm's page."))


class NotYetStated(Invalid):
    """What the firm has left open would decide whether it can take part."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(N_("Say this: it decides whether your firm can take part."))


@dataclass(frozen=True, slots=True)
class Applying:
    """A firm before a call: the two, the call's programme, and the firm's case when it has applied already."""

    firm: Firm
    call: ProgrammeCall
    programme: Programme
    case_id: int | None

    def fields(self, questionnaire: Questionnaire) -> tuple[ProfileField, ...]:
        """What the firm is asked: the questionnaire's fields, and the particulars that decide who may take part."""
        looked_at = {s.field for s in self._statements()}
        asked = len(questionnaire.fields)
        every = eligibility.fields_of(questionnaire, self.programme.country)
        return (*every[:asked], *(field for field in every[asked:] if field.id in looked_at))

    def deciding(self) -> frozenset[str]:
        """The fields that who may take part hangs on."""
        return frozenset(s.field for s in self._statements() if s.field is not None)

    def _statements(self) -> Sequence[Condition]:
        condition = eligibility.condition_of(self.programme.eligibility)
        return () if condition is None else tuple(condition.statements())

    def known(self, questionnaire: Questionnaire, now: datetime) -> dict[str, ProfileValue]:
        """What the firm's particulars already say to these fields."""
        return profile_of(self.firm, self.fields(questionnaire), now)

    def judge(self, profile: Mapping[str, ProfileValue]) -> Verdict:
        return eligibility.judge(eligibility.condition_of(self.programme.eligibility), profile)


def open_application(
    session: Session, user_id: int, firm_number: str, call_number: str, now: datetime, *, for_change: bool = False
) -> Applying:
    """A firm of this person before a call that can be applied to, or that it has applied to.

    Raises:
        FirmNotFound, OnlyManagers: the firm is not theirs to apply for.
        CallNotFound: there is no such call, or its programme is not open.
        CallNotOpenYet, CallIsClosed: today is not among its days.
    """
    access = firms.get_firm(session, user_id, firm_number, for_change=for_change)
    if not access.may_manage:
        raise firms.OnlyManagers
    firm = access.firm
    query = (
        select(ProgrammeCall, Programme, ProgrammeCase.id)
        .join(Programme, Programme.id == ProgrammeCall.programme_id)
        .outerjoin(ProgrammeCase, (ProgrammeCase.call_id == ProgrammeCall.id) & (ProgrammeCase.firm_id == firm.id))
        .where(ProgrammeCall.id == (int(call_number) if NUMBER.fullmatch(call_number) else 0))
    )
    found = session.execute(query).one_or_none()
    if found is None or (found[1].state != OPEN and found[2] is None):
        raise CallNotFound
    call, programme, case_id = found
    if case_id is None:
        _refuse_other_days(call, today_of(now))
    return Applying(firm, call, programme, case_id)


def _refuse_other_days(call: ProgrammeCall, today: str) -> None:
    standing = standing_of(call, today)
    if standing == SOON:
        raise CallNotOpenYet(call.opens_on)
    if standing != OPEN:
        raise CallIsClosed(call.closes_on)


def apply(
    session: Session,
    applying: Applying,
    questionnaire: Questionnaire,
    profile: Mapping[str, ProfileValue],
    user_id: int,
    now: datetime,
) -> ProgrammeCase:
    """Apply for a firm; its case is eligible or not from the start. What it said fills its empty particulars.

    Places bound who is selected, not who may apply.

    Raises:
        HasApplied: the firm has a case in this call.
        NotYetStated: something it left open would decide.
    """
    if applying.case_id is not None:
        raise HasApplied
    verdict = applying.judge(profile)
    if verdict.is_open:
        raise NotYetStated(verdict.lacks())
    case = new_case(session, applying.call, applying.firm.id, profile, verdict, now)
    case_events.record(session, case, case_events.MOVED, now, by=FIRM, user_id=user_id)
    settle(session, case, verdict, now)
    learn(applying.firm, questionnaire.fields, profile, now)
    session.flush()
    case_sizes.note(session, applying.firm)
    return case


def new_case(
    session: Session,
    call: ProgrammeCall,
    firm_id: int,
    profile: Mapping[str, ProfileValue],
    verdict: Verdict,
    now: datetime,
) -> ProgrammeCase:
    """A case without a past; the caller notes its first event."""
    case = ProgrammeCase(programme_id=call.programme_id, call_id=call.id, firm_id=firm_id, state=APPLIED, version=0)
    case.profile, case.verdict = dict(profile), eligibility.as_json(verdict)
    case.created_at = case.changed_at = now
    session.add(case)
    session.flush()
    return case


def settle(session: Session, case: ProgrammeCase, verdict: Verdict, now: datetime) -> None:
    """Move a case that has just come in to where its verdict says; nobody has done so, it happens by itself."""
    state = ELIGIBLE if verdict.is_met else INELIGIBLE
    case_events.record(session, case, case_events.MOVED, now, by="", state=state, automatic=True)


def cases_of_firm(session: Session, firm_id: int) -> Sequence[tuple[ProgrammeCase, str, str]]:
    """The cases of a firm with the names of programme and call, the newest first."""
    query = (
        select(ProgrammeCase, Programme.name, ProgrammeCall.title)
        .join(Programme, Programme.id == ProgrammeCase.programme_id)
        .join(ProgrammeCall, ProgrammeCall.id == ProgrammeCase.call_id)
        .where(ProgrammeCase.firm_id == firm_id)
        .order_by(ProgrammeCase.id.desc())
    )
    return [(case, programme, call) for case, programme, call in session.execute(query)]
