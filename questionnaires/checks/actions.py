"""Checks of actions: the ladders they climb, what they cost, and what they name."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from questionnaires.checks.parts import Found, Parts
from questionnaires.library import SIZES
from questionnaires.wording import circle, did_you_mean, listed


def action_question(parts: Parts) -> Iterator[Found]:
    """An action is meant for a question that the questionnaire does not have."""
    known = parts.questionnaire.questions
    for place, action in parts.listed_actions:
        if action.question not in known:
            message = f"there is no question '{action.question}'{did_you_mean(action.question, known)}"
            yield Found((*place, "question"), message, "actions")


def action_ladder(parts: Parts) -> Iterator[Found]:
    """An action is meant for a question without levels; only levels can be climbed."""
    for place, action in parts.listed_actions:
        question = parts.questionnaire.questions.get(action.question)
        if question is not None and question.levels is None:
            message = f"'{question.id}' has no levels; actions are for questions with levels"
            yield Found((*place, "question"), message, "actions", question.id)


def action_levels(parts: Parts) -> Iterator[Found]:
    """An action does not lead from one level of its question to a higher one."""
    for place, action in parts.listed_actions:
        question = parts.questionnaire.questions.get(action.question)
        if action.from_ >= action.to:
            message = f"the action leads from level {action.from_} to {action.to}; 'to' must be higher"
            yield Found((*place, "to"), message, "actions")
        elif question is not None and question.levels is not None and action.to >= len(question.levels):
            message = (
                f"level {action.to} is not offered; the levels of '{question.id}' are 0 to {len(question.levels) - 1}"
            )
            yield Found((*place, "to"), message, "actions", question.id)


def action_hole(parts: Parts) -> Iterator[Found]:
    """Nothing leads up to the level at which an action starts, so firms below it can never use it."""
    for place, action in parts.listed_actions:
        below = [other for _, other in parts.listed_actions if other.question == action.question]
        if action.from_ > 0 and not any(other.from_ < action.from_ <= other.to for other in below):
            message = f"no action leads up to level {action.from_} of '{action.question}', where '{action.id}' starts"
            yield Found((*place, "from"), f"{message}; firms below it cannot use it", "actions")


def action_cost(parts: Parts) -> Iterator[Found]:
    """The lowest cost of an action is above its highest."""
    for place, action in parts.listed_actions:
        for size, (low, high) in action.cost.items():
            if low > high:
                message = f"the cost for {size} firms runs from {low:g} down to {high:g}; write the lower one first"
                yield Found((*place, "cost", size), message, "actions")


def action_sizes(parts: Parts) -> Iterator[Found]:
    """An action does not say what it costs for every size of firm."""
    for place, action in parts.listed_actions:
        if missing := [size for size in SIZES if size not in action.cost]:
            yield Found((*place, "cost"), f"'{action.id}' names no cost for {listed(missing)} firms", "actions")


def action_currency(parts: Parts) -> Iterator[Found]:
    """An action's currency has no rate, so its cost cannot be shown in other currencies."""
    rates = parts.actions.rates if parts.actions else None
    for place, action in parts.listed_actions:
        if rates is not None and action.currency != rates.base and action.currency not in rates.per:
            message = f"'rates' has no rate for {action.currency}; add one or use {rates.base}"
            yield Found((*place, "currency"), message, "actions")


def action_requires(parts: Parts) -> Iterator[Found]:
    """An action requires itself, or an action that does not exist."""
    known = {action.id for _, action in parts.listed_actions}
    for place, action in parts.listed_actions:
        for number, required in enumerate(action.requires):
            where = (*place, "requires", number)
            if required == action.id:
                yield Found(where, f"'{action.id}' requires itself; remove that", "actions")
            elif required not in known:
                yield Found(where, f"there is no action '{required}'{did_you_mean(required, known)}", "actions")


def action_cycle(parts: Parts) -> Iterator[Found]:
    """Actions require each other in a circle, so none of them can ever start."""
    places = {action.id: place for place, action in parts.listed_actions}
    needs = {
        action.id: {r for r in action.requires if r in places and r != action.id} for _, action in parts.listed_actions
    }
    while True:
        try:
            TopologicalSorter(needs).prepare()
            return
        except CycleError as error:
            found: list[str] = list(reversed(error.args[1]))
        message = f"these require each other: {circle(found)}"
        yield Found((*places[found[0]], "requires"), message, "actions")
        needs[found[0]] = set()


def action_case(parts: Parts) -> Iterator[Found]:
    """An action points to a case that the library does not have."""
    for place, action in parts.listed_actions:
        for number, case in enumerate(action.cases):
            if case not in parts.cases:
                message = f"there is no case '{case}'{did_you_mean(case, parts.cases)}"
                yield Found((*place, "cases", number), message, "actions")


def technology_unknown(parts: Parts) -> Iterator[Found]:
    """A question or an action names a technology that the list of technologies does not have."""
    known = parts.questionnaire.technologies
    if not known:
        return
    for place, question in parts.questions:
        for number, technology in enumerate(question.technologies):
            if technology not in known:
                message = f"there is no technology '{technology}'{did_you_mean(technology, known)}"
                yield Found((*place, "technologies", number), message)
    for place, action in parts.listed_actions:
        for number, technology in enumerate(action.technologies):
            if technology not in known:
                message = f"there is no technology '{technology}'{did_you_mean(technology, known)}"
                yield Found((*place, "technologies", number), message, "actions")


def question_without_action(parts: Parts) -> Iterator[Found]:
    """A question with levels counts, but no action raises it, so a roadmap can never close its gap."""
    if parts.actions is None:
        return
    raised = {action.question for _, action in parts.listed_actions}
    for place, question in parts.questions:
        if question.levels is not None and question.id in parts.counted and question.id not in raised:
            yield Found(place, f"no action raises '{question.id}', so the roadmap cannot close its gap")
