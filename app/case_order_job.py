"""The job that does the same with many cases, and tells the firms; each piece is done wholly, or not at all."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app import case_mail
from app.database import Database
from app.jobs import Closing, Say
from app.settings import Settings
from app.turns import leave_a_turn
from assessment import case_orders, programme_access
from assessment.case_bulk import Done, Order
from assessment.case_states import NOT_SELECTED, ON_SITE, SELECTED
from assessment.programme_access import Membership

KIND = case_orders.JOB
TOLD = {"select": SELECTED, "not_select": NOT_SELECTED}


class CaseOrderWork:
    """Does orders. How far it is stands in the order itself, so that a lost worker's successor goes on from there."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    def do(self, key: str, say: Say) -> Closing:
        number, places = int(key), 0
        while True:
            now = datetime.now(UTC)
            with self.database.transaction() as session:
                piece = case_orders.do_some(session, number, now)
                if piece is None:
                    return _nothing
                tell_firms(session, self.settings, piece.membership, piece.done, piece.order, now)
            places += len(piece.done.done)
            say(f"{places} cases done")
            leave_a_turn(self.database)

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        case_orders.fail(session, int(key), now)


def _nothing(session: Session, now: datetime) -> None:
    """All is stored by now."""


def tell_firms(
    session: Session, settings: Settings, membership: Membership, done: Done, order: Order, now: datetime
) -> None:
    """Queue the mails that each case by itself would have brought."""
    if order.action not in (*TOLD, "assign"):
        return
    for number, _ in done.done:
        opened = programme_access.open_case(session, number, membership.user_id)
        what = TOLD.get(order.action, ON_SITE if opened.case.state == ON_SITE else "")
        case_mail.tell_firm(session, settings, opened, what, now, order.reason.strip())
