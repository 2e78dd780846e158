"""Tables of statistics: what is known of the firms of a programme, what is published, and what they need together."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.tables.base import NULLABLE_JSON, Table


class Outcome(Table):
    """One assessment of a firm in a programme, as columns: codes and figures that statistics read in bulk.

    `scores` are hundredths as int16 (-1: none), little-endian: overall, then the dimensions in the questionnaire's
    order. `levels` are a byte a question in its order: the level, 254 does not apply, 255 not known. `hindrances` has
    a bit for each of `assessment.hindrances`, NULL where nothing was said of what stands in the way.
    """

    __tablename__ = "outcome"
    __table_args__ = (Index("ix_outcome_programme_id_wave", "programme_id", "wave"),)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int]  # of the enterprise group: the firm's own number where it is in none
    questionnaire: Mapped[str] = mapped_column(String(130))  # id@version
    wave: Mapped[int]  # year in which it was submitted
    is_verified: Mapped[bool]
    isic_section: Mapped[str] = mapped_column(String(1), default="")
    isic_division: Mapped[str] = mapped_column(String(2), default="")
    size: Mapped[str] = mapped_column(String(8), default="")  # micro | small | medium | large
    region: Mapped[str] = mapped_column(String(6), default="")
    ownership: Mapped[str] = mapped_column(String(16), default="")
    employees: Mapped[int | None]
    scores: Mapped[bytes]
    levels: Mapped[bytes]
    hindrances: Mapped[int | None]


class VerifiedPair(Table):
    """What a verified firm said and what was found, as figures; there from the hand-in of the findings on.

    `said` and `found` are scores as in `Outcome`, -1 in `found` where nothing of it was verified. `levels` counts
    verified questions by the level that was said (rows) and the one that was found, as uint16, little-endian.
    """

    __tablename__ = "verified_pair"

    verification_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    questionnaire: Mapped[str] = mapped_column(String(130))  # id@version
    isic_section: Mapped[str] = mapped_column(String(1), default="")
    size: Mapped[str] = mapped_column(String(8), default="")
    said: Mapped[bytes]
    found: Mapped[bytes]
    levels: Mapped[bytes]


class RegisterCount(Table):
    """How many firms the business register has: what the firms of a programme stand for."""

    __tablename__ = "register_count"
    __table_args__ = (Index("ix_register_count_programme_id", "programme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    isic_section: Mapped[str] = mapped_column(String(1), default="")
    isic_division: Mapped[str] = mapped_column(String(2), default="")
    size: Mapped[str] = mapped_column(String(8), default="")
    region: Mapped[str] = mapped_column(String(6), default="")
    firms: Mapped[int]
    employees: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    as_of: Mapped[str] = mapped_column(String(10), default="")


class Release(Table):
    """A frozen set of tables of a programme. Once made its files never change; published, everybody may read them.

    `cube_sha256` names the Parquet file of its cells, as anybody may see them. `kept_sha256` names what the next
    release must know of it (which firm was in which cell); it never leaves the service.
    """

    __tablename__ = "programme_release"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(
        String(16), default="queued"
    )  # queued | making | made | refused | failed | published
    step: Mapped[str] = mapped_column(String(64), default="")  # what is being done, while it is made
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what it is to hold
    manifest: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)
    cube_sha256: Mapped[str | None] = mapped_column(String(64))
    kept_sha256: Mapped[str | None] = mapped_column(String(64))
    files: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # "report-en.pdf" -> sha256 and size
    problem: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    requested_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]


class ProgrammeFigures(Table):
    """What takes too long to count at each view of a large programme, as it stood at `as_of`."""

    __tablename__ = "programme_figures"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    as_of: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # while it is being worked out


class SharedDemand(Table):
    """Firms with the same gap whose demand together is worth a call to providers."""

    __tablename__ = "shared_demand"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    action_id: Mapped[str] = mapped_column(String(200))
    isic_section: Mapped[str] = mapped_column(String(1), default="")
    region: Mapped[str] = mapped_column(String(6), default="")
    text: Mapped[str] = mapped_column(default="")  # draft of the call
    state: Mapped[str] = mapped_column(String(16), default="asking")  # asking | called | closed
    created_at: Mapped[datetime]


class DemandFirm(Table):
    """A firm that was asked into a shared demand; nobody sees its name before it has said yes."""

    __tablename__ = "demand_firm"
    __table_args__ = (UniqueConstraint("demand_id", "firm_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(ForeignKey("shared_demand.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id", ondelete="CASCADE"), index=True)
    says: Mapped[str] = mapped_column(String(8), default="")  # yes | no; empty: not yet
    said_at: Mapped[datetime | None]
