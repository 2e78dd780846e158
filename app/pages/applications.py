"""A firm applies to a call: what it is asked, what is known already, and whether it may take part and why."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import profile_form
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent
from app.pages.programmes import shown_fields
from app.programme_doors import ProgrammeCase, definition_of
from app.templating import page
from assessment import applications, eligibility
from assessment.applications import Applying, NotYetStated
from assessment.eligibility import Verdict
from assessment.firm_profile import fitting

router = APIRouter(prefix="/firms/{number}/apply/{call}")


@router.get("")
def show_application(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: str, call: str, now: Now
) -> Response:
    applying = applications.open_application(session, person.user_id, number, call, now)
    if applying.case_id is not None:
        return _applied_page(request, applying, session.get_one(ProgrammeCase, applying.case_id))
    known = applying.known(definition_of(request, applying.programme).questionnaire, now)
    return _form_page(request, applying, profile_form.entered(known), applying.judge(known), {}, 200, known=set(known))


@router.post("")
def send_application(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: str, call: str, sent: Sent, now: Now
) -> Response:
    """Apply; or only look at what would come of it, which any of the two buttons can be pressed for."""
    applying = applications.open_application(session, person.user_id, number, call, now, for_change=True)
    questionnaire = definition_of(request, applying.programme).questionnaire
    fields = applying.fields(questionnaire)
    said, problems = profile_form.read_profile(fields, sent)
    profile = fitting(fields, said)
    typed = {name: sent.text(name) for name in sent if name.startswith("p.")}
    verdict = applying.judge(profile)
    if problems or "look" in sent:
        return _form_page(request, applying, typed, verdict, problems, 422 if problems else 200)
    try:
        applications.apply(session, applying, questionnaire, profile, person.user_id, now)
    except NotYetStated as refusal:
        problems = {field: Problem(refusal.message, refusal.values) for field in refusal.fields}
        return _form_page(request, applying, typed, verdict, problems, 422)
    return RedirectResponse(request.url.path, status_code=303)


def _form_page(
    request: Request,
    applying: Applying,
    typed: Mapping[str, str],
    verdict: Verdict,
    problems: dict[str, Problem],
    status: int,
    known: set[str] | frozenset[str] = frozenset(),
) -> Response:
    definition = definition_of(request, applying.programme)
    fields = shown_fields(request, definition, applying.programme.country)
    return page(
        request,
        "call_apply.html",
        status,
        applying=applying,
        entered=typed,
        verdict=verdict,
        problems=problems,
        known=known,
        fields=fields,
        asked=[fields[field.id] for field in applying.fields(definition.questionnaire)],
        deciding=applying.deciding(),
    )


def _applied_page(request: Request, applying: Applying, case: ProgrammeCase) -> Response:
    definition = definition_of(request, applying.programme)
    return page(
        request,
        "call_applied.html",
        applying=applying,
        case=case,
        verdict=eligibility.from_json(case.verdict),
        fields=shown_fields(request, definition, applying.programme.country),
    )
