"""Whoever has to act next is reminded, once before the day and once on it, also when the worker is killed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import case_mail
from app.case_reminder_job import KIND, ReminderWork
from app.database import Database
from app.jobs import Worker
from app.settings import Settings
from assessment import case_moves, case_reminders, firm_erasure, job_queue, roles
from assessment.access import MANAGER
from assessment.case_events import HANDED_IN, REMINDED
from assessment.case_states import (
    COMMITTEE,
    ELIGIBLE,
    ENDORSED,
    FIRM,
    INELIGIBLE,
    NOT_SELECTED,
    OFFICER,
    ON_SITE,
    REASSESSED,
    SELECTED,
    WITHDRAWN,
)
from assessment.programme_access import NotYours
from assessment.tables import CaseEvent, Firm, Job, Mail, ProgrammeCase, User
from tests.assessment.cases import Run, add_case, case_in, join, new_firm, opened, person, run_programme
from tests.conftest import statements_of

DAY = datetime(2026, 12, 10, 6, 0, tzinfo=UTC)
SETTINGS = Settings(public_url="http://testserver")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def due(session: Session, run: Run, day: str) -> ProgrammeCase:
    case = session.get_one(ProgrammeCase, run.case)
    case.due_on = day
    session.flush()
    return case


def remind(session: Session, now: datetime) -> list[str]:
    """Who is mailed at that moment."""
    found = case_reminders.take_due(session, now)
    case_mail.remind(session, SETTINGS, found, now)
    return [each.email for each in found]


def test_once_three_days_before_and_once_on_the_day(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    due(session, run, "2026-12-10")
    mailed = [(n, remind(session, DAY + timedelta(days=n, hours=hour))) for n in range(-6, 9) for hour in (0, 5)]
    assert [(n, to) for n, to in mailed if to] == [(-3, ["officer-p@example.org"]), (0, ["officer-p@example.org"])]
    assert [e.kind for e in session.scalars(select(CaseEvent))].count(REMINDED) == 2


def test_a_day_without_a_worker_is_made_up_for(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    due(session, run, "2026-12-10")
    mailed = [n for n in (-5, -1, 0 + 4, 5) if remind(session, DAY + timedelta(days=n))]
    assert mailed == [-1, 4]


def test_another_day_is_reminded_of_anew(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    due(session, run, "2026-12-10")
    assert remind(session, DAY)
    case_moves.set_due(session, opened(session, run, OFFICER), "2026-12-20", DAY)
    assert not remind(session, DAY + timedelta(days=1))
    assert remind(session, DAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (ELIGIBLE, ["officer-p@example.org", "second@example.org"]),
        (SELECTED, ["firm-p@example.org"]),
        (ON_SITE, ["committee-p@example.org"]),
        (REASSESSED, []),
    ],
)
def test_whose_turn_it_is_is_reminded(session: Session, state: str, who: list[str]) -> None:
    run = case_in(session, state)
    join(session, run, person(session, "second@example.org"), OFFICER)
    case = due(session, run, "2026-12-10" if who else "")
    assert remind(session, DAY) == who
    if state == ON_SITE:
        due(session, run, "2026-12-10")
        case.reminded_on, case.handed_in_at = "", None
        assert remind(session, DAY) == ["assessor-p@example.org"]


def test_the_owner_is_reminded_and_not_every_officer(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    join(session, run, person(session, "second@example.org"), OFFICER)
    case_moves.own(session, opened(session, run, OFFICER), DAY)
    due(session, run, "2026-12-10")
    assert remind(session, DAY) == ["officer-p@example.org"]


def test_all_that_is_due_comes_to_a_person_in_one_mail_without_a_secret(session: Session) -> None:
    run = run_programme(session)
    for name in ("Acme", "Mill"):
        add_case(session, run, new_firm(session, name), ELIGIBLE, due_on="2026-12-10")
    add_case(session, run, new_firm(session, "Late"), ELIGIBLE, due_on="2026-12-01")
    remind(session, DAY)
    mail = session.scalars(select(Mail)).one()
    assert mail.subject == "3 cases wait for you"
    assert mail.body.index("Late") < mail.body.index("Acme") < mail.body.index("Mill")
    assert "It was due on December 1, 2026." in mail.body
    assert "It is due today." in mail.body
    links = re.findall(r"http\S+", mail.body)
    assert [link for link in links if not re.fullmatch(r"http://testserver(/cases/\d+)?", link)] == []


def test_when_the_firm_says_nothing_the_committee_gets_its_turn_with_days_of_its_own(session: Session) -> None:
    run = case_in(session, ON_SITE)
    case = session.get_one(ProgrammeCase, run.case)
    case.responded_at = None
    due(session, run, "2026-12-04")  # handed in on November 20, and 14 days to respond
    mailed = [(n, remind(session, DAY.replace(day=1) + timedelta(days=n))) for n in range(40)]
    assert [(n, to) for n, to in mailed if to] == [
        (0, ["firm-p@example.org"]),
        (3, ["firm-p@example.org"]),
        (14, ["committee-p@example.org"]),
        (17, ["committee-p@example.org"]),
    ]
    assert case.due_on == "2026-12-18"


def test_many_are_taken_in_a_fixed_number_of_statements(database: Database) -> None:
    counts = []
    for mark, n in (("a", 2), ("b", 60)):
        with database.transaction() as session:
            run = run_programme(session, mark)
            for number in range(n):
                add_case(session, run, new_firm(session, f"{mark}{number}"), ELIGIBLE, due_on="2026-12-10")
        with database.transaction() as session, statements_of(database) as statements:
            assert sum(len(each.cases) for each in case_reminders.take_due(session, DAY)) == n
            counts.append(len([s for s in statements if not s.startswith("INSERT")]))
    assert counts[0] == counts[1] < 10


def test_a_reminder_by_hand(session: Session) -> None:
    run = case_in(session, SELECTED)
    with pytest.raises(NotYours):
        case_reminders.remind_now(session, opened(session, run, FIRM), DAY)
    found = case_reminders.remind_now(session, opened(session, run, OFFICER), DAY)
    assert [each.email for each in found] == ["firm-p@example.org"]
    with pytest.raises(case_reminders.RemindedToday):
        case_reminders.remind_now(session, opened(session, run, COMMITTEE), DAY + timedelta(hours=5))
    over = case_in(session, REASSESSED, "over")
    with pytest.raises(case_reminders.NobodyToRemind):
        case_reminders.remind_now(session, opened(session, over, OFFICER), DAY)


def test_it_is_ordered_once_a_day_where_something_is_due(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    due(session, run, "2026-12-10")
    for hours in (-24 * 7, 0, 1, 2):
        case_reminders.order(session, DAY + timedelta(hours=hours))
    assert [job.key for job in session.scalars(select(Job).where(Job.kind == KIND))] == ["2026-12-10"]


@pytest.mark.parametrize(
    ("what", "subject", "line"),
    [
        (SELECTED, "Your firm is selected", "Please do it by December 10, 2026."),
        (NOT_SELECTED, "Your firm is not selected", "Reason: No place left"),
        (INELIGIBLE, "Your firm cannot take part", "Reason: No place left"),
        (ON_SITE, "A visit to your firm is planned", "An assessor comes on December 24, 2026."),
        (HANDED_IN, "What was found at your firm can be read", "You can respond to the findings once."),
        (ENDORSED, "Your firm's report is endorsed", "You can apply for support now"),
        (WITHDRAWN, "", ""),
    ],
)
def test_what_the_firm_is_told(session: Session, what: str, subject: str, line: str) -> None:
    run = case_in(session, SELECTED)
    due(session, run, "2026-12-10").visit_on = "2026-12-24"
    second = person(session, "second@example.org")
    session.get_one(User, second).language = "fr"
    roles.grant(session, second, MANAGER, run.firm, DAY)
    case_mail.tell_firm(session, SETTINGS, opened(session, run, FIRM), what, DAY, "No place left")
    mails = {mail.recipient: mail for mail in session.scalars(select(Mail))}
    assert set(mails) == ({"firm-p@example.org", "second@example.org"} if subject else set())
    if subject:
        mine = mails["firm-p@example.org"]
        assert mine.subject == subject
        assert line in mine.body
        assert f"http://testserver/cases/{run.case}" in mine.body
        assert "Acme p" in mails["second@example.org"].body


def test_an_erased_firm_leaves_no_case_and_no_mail_about_it(session: Session) -> None:
    run = case_in(session, SELECTED)
    due(session, run, "2026-12-10")
    remind(session, DAY)
    case_mail.tell_firm(session, SETTINGS, opened(session, run, FIRM), SELECTED, DAY)
    assert len(session.scalars(select(Mail)).all()) == 2
    firm_erasure.erase(session, session.get_one(Firm, run.firm), lambda _kind, _sha256: None)
    for table in (Mail, ProgrammeCase, CaseEvent):
        assert session.scalars(select(table)).all() == []


class Killed(BaseException):
    pass


def test_a_worker_that_is_killed_before_the_commit_has_sent_nothing_and_the_next_sends_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    with database.transaction() as session:
        run = case_in(session, ELIGIBLE)
        due(session, run, now.date().isoformat())
        case_reminders.order(session, now)
    worker = Worker(database, {KIND: ReminderWork(SETTINGS)}, timedelta(milliseconds=40))

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(case_mail, "remind", die)
        with pytest.raises(Killed):
            worker.work_once()
    assert mails(database) == []
    while not mails(database):
        worker.work_once()
    with database.transaction() as session:
        job_queue.enqueue(session, KIND, "again", now)  # ordered twice by two workers that tidy at once
    for _ in range(3):
        worker.work_once()
    assert mails(database) == ["officer-p@example.org"]


def mails(database: Database) -> list[str]:
    with database.reader() as session:
        return list(session.scalars(select(Mail.recipient)))
