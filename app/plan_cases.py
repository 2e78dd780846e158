"""The result behind a page or a report: the kept plan's, or that of another plan which is being tried."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app import firm_results, plan_form
from app.dependencies import Opened
from app.firm_results import Case, Kept
from app.forms import Problem, SentForm
from app.pace import PlansTooFast
from app.plan_form import Wanted
from app.plan_offers import OUT_OF_REACH
from assessment.assessments import Sheet
from assessment.plans import Plan
from assessment.results import Result
from assessment.snapshots import Snapshot, readiness_from_json
from scoring.candidates import OutOfReach
from scoring.gaps import Target
from scoring.roadmap import Wishes


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: the plan that was asked for or, where that cannot be, the kept one and why."""

    case: Case
    result: Result
    wanted: Wanted
    retry_after: int = 0  # seconds to wait, where too many plans were asked for


def case_of(opened: Opened, sheet: Sheet, wishes: Wishes, target: Target) -> Case:
    scores, row = opened.row.scores, opened.row
    said = (row.frozen or {}).get("hindrances")
    asked = Snapshot(sheet.answers, sheet.notes, wishes, target, hindrances=None if said is None else tuple(said))
    day = row.submitted_at or datetime.now(UTC)
    return Case(
        definition=opened.definition,
        snapshot=asked,
        facts=firm_results.facts_of(row.firm.name, row.firm.country, day, asked),
        scored=readiness_from_json(scores, opened.questionnaire) if scores is not None else None,
    )


def kept_case(opened: Opened, sheet: Sheet, plan: Plan) -> Case:
    return case_of(opened, sheet, plan.wishes, plan.target)


def kept_result(kept: Kept, opened: Opened, sheet: Sheet, plan: Plan) -> tuple[Case, Result]:
    """The kept plan's result; a must that answers given since put out of reach is no must any more.

    Raises:
        PlansTooFast: too many were worked out within a minute.
    """
    who = str(opened.row.id)
    try:
        case = kept_case(opened, sheet, plan)
        return case, firm_results.kept_result(kept, case, who)
    except OutOfReach:
        case = case_of(opened, sheet, replace(plan.wishes, must=frozenset()), plan.target)
        return case, firm_results.kept_result(kept, case, who)


def shown(kept: Kept, opened: Opened, sheet: Sheet, plan: Plan, sent: SentForm) -> Shown:
    """The result of what the form asks for.

    Raises:
        PlansTooFast: not even the kept plan may be worked out now.
    """
    wanted, who = plan_form.wanted(opened.definition, plan, sent), str(opened.row.id)
    retry_after = 0
    if wanted.is_tried:
        case = case_of(opened, sheet, wanted.wishes, wanted.target)
        try:
            return Shown(case, firm_results.kept_result(kept, case, who), wanted)
        except PlansTooFast as refusal:
            problem, retry_after = Problem(refusal.message, refusal.values), refusal.retry_after
        except OutOfReach:
            problem = Problem(OUT_OF_REACH, {})
        wanted = replace(wanted, wishes=plan.wishes, target=plan.target, is_tried=False, problems={"wishes": problem})
    return Shown(*kept_result(kept, opened, sheet, plan), wanted, retry_after)
