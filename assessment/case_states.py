"""The funnel of a programme: the states of a case, which follows which, and who has to act in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

APPLIED, ELIGIBLE, INELIGIBLE, SELECTED, NOT_SELECTED = "applied", "eligible", "ineligible", "selected", "not_selected"
SELF_ASSESSED, ON_SITE, ENDORSED = "self_assessed", "on_site", "endorsed"
SUPPORT_APPLIED, ACTION_DONE, REASSESSED, WITHDRAWN = "support_applied", "action_done", "reassessed", "withdrawn"

# What a case passes on its way, in order; the others are ends beside it.
FUNNEL = (
    APPLIED, ELIGIBLE, SELECTED, SELF_ASSESSED, ON_SITE, ENDORSED, SUPPORT_APPLIED, ACTION_DONE, REASSESSED,
)  # fmt: skip
BESIDE = (INELIGIBLE, NOT_SELECTED, WITHDRAWN)
STATES = (*FUNNEL, *BESIDE)

FIRM, OFFICER, ASSESSOR, COMMITTEE, ANALYST = "firm", "officer", "assessor", "committee", "analyst"
MEMBERS = (OFFICER, ASSESSOR, COMMITTEE, ANALYST)  # what a person can be in a programme

# What may follow a state, and who may say so. What happens by itself (a firm submits) is the firm's.
STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    APPLIED: {ELIGIBLE: (OFFICER,), INELIGIBLE: (OFFICER,)},
    INELIGIBLE: {ELIGIBLE: (OFFICER,)},
    ELIGIBLE: {SELECTED: (OFFICER,), NOT_SELECTED: (OFFICER,), INELIGIBLE: (OFFICER,)},
    NOT_SELECTED: {SELECTED: (OFFICER,)},
    SELECTED: {SELF_ASSESSED: (FIRM,), NOT_SELECTED: (OFFICER,)},
    SELF_ASSESSED: {ON_SITE: (OFFICER,)},
    ON_SITE: {ENDORSED: (COMMITTEE,)},
    ENDORSED: {SUPPORT_APPLIED: (FIRM, OFFICER), ACTION_DONE: (FIRM, OFFICER), REASSESSED: (FIRM,)},
    SUPPORT_APPLIED: {ACTION_DONE: (FIRM, OFFICER), REASSESSED: (FIRM,)},
    ACTION_DONE: {REASSESSED: (FIRM,)},
    REASSESSED: {},
    WITHDRAWN: {},
}
REASONED = frozenset({INELIGIBLE, NOT_SELECTED, WITHDRAWN})  # who moves a case there says why
WITH_PLACE = FUNNEL[FUNNEL.index(SELECTED) :]  # in these a firm has one of the call's places
VERIFIED = FUNNEL[FUNNEL.index(ON_SITE) :]  # from here on what the firm has submitted stays
AFTER_REPORT = (ENDORSED, SUPPORT_APPLIED, ACTION_DONE)  # what follows the endorsed report

# Days until the next step is due, counted from the day on which a case came into the state.
DAYS: Mapping[str, int] = {
    APPLIED: 7, ELIGIBLE: 21, SELECTED: 30, SELF_ASSESSED: 14, ON_SITE: 30, ENDORSED: 90, SUPPORT_APPLIED: 180,
    ACTION_DONE: 180,
}  # fmt: skip
COMMITTEE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who acts next: the state, and in the visit's state what has become of its findings."""

    state: str
    is_handed_in: bool = False
    has_responded: bool = False
    response_until: str = ""  # ISO day


class Visited(Protocol):
    """What a case says of its visit."""

    @property
    def state(self) -> str: ...
    @property
    def handed_in_at(self) -> datetime | None: ...
    @property
    def responded_at(self) -> datetime | None: ...


def standing_of(case: Visited, response_days: int) -> Standing:
    """How a case stands, in a programme whose firms may respond for so many days."""
    if case.handed_in_at is None:
        return Standing(case.state)
    until = (case.handed_in_at.date() + timedelta(days=response_days)).isoformat()
    return Standing(case.state, True, case.responded_at is not None, until)


def may_follow(state: str, to: str, role: str) -> bool:
    """Whether a person of this role may move a case on. Firm and officer may withdraw it wherever it is."""
    if to == WITHDRAWN:
        return state in STEPS and state not in (REASSESSED, WITHDRAWN) and role in (FIRM, OFFICER)
    return role in STEPS.get(state, {}).get(to, ())


def next_actor(standing: Standing, today: str) -> str:
    """Who has to do the next step; empty where nothing is left to do."""
    if standing.state == ON_SITE:
        if not standing.is_handed_in:
            return ASSESSOR
        waits = not standing.has_responded and today <= standing.response_until
        return FIRM if waits else COMMITTEE
    actors = {APPLIED: OFFICER, ELIGIBLE: OFFICER, SELF_ASSESSED: OFFICER, SUPPORT_APPLIED: OFFICER}
    actors |= dict.fromkeys((SELECTED, ENDORSED, ACTION_DONE), FIRM)
    return actors.get(standing.state, "")


def due_on(state: str, today: date) -> str:
    """The day by which the next step should be done, as ISO day; empty where there is none."""
    return (today + timedelta(days=DAYS[state])).isoformat() if state in DAYS else ""


def committee_due_on(day: date) -> str:
    """The day by which a report should be endorsed that can be from `day` on."""
    return (day + timedelta(days=COMMITTEE_DAYS)).isoformat()


def place_of(state: str) -> int:
    """A state's place in the funnel; an end beside it says nothing of how far a case has come."""
    return FUNNEL.index(state) if state in FUNNEL else 0


def reached(state: str, before_end: str = "") -> tuple[str, ...]:
    """The states of the funnel that a case has passed; of an ended one, up to where it was before its end."""
    last = state if state in FUNNEL else before_end
    return FUNNEL[: FUNNEL.index(last) + 1] if last in FUNNEL else (APPLIED,)
