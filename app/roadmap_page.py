"""The page of the roadmap that a room owns: what it shows, and how what was typed becomes an action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.forms import Problem, SentForm, read_number
from app.group_names import group_names
from app.templating import content, language_of, page, say_to
from app.workshop_doors import Led, Pressed
from assessment import room_roadmap
from assessment.errors import N_, Invalid, Refusal, TooMany
from assessment.roadmap_view import RoadmapGap, RoomRoadmap
from assessment.room_actions import MOST_DAYS, Entered, FieldInvalid
from questionnaires.library import SIZES, Action, Definition
from questionnaires.schema import Questionnaire
from questionnaires.translation import translate

FIELDS = ("title", "first_step", "measure", "owner", "owner_email", "group", "due")
SIZE_WORDS = {
    "micro": N_("Below 10 people"),
    "small": N_("10 to 49 people"),
    "medium": N_("50 to 249 people"),
    "large": N_("250 people or more"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and refused, so that nobody types it again: by which form, and what is wrong."""

    form: str = ""  # number of an action, `own` and a question, or another form's name
    sent: SentForm = field(default_factory=lambda: SentForm({}))
    problems: Mapping[str, Problem] = field(default_factory=dict)
    status: int = 200

    def text(self, form: str, name: str, kept: str = "") -> str:
        """What a field shows: what was typed into it, or else what is kept."""
        return self.sent.text(name) if form == self.form and name in self.sent else kept

    def problem(self, form: str, name: str) -> Problem | None:
        return self.problems.get(name) if form == self.form else None


NOTHING = Typed()


def in_language(request: Request, definition: Definition) -> Definition:
    """The questionnaire and its library in the reader's language."""
    content(request, definition)
    return translate(definition, language_of(request).code).definition


def show(request: Request, session: Session, led: Led, typed: Typed = NOTHING) -> Response:
    """The roadmap as it stands, with what was refused where it was typed."""
    found = room_roadmap.roadmap_of(session, led.row, led.definition)
    shown = in_language(request, led.definition)
    return page(
        request,
        "room_roadmap.html",
        typed.status,
        led=led,
        workshop=led.row,
        roadmap=found,
        questions=shown.questionnaire.questions,
        library=shown.action,
        offers={gap.question: offered(led.definition, gap, found) for gap in found.gaps},
        groups=names_of(request, led),
        **sizes_of(request, shown.questionnaire),
        typed=typed,
        problems={f"{typed.form}.{name}": problem for name, problem in typed.problems.items()},
    )


def sizes_of(request: Request, shown: Questionnaire) -> dict[str, object]:
    """What the library's costs are told for: the reach of the roadmap where the questionnaire says so, else firms."""
    found = next((f for f in shown.fields if f.id == "size" and f.choices and set(SIZES) <= set(f.choices)), None)
    if found is not None and found.choices is not None:
        return {"size_label": found.text, "sizes": found.choices}
    return {
        "size_label": say_to(request, N_("For which size of firm are costs told?")),
        "sizes": {size: say_to(request, text) for size, text in SIZE_WORDS.items()},
    }


def names_of(request: Request, led: Led) -> dict[str, str]:
    shown = content(request, led.definition)
    return group_names(led.row.groups, led.questionnaire, shown, lambda text: say_to(request, text))


def offered(definition: Definition, gap: RoadmapGap, roadmap: RoomRoadmap) -> list[Action]:
    """The library's actions that lead from where the room stands towards its target, less those taken on."""
    taken = {each.action for each in roadmap.actions}
    return [
        action
        for action in definition.actions
        if action.question == gap.question
        and action.to > gap.level
        and action.from_ < gap.target
        and action.id not in taken
    ]


def entered(sent: SentForm) -> Entered:
    """What a form says of an action."""
    return Entered(
        title=sent.text("title"),
        first_step=sent.text("first_step"),
        measure=sent.text("measure"),
        owner=sent.text("owner"),
        owner_email=sent.text("owner_email"),
        group_id=sent.text("group"),
        due=sent.text("due"),
    )


def days_in(sent: SentForm) -> float | None:
    """Days a year, None where none were entered.

    Raises:
        FieldInvalid
    """
    try:
        return read_number(sent.text("days"), 1, MOST_DAYS)
    except Invalid as refusal:
        raise FieldInvalid("days", refusal) from None


def prefilled(shown: Definition, action_id: str) -> Entered:
    """What the library says of an action already: its first step and its measure."""
    action = shown.action.get(action_id)
    if action is None:
        return Entered()
    return Entered(first_step=action.steps[0][:500] if action.steps else "", measure=(action.measure or "")[:500])


def press(
    request: Request,
    session: Session,
    pressed: Pressed,
    form: str,
    sent: SentForm,
    do: Callable[[], str],
    again: Callable[[Request, Session, Led, Typed], Response] = show,
) -> Response:
    """Do it and go where it says below the roadmap's address.

    From a page that is out of date, or with a mistake, nothing is done: `again` shows it as it is now, with what was
    typed.
    """
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        anchor = do()
        session.flush()
    except TooMany:
        raise
    except Refusal as refusal:
        session.rollback()
        name = refusal.field if isinstance(refusal, FieldInvalid) else "form"
        status = 422 if isinstance(refusal, FieldInvalid) else 409
        typed = Typed(form, sent, {name: Problem(refusal.message, refusal.values)}, status)
        return again(request, session, led, typed)
    return RedirectResponse(f"{led.link}/roadmap{anchor}", status_code=303)
