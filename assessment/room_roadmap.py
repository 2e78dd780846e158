"""The roadmap a room owns: what was taken on about the agreed gaps, in phases, with what is still to be settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, literal, null, select, union_all
from sqlalchemy.orm import Session

from assessment.roadmap_view import Clash, NeededFirst, Objection, PhaseSum, RoadmapAction, RoadmapGap, RoomRoadmap
from assessment.room_actions import list_actions
from assessment.tables import Dissent, SettledLevel, Workshop, WorkshopAction, WorkshopGap
from questionnaires.library import SIZES, Action, Definition, Size
from scoring.calendar import DAYS_A_MONTH, day_of
from scoring.candidates import cost_range
from scoring.currencies import own_currency, rate_to
from scoring.plan_model import TIMING
from scoring.room_plan import AgreedGap, RoomPlan, RoomStep, Wanted, plan_room, weights_of


def roadmap_of(session: Session, workshop: Workshop, definition: Definition) -> RoomRoadmap:
    """How the roadmap stands, in three statements; one that was signed off as it was then, in none.

    Titles of the library's actions are in the language of `definition`.
    """
    return frozen_of(workshop, definition) or as_it_stands(session, workshop, definition)


def frozen_of(workshop: Workshop, definition: Definition) -> RoomRoadmap | None:
    """The roadmap as it was signed off; None while it is open."""
    if workshop.signed_off is None:
        return None
    signed = {name: value for name, value in workshop.signed_off.items() if name != "roadmap"}
    return RoomRoadmap.from_json(workshop.signed_off["roadmap"], signed).titled(definition.action)


def as_it_stands(session: Session, workshop: Workshop, definition: Definition) -> RoomRoadmap:
    """The roadmap as its rows are now."""
    gaps, levels = agreed_of(session, workshop)
    rows = list_actions(session, workshop.id)
    objections = objections_of(session, workshop.id)
    return planned(workshop, definition, gaps, levels, rows, objections)


def agreed_of(session: Session, workshop: Workshop) -> tuple[tuple[RoadmapGap, ...], dict[str, int]]:
    """The agreed gaps in their order, and every level that the room has settled."""
    found: Sequence[Any] = session.execute(
        union_all(
            select(
                WorkshopGap.question_id, WorkshopGap.level, WorkshopGap.target, WorkshopGap.agreed_place,
                WorkshopGap.note,
            ).where(WorkshopGap.workshop_id == workshop.id, WorkshopGap.agreed_place.is_not(None)),
            select(
                SettledLevel.question_id, SettledLevel.level, null().cast(Integer), null().cast(Integer), literal(""),
            ).where(SettledLevel.workshop_id == workshop.id, SettledLevel.level.is_not(None)),
        )
    ).all()  # fmt: skip
    places = [AgreedGap(q, level, target, place) for q, level, target, place, _ in found if place is not None]
    weights, notes = weights_of(places), {q: note for q, _, _, place, note in found if place is not None}
    order = {question: index for index, question in enumerate(workshop.questions)}
    gaps = (RoadmapGap(g.question, g.place, g.level, g.target, weights[g.question], notes[g.question]) for g in places)
    in_order = tuple(sorted(gaps, key=lambda gap: (gap.place, order.get(gap.question, len(order)))))
    return in_order, {q: level for q, level, _, place, _ in found if place is None}


def objections_of(session: Session, workshop_id: int) -> tuple[Objection, ...]:
    query = select(Dissent).where(Dissent.workshop_id == workshop_id).order_by(Dissent.id)
    return tuple(
        Objection(row.id, row.group_id, row.text, row.question_id, row.workshop_action_id)
        for row in session.scalars(query)
    )


def since_of(workshop: Workshop) -> date:
    """The day from which months count: the workshop's own, or that of its start."""
    return date.fromisoformat(workshop.day) if workshop.day else (workshop.started_at or workshop.created_at).date()


def size_of(workshop: Workshop) -> tuple[Size, bool]:
    """The reach that costs are told for, and whether it is only assumed."""
    named = (workshop.wishes or {}).get("size")
    return next(((size, False) for size in SIZES if size == named), ("small", True))


def days_of(workshop: Workshop) -> float | None:
    """Staff days a year that the owners can give together; None: nobody has said."""
    return (workshop.wishes or {}).get("days")


def planned(
    workshop: Workshop,
    definition: Definition,
    gaps: Sequence[RoadmapGap],
    levels: Mapping[str, int],
    rows: Sequence[WorkshopAction],
    objections: Sequence[Objection],
) -> RoomRoadmap:
    """Put what was taken on into phases."""
    size, is_assumed = size_of(workshop)
    chosen = frozenset(row.action_id for row in rows if row.action_id is not None)
    agreed = [AgreedGap(gap.question, gap.level, gap.target, gap.place) for gap in gaps]
    plan = plan_room(definition, agreed, levels, Wanted(chosen, size, days_of(workshop)))
    since = since_of(workshop)
    told = _Telling(definition, plan, since, size, {row.action_id: row.id for row in rows if row.action_id})
    actions = tuple(told.action(row) for row in rows)
    return RoomRoadmap(
        since=since.isoformat(),
        currency=own_currency(definition),
        size=size,
        is_size_assumed=is_assumed,
        days_a_year=days_of(workshop),
        gaps=tuple(gaps),
        actions=actions,
        needed=told.needed({*levels, *(gap.question for gap in gaps)}),
        clashes=clashes_of(actions, since),
        objections=tuple(objections),
        phases=_sums(actions, plan.months),
        closed=plan.closed,
        is_over_days=plan.is_over_days,
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    """A plan of the library's actions, told by the numbers of what was taken on."""

    definition: Definition
    plan: RoomPlan
    since: date
    size: Size
    numbers: Mapping[str, int]  # library's action -> number here

    def steps(self) -> dict[str, RoomStep]:
        return {step.action: step for step in self.plan.steps}

    def day(self, months: float) -> str:
        return day_of(self.since, months).isoformat()

    def action(self, row: WorkshopAction) -> RoadmapAction:
        library = self.definition.action.get(row.action_id) if row.action_id else None
        step = self.steps().get(row.action_id) if row.action_id else None
        low, high = self._cost(library) if library else (0.0, 0.0)
        return RoadmapAction(
            number=row.id,
            question=row.question_id,
            action=row.action_id,
            title=library.title if library else row.title,
            first_step=row.first_step,
            measure=row.measure,
            owner=row.owner,
            owner_email=row.owner_email,
            group=row.group_id,
            due=row.due,
            phase=step.phase if step else phase_of(row.due, self.since),
            months=library.months if library else 0.0,
            days=library.days if library else 0.0,
            cost_low=low,
            cost_high=high,
            starts_on=self.day(step.start) if step else "",
            ends_on=self.day(step.end) if step else "",
            earliest_on=self.day(step.earliest) if step else "",
            requires=tuple(self.numbers[name] for name in step.requires if name in self.numbers) if step else (),
            trouble="lost" if row.action_id in self.plan.lost else "reached" if library and not step else "",
        )

    def needed(self, known: set[str]) -> tuple[NeededFirst, ...]:
        waiting = self._waiting()
        found = []
        for step in self.plan.steps:
            if step.is_chosen:
                continue
            action = self.definition.action[step.action]
            found.append(
                NeededFirst(
                    action=step.action,
                    question=action.question,
                    title=action.title,
                    before=tuple(self.numbers[name] for name in waiting[step.action] if name in self.numbers),
                    phase=step.phase,
                    months=action.months,
                    days=action.days,
                    cost_low=step.cost_low,
                    cost_high=step.cost_high,
                    ends_on=self.day(step.end),
                    is_level_known=action.question in known,
                )
            )
        return tuple(found)

    def _waiting(self) -> dict[str, list[str]]:
        """Each action -> all that wait for it, directly or by another one, in the order of the plan."""
        steps = self.steps()
        waiting: dict[str, list[str]] = {name: [] for name in steps}
        for name in steps:
            seen: set[str] = set()
            queue = list(steps[name].requires)
            while queue:
                need = queue.pop()
                if need not in seen:
                    seen.add(need)
                    waiting[need].append(name)
                    queue += steps[need].requires
        return waiting

    def _cost(self, action: Action) -> tuple[float, float]:
        return cost_range(action, self.size, rate_to(self.definition, own_currency(self.definition), action.currency))


def phase_of(due: str, since: date) -> int | None:
    """The phase in which a day lies, the last one for all later days; None without a day."""
    if not due:
        return None
    months = (date.fromisoformat(due) - since).days / DAYS_A_MONTH
    return next((phase for phase, end in enumerate(TIMING.ends) if months <= end), len(TIMING.ends) - 1)


def clashes_of(actions: Sequence[RoadmapAction], since: date) -> tuple[Clash, ...]:
    """Days that cannot be kept, in the order of the actions."""
    due = {each.number: each.due for each in actions}
    found: list[Clash] = []
    for each in actions:
        if not each.due:
            continue
        if each.due < since.isoformat():
            found.append(Clash("past", each.number, since.isoformat()))
        elif each.earliest_on and each.due < each.earliest_on:
            found.append(Clash("too_early", each.number, each.earliest_on))
        found += [
            Clash("before_need", each.number, due[need], need)
            for need in each.requires
            if due.get(need) and each.due < due[need]
        ]
    return tuple(found)


def _sums(actions: Sequence[RoadmapAction], months: int) -> tuple[PhaseSum, ...]:
    ends = (*TIMING.ends[:-1], float(months))
    found = []
    for phase, (start, end) in enumerate(zip(TIMING.starts, ends, strict=True)):
        here = [each for each in actions if each.phase == phase]
        low, high = sum(each.cost_low for each in here), sum(each.cost_high for each in here)
        found.append(PhaseSum(round(start), round(end), len(here), low, high, sum(each.days for each in here)))
    return tuple(found)
