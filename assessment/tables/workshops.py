"""Tables of workshops: who is in the room, rounds and votes, gaps, the roadmap the room owns, and what was learned."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.tables.base import NULLABLE_JSON, Table


class Workshop(Table):
    """One workshop on one questionnaire version. Its rules stand from the start on; `seq` counts what has happened."""

    __tablename__ = "workshop"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    name: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166-1 alpha-2
    day: Mapped[str] = mapped_column(String(10), default="")  # ISO
    language: Mapped[str] = mapped_column(String(16), default="en")
    questionnaire_id: Mapped[str] = mapped_column(String(64))
    questionnaire_version: Mapped[str] = mapped_column(String(64))
    questions: Mapped[list[str]] = mapped_column(JSON)  # those that are asked, in order
    groups: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # stakeholder groups: id, name
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # kind, title, minutes
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # see assessment/workshop_rules.py
    door: Mapped[str] = mapped_column(String(8), default="open")  # open | invited | closed
    code: Mapped[str | None] = mapped_column(String(5), unique=True)  # to join by; free again once it has ended
    chair_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # the link that leads it, from any device
    screen_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # the projector's link: it only looks
    seed: Mapped[int]  # of screens and of the bootstrap, so that every figure can be computed again
    is_template: Mapped[bool] = mapped_column(default=False)
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    teaches: Mapped[bool] = mapped_column(default=True)  # whether later workshops may learn from it
    protocol: Mapped[str] = mapped_column(String(32), default="")  # by which people are asked; stands from the start on
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id", ondelete="SET NULL"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id", ondelete="SET NULL"))  # asked again
    state: Mapped[str] = mapped_column(String(8), default="planned")  # planned | running | ended
    seq: Mapped[int] = mapped_column(default=0)
    screen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the projector shows: page, question, join
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wishes: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # of its roadmap: size, days
    signed_off: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # when, by which groups, the words


class WorkshopFacilitator(Table):
    """A person who leads a workshop, or helps to."""

    __tablename__ = "workshop_facilitator"
    __table_args__ = (UniqueConstraint("workshop_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    added_at: Mapped[datetime]


class WorkshopEvent(Table):
    """What happened in a workshop, in order: the truth that streams only point to."""

    __tablename__ = "workshop_event"

    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]


class Invitation(Table):
    """A seat that is kept for somebody, with a link of its own."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    group_id: Mapped[str] = mapped_column(String(32), default="")  # empty: they declare it when they join
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Participant(Table):
    """Somebody in the room: a group, a nickname if they like, and a link or a personal code to come back with."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("workshop_id", "number"), UniqueConstraint("workshop_id", "code_sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    number: Mapped[int]  # in the order of joining, from 1; their best-worst screens follow from it
    group_id: Mapped[str] = mapped_column(String(32))
    nickname: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(String(9), default="phone")  # phone | paper | simulated
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    code_sha256: Mapped[str | None] = mapped_column(String(64))  # to return with on another phone
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="SET NULL"), unique=True)
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # with their votes: they count no more


class Round(Table):
    """One asking: levels of questions, best-worst screens, or ratings. What it found is frozen when it is revealed."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("workshop_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    number: Mapped[int]  # in the workshop, from 1; the newest is the one under way
    kind: Mapped[str] = mapped_column(String(10))  # levels | best_worst | rating
    subjects: Mapped[list[str]] = mapped_column(JSON)  # ids of questions, which for the later kinds are gaps
    attempt: Mapped[int] = mapped_column(default=1)  # the how-many-th asking of these subjects
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(10), default="open")  # open | closed | revealed | discussed | settled
    minutes: Mapped[int | None]  # its time box
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # as revealed
    fired: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)  # the rule that ended the asking, with figures


class Vote(Table):
    """What one participant said on one subject in one round; it may change until the round is closed."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("round_id", "participant_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(200))  # a question; of best-worst the number of the screen
    value: Mapped[Any] = mapped_column(JSON)  # a level or a word; shown, best, worst; urgency, feasibility
    recorded_at: Mapped[datetime]


class SettledLevel(Table):
    """The level the room stands by for one question, and how it came to it."""

    __tablename__ = "settled_level"
    __table_args__ = (UniqueConstraint("workshop_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(200))
    level: Mapped[int | None]  # None: settled as not known
    how: Mapped[str] = mapped_column(String(8))  # votes | room | firms
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime]


class WorkshopFirm(Table):
    """An assessment that its firm has brought to a workshop: it counts there, among at least five, and never alone."""

    __tablename__ = "workshop_firm"
    __table_args__ = (UniqueConstraint("workshop_id", "assessment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    brought_at: Mapped[datetime]


class FirmBatch(Table):
    """Answers of five firms or more that were taken into a workshop at one time; added up once, never taken apart."""

    __tablename__ = "firm_batch"
    __table_args__ = (UniqueConstraint("workshop_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    number: Mapped[int]  # in the workshop, from 1
    firms: Mapped[list[int]] = mapped_column(JSON)  # the numbers of the firms that were counted: each counts once
    levels: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON)  # question -> answer -> firms; of five or more each
    taken_at: Mapped[datetime]


class WorkshopGap(Table):
    """A gap of the room: where it stands, where it wants to be; on the short list or not, and its agreed place."""

    __tablename__ = "workshop_gap"
    __table_args__ = (UniqueConstraint("workshop_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(200))
    level: Mapped[int]
    target: Mapped[int]
    weight: Mapped[float]
    place: Mapped[int]  # by gap x weight, from 1
    is_listed: Mapped[bool]  # on the short list that people put in order
    note: Mapped[str] = mapped_column(default="")  # why the facilitator took it on or off, if they did
    features: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what learning knows of it, frozen
    agreed_place: Mapped[int | None] = mapped_column(Integer)  # equal places are ties


class WorkshopAction(Table):
    """What somebody will do about an agreed gap: an action of the library, or one written in the room."""

    __tablename__ = "workshop_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(String(200))
    action_id: Mapped[str | None] = mapped_column(String(200))  # of the library
    title: Mapped[str] = mapped_column(default="")  # as written in the room
    first_step: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")  # by which one sees that it is done
    owner: Mapped[str] = mapped_column(default="")
    owner_email: Mapped[str] = mapped_column(String(254), default="")
    group_id: Mapped[str] = mapped_column(String(32), default="")  # the owner's side
    due: Mapped[str] = mapped_column(String(10), default="")  # ISO day
    effort_days: Mapped[float | None]
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)  # the owner's link
    linked_at: Mapped[datetime | None]  # when the link was made
    reminded_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8), default="planned")  # planned | started | done | dropped
    created_at: Mapped[datetime]


class WorkshopActionNews(Table):
    """What an owner said of an action, in order; the newest is how it stands."""

    __tablename__ = "workshop_action_news"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_action_id: Mapped[int] = mapped_column(ForeignKey("workshop_action.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    day: Mapped[str] = mapped_column(String(10), default="")  # ISO day that the state holds from
    note: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime]


class Dissent(Table):
    """That a group does not go along with something, in its words; never who."""

    __tablename__ = "dissent"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(String(200))  # of the gap; empty: with the roadmap as a whole
    workshop_action_id: Mapped[int | None] = mapped_column(ForeignKey("workshop_action.id", ondelete="SET NULL"))
    group_id: Mapped[str] = mapped_column(String(32))
    text: Mapped[str]
    recorded_at: Mapped[datetime]


class WorkshopReport(Table):
    """A workshop's report on order, or made: the truth about it, whatever the queue says."""

    __tablename__ = "workshop_report"
    __table_args__ = (
        UniqueConstraint(
            "workshop_id", "record_sha256", "template_version", "language", "kind", name="uq_workshop_report_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    record_sha256: Mapped[str] = mapped_column(String(64))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)  # what it tells, as ordered
    template_version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(8))  # pdf | xlsx
    state: Mapped[str] = mapped_column(String(16), default="queued")  # queued | running | done | failed
    progress: Mapped[str] = mapped_column(String(16), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    artifact_sha256: Mapped[str | None] = mapped_column(String(64))
    artifact_bytes: Mapped[int | None] = mapped_column(Integer)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class LearnedModel(Table):
    """A model of what people put first, learned from earlier workshops on one instrument by one protocol."""

    __tablename__ = "learned_model"
    __table_args__ = (
        UniqueConstraint("instrument", "protocol", "number"),
        Index("ix_learned_model_current", "instrument", "protocol", "is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument: Mapped[str] = mapped_column(String(130))  # questionnaire id @ version
    protocol: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]  # counts the models of this instrument and protocol, from 1
    record: Mapped[dict[str, Any]] = mapped_column(JSON)  # empty: withdrawn with a workshop that it was taught by
    record_sha256: Mapped[str] = mapped_column(String(64))
    taught_by: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of workshops; empty with a withdrawn record
    looked_at: Mapped[list[int]] = mapped_column(JSON, default=list)  # and of those in which too few people chose
    is_current: Mapped[bool]
    learned_at: Mapped[datetime]
