"""The form of a workshop's plan, and how what it sends becomes a plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.forms import Problem, SentForm
from app.group_names import as_written, group_names
from assessment.errors import N_, Invalid
from assessment.texts import clean_name
from assessment.workshop_rules import BOUNDS, WorkshopRules
from assessment.workshops import DEFAULT_GROUPS, MOST_GROUPS, WorkshopPlan, askable
from questionnaires.schema import Dimension, Questionnaire

# Two hours, after the rehearsed script in docs/workshops.md.
AGENDA = (
    (10, N_("Join and try a question")),
    (25, N_("Where we stand: each group answers")),
    (10, N_("What comes first: private choices")),
    (8, N_("The result, by group")),
    (35, N_("Talk about what is contested")),
    (10, N_("Second round: how urgent, how feasible")),
    (15, N_("The roadmap: who, when, the first step")),
    (7, N_("What somebody does not go along with; signing off")),
)
AGENDA_ROWS = 12
MOST_MINUTES = 480
SHARES = ("settled", "least_change")  # entered in per cent
CHOSEN = ("shortlist", "screens", "top", "most_rounds", "silent_voice")


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension that can be asked: its questions with a ladder, and the factor above it."""

    id: str
    title: str
    factor: str
    questions: tuple[str, ...]


def parts_of(questionnaire: Questionnaire) -> tuple[Part, ...]:
    """What can be ticked."""
    can, found = set(askable(questionnaire)), []
    for factor in questionnaire.dimensions:
        for dimension in factor.walk():
            asked = _own(dimension, can)
            if asked:
                found.append(Part(dimension.id, dimension.title, factor.title, asked))
    return tuple(found)


def _own(dimension: Dimension, can: set[str]) -> tuple[str, ...]:
    return tuple(q.id for q in dimension.questions if q.id in can)


@dataclass(frozen=True, slots=True)
class Texts:
    """A questionnaire as it was written and as the reader sees it, and the interface in their language."""

    written: Questionnaire
    shown: Questionnaire
    say: Callable[[str], str]


def first_plan(questionnaire: Questionnaire, language: str, say: Callable[[str], str]) -> WorkshopPlan:
    """What the form of a new workshop holds: everything asked, the questionnaire's groups, two hours."""
    groups = tuple({"id": id, "name": name} for id, name in questionnaire.groups.items()) or DEFAULT_GROUPS
    agenda = tuple({"title": say(title), "minutes": minutes} for minutes, title in AGENDA)
    return WorkshopPlan("", askable(questionnaire), groups, language=language, agenda=agenda)


def entered(plan: WorkshopPlan, texts: Texts) -> SentForm:
    """A plan as the form shows it."""
    questionnaire = texts.written
    names = group_names(plan.groups, texts.written, texts.shown, texts.say)
    asked = set(plan.questions)
    chosen = tuple(p.id for p in parts_of(questionnaire) if asked.intersection(p.questions))
    fields: dict[str, tuple[str, ...]] = {
        "name": (plan.name,),
        "place": (plan.place,),
        "country": (plan.country,),
        "day": (plan.day,),
        "language": (plan.language,),
        "part": chosen,
        "door": (plan.door,),
        "teaches": ("1",) if plan.teaches else (),
        "rehearsal": ("1",) if plan.is_rehearsal else (),
    }
    fields |= {f"group.{i}": (names[group["id"]],) for i, group in enumerate(plan.groups)}
    fields |= {f"group-id.{i}": (group["id"],) for i, group in enumerate(plan.groups)}
    for i, item in enumerate(plan.agenda):
        fields |= {f"title.{i}": (str(item["title"]),), f"minutes.{i}": (str(item["minutes"]),)}
    rules = plan.rules.as_json()
    fields |= {name: (f"{rules[name]:g}",) for name in CHOSEN}
    fields |= {name: (f"{100 * rules[name]:g}",) for name in SHARES}
    return SentForm(fields | {"agreement": (f"{rules['agreement']:g}",)})


def read_plan(sent: SentForm, texts: Texts) -> tuple[WorkshopPlan, dict[str, Problem]]:
    """What the form says, and what is wrong with it, by field."""
    problems: dict[str, Problem] = {}
    chosen = set(sent.get("part", ()))
    plan = WorkshopPlan(
        name=_text(sent, "name", problems),
        questions=[q for part in parts_of(texts.written) if part.id in chosen for q in part.questions],
        groups=as_written(_groups(sent, problems), texts.written, texts.shown, texts.say),
        place=_text(sent, "place", problems),
        country=sent.text("country")[:2],
        day=_day(sent, problems),
        language=sent.text("language")[:16] or "en",
        agenda=_agenda(sent, problems),
        rules=_rules(sent, problems),
        door=sent.text("door") or "open",
        teaches="teaches" in sent,
        is_rehearsal="rehearsal" in sent,
    )
    if not plan.name and "name" not in problems:
        problems["name"] = Problem(N_("Enter a name for the workshop."), {})
    if not plan.questions:
        problems["part"] = Problem(N_("Choose at least one section to ask."), {})
    return plan, problems


def _text(sent: SentForm, field: str, problems: dict[str, Problem]) -> str:
    try:
        return clean_name(sent.text(field))
    except Invalid as refusal:
        problems[field] = Problem(refusal.message, refusal.values)
        return ""


def _day(sent: SentForm, problems: dict[str, Problem]) -> str:
    typed = sent.text("day").strip()
    try:
        return date.fromisoformat(typed).isoformat() if typed else ""
    except ValueError:
        problems["day"] = Problem(N_("Write the day as year-month-day, such as 2026-11-22."), {})
        return ""


def _groups(sent: SentForm, problems: dict[str, Problem]) -> Sequence[Mapping[str, str]]:
    """The groups that are named; an id stays with its line, so that the questionnaire's groups keep theirs."""
    found = []
    for i in range(MOST_GROUPS):
        name = _text(sent, f"group.{i}", problems)
        if name:
            found.append({"id": _group_id(sent.text(f"group-id.{i}"), i), "name": name})
    if not found or len({group["id"] for group in found}) < len(found):
        problems["group.0"] = Problem(N_("Name at least one group, each on a line of its own."), {})
    return found


def _group_id(typed: str, line: int) -> str:
    is_plain = typed.replace("-", "").replace("_", "").isalnum() and typed.isascii() and len(typed) <= 32
    return typed if is_plain else f"group-{line + 1}"


def _agenda(sent: SentForm, problems: dict[str, Problem]) -> Sequence[Mapping[str, Any]]:
    items = []
    for i in range(AGENDA_ROWS):
        title, minutes = _text(sent, f"title.{i}", problems), sent.text(f"minutes.{i}").strip()
        if not title and not minutes:
            continue
        if not title or not minutes.isdecimal() or not 1 <= int(minutes[:4]) <= MOST_MINUTES:
            problems[f"title.{i}"] = Problem(
                N_("Each line of the agenda needs a title and 1 to %(most)d minutes."), {"most": MOST_MINUTES}
            )
            continue
        items.append({"title": title, "minutes": int(minutes)})
    return items


def _rules(sent: SentForm, problems: dict[str, Problem]) -> WorkshopRules:
    values: dict[str, Any] = {}
    for name in (*CHOSEN, *SHARES, "agreement"):
        typed = sent.text(name).strip().replace(",", ".")
        if not typed:
            continue
        try:
            number = float(typed) / (100 if name in SHARES else 1)
        except ValueError:
            number = float("nan")
        low, high = BOUNDS[name]
        if not low <= number <= high or (name in CHOSEN and number != round(number)):
            shown = (100 * low, 100 * high) if name in SHARES else (low, high)
            problems[name] = Problem(
                N_("Enter a number from %(low)s to %(high)s."), {"low": f"{shown[0]:g}", "high": f"{shown[1]:g}"}
            )
            continue
        values[name] = int(number) if name in CHOSEN else number
    rules = WorkshopRules(**values)
    if rules.top >= rules.shortlist:
        problems["top"] = Problem(N_("The top places must be fewer than the gaps on the short list."), {})
        return WorkshopRules()
    return rules
