"""Tables of firms: their assessments, who answered what and when, evidence, submissions, progress."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.tables.base import NULLABLE_JSON, Table


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
    enterprise_group: Mapped[str] = mapped_column(String(200), default="", server_default="")  # who owns over half
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class Assessment(Table):
    """One firm, one questionnaire version, once. Once submitted, `frozen` and `scores` never move.

    With `verifies_id` it is what an assessor found of that assessment: no assessment of the firm's own.
    """

    __tablename__ = "assessment"
    # Most have none before them; whoever deletes one looks for what follows it.
    __table_args__ = (
        Index(
            "ix_assessment_previous_id",
            "previous_id",
            sqlite_where=text("previous_id IS NOT NULL"),
            postgresql_where=text("previous_id IS NOT NULL"),
        ),
    )

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
    verifies_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
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
