"""The results: where the firm stands, what comes first, what would be if, and the roadmap that it keeps to."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app import firm_results, plan_cases, plan_form, plan_page, since, what_if
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByManager
from app.firm_results import Kept, written_in
from app.forms import Sent, SentForm
from app.plan_cases import Shown
from app.plan_offers import currencies_of
from app.report_steps import words_of
from app.templating import language_of, page
from assessment import assessments, plans, report_orders, roles, sections
from assessment.access import NUMBER
from assessment.assessments import Sheet
from assessment.errors import N_, Conflict
from assessment.plans import Plan
from assessment.results import Result
from questionnaires.languages import language
from scoring.roadmap import Roadmap

router = APIRouter(prefix="/a/{key}")
If = Annotated[list[str], Query(alias="if", max_length=100)]


class PlanChangedMeanwhile(Conflict):
    """Somebody else has kept another plan since this page was opened."""

    def __init__(self, by: str) -> None:
        super().__init__(
            N_("Another plan was kept meanwhile (%(by)s). Open the results again to see it, then decide."),
            by=by or "\u2013",
        )


@router.get("/results")
def show_results(
    request: Request,
    session: DatabaseSession,
    opened: OpenedByManager,
    now: Now,
    asked: If = [],  # noqa: B006
) -> Response:
    sheet = assessments.sheet_of(session, opened.row)
    if not sheet.answers.answers:
        return RedirectResponse(opened.link, status_code=303)
    orders = report_orders.list_orders(session, opened.row) if opened.is_submitted else ()
    query = request.query_params
    sent = SentForm({name: tuple(query.getlist(name)) for name in query})
    plan = plans.plan_of(opened.row, opened.definition)
    kept: Kept = request.app.state.kept
    found = plan_cases.shown(kept, opened, sheet, plan, sent)
    language_code = written_in(language_of(request).code)
    before = since.since_of(request, session, opened, sheet, found.result.readiness, language_code)
    questions = sections.applicable(opened.questionnaire, sheet.answers)
    response = page(
        request,
        "results.html",
        429 if found.retry_after else 200,
        opened=opened,
        total=sections.progress(opened.questionnaire.questions.values(), questions, sheet.answers.answers),
        orders=[(order, language(order.language).endonym, words_of(request, order)) for order in orders],
        report_languages=firm_results.report_languages(),
        # Who comes back a second time has been offered it, and still is on the list of sections.
        may_keep=not before.previous_day
        and not NUMBER.fullmatch(opened.key)
        and roles.may_keep(session, opened.access),
        since=before,
        **_told(request, opened, plan, found, asked, since.with_since(found, opened, before, now)),
        **_roadmap(request, opened, sheet, plan, found),
    )
    if found.retry_after:
        response.headers["retry-after"] = str(found.retry_after)
    return response


def _told(
    request: Request, opened: Opened, plan: Plan, found: Shown, asked: list[str], result: Result
) -> dict[str, Any]:
    """The view, the gaps with what could be tried, and what is tried."""
    code = language_of(request).code
    kept: Kept = request.app.state.kept
    levels, problem = what_if.read_levels(opened.questionnaire, asked)
    written = written_in(code)
    gaps = kept.get(("gaps", *found.case.key(), written), lambda: what_if.gap_rows(found.result, written))

    def tried() -> what_if.WhatIf:
        return what_if.what_if(found.result, written, levels, problem)

    return {
        "view": firm_results.view_of(kept, found.case, result, code),
        "gaps": gaps,
        "tried": kept.get(("if", *found.case.key(), written, *levels.items(), problem and problem.message), tried),
        "hidden_plan": plan_form.hidden_fields(found.wanted, plan),
    }


def _roadmap(request: Request, opened: Opened, sheet: Sheet, plan: Plan, found: Shown) -> dict[str, Any]:
    """The controls of the roadmap, and how a tried plan differs from the kept one."""
    kept: Kept = request.app.state.kept
    written = written_in(language_of(request).code)
    changed = None
    if found.wanted.is_tried and isinstance(found.result.roadmap, Roadmap):
        _, before = plan_cases.kept_result(kept, opened, sheet, plan)
        if isinstance(before.roadmap, Roadmap):
            rate = found.wanted.wishes.rate / plan.wishes.rate
            changed = plan_page.changed_of(
                found.result, written, plans.changes(before.roadmap, found.result.roadmap, rate)
            )
    wished = found.wanted.wished()
    return {
        "plan": plan,
        "wanted": found.wanted,
        "problems": found.wanted.problems,
        "controls": kept.get(
            ("controls", *found.case.key(), written, *wished),
            lambda: plan_page.controls_of(found.result, written, wished),
        ),
        "changed": changed,
        "is_possible": isinstance(found.result.roadmap, Roadmap),
        "currencies": currencies_of(opened.definition),
        "target_choices": plan_form.target_choices(opened.definition),
        "action_link": f"{opened.link}/results",
    }


@router.post("/plan")
def keep_plan(
    request: Request,
    session: DatabaseSession,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: Sent,
    now: Now,
) -> Response:
    """Keep to the plan that was shown; one that was not worked out yet is shown first."""
    plan = plans.plan_of(opened.row, opened.definition)
    if sent.text("seen") != _mark(plan):
        raise PlanChangedMeanwhile(plan.kept_by)
    if sent.text("back"):
        plans.back_to_submitted(session, opened.row)
        return RedirectResponse(f"{opened.link}/results#roadmap", status_code=303)
    wanted = plan_form.wanted(opened.definition, plan, sent)
    sheet = assessments.sheet_of(session, opened.row)
    case = plan_cases.case_of(opened, sheet, wanted.wishes, wanted.target)
    kept: Kept = request.app.state.kept
    if wanted.problems or not kept.has(case.key()):
        query = urlencode(plan_form.hidden_fields(wanted, plan))
        return RedirectResponse(f"{opened.link}/results?{query}#roadmap", status_code=303)
    by = person.called if person else ""
    plans.keep(session, opened.row, wanted.wishes, wanted.target, by, now)
    return RedirectResponse(f"{opened.link}/results#roadmap", status_code=303)


def _mark(plan: Plan) -> str:
    """What a form says of the kept plan that its page has shown."""
    return plan.kept_at.isoformat() if plan.kept_at else ""
