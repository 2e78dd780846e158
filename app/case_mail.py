"""Mails about cases: to a firm when its case moves, to people whose turn it is. No mail holds a secret."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from jinja2 import Environment
from sqlalchemy.orm import Session

from app.programme_form import STATES
from app.settings import Settings
from app.templating import environment_of, offered
from assessment import case_reminders, mails
from assessment.case_events import HANDED_IN
from assessment.case_reminders import Reminder
from assessment.case_states import ENDORSED, INELIGIBLE, NOT_SELECTED, ON_SITE, SELECTED
from assessment.programme_access import OpenCase
from questionnaires.languages import SOURCE

TOLD = (SELECTED, NOT_SELECTED, INELIGIBLE, ON_SITE, ENDORSED, HANDED_IN)


def tell_firm(
    session: Session, settings: Settings, opened: OpenCase, what: str, now: datetime, reason: str = ""
) -> None:
    """Queue a mail to the firm's managers, each in their language: what has become of the case, and what comes next.

    `what` is the state it has come to, or that the findings are handed in; of other things the firm is not told.
    """
    if what not in TOLD:
        return
    case = opened.case
    firm, people = case_reminders.managers_of(session, case.firm_id)
    for email, wished in people:
        text = (
            _environment(settings, wished)
            .get_template("mails/case.txt")
            .render(
                what=what,
                firm=firm,
                programme=opened.programme.name,
                reason=reason,
                visit_on=case.visit_on,
                due_on=case.due_on,
                link=_link(settings, f"/cases/{case.id}"),
                service=settings.public_url,
            )
        )
        _queue(session, email, text, now)


def remind(session: Session, settings: Settings, found: Sequence[Reminder], now: datetime) -> None:
    """Queue a mail for each person, with all the cases whose next step is theirs."""
    for each in found:
        text = (
            _environment(settings, each.language)
            .get_template("mails/cases_due.txt")
            .render(
                due=each.cases,
                today=now.date().isoformat(),
                states=STATES,
                link_of=partial(_link, settings),
                service=settings.public_url,
            )
        )
        _queue(session, each.email, text, now)


def _queue(session: Session, email: str, text: str, now: datetime) -> None:
    subject, _, body = text.strip().partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)


def _environment(settings: Settings, wished: str) -> Environment:
    codes = {each.code for each in offered(settings.machine_translations, settings.test_languages)}
    return environment_of(wished if wished in codes else SOURCE)


def _link(settings: Settings, path: str) -> str:
    return settings.public_url.rstrip("/") + path
