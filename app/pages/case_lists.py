"""The queues of a programme: cases by filters for officers, the committee and assessors; many changed at once."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import case_form, case_mail, programme_form
from app.database import DatabaseSession
from app.dependencies import Now
from app.forms import Sent
from app.programme_doors import StaffProgramme
from app.settings import Settings
from app.templating import page
from assessment import case_bulk, case_queues, programme_access
from assessment.case_bulk import Done, Order
from assessment.case_queues import SIZES, Filters
from assessment.case_states import NOT_SELECTED, OFFICER, ON_SITE, SELECTED, STATES
from assessment.industries import SECTIONS
from assessment.places import regions_of
from assessment.programme_access import Membership, OpenCase

router = APIRouter(prefix="/programmes/{programme}/cases")
ASKED = ("state", "call", "assessor", "section", "employees", "region", "words")
TOLD = {"select": SELECTED, "not_select": NOT_SELECTED}


@router.get("")
def list_cases(request: Request, session: DatabaseSession, membership: StaffProgramme, now: Now) -> Response:
    """The queue; its address is what is looked for."""
    return _page(request, session, membership, now, None, 200)


def _page(
    request: Request, session: DatabaseSession, membership: Membership, now: Now, done: Done | None, status: int
) -> Response:
    asked = request.query_params
    filters = Filters(**{name: asked.get(name, "")[:200] for name in ASKED}, overdue=bool(asked.get("overdue")))
    role = case_queues.role_of(membership, asked.get("as", ""))
    queue = case_queues.list_cases(session, membership, role, filters, now, asked.get("after", ""))
    given = {name: asked[name] for name in (*ASKED, "overdue", "as") if asked.get(name)}
    return page(
        request,
        "case_list.html",
        status,
        membership=membership,
        programme=membership.programme,
        role=role,
        roles=[each for each in (OFFICER, "committee", "assessor") if membership.has(each)],
        queue=queue,
        filters=filters,
        is_filtered=bool(given.keys() - {"as"}),
        next_page=urlencode({**given, "after": queue.after}) if queue.after else "",
        here_again=urlencode(given),
        is_first="after" not in asked,
        choices=case_queues.choices(session, membership.programme.id),
        sizes=SIZES,
        sections=SECTIONS,
        regions=sorted(regions_of(membership.programme.country).items(), key=lambda pair: pair[1]),
        order=STATES,
        states=programme_form.STATES,
        words=case_form,
        today=now.date().isoformat(),
        ages={each.id: case_queues.age(each.created_at, now.date()) for each in queue.cases},
        done=done,
    )


@router.post("")
def change_many(
    request: Request, session: DatabaseSession, membership: StaffProgramme, sent: Sent, now: Now
) -> Response:
    """Do the same with all that are ticked; what could not be done is listed with the reason."""
    order = Order(
        sent.text("action"), sent.text("reason"), sent.text("assessor"), sent.text("visit_on"), sent.text("due_on")
    )
    chosen = sent.get("shown" if sent.text("all") else "case", ())
    done = case_bulk.do(session, membership, chosen, order, now)
    _tell_firms(request, session, membership, done, order, now)
    return _page(request, session, membership, now, done, 200)


def _tell_firms(
    request: Request, session: DatabaseSession, membership: Membership, done: Done, order: Order, now: Now
) -> None:
    settings: Settings = request.app.state.settings
    for number, _ in done.done:
        opened = programme_access.open_case(session, number, membership.user_id)
        what = TOLD.get(order.action, ON_SITE if order.action == "assign" and _is_on_site(opened) else "")
        case_mail.tell_firm(session, settings, opened, what, now, order.reason.strip())


def _is_on_site(opened: OpenCase) -> bool:
    return opened.case.state == ON_SITE
