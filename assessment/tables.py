"""Every table: people, firms, assessments, answers with their history, reports on order, mails and jobs."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
NULLABLE_JSON = JSON(none_as_null=True)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment(), str: Text()}  # noqa: RUF012  SQLAlchemy's own way to declare it


class Firm(Table):
    """A firm as it named itself."""

    __tablename__ = "firm"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166-1 alpha-2
    region: Mapped[str] = mapped_column(String(6), default="")  # ISO 3166-2
    registration_number: Mapped[str] = mapped_column(String(64), default="")
    isic_section: Mapped[str] = mapped_column(String(1), default="")  # ISIC Rev. 4
    isic_division: Mapped[str] = mapped_column(String(2), default="")
    employees: Mapped[int | None]
    turnover: Mapped[float | None]  # a year
    turnover_currency: Mapped[str] = mapped_column(String(3), default="")  # ISO 4217
    ownership: Mapped[str] = mapped_column(String(16), default="")  # local | joint | foreign
    is_exporter: Mapped[bool | None]
    founded: Mapped[int | None]  # year
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class User(Table):
    """A person who signs in; known by an e-mail address in small letters."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(String(16), default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Role(Table):
    """What a person is: manager or respondent of a firm, or (without a firm) admin, assessor, officer and the like."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("user_id", "role", "firm_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    granted_at: Mapped[datetime]


class SignInCode(Table):
    """A code that was mailed; it works once, in the browser that asked for it, for a few minutes."""

    __tablename__ = "sign_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64))
    browser_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UserSession(Table):
    """One browser in which a person is signed in; ended by them, by time, or with their password."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(200), default="")
    network: Mapped[str] = mapped_column(String(64), default="")  # the first part of the address, not the whole


class ApiToken(Table):
    """A key for programs that act for a person, within its scopes, until it ends."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="")
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Mail(Table):
    """A mail to send, or sent: the truth about it, whatever the queue says."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")


class AttemptCount(Table):
    """How often something was tried in a stretch of time, to slow down who guesses."""

    __tablename__ = "attempt_count"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


class Assessment(Table):
    """One firm, one questionnaire version, once. Once submitted, `frozen` and `scores` never move."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    questionnaire_id: Mapped[str] = mapped_column(String(64))
    questionnaire_version: Mapped[str] = mapped_column(String(64))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # the return link itself is never stored
    state: Mapped[str] = mapped_column(String(16), default="open")  # open | submitted
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    last_section: Mapped[str | None] = mapped_column(String(200))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id", ondelete="SET NULL"))  # last time
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str] = mapped_column(default="")  # as they named themselves
    frozen: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # profile, answers, notes, wishes as submitted
    scores: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)
    scoring_version: Mapped[str | None] = mapped_column(String(32))
    plan: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # the wishes of the roadmap the firm keeps to

    firm: Mapped[Firm] = relationship(lazy="raise")


class Respondent(Table):
    """Who answers: a colleague with a link of their own, or a person who signs in.

    Answers without a respondent are those of whoever holds the assessment's return link.
    """

    __tablename__ = "respondent"
    __table_args__ = (UniqueConstraint("assessment_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(default="")
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    sections: Mapped[list[str] | None] = mapped_column(NULLABLE_JSON)  # None is all
    created_at: Mapped[datetime]
    named_at: Mapped[datetime | None]  # when a colleague said how they are called, on first opening their link
    revoked_at: Mapped[datetime | None]


class Answer(Table):
    """The present answer to one question; `value` is None when only a note is left."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("assessment_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]  # counts the revisions of this answer, from 1
    value: Mapped[Any | None] = mapped_column(NULLABLE_JSON)
    note: Mapped[str] = mapped_column(default="")
    respondent_id: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"))
    answered_at: Mapped[datetime]


class AnswerRevision(Table):
    """Each answer that was ever given; rows are added and never changed (a trigger refuses it)."""

    __tablename__ = "answer_revision"
    __table_args__ = (UniqueConstraint("assessment_id", "question_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    value: Mapped[Any | None] = mapped_column(NULLABLE_JSON)
    note: Mapped[str] = mapped_column(default="")
    respondent_id: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"))
    recorded_at: Mapped[datetime]


class AnswerOperation(Table):
    """A save, by the id its device gave it, with our reply: sent again, it gets the same reply."""

    __tablename__ = "answer_operation"
    __table_args__ = (UniqueConstraint("assessment_id", "operation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    operation_id: Mapped[str] = mapped_column(String(36))
    body_sha256: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(index=True)


class AnswerConflict(Table):
    """An answer that met another one which its sender had not seen: kept until a person has chosen."""

    __tablename__ = "answer_conflict"
    __table_args__ = (Index("ix_answer_conflict_open", "assessment_id", "settled_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(200))
    base_version: Mapped[int]  # what its sender had seen
    met_version: Mapped[int]  # what was there
    value: Mapped[Any | None] = mapped_column(NULLABLE_JSON)
    note: Mapped[str] = mapped_column(default="")
    respondent_id: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_as: Mapped[str] = mapped_column(String(8), default="")  # kept | taken: the one that was there, or this one
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"))


class Evidence(Table):
    """A file that shows why an answer holds; its content lies in the artefacts' folder, named by its hash."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_assessment_id_question_id", "assessment_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(200))
    respondent_id: Mapped[int | None] = mapped_column(ForeignKey("respondent.id"))
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(32))
    content_sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]  # bytes
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PastSubmission(Table):
    """A submission that was reopened: what it held, who took it back, and why."""

    __tablename__ = "past_submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    questionnaire_version: Mapped[str] = mapped_column(String(64))  # the assessment may have moved on since
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON)
    scores: Mapped[dict[str, Any]] = mapped_column(JSON)
    scoring_version: Mapped[str] = mapped_column(String(32))
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(default="")
    reopened_at: Mapped[datetime]
    reopened_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]


class VersionMove(Table):
    """An assessment went over to a newer version of its questionnaire; answers without a place there are kept here."""

    __tablename__ = "version_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    from_version: Mapped[str] = mapped_column(String(64))
    to_version: Mapped[str] = mapped_column(String(64))
    moved_by: Mapped[str] = mapped_column(default="")
    left_behind: Mapped[dict[str, Any]] = mapped_column(JSON)  # old question -> value, note, why
    moved_at: Mapped[datetime]


class ActionProgress(Table):
    """How far a firm is with an action of its roadmap."""

    __tablename__ = "action_progress"
    __table_args__ = (UniqueConstraint("assessment_id", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    action_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))  # planned | started | done | dropped; no row is planned, too
    day: Mapped[str] = mapped_column(String(10), default="", server_default="")  # ISO day that the state holds from
    owner: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(default="", server_default="")  # as they named themselves


class ReportRender(Table):
    """A report on order, or made: the truth about it, whatever the queue says."""

    __tablename__ = "report_render"
    __table_args__ = (
        UniqueConstraint(
            "assessment_id", "snapshot_sha256", "template_version", "language", "kind", name="uq_report_render_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    template_version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))  # firm
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    told: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # target, progress, last time, as ordered
    state: Mapped[str] = mapped_column(String(16), default="queued")  # queued | running | done | failed
    progress: Mapped[str] = mapped_column(String(16), default="")  # the step under way: scoring | drawing | storing
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    artifact_sha256: Mapped[str | None] = mapped_column(String(64))
    artifact_bytes: Mapped[int | None] = mapped_column(Integer)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Job(Table):
    """Work to do once, in the background; whoever holds the lease does it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_at", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default="queued")  # queued | running | done | dead
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(64))  # new with each claim: the fence against late finishers
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
