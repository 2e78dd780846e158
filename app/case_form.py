"""What the page of a case shows, and the words for its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment.case_facts import Assessed
from assessment.case_states import (
    ACTION_DONE,
    AFTER_REPORT,
    ELIGIBLE,
    ENDORSED,
    FIRM,
    FUNNEL,
    INELIGIBLE,
    NOT_SELECTED,
    OFFICER,
    ON_SITE,
    REASONED,
    SELECTED,
    SELF_ASSESSED,
    SUPPORT_APPLIED,
    WITHDRAWN,
    may_follow,
    next_actor,
    standing_of,
)
from assessment.errors import N_
from assessment.programme_access import OpenCase
from assessment.snapshots import readiness_from_json
from questionnaires.schema import Dimension, Questionnaire
from scoring.readiness import NodeScore, Readiness

# What the button of a step says, by the state that it leads to.
STEPS = {
    ELIGIBLE: N_("It is eligible"),
    INELIGIBLE: N_("It is not eligible"),
    SELECTED: N_("Select it"),
    NOT_SELECTED: N_("Do not select it"),
    ON_SITE: N_("The visit can begin"),
    ENDORSED: N_("Endorse the report"),
    WITHDRAWN: N_("Withdraw it"),
}
ROLES = {
    "firm": N_("Firm"),
    "officer": N_("Officer"),
    "assessor": N_("Assessor"),
    "committee": N_("Committee"),
}
# What is to be done next, by state and who has to do it.
NEXT = {
    ("applied", OFFICER): N_("Say whether it is eligible"),
    ("eligible", OFFICER): N_("Select it or not"),
    ("selected", FIRM): N_("Assess itself"),
    ("self_assessed", OFFICER): N_("Assign an assessor and plan the visit"),
    ("on_site", "assessor"): N_("Visit the firm and hand in the findings"),
    ("on_site", FIRM): N_("Respond to the findings"),
    ("on_site", "committee"): N_("Endorse the report, or send it back"),
    ("endorsed", FIRM): N_("Apply for support, or begin an action"),
    ("support_applied", OFFICER): N_("See to the support"),
    ("action_done", FIRM): N_("Assess itself again"),
}
# The same, said to the firm.
OWN_NEXT = {
    "selected": N_("Assess your firm"),
    "on_site": N_("Respond to the findings"),
    "endorsed": N_("Apply for support, or begin an action"),
    "action_done": N_("Assess your firm again"),
}
BY_HAND = (ELIGIBLE, SELECTED, ON_SITE, ENDORSED, INELIGIBLE, NOT_SELECTED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Place:
    """A state of the funnel, and whether the case has passed it."""

    state: str
    is_reached: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A dimension with what the firm said of it and what was found."""

    title: str
    depth: int
    said: NodeScore | None
    found: NodeScore | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its reader has it in hand."""

    actor: str
    next: str
    response_until: str
    is_overdue: bool
    age: int
    steps: Sequence[str]  # states that the reader may move it to by a button
    may_assign: bool
    may_mark: bool
    may_send_back: bool
    may_start: bool
    places: Sequence[Place]

    @property
    def plain_steps(self) -> Sequence[str]:
        return [step for step in self.steps if step not in REASONED]

    @property
    def reasoned_steps(self) -> Sequence[str]:
        return [step for step in self.steps if step in REASONED]


def view_of(opened: OpenCase, today: date) -> CaseView:
    """What its reader sees of where a case stands, and can do."""
    case, parts = opened.case, tuple(opened.parts or {opened.role: opened.member})
    standing = standing_of(case, opened.programme.response_days)
    actor = next_actor(standing, today.isoformat())
    steps = [to for to in BY_HAND if any(may_follow(case.state, to, role) for role in parts)]
    is_ready = actor == "committee"
    if case.state == ON_SITE and not is_ready:
        steps = [to for to in steps if to != ENDORSED]
    is_visit = case.state in (SELECTED, SELF_ASSESSED, ON_SITE) and case.handed_in_at is None
    return CaseView(
        actor=actor,
        next=NEXT.get((case.state, actor), ""),
        response_until=standing.response_until,
        is_overdue=bool(case.due_on) and case.due_on < today.isoformat(),
        age=max((today - case.created_at.date()).days, 0),
        steps=steps,
        may_assign=is_visit and OFFICER in parts,
        may_mark=case.state in AFTER_REPORT and (FIRM in parts or OFFICER in parts),
        may_send_back=is_ready and "committee" in parts,
        may_start=case.state == SELECTED and FIRM in parts and case.assessment_id is None,
        places=places_of(case.state),
    )


def places_of(state: str) -> Sequence[Place]:
    """The funnel with how far a case has come; beside it, where it has ended."""
    at = FUNNEL.index(state) if state in FUNNEL else -1
    found = [Place(each, number <= at, number == at) for number, each in enumerate(FUNNEL)]
    return found if at >= 0 else [*found[:1], Place(state, True, True)]


def score_rows(shown: Questionnaire, said: Assessed | None, found: Assessed | None) -> list[ScoreRow]:
    """The overall score and those of the dimensions, by the programme's own version."""
    self_said, verified = (_readiness(shown, each) for each in (said, found))
    if self_said is None and verified is None:
        return []
    both = (self_said, verified)
    rows = [ScoreRow("", 0, *(each.overall if each else None for each in both))]
    for dimension, depth in _walk(shown.dimensions, 1):
        nodes = [each.nodes.get(dimension.id) if each else None for each in both]
        rows.append(ScoreRow(dimension.title, depth, *nodes))
    return rows


def _readiness(shown: Questionnaire, assessed: Assessed | None) -> Readiness | None:
    return readiness_from_json(assessed.scores, shown) if assessed and assessed.scores else None


def _walk(dimensions: tuple[Dimension, ...], depth: int) -> list[tuple[Dimension, int]]:
    found = []
    for dimension in dimensions:
        found += [(dimension, depth), *_walk(dimension.dimensions, depth + 1)]
    return found


MARKED = (SUPPORT_APPLIED, ACTION_DONE)
