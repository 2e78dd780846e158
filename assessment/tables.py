"""Every table: firms, assessments, answers with their history, reports on order, and the queue of jobs."""

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
    created_at: Mapped[datetime]


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
    submitted_at: Mapped[datetime | None]
    frozen: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # profile, answers, notes, wishes as submitted
    scores: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)
    scoring_version: Mapped[str | None] = mapped_column(String(32))

    firm: Mapped[Firm] = relationship(lazy="raise")


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
    recorded_at: Mapped[datetime]


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
