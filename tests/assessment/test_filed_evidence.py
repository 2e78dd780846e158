"""A submission goes in with the names of its evidence, and keeps them whatever happens to the files."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import access, assessments, closed_accounts, evidence, reopening, respondents, roles, users
from assessment.access import MANAGER, Access
from assessment.filed_evidence import by_question, filed
from assessment.results import wishes_for
from assessment.snapshots import FiledEvidence, Snapshot
from assessment.tables import Assessment, PastSubmission
from questionnaires.answers import Answers
from tests.factories import NOW, answered, started, tiny

QUESTION = "skills.training"


def give(session: Session, opened: Access, name: str, letter: str) -> int:
    questionnaire = tiny().questionnaire
    return evidence.add(session, opened, questionnaire, QUESTION, name, "application/pdf", letter * 64, 1_200_000, NOW)


def submit(session: Session, found: Assessment) -> None:
    assessments.submit(session, found, tiny().questionnaire, wishes_for(tiny(), {}), NOW)


def frozen(found: Assessment | PastSubmission) -> tuple[FiledEvidence, ...]:
    assert found.frozen is not None
    return Snapshot.from_json(found.frozen).evidence


def test_a_submission_freezes_which_files_there_were_and_who_gave_them(database: Database) -> None:
    with database.transaction() as session:
        found, _ = started(session)
        answered(session, found, skills__training=1)
        _, link = respondents.ask(session, found, "Amina", ["skills"], ["skills"], NOW)
        hers = access.open_by_key(session, link)
        give(session, hers, "plan.pdf", "a")
        removed = give(session, Access(found), "mistake.pdf", "b")
        give(session, Access(found), "hall.pdf", "c")
        evidence.remove(session, Access(found), tiny().questionnaire, removed, NOW)
        submit(session, found)

        plan, hall = frozen(found)
        assert plan == FiledEvidence(
            QUESTION, "plan.pdf", 1_200_000, "application/pdf", hers.respondent_id, "Amina", NOW.date().isoformat()
        )
        assert (hall.name, hall.respondent, hall.by) == ("hall.pdf", None, "")
        assert by_question(Snapshot.from_json(found.frozen or {})) == {QUESTION: (plan, hall)}


def test_what_was_submitted_keeps_its_evidence_when_files_go_and_come(database: Database) -> None:
    with database.transaction() as session:
        found, _ = started(session)
        answered(session, found, skills__training=1)
        first = give(session, Access(found), "first.pdf", "a")
        submit(session, found)
        reopening.reopen(session, found, "a better file", "Amina", NOW)
        evidence.remove(session, Access(found), tiny().questionnaire, first, NOW)
        give(session, Access(found), "second.pdf", "b")
        submit(session, found)
        session.expire_all()

        past = session.scalars(select(PastSubmission)).one()
        assert [file.name for file in frozen(past)] == ["first.pdf"]
        assert [file.name for file in frozen(found)] == ["second.pdf"]


def test_without_evidence_a_submission_is_stored_and_counted_as_it_always_was() -> None:
    snapshot = Snapshot(Answers({}, {QUESTION: 1}))

    assert "evidence" not in snapshot.as_json()
    assert Snapshot.from_json(snapshot.as_json()) == snapshot
    assert snapshot.sha256() == "214e9249f235efd2749873349335fc151d5313cab446f33c19595c9f37ace3a4"


def test_who_closes_their_account_is_a_number_in_what_was_submitted_too(database: Database) -> None:
    with database.transaction() as session:
        found, _ = started(session)
        answered(session, found, skills__training=1)
        for name in ("Zubaidah", "Amina"):
            user = users.register(session, f"{name.lower()}@kilang.example", NOW, name)
            roles.grant(session, user.id, MANAGER, found.firm_id, NOW)
            give(session, access.open_by_key(session, str(found.id), user.id), f"{name}.pdf", name[-1])
        submit(session, found)
        reopening.reopen(session, found, "more", "Amina", NOW)
        submit(session, found)
        closed_accounts.close(session, users.get(session, "zubaidah@kilang.example").id)

        for kept in (found, session.scalars(select(PastSubmission)).one()):
            theirs, others = frozen(kept)
            assert (theirs.name, theirs.by) == ("Zubaidah.pdf", f"#{theirs.respondent}")
            assert (others.name, others.by) == ("Amina.pdf", "Amina")
        assert [file.by for file in filed(session, found)] == [theirs.by, "Amina"]
