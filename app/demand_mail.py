"""The mail that asks a firm whether it joins a call to providers together with others."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.settings import Settings
from app.templating import environment_of, offered
from assessment import mails
from assessment.shared_demand import Letter
from questionnaires.languages import SOURCE


def ask_firms(session: Session, settings: Settings, letters: Sequence[Letter], programme: str, now: datetime) -> None:
    """Queue a mail for each manager of each firm, in their language. It names no other firm."""
    codes = {each.code for each in offered(settings.machine_translations, settings.test_languages)}
    for each in letters:
        template = environment_of(each.language if each.language in codes else SOURCE).get_template("mails/demand.txt")
        link = f"{settings.public_url.rstrip('/')}/firms/{each.firm_id}/demand"
        text = template.render(firm=each.firm, programme=programme, link=link, service=settings.public_url)
        subject, _, body = text.strip().partition("\n")
        mails.queue(session, each.email, subject, body.strip() + "\n", now)
