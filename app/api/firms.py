"""Firms by JSON: those of a person, registered, and with their particulars corrected."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.problems import problem
from app.api.replies import check_seen, made, page_of, reply
from app.api.shapes import LARGEST_ID, After, Body, Limit, Line, Number, Page, Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.templating import say_to
from assessment import case_sizes, enterprise_groups, firm_duplicates, firms
from assessment.api_tokens import MANAGE, READ
from assessment.errors import N_
from assessment.firm_duplicates import Similar
from assessment.firms import FirmAccess
from assessment.particulars import FIELDS, LARGEST_TURNOVER, MOST_EMPLOYEES, Particulars, checked, particulars_of

router = APIRouter(prefix="/firms", route_class=StrictRoute, tags=["Firms"])
PATH = "/api/v1/firms"
OWNER = "Name or number of who owns more than half of the firm; kept private, used only to count a group once."


class ParticularsBody(Body):
    """What a firm says of itself; empty or null: it would rather not say."""

    name: Line = Field("", examples=["Kilang Mesin Sdn. Bhd."])
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$", description="ISO 3166-1 alpha-2.", examples=["MY"])] = ""
    region: Annotated[str, Field(pattern="^[A-Z0-9-]{0,6}$", description="ISO 3166-2.", examples=["MY-07"])] = ""
    registration_number: Line = ""
    isic_section: Annotated[str, Field(pattern="^[A-U]?$", description="ISIC Rev. 4.", examples=["C"])] = ""
    isic_division: Annotated[str, Field(pattern="^([0-9]{2})?$", examples=["25"])] = ""
    employees: Annotated[int, Field(ge=0, le=MOST_EMPLOYEES)] | None = Field(None, examples=[42])
    turnover: Annotated[float, Field(ge=0, le=LARGEST_TURNOVER, description="In a year.")] | None = None
    turnover_currency: Annotated[str, Field(pattern="^([A-Z]{3})?$", description="ISO 4217.")] = ""
    ownership: Literal["", "local", "joint", "foreign"] = ""
    is_exporter: bool | None = None
    founded: Annotated[int, Field(ge=1000, le=9999, description="Year.")] | None = None
    enterprise_group: Annotated[Line, Field(description=OWNER)] = ""

    def particulars(self) -> dict[str, Any]:
        """Those that were sent."""
        return self.model_dump(include=set(FIELDS), exclude_unset=True)


class NewFirmBody(ParticularsBody):
    """A firm to register."""

    another: Annotated[bool, Field(description="Register it although a firm like it is there already.")] = False


class FirmReply(Reply):
    """A firm with what it says of itself."""

    number: int
    may_manage: bool
    name: str
    country: str
    region: str
    registration_number: str
    isic_section: str
    isic_division: str
    employees: int | None
    turnover: float | None
    turnover_currency: str
    ownership: str
    is_exporter: bool | None
    founded: int | None
    enterprise_group: str | None = Field(description=f"{OWNER} Null: only its managers see it.")
    created_at: datetime
    changed_at: datetime | None


class FirmRow(Reply):
    """A firm in a list."""

    number: Annotated[int, Field(le=LARGEST_ID)]
    name: str
    country: str


def firm_reply(firm: firms.Firm, may_manage: bool) -> FirmReply:
    particulars = {name: getattr(firm, name) for name in FIELDS}
    return FirmReply(
        number=firm.id,
        may_manage=may_manage,
        created_at=firm.created_at,
        changed_at=firm.changed_at,
        enterprise_group=firm.enterprise_group if may_manage else None,
        **particulars,
    )


@router.get("", response_model=Page[FirmRow], openapi_extra=needs())
def list_firms(
    request: Request, session: DatabaseSession, person: SignedInPerson, after: After = 0, limit: Limit = 50
) -> Response:
    """The firms in which whoever asks has a role."""
    found = firms.list_firms(session, person.user_id)
    rows = [FirmRow(number=firm.id, name=firm.name, country=firm.country) for firm in found]
    return page_of(request, rows, [row.number for row in rows], after, limit)


@router.post("", response_model=FirmReply, status_code=201, openapi_extra=needs(MANAGE, 409))
def register_firm(
    request: Request, session: DatabaseSession, person: SignedInPerson, sent: NewFirmBody, now: Now
) -> Response:
    """Register a firm; whoever does manages it. One like it that is there already is a conflict, unless `another`."""
    kept = checked(Particulars(**sent.particulars()), now)
    if not sent.another:
        similar = firm_duplicates.find_similar(session, person.user_id, kept, now)
        if similar:
            return _alike(request, similar)
    firm = firms.register_for(session, person.user_id, kept, now)
    enterprise_groups.say(firm, sent.enterprise_group)
    return made(request, firm_reply(firm, may_manage=True), f"{PATH}/{firm.id}")


def _alike(request: Request, similar: Similar) -> Response:
    # Not raised: the look-up is counted, whatever it has found.
    words = N_("There is a firm like this already. Use it, or send 'another': true.")
    own: list[Any] = [{"number": number, "name": name} for number, name in similar.own]
    return problem(request, 409, say_to(request, words), firms=own, is_known_to_others=similar.is_known_to_others)


@router.get("/{number}", response_model=FirmReply, openapi_extra=needs(READ, 404))
def show_firm(request: Request, session: DatabaseSession, person: SignedInPerson, number: Number) -> Response:
    """One firm."""
    access = firms.get_firm(session, person.user_id, str(number))
    return reply(request, _shown(access))


def _shown(access: FirmAccess) -> FirmReply:
    return firm_reply(access.firm, access.may_manage)


@router.patch("/{number}", response_model=FirmReply, openapi_extra=needs(MANAGE, 404, replaces=True))
def change_firm(
    request: Request,
    session: DatabaseSession,
    person: SignedInPerson,
    number: Number,
    sent: ParticularsBody,
    now: Now,
) -> Response:
    """Correct what a firm says of itself; what is left out stays as it is."""
    access = firms.get_firm(session, person.user_id, str(number), for_change=True)
    check_seen(request, _shown(access))
    said = sent.particulars()
    if "isic_section" in said and "isic_division" not in said:
        said["isic_division"] = ""  # it would imply a section of its own
    firms.describe(access.firm, replace(particulars_of(access.firm), **said), now)
    if "enterprise_group" in sent.model_fields_set:
        enterprise_groups.say(access.firm, sent.enterprise_group)
    case_sizes.note(session, access.firm)
    session.flush()
    return reply(request, _shown(access))
