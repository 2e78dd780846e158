"""One action in words: why now, what it unlocks, goal, steps, costs, what comes before, measure, a case."""

from questionnaires.library import Action
from reports.firm.material import Material
from reports.firm.view_roadmap import ActionBlock, BriefAction, Detail
from scoring.roadmap import PlannedAction


def block(m: Material, one: PlannedAction) -> ActionBlock:
    action = m.actions[one.action]
    return ActionBlock(
        id=one.action,
        number=m.words.count(m.order[one.action]),
        title=action.title,
        when=m.months(one.start, one.end),
        days=m.days(one.days),
        cost=m.money(one.cost_low, one.cost_high),
        goal=action.goal or "",
        why=_why(m, one, action),
        steps_label=m.words.gettext("Steps"),
        steps=action.steps,
        details=_details(m, action),
    )


def brief(m: Material, one: PlannedAction, is_charted: bool) -> BriefAction:
    action = m.actions[one.action]
    figures = m.months(one.start, one.end), m.days(one.days), m.money(one.cost_low, one.cost_high)
    text = (action.goal or "") if is_charted else m.words.pgettext("between facts", "; ").join(figures)
    return BriefAction(m.words.count(m.order[one.action]), action.title, text)


def _why(m: Material, one: PlannedAction, action: Action) -> tuple[str, ...]:
    """Why it is in the plan, and why at this time."""
    w = m.words
    dimension = m.questionnaire.dimension_of[action.question].title
    sentences = []
    if one.must:
        sentences.append(w.gettext("The firm wants it in any case."))
    if one.gain > 0:
        said = {"dimension": dimension, "gain": m.gain(one.gain)}
        sentences.append(w.gettext("It raises %(dimension)s and adds %(gain)s to the overall score.", **said))
    else:
        sentences.append(w.gettext("It adds nothing to the score by itself, but others need it."))
    if one.unlocks:
        opened = w.ngettext(
            "It opens the way for action %(numbers)s.", "It opens the way for actions %(numbers)s.",
            len(one.unlocks), numbers=_numbers(m, one.unlocks),
        )  # fmt: skip
        sentences.append(opened)
    if one.requires:
        after = w.ngettext(
            "It starts once action %(numbers)s is done.", "It starts once actions %(numbers)s are done.",
            len(one.requires), numbers=_numbers(m, one.requires),
        )  # fmt: skip
        sentences.append(after)
    elif not one.unlocks:
        sentences.append(w.gettext("Nothing has to come before it."))
    return tuple(sentences)


def _details(m: Material, action: Action) -> tuple[Detail, ...]:
    w = m.words
    found = []
    if action.measure:
        found.append(Detail(w.gettext("What shows that it worked"), action.measure))
    cases = m.translated.definition.cases
    case = next((cases[key] for key in action.cases if key in cases), None)
    if case is not None:
        found.append(Detail(w.gettext("Who did it"), f"{w.foreign(case.title)}, {w.country(case.country)}"))
    return tuple(found)


def _numbers(m: Material, keys: tuple[str, ...]) -> str:
    known = sorted(m.order[key] for key in keys if key in m.order)
    return m.words.listed([m.words.count(number) for number in known])
