"""A made-up country of very many firms, to try the statistics on: said to be made up wherever it is shown."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from app.database import Database
from assessment import made_up_actions, made_up_country, made_up_hindrances, programme_figures, programmes, roles, users
from assessment.case_states import ANALYST
from assessment.made_up_country import Written
from questionnaires.library import Definition

COUNTRY, SEED, WAVES = "MY", 1, 5
EVERY = 2.0  # seconds between two lines of progress
ABOUT = (
    "No firm of this programme exists. Names, answers and figures were drawn at random to try the service with so many "
    "firms; they say nothing of any country and must never be passed off as real data."
)


def name_of(firms: int, waves: int) -> str:
    return f"Made-up country: {firms:,} firms, {waves} waves"


def seed(
    database: Database, definition: Definition, account: str, firms: int, say: Callable[[str], None]
) -> Written | None:
    """Fill a new programme with made-up firms, all or nothing; None when it is there already."""
    now, questionnaire = datetime.now(UTC), definition.questionnaire
    name = name_of(firms, WAVES)
    with database.transaction() as session:
        person = users.find(session, account) or users.register(session, account, now, "Demo")
        if any(programme.name == name for programme, _ in programmes.list_programmes(session, person.id)):
            return None
        roles.grant(session, person.id, roles.OFFICER, None, now)
        plan = programmes.ProgrammePlan(name, COUNTRY, ABOUT)
        programme = programmes.create(session, plan, questionnaire, person.id, now)
        programmes.add_member(session, programme, person.id, ANALYST, now)
        programme.state = "open"
        told = _Progress(say)
        written = made_up_country.write(session, programme, questionnaire, firms, WAVES, SEED, now, told)
        made_up_actions.write(session, programme, definition.actions, SEED, now)
        made_up_hindrances.write(session, programme, SEED)
        programme_figures.order(session, programme.id, now)
        return written


class _Progress:
    """Says now and then what is being written."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say, self.last = say, monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        if done == of or monotonic() - self.last > EVERY:
            self.last = monotonic()
            self.say(f"  {what}: {done:,} of {of:,}")
