"""Two firms with something of everything, and the people of one of them and of the other."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import artifacts
from app.database import Database
from app.demo import mixed_answers
from app.opened_sections import every_section
from app.settings import Settings
from app.shelf import Shelf
from assessment import (
    access,
    api_tokens,
    assessments,
    evidence,
    firms,
    progress,
    reopening,
    report_orders,
    respondents,
    roles,
    saving,
    sessions,
    users,
    version_moves,
)
from assessment.access import Access
from assessment.api_tokens import READ
from assessment.particulars import Particulars
from assessment.results import wishes_for
from assessment.saving import Operation
from assessment.standing import Step
from assessment.tables import AnswerConflict, Assessment, ReportRender, UserSession
from questionnaires.loader import load_definition
from questionnaires.schema import Questionnaire
from scoring.roadmap import Wishes
from tests.app.sent_files import pdf
from tests.factories import NOW, TINY_FOLDER, save_answers, tiny

# What each kind of assessment is for: answers that go on, results and reports, a newer version, the version before.
OPEN, DONE, MOVED, OLDER = "open", "done", "moved", "older"
ACTION = "walk-rounds-with-a-checklist"


@dataclass
class Party:
    """A firm, the numbers of what it has, the keys its people hold, and the cookies and tokens they bring."""

    mark: str
    firm: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)  # by holder, then by kind of assessment
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""


def settle_in(database: Database, settings: Settings, mark: str) -> Party:
    """A firm every text of which holds its mark."""
    party = Party(mark)
    with database.transaction() as session:
        _people(session, party)
        _open(session, party, settings)
        _done(session, party, settings)
        _moving(session, party)
    return party


def _people(session: Session, party: Party) -> None:
    manager = users.register(session, f"{party.mark}-manager@example.org", NOW, f"{party.mark} manager")
    party.firm = firms.register_for(
        session,
        manager.id,
        Particulars(name=f"{party.mark} Sdn Bhd", country="MY", registration_number=party.mark),
        NOW,
    ).id
    for name in ("respondent", "disabled"):
        person = users.register(session, f"{party.mark}-{name}@example.org", NOW, f"{party.mark} {name}")
        roles.grant(session, person.id, "respondent" if name == "respondent" else "manager", party.firm, NOW)
        _sign_in(session, party, name, person.id)
        party.numbers.setdefault("person", person.id)
    for name in ("elsewhere", "manager"):
        _sign_in(session, party, name, manager.id)
    elsewhere = select(UserSession.id).where(UserSession.user_id == manager.id).order_by(UserSession.id)
    party.numbers["session"] = session.scalars(elsewhere).first() or 0
    party.numbers["token"], party.token = api_tokens.make(session, manager.id, party.mark, [READ], 30, _now())
    users.disable(session, person, NOW)
    # What ended with the account must not be what keeps it out: this session is as it was.
    _sign_in(session, party, "disabled", person.id)


def _sign_in(session: Session, party: Party, name: str, user_id: int) -> None:
    party.cookies[name], _ = sessions.start(session, user_id, _now(), party.mark, "203.0.113.*")


def _now() -> datetime:
    return datetime.now(UTC)


def _start(session: Session, party: Party, kind: str, questionnaire: Questionnaire, section: str) -> Assessment:
    """Begin one, with a colleague who answers one section and another whose link was taken back."""
    firm = firms.get_any_firm(session, str(party.firm)).firm
    row, token = assessments.start(session, firm, questionnaire, {}, NOW)
    taken_back, revoked = respondents.ask(session, row, f"{party.mark} former", [section], [section], NOW)
    number, hers = respondents.ask(session, row, f"{party.mark} colleague", [section], [section], NOW)
    respondents.confirm_name(session, access.open_by_key(session, hers), f"{party.mark} colleague", NOW)
    respondents.take_back(session, row, taken_back, NOW)
    party.numbers |= {kind: row.id, f"{kind} colleague": number}
    for holder, key in (("link", token), ("colleague", hers), ("revoked", revoked)):
        party.keys.setdefault(holder, {})[kind] = key
    return row


def _open(session: Session, party: Party, settings: Settings) -> None:
    questionnaire = tiny().questionnaire
    row = _start(session, party, OPEN, questionnaire, "skills")
    said = [
        Operation("skills.training", 0, 2, f"{party.mark} note"),
        Operation("machines.1", 0, 1, f"{party.mark} note"),
    ]
    saving.save(session, Access(row), questionnaire, said, NOW)
    assessments.submit(session, row, questionnaire, Wishes(), NOW)
    reopening.reopen(session, row, f"{party.mark} reason", f"{party.mark} manager", NOW)
    hers = access.open_by_key(session, party.keys["colleague"][OPEN])
    saving.save(session, hers, questionnaire, [Operation("skills.training", 0, 1, f"{party.mark} other note")], NOW)
    sha256, size = _stored(settings.artifacts / "evidence", party)
    given = (f"{party.mark}.pdf", "application/pdf", sha256, size, NOW)
    party.numbers["evidence"] = evidence.add(session, Access(row), questionnaire, "skills.training", *given)
    found = session.scalar(select(AnswerConflict.id).where(AnswerConflict.assessment_id == row.id))
    assert found is not None
    party.numbers["conflict"] = found


def _stored(folder: Path, party: Party) -> tuple[str, int]:
    content = pdf(1) + f"% {party.mark}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    file = artifacts.path_of(folder, sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return sha256, len(content)


def _done(session: Session, party: Party, settings: Settings) -> None:
    definition = Shelf(settings.definitions).newest_of("industry4-readiness")
    questionnaire = definition.questionnaire
    core = [q for q in questionnaire.questions.values() if q.core and q.applies_if is None]
    row = _start(session, party, DONE, questionnaire, every_section(questionnaire)[0].id)
    save_answers(session, row, questionnaire, mixed_answers(questionnaire, core))
    wishes = wishes_for(definition, {})
    assessments.submit(session, row, questionnaire, wishes, NOW)
    party.numbers["report"] = report_orders.order(session, row, "en", wishes, "1", NOW)
    report = session.get_one(ReportRender, party.numbers["report"])
    report.state = "done"
    report.artifact_sha256, report.artifact_bytes = _stored(settings.artifacts, party)
    step = Step(ACTION, "started", "2026-11-02", f"{party.mark} owner", f"{party.mark} note")
    progress.record(session, row, step, frozenset(definition.action), "", f"{party.mark} manager", NOW)


def _moving(session: Session, party: Party) -> None:
    earlier, later = (load_definition(f"moving@1.{n}.0", TINY_FOLDER) for n in (0, 1))
    said = {"people.posters": 1, "plant.control": 3, "plant.tools": ["ERP", "PLM"], "people.kept": 1}
    for kind in (OLDER, MOVED):
        row = _start(session, party, kind, earlier.questionnaire, "people")
        operations = [Operation(q, 0, value, f"{party.mark} note") for q, value in said.items()]
        saving.save(session, Access(row), earlier.questionnaire, operations, NOW)
        if kind == MOVED:
            party.numbers["move"] = version_moves.move(
                session, row, earlier.questionnaire, later, f"{party.mark} manager", NOW
            )
