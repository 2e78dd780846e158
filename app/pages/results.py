"""The results: where the firm stands, what comes first, and the roadmap for a budget."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import firm_results
from app.database import DatabaseSession
from app.dependencies import Opened, OpenedByManager
from app.firm_results import Case, Wanted
from app.forms import SentForm
from app.report_steps import words_of
from app.templating import language_of, page
from assessment import assessments, report_orders, sections
from assessment.assessments import Sheet
from assessment.results import wishes_for
from assessment.snapshots import Snapshot, readiness_from_json
from questionnaires.languages import language

router = APIRouter(prefix="/a/{key}")


def snapshot_of(opened: Opened, sheet: Sheet) -> Snapshot:
    """What the result is made of: as submitted, or as it stands with nothing said about the budget."""
    if opened.row.frozen is not None:
        return Snapshot.from_json(opened.row.frozen)
    return Snapshot(sheet.answers, sheet.notes, wishes_for(opened.definition, sheet.answers.profile))


def case_of(opened: Opened, snapshot: Snapshot, wanted: Wanted) -> Case:
    scores = opened.row.scores
    asked = Snapshot(snapshot.answers, snapshot.notes, wanted.wishes)
    return Case(
        definition=opened.definition,
        snapshot=asked,
        facts=firm_results.facts_of(
            opened.row.firm.name, opened.row.firm.country, opened.row.submitted_at or datetime.now(UTC), asked
        ),
        scored=readiness_from_json(scores, opened.questionnaire) if scores is not None else None,
    )


@router.get("/results")
def show_results(
    request: Request, session: DatabaseSession, opened: OpenedByManager, budget: str = "", currency: str = ""
) -> Response:
    sheet = assessments.sheet_of(session, opened.row)
    if not sheet.answers.answers:
        return RedirectResponse(opened.link, status_code=303)
    orders = report_orders.list_orders(session, opened.row) if opened.is_submitted else ()
    snapshot = snapshot_of(opened, sheet)
    given = {"budget": budget, "currency": currency}
    sent = SentForm({name: (value,) for name, value in given.items() if name in request.query_params})
    wanted = firm_results.wanted(opened.definition, snapshot, sent)
    asked = sections.applicable(opened.questionnaire, sheet.answers)
    return page(
        request,
        "results.html",
        opened=opened,
        view=firm_results.view_of(request.app.state.kept, case_of(opened, snapshot, wanted), language_of(request).code),
        wanted=wanted,
        currencies=firm_results.currencies_of(opened.definition),
        total=sections.progress(opened.questionnaire.questions.values(), asked, sheet.answers.answers),
        orders=[(order, language(order.language).endonym, words_of(request, order)) for order in orders],
        report_languages=firm_results.report_languages(),
    )
