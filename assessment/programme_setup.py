"""What an officer sets a programme up with, changes later, and when it is open."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import programme_figures, programmes
from assessment.case_states import FUNNEL
from assessment.errors import N_, Conflict, Invalid
from assessment.places import COUNTRIES
from assessment.programmes import LEAST_THRESHOLD, ProgrammePlan
from assessment.tables import Programme, ProgrammeCase
from assessment.texts import clean_name, clean_text
from questionnaires.schema import Questionnaire
from scoring.size_schemes import EU, SME_CORP, WORLD_BANK

SCHEMES = (EU.id, WORLD_BANK.id, SME_CORP.id)
MOST_THRESHOLD = 1000
MOST_DAYS = 90  # in which a firm may respond
MOST_TARGET = 10_000_000
ABOUT_CHARACTERS = 5000
DRAFT, OPEN, CLOSED = "draft", "open", "closed"
# From which state a programme can go where.
MOVES: Mapping[str, tuple[str, ...]] = {DRAFT: (OPEN,), OPEN: (CLOSED,), CLOSED: (OPEN,)}


class QuestionnaireIsFixed(Conflict):
    """Firms of one programme are compared, so they answer one version."""

    def __init__(self) -> None:
        super().__init__(N_("Firms have applied, so the questionnaire stays as it is. Open another programme for it."))


class CannotMove(Conflict):
    """A programme is a draft, then open, then closed; a closed one can be opened again."""

    def __init__(self) -> None:
        super().__init__(N_("The programme stands otherwise by now. Reload the page to see how."))


class InvalidProgramme(Invalid):
    """What is wrong with a programme, by field."""

    def __init__(self, problems: Mapping[str, Invalid]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        super().__init__(first.message, **first.values)


def checked(plan: ProgrammePlan) -> ProgrammePlan:
    """A plan as it is kept.

    Raises:
        InvalidProgramme: by field what does not fit.
    """
    problems: dict[str, Invalid] = {}
    name, about = "", ""
    try:
        name = clean_name(plan.name)
    except Invalid as refusal:
        problems["name"] = refusal
    try:
        about = clean_text(plan.about, ABOUT_CHARACTERS)
    except Invalid as refusal:
        problems["about"] = refusal
    if not name and "name" not in problems:
        problems["name"] = Invalid(N_("Enter a name that firms recognise the programme by."))
    if plan.country not in COUNTRIES:
        problems["country"] = Invalid(N_("Choose the country whose firms are called."))
    if plan.size_scheme not in SCHEMES:
        problems["size_scheme"] = Invalid(N_("Choose one of the answers."))
    problems |= _out_of_bounds("threshold", plan.threshold, LEAST_THRESHOLD, MOST_THRESHOLD)
    problems |= _out_of_bounds("response_days", plan.response_days, 1, MOST_DAYS)
    targets = {state: firms for state, firms in (plan.targets or {}).items() if state in FUNNEL}
    for state, firms in targets.items():
        problems |= _out_of_bounds(f"target.{state}", firms, 1, MOST_TARGET)
    if problems:
        raise InvalidProgramme(problems)
    return ProgrammePlan(
        name, plan.country, about, plan.eligibility, plan.size_scheme, targets, plan.threshold, plan.response_days
    )


def _out_of_bounds(field: str, number: int, low: int, high: int) -> dict[str, Invalid]:
    if low <= number <= high:
        return {}
    return {field: Invalid(N_("Enter a number from %(low)s to %(high)s."), low=f"{low:,}", high=f"{high:,}")}


def change(
    session: Session, programme: Programme, plan: ProgrammePlan, questionnaire: Questionnaire, now: datetime
) -> None:
    """Replace what is said of a programme. Cases keep the verdict that was given when their firms applied.

    Raises:
        InvalidProgramme: by field what does not fit.
        QuestionnaireIsFixed: it would change, and a firm has applied.
    """
    kept = checked(plan)
    same = (questionnaire.id, questionnaire.version) == (programme.questionnaire_id, programme.questionnaire_version)
    if not same and has_cases(session, programme.id):
        raise QuestionnaireIsFixed
    programme.name, programme.country, programme.about = kept.name, kept.country, kept.about
    programme.questionnaire_id, programme.questionnaire_version = questionnaire.id, questionnaire.version
    programme.eligibility = None if kept.eligibility is None else dict(kept.eligibility)
    if kept.size_scheme != programme.size_scheme and has_cases(session, programme.id):
        programme_figures.order(session, programme.id, now)  # its cases are filed by it
    programme.size_scheme, programme.targets = kept.size_scheme, dict(kept.targets or {})
    programme.threshold, programme.response_days = kept.threshold, kept.response_days
    programme.changed_at = now


def plan_of(programme: Programme) -> ProgrammePlan:
    """A programme as its plan."""
    return ProgrammePlan(
        programme.name,
        programme.country,
        programme.about,
        programme.eligibility,
        programme.size_scheme,
        programme.targets,
        programme.threshold,
        programme.response_days,
    )


def move(programme: Programme, state: str, now: datetime) -> None:
    """Open or close a programme.

    Raises:
        CannotMove: from where it stands, that does not follow.
    """
    if state not in MOVES.get(programme.state, ()):
        raise CannotMove
    programme.state, programme.changed_at = state, now


def has_cases(session: Session, programme_id: int) -> bool:
    """Whether any firm has applied."""
    query = select(ProgrammeCase.id).where(ProgrammeCase.programme_id == programme_id).limit(1)
    return session.scalar(query) is not None


def open_new(
    session: Session, plan: ProgrammePlan, questionnaire: Questionnaire, user_id: int, now: datetime
) -> Programme:
    """Open a programme as a draft; who opens it is its first officer.

    Raises:
        InvalidProgramme: by field what does not fit.
        NotAnOfficer: they are none.
    """
    return programmes.create(session, checked(plan), questionnaire, user_id, now)
