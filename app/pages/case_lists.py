"""The queues of a programme: cases by filters for officers, the committee and assessors; many changed at once."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import case_form, programme_form
from app.case_order_job import tell_firms
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Sent, SentForm
from app.programme_doors import OfficerProgramme, StaffProgramme
from app.templating import page, say_to
from assessment import case_bulk, case_orders, case_queues
from assessment.case_bulk import Done, Order
from assessment.case_queues import NOT_KNOWN, Filters
from assessment.case_states import OFFICER, STATES
from assessment.eligibility import SIZES
from assessment.industries import SECTIONS
from assessment.places import regions_of
from assessment.programme_access import Membership

router = APIRouter(prefix="/programmes/{programme}/cases")
ASKED = ("state", "call", "assessor", "section", "size", "region", "words")


@router.get("")
def list_cases(request: Request, session: DatabaseSession, membership: StaffProgramme, now: Now) -> Response:
    """The queue; its address is what is looked for."""
    return _page(request, session, membership, now, None, 200)


def _page(
    request: Request, session: DatabaseSession, membership: Membership, now: Now, done: Done | None, status: int
) -> Response:
    asked, filters = request.query_params, _filters(request)
    role = case_queues.role_of(membership, asked.get("as", ""))
    queue = case_queues.list_cases(session, membership, role, filters, now, asked.get("after", ""))
    given = _given(request)
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
        sizes={code: say_to(request, name) for code, name in SIZES.items()},
        not_known=NOT_KNOWN,
        most=case_orders.MOST,
        sections=SECTIONS,
        regions=sorted(regions_of(membership.programme.country).items(), key=lambda pair: pair[1]),
        order=STATES,
        states=programme_form.STATES,
        words=case_form,
        today=now.date().isoformat(),
        ages={each.id: case_queues.age(each.created_at, now.date()) for each in queue.cases},
        done=done,
    )


def _filters(request: Request) -> Filters:
    asked = request.query_params
    return Filters(**{name: asked.get(name, "")[:200] for name in ASKED}, overdue=bool(asked.get("overdue")))


def _given(request: Request) -> dict[str, str]:
    """What the address asks for, without the place in the queue."""
    asked = request.query_params
    return {name: asked[name] for name in (*ASKED, "overdue", "as") if asked.get(name)}


@router.post("")
def change_many(
    request: Request, session: DatabaseSession, membership: StaffProgramme, sent: Sent, now: Now
) -> Response:
    """Do the same with all that are ticked; what could not be done is listed with the reason."""
    order = Order(
        sent.text("action"), sent.text("reason"), sent.text("assessor"), sent.text("visit_on"), sent.text("due_on")
    )
    if sent.text("found"):
        return _with_all_found(request, session, membership, sent, order, now)
    chosen = sent.get("shown" if sent.text("all") else "case", ())
    done = case_bulk.do(session, membership, chosen, order, now)
    tell_firms(session, request.app.state.settings, membership, done, order, now)
    return _page(request, session, membership, now, done, 200)


def _with_all_found(
    request: Request, session: DatabaseSession, membership: Membership, sent: SentForm, order: Order, now: Now
) -> Response:
    """Tell how many cases the filters find; order it once that number is confirmed."""
    membership.member(OFFICER)
    found = case_queues.found_by(session, membership, OFFICER, _filters(request), now, case_orders.MOST + 1)
    case_orders.check(order, len(found))
    base, here = f"/programmes/{membership.programme.id}/cases", urlencode(_given(request))
    if sent.text("confirmed") == str(len(found)):
        placed = case_orders.place(session, membership, found, order, now)
        return RedirectResponse(f"{base}/orders/{placed.id}", status_code=303)
    return page(
        request,
        "case_order_confirm.html",
        membership=membership,
        programme=membership.programme,
        order=order,
        found=len(found),
        has_changed=bool(sent.text("confirmed")),
        address=f"{base}?{here}" if here else base,
        assessors=case_queues.choices(session, membership.programme.id).assessors if order.action == "assign" else {},
    )


@router.get("/orders/{number}")
def show_order(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str, first: int = 0
) -> Response:
    """How far it is, and which cases stay as they were."""
    row, first = case_orders.get(session, membership, number), max(first, 0)
    return page(
        request,
        "case_order.html",
        membership=membership,
        programme=membership.programme,
        order=row,
        what=row.content["action"],
        is_under_way=row.state == case_orders.QUEUED,
        stayed=case_orders.stayed(session, row, first),
        following=first + case_orders.SHOWN if first + case_orders.SHOWN < len(row.not_done) else 0,
    )
