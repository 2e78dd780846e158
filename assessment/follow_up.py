"""What became of a room's roadmap: each action against its day, each phase, and the agreed gaps when asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment.action_owners import News, news_of, to_remind
from assessment.roadmap_view import RoadmapAction, RoadmapGap, RoomRoadmap
from assessment.room_roadmap import agreed_of, frozen_of, planned
from assessment.round_levels import spread_of
from assessment.standing import ENDED
from assessment.tables import Round, SettledLevel, Workshop, WorkshopAction, WorkshopActionNews
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire
from scoring.roadmap import PHASES


@dataclass(frozen=True, slots=True)
class FollowedAction:
    """An action with what its owner told last. `over` is how many days it is past its due day, or was when it ended."""

    action: RoadmapAction
    state: str
    news: News | None
    over: int  # days; 0 or below: in time, or no day
    has_link: bool
    reminded_on: str  # ISO day; empty: never

    @property
    def is_late(self) -> bool:
        return self.over > 0 and self.state not in ENDED

    @property
    def was_late(self) -> bool:
        return self.over > 0 and self.state == "done"


@dataclass(frozen=True, slots=True)
class PhaseDone:
    """How many actions of a phase (None: those without a day) are in each state."""

    phase: int | None
    actions: int
    started: int
    done: int
    dropped: int
    late: int

    @property
    def share(self) -> float | None:
        """Done, of those not given up; None where all were."""
        kept = self.actions - self.dropped
        return self.done / kept if kept else None


@dataclass(frozen=True, slots=True)
class ThenNow:
    """An agreed gap then and when it was asked again. `now` is the level settled since, None: none yet, or not known.

    `rated`, `low`, `high`, `agreement` are of the newest asking, None where fewer than five people answered.
    """

    question: str
    place: int
    target: int
    then: int
    now: int | None
    is_settled: bool
    rated: int | None = None
    low: int | None = None
    high: int | None = None
    agreement: float | None = None  # van der Eijk's A

    @property
    def moved(self) -> int | None:
        return None if self.now is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A workshop that asked the agreed gaps again."""

    number: int
    name: str
    day: str  # ISO; empty: not known
    state: str
    gaps: tuple[ThenNow, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Planned against achieved, on a day."""

    as_of: str  # ISO
    roadmap: RoomRoadmap
    actions: tuple[FollowedAction, ...]  # by phase and day
    phases: tuple[PhaseDone, ...]
    total: PhaseDone
    again: AskedAgain | None
    to_remind: int = 0  # owners who would be written to now

    @property
    def told(self) -> int:
        """Of how many actions anything was told."""
        return sum(each.news is not None for each in self.actions)


def follow_up(session: Session, workshop: Workshop, definition: Definition, now: datetime) -> FollowUp:
    """How the roadmap has been worked off, in four statements, or three once it was signed off."""
    today = now.date()
    found = session.execute(_rows_and_news(workshop.id)).all()
    rows: dict[int, WorkshopAction] = {row.id: row for row, _ in found}
    news = {row.id: news_of(told) for row, told in found if told is not None}
    roadmap = frozen_of(workshop, definition)
    if roadmap is None:
        gaps, levels = agreed_of(session, workshop)
        roadmap = planned(workshop, definition, gaps, levels, list(rows.values()), ())
    actions = tuple(
        _followed(each, rows[each.number], news.get(each.number), today)
        for each in roadmap.by_day
        if each.number in rows
    )
    phases = [_done(actions, phase) for phase in (*range(len(PHASES)), None)]
    return FollowUp(
        as_of=today.isoformat(),
        roadmap=roadmap,
        actions=actions,
        phases=tuple(phase for phase in phases if phase.phase is not None or phase.actions),
        total=_counted(actions, None),
        again=asked_again(session, workshop, definition.questionnaire, roadmap.gaps),
        to_remind=len({row.owner_email for row in to_remind(rows.values(), now)}),
    )


def _rows_and_news(workshop_id: int) -> Any:
    newest = (
        select(func.max(WorkshopActionNews.id))
        .where(WorkshopActionNews.workshop_action_id == WorkshopAction.id)
        .correlate(WorkshopAction)
        .scalar_subquery()
    )
    return (
        select(WorkshopAction, WorkshopActionNews)
        .outerjoin(WorkshopActionNews, WorkshopActionNews.id == newest)
        .where(WorkshopAction.workshop_id == workshop_id)
        .order_by(WorkshopAction.id)
    )


def _followed(action: RoadmapAction, row: WorkshopAction, news: News | None, today: date) -> FollowedAction:
    ended = news.day if news and row.state in ENDED and news.day else today.isoformat()
    over = (date.fromisoformat(ended) - date.fromisoformat(action.due)).days if action.due else 0
    reminded = row.reminded_at.date().isoformat() if row.reminded_at else ""
    return FollowedAction(action, row.state, news, over, row.token_sha256 is not None, reminded)


def _done(actions: Sequence[FollowedAction], phase: int | None) -> PhaseDone:
    return _counted([each for each in actions if each.action.phase == phase], phase)


def _counted(here: Sequence[FollowedAction], phase: int | None) -> PhaseDone:
    return PhaseDone(
        phase=phase,
        actions=len(here),
        started=sum(each.state == "started" for each in here),
        done=sum(each.state == "done" for each in here),
        dropped=sum(each.state == "dropped" for each in here),
        late=sum(each.is_late for each in here),
    )


def asked_again(
    session: Session, workshop: Workshop, questionnaire: Questionnaire, gaps: Sequence[RoadmapGap]
) -> AskedAgain | None:
    """The newest workshop that asked the agreed gaps again and has begun, in two statements; None: there is none."""
    follows = select(Workshop.id).where(Workshop.follows_id == workshop.id, Workshop.state != "planned")
    newest = follows.order_by(Workshop.id.desc()).limit(1).scalar_subquery()
    query = select(Workshop, SettledLevel).outerjoin(SettledLevel, SettledLevel.workshop_id == Workshop.id)
    found = session.execute(query.where(Workshop.id == newest)).all()
    if not found:
        return None
    later: Workshop = found[0][0]
    settled = {row.question_id: row.level for _, row in found if row is not None}
    asked = select(Round).where(Round.workshop_id == later.id, Round.kind == "levels").order_by(Round.number)
    newest_of = {q: each for each in session.scalars(asked) if each.result is not None for q in each.subjects}
    return AskedAgain(
        number=later.id,
        name=later.name,
        day=later.day or (later.started_at.date().isoformat() if later.started_at else ""),
        state=later.state,
        gaps=tuple(_then_now(gap, later, questionnaire, settled, newest_of.get(gap.question)) for gap in gaps),
    )


def _then_now(
    gap: RoadmapGap,
    later: Workshop,
    questionnaire: Questionnaire,
    settled: Mapping[str, int | None],
    asked: Round | None,
) -> ThenNow:
    ladder = len(questionnaire.questions[gap.question].levels or ())
    spread = spread_of(later, asked, gap.question, ladder) if asked is not None else None
    room = spread.room if spread is not None else None
    return ThenNow(
        question=gap.question,
        place=gap.place,
        target=gap.target,
        then=gap.level,
        now=settled.get(gap.question),
        is_settled=gap.question in settled,
        rated=room.rated if room else None,
        low=room.range[0] if room and room.range else None,
        high=room.range[1] if room and room.range else None,
        agreement=room.agreement if room else None,
    )
