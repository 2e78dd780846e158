"""Tables of work in the background: reports on order or made, and the queue."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.tables.base import NULLABLE_JSON, Table


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
