"""Votes: what a participant says on a subject of the round under way; sent twice it counts once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Conflict, Invalid
from assessment.rounds import BEST_WORST, LEVELS, takes_votes
from assessment.tables import Round, Vote, Workshop
from assessment.workshop_access import Seat, SeatNotFound, open_seats
from assessment.workshop_rules import WorkshopRules
from questionnaires.schema import Questionnaire
from scoring.screens import screens_for

UNKNOWN, NOT_APPLICABLE = "unknown", "not_applicable"
RATINGS = ("urgency", "feasibility")
LOWEST, HIGHEST = 1, 5  # of a rating


class RoundOver(Conflict):
    """What comes too late does not count, and the phone says so."""

    def __init__(self) -> None:
        super().__init__(N_("This question is closed. Your last answer to it was not counted."))


class NotAsked(Invalid):
    """The subject is not part of the round, or not for this person's group."""

    def __init__(self) -> None:
        super().__init__(N_("This is not being asked of you now. Look at the page again."))


class NotOffered(Invalid):
    """The value is none of those on the page."""

    def __init__(self) -> None:
        super().__init__(N_("This answer is not among those offered. Choose one of them."))


@dataclass(frozen=True, slots=True)
class Given:
    """What a phone sends: the number of the round it was asked in, on what, and what it says."""

    round: int
    subject: str
    value: Any


def record_vote(session: Session, seat: Seat, questionnaire: Questionnaire, given: Given, now: datetime) -> None:
    """Take down one vote; the newest on a subject counts.

    Raises:
        RoundOver: the round is closed, and its minute of grace is over.
        NotAsked, NotOffered: a stale or strange page.
    """
    ballots = Ballots(session, ())
    ballots.record(seat, questionnaire, given, now)
    ballots.write()


class Ballots:
    """Votes of several people that are taken down in one transaction: what they have in common is read once."""

    def __init__(self, session: Session, keys: Sequence[str]) -> None:
        """`keys` are the secrets of their seats' links."""
        self._session = session
        self._seats = open_seats(session, keys) if keys else {}
        self._rounds: dict[tuple[int, int], Round | None] = {}
        self._rows: list[dict[str, Any]] = []
        self._workshops: set[int] = set()

    def seat(self, key: str) -> Seat:
        """Whose votes come with this link.

        Raises:
            SeatNotFound: nobody's, or the seat was taken away.
        """
        if key not in self._seats:
            raise SeatNotFound
        return self._seats[key]

    def record(self, seat: Seat, questionnaire: Questionnaire, given: Given, now: datetime) -> None:
        """Take down one vote, to be written with the others.

        Raises:
            RoundOver, NotAsked, NotOffered
        """
        asked = self._round(seat.workshop.id, given.round)
        # A round that nobody had closed at the end of the workshop takes nothing any more either.
        if seat.workshop.state == "ended" or not takes_votes(asked, now):
            raise RoundOver
        check_value(asked, seat, questionnaire, given.subject, given.value)
        vote = {"round_id": asked.id, "participant_id": seat.participant.id, "subject": given.subject}
        self._rows.append(vote | {"value": given.value, "recorded_at": now})
        self._workshops.add(seat.workshop.id)

    def _round(self, workshop_id: int, number: int) -> Round:
        key = (workshop_id, number)
        if key not in self._rounds:
            query = select(Round).where(Round.workshop_id == workshop_id, Round.number == number)
            # Shared, so that many vote at once and whoever closes the round waits for them.
            self._rounds[key] = self._session.scalars(query.with_for_update(read=True)).one_or_none()
        found = self._rounds[key]
        if found is None:
            raise NotAsked
        return found

    def write(self) -> None:
        if not self._rows:
            return
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        first = insert(Vote)
        again = {"value": first.excluded.value, "recorded_at": first.excluded.recorded_at}
        unique = [Vote.round_id, Vote.participant_id, Vote.subject]
        self._session.execute(first.on_conflict_do_update(index_elements=unique, set_=again), self._rows)
        for workshop_id in self._workshops:
            workshop_events.note_count(self._session, workshop_id)


def subjects_for(asked: Round, seat: Seat, questionnaire: Questionnaire) -> tuple[str, ...]:
    """What of a round this participant is asked: questions that their group can know; all screens; all ratings."""
    if asked.kind == BEST_WORST:
        return tuple(str(n) for n in range(1, len(screens_of(asked, seat)) + 1))
    if asked.kind == LEVELS:
        group = seat.participant.group_id
        return tuple(q for q in asked.subjects if is_asked(seat.workshop, questionnaire, q, group))
    return tuple(asked.subjects)


def is_asked(workshop: Workshop, questionnaire: Questionnaire, question_id: str, group_id: str) -> bool:
    """Whether a question is for a group: the questionnaire names it, or names none of this workshop's groups."""
    named = set(questionnaire.groups_of.get(question_id, ())) & {group["id"] for group in workshop.groups}
    return not named or group_id in named


def screens_of(asked: Round, seat: Seat) -> tuple[tuple[str, ...], ...]:
    """The best-worst screens of one person: the same at each look, for they follow from seed and number."""
    rules = WorkshopRules.from_json(seat.workshop.rules)
    return screens_for(asked.subjects, seat.participant.number - 1, seat.workshop.seed, rules.screens)


def check_value(asked: Round, seat: Seat, questionnaire: Questionnaire, subject: str, value: Any) -> None:
    """Refuse what the page did not offer.

    Raises:
        NotAsked, NotOffered
    """
    if subject not in subjects_for(asked, seat, questionnaire):
        raise NotAsked
    if asked.kind == LEVELS:
        offered = len(questionnaire.questions[subject].levels or ())
        is_level = type(value) is int and 0 <= value < offered
        fits = is_level or value in (UNKNOWN, NOT_APPLICABLE)
    elif asked.kind == BEST_WORST:
        fits = _fits_screen(screens_of(asked, seat)[int(subject) - 1], value)
    else:
        fits = _fits_rating(value)
    if not fits:
        raise NotOffered


def _fits_screen(shown: Sequence[str], value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"best", "worst"}:
        return False
    best, worst = value["best"], value["worst"]
    if best is None and worst is None:
        return True  # skipped
    return best in shown and worst in shown and best != worst


def _fits_rating(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != set(RATINGS):
        return False
    return all(each is None or (type(each) is int and LOWEST <= each <= HIGHEST) for each in value.values())


def votes_of(session: Session, asked: Round, participant_id: int) -> Mapping[str, Any]:
    """What one participant has said in a round, by subject."""
    query = select(Vote.subject, Vote.value).where(Vote.round_id == asked.id, Vote.participant_id == participant_id)
    return dict(session.execute(query).all())
