"""Tables of programmes: who runs one, what it offers, and how far its firms' cases have come."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assessment.tables.base import NULLABLE_JSON, Table


class Programme(Table):
    """What a ministry calls firms into. Its questionnaire version is fixed once a firm has applied."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1 alpha-2
    about: Mapped[str] = mapped_column(default="")  # what firms read before they apply
    questionnaire_id: Mapped[str] = mapped_column(String(64))
    questionnaire_version: Mapped[str] = mapped_column(String(64))
    eligibility: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # an `applies_if`; None is everybody
    size_scheme: Mapped[str] = mapped_column(String(16), default="eu")  # scoring.size_schemes
    targets: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # state of a case -> firms wished for
    threshold: Mapped[int] = mapped_column(default=10)  # firms that a published cell holds at least; never below 5
    response_days: Mapped[int] = mapped_column(default=14)  # in which a firm may respond to what an assessor found
    state: Mapped[str] = mapped_column(String(16), default="draft")  # draft | open | closed
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class AssessingBody(Table):
    """An organisation whose assessors verify firms."""

    __tablename__ = "assessing_body"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    name: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")


class ProgrammeMember(Table):
    """What a person does in a programme: officer, assessor, committee or analyst."""

    __tablename__ = "programme_member"
    __table_args__ = (UniqueConstraint("programme_id", "user_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("assessing_body.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]


class ProgrammeCall(Table):
    """A call for firms: from when to when, and for how many."""

    __tablename__ = "programme_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    opens_on: Mapped[str] = mapped_column(String(10))  # ISO day
    closes_on: Mapped[str] = mapped_column(String(10))  # ISO day, the last on which a firm can apply
    places: Mapped[int | None]
    created_at: Mapped[datetime]


class SupportOffer(Table):
    """Money or help that a firm can get for an action, as it stood on the day it was checked."""

    __tablename__ = "support_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # grant | voucher | loan | training
    name: Mapped[str]
    provider: Mapped[str] = mapped_column(default="")
    enablers: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the actions it helps; empty is all
    rate: Mapped[float | None]  # share of the cost, 0 to 1; of a loan its yearly interest
    cap: Mapped[float | None]  # most money for a firm
    currency: Mapped[str] = mapped_column(String(3), default="")
    conditions: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[str] = mapped_column(String(10))  # ISO day
    closes_on: Mapped[str] = mapped_column(String(10), default="")  # ISO day; empty: open


class ProgrammeCase(Table):
    """A firm in a call: how far it has come, who has to do what next, and until when."""

    __tablename__ = "programme_case"
    __table_args__ = (
        UniqueConstraint("call_id", "firm_id"),
        # Each holds all that counting and filtering ask of a case, so that no row is read for those that do not fit.
        Index("ix_programme_case_count", "programme_id", "state", "due_on", "furthest"),
        Index(
            "ix_programme_case_queue",
            *("programme_id", "due_on", "id", "state", "firm_id", "call_id", "assessor_id", "size"),
        ),
        Index(
            "ix_programme_case_again_id",
            "again_id",
            sqlite_where=text("again_id IS NOT NULL"),
            postgresql_where=text("again_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    call_id: Mapped[int] = mapped_column(ForeignKey("programme_call.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))  # assessment.case_states
    version: Mapped[int] = mapped_column(default=1)  # counts the events: a stale page changes nothing
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # as it was when the firm applied
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # which conditions are met, and which are not
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id", ondelete="SET NULL"), index=True)
    verification_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id", ondelete="SET NULL"), index=True)
    again_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id", ondelete="SET NULL"))  # re-assessment
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("programme_member.id", ondelete="SET NULL"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("programme_member.id", ondelete="SET NULL"), index=True)
    visit_on: Mapped[str] = mapped_column(String(10), default="")  # ISO day
    due_on: Mapped[str] = mapped_column(String(10), default="", index=True)  # ISO day of the next step
    handed_in_at: Mapped[datetime | None]  # when the assessor did; from then on the firm may respond, once
    response: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # question id, or "" for all -> text
    responded_at: Mapped[datetime | None]
    reminded_on: Mapped[str] = mapped_column(String(10), default="")  # ISO day of the last reminder
    size: Mapped[str] = mapped_column(String(8), default="", server_default="")  # by the programme's scheme
    furthest: Mapped[int] = mapped_column(default=0, server_default="0")  # place in the funnel, of those left behind
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CaseEvent(Table):
    """What happened to a case; rows are added and never changed (a trigger refuses it)."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("programme_case.id", ondelete="CASCADE"))
    number: Mapped[int]  # the case's version after it
    kind: Mapped[str] = mapped_column(String(20))  # moved | assigned | due | noted | responded | reminded | imported
    state: Mapped[str] = mapped_column(String(20))  # of the case after it
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by: Mapped[str] = mapped_column(default="")  # the role, and never a name that erasure would have to find
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class CaseOrder(Table):
    """The same to be done with many cases; done in pieces, each of them wholly or not at all."""

    __tablename__ = "case_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what is to be done, with what it needs
    cases: Mapped[list[str]] = mapped_column(JSON, default=list)  # number:version, as they were when it was ordered
    place: Mapped[int] = mapped_column(default=0)  # how many of them have been looked at
    not_done: Mapped[list[Any]] = mapped_column(JSON, default=list)  # case, message, its values
    state: Mapped[str] = mapped_column(String(16), default="queued")  # queued | done | failed
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportOrder(Table):
    """A file of firms to take in: tried first, with every problem by row, and then taken in whole or not at all."""

    __tablename__ = "import_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(16))  # firms | register
    name: Mapped[str]
    content_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(
        String(16), default="queued"
    )  # queued | checking | checked | taking | done | failed
    rows: Mapped[int] = mapped_column(default=0)  # looked at so far
    problems: Mapped[int] = mapped_column(default=0)
    problems_sha256: Mapped[str | None] = mapped_column(String(64))  # a CSV of every problem
    first_problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")  # counts, how it was read
    problem: Mapped[str] = mapped_column(default="")
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
