"""Checks of conditions: what they look at exists, and can be answered so."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from questionnaires.checks.parts import Found, Parts
from questionnaires.documents import Place
from questionnaires.schema import Condition, ProfileField, Question
from questionnaires.wording import circle, did_you_mean, listed

Statement = tuple[Place, Question, Condition]


def condition_field(parts: Parts) -> Iterator[Found]:
    """A condition looks at a field that the questionnaire does not have."""
    fields = {f.id for f in parts.questionnaire.fields}
    for place, _, statement in _statements(parts):
        if statement.field is not None and statement.field not in fields:
            message = f"there is no field '{statement.field}'{did_you_mean(statement.field, fields)}"
            yield Found((*place, "field"), message)


def condition_question(parts: Parts) -> Iterator[Found]:
    """A condition looks at a question that the questionnaire does not have."""
    known = parts.questionnaire.questions
    for place, _, statement in _statements(parts):
        if statement.answer is not None and statement.answer not in known:
            message = f"there is no question '{statement.answer}'{did_you_mean(statement.answer, known)}"
            yield Found((*place, "answer"), message)


def condition_self(parts: Parts) -> Iterator[Found]:
    """A question depends on its own answer."""
    for place, question, statement in _statements(parts):
        if statement.answer == question.id:
            yield Found((*place, "answer"), f"'{question.id}' depends on its own answer; name another question")


def condition_cycle(parts: Parts) -> Iterator[Found]:
    """Questions depend on each other in a circle, so none of them can ever be asked."""
    places = {question.id: place for place, question in parts.questions}
    needs: dict[str, set[str]] = {question: set() for question in places}
    for _, question, statement in _statements(parts):
        if statement.answer in needs and statement.answer != question.id:
            needs[question.id].add(statement.answer)
    while found := _circle(needs):
        yield Found((*places[found[0]], "applies_if"), f"these depend on each other: {circle(found)}")
        needs[found[0]].clear()


def _circle(needs: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        found: list[str] = list(reversed(error.args[1]))
        return found
    return []


def condition_order(parts: Parts) -> Iterator[Found]:
    """A question depends on one that is asked later, so it appears after the firm has passed it."""
    order = {question.id: number for number, (_, question) in enumerate(parts.questions)}
    for place, question, statement in _statements(parts):
        if statement.answer in order and order[statement.answer] > order[question.id]:
            yield Found((*place, "answer"), f"'{statement.answer}' is asked after '{question.id}'; ask it before")


def condition_test(parts: Parts) -> Iterator[Found]:
    """A condition tests something that such a field or question does not have."""
    for place, test, message, about in _tests(parts):
        if message:
            yield Found((*place, test), message, about=about)


def condition_choice(parts: Parts) -> Iterator[Found]:
    """A condition names a choice that the field does not offer."""
    fields = {f.id: f for f in parts.questionnaire.fields}
    for place, _, statement in _statements(parts):
        choices = fields[statement.field].choices if statement.field in fields else None
        for number, choice in enumerate(statement.in_ or ()):
            if choices is not None and choice not in choices:
                message = f"'{choice}' is not a choice of '{statement.field}'{did_you_mean(choice, choices)}"
                message += f"; its choices are {listed(choices)}"
                yield Found((*place, "in", number), message, about=statement.field or "")


def condition_option(parts: Parts) -> Iterator[Found]:
    """A condition names an option that the question does not offer."""
    for place, _, statement in _statements(parts):
        question = parts.questionnaire.questions.get(statement.answer or "")
        if question is None or question.options is None:
            continue
        named: list[tuple[Place, str]] = [((*place, "in", i), option) for i, option in enumerate(statement.in_ or ())]
        named += [((*place, "includes"), statement.includes)] if statement.includes is not None else []
        for where, option in named:
            if option not in question.options.of:
                nearest = did_you_mean(option, question.options.of)
                message = f"'{option}' is not an option of '{question.id}'{nearest}"
                message += f"; its options are {listed(question.options.of)}"
                yield Found(where, message, about=question.id)


def condition_bounds(parts: Parts) -> Iterator[Found]:
    """A condition asks for a level, count or number that can never be answered."""
    fields = {f.id: f for f in parts.questionnaire.fields}
    for place, _, statement in _statements(parts):
        low, high = statement.at_least, statement.at_most
        if low is not None and high is not None and low > high:
            yield Found((*place, "at_least"), "at_least is above at_most, so this is never met")
        question = parts.questionnaire.questions.get(statement.answer or "")
        field = fields.get(statement.field or "")
        for key, bound in (("at_least", low), ("at_most", high)):
            if question is not None and bound is not None and (message := _unreachable(question, key, bound)):
                yield Found((*place, key), message, about=question.id)
            elif field is not None and bound is not None and (message := _beyond(field, key, bound)):
                yield Found((*place, key), message, about=field.id)


def _beyond(asked: ProfileField | Question, key: str, bound: float) -> str:
    """Why no number that is accepted can pass this test, or nothing."""
    if asked.number is None:
        return ""
    end = asked.number.max if key == "at_least" else asked.number.min
    if end is None or (bound <= end if key == "at_least" else bound >= end):
        return ""
    return f"this is never met: '{asked.id}' takes numbers {'up to' if key == 'at_least' else 'from'} {end:g}"


def _unreachable(question: Question, key: str, bound: float) -> str:
    if question.number is not None:
        return _beyond(question, key, bound)
    top = (
        len(question.levels) - 1
        if question.levels is not None
        else len(question.options.of if question.options else ())
    )
    what = "the levels" if question.levels is not None else "the counts of chosen options"
    if 0 <= bound <= top and bound == int(bound):
        return ""
    return f"{bound:g} cannot be answered; {what} of '{question.id}' are whole numbers from 0 to {top}"


def _tests(parts: Parts) -> Iterator[tuple[Place, str, str, str]]:
    """Every test of every statement, with why it does not fit or nothing."""
    fields = {f.id: f for f in parts.questionnaire.fields}
    for place, _, statement in _statements(parts):
        for key, value in (
            ("in", statement.in_),
            ("includes", statement.includes),
            ("at_least", statement.at_least),
            ("at_most", statement.at_most),
        ):
            if value is None:
                continue
            if statement.field in fields:
                yield place, key, _on_field(fields[statement.field], key), statement.field
            elif statement.answer in parts.questionnaire.questions:
                yield place, key, _on_answer(parts.questionnaire.questions[statement.answer], key), statement.answer


def _on_field(field: ProfileField, key: str) -> str:
    if field.choices is not None:
        return "" if key == "in" else f"'{field.id}' has choices; test it with 'in: [...]'"
    return "" if key in ("at_least", "at_most") else f"'{field.id}' is a number; test it with 'at_least' and 'at_most'"


def _on_answer(question: Question, key: str) -> str:
    if key in ("at_least", "at_most") or question.options is not None:
        return ""
    kind = "levels" if question.levels is not None else "a number"
    return f"'{question.id}' has {kind}; test it with 'at_least' and 'at_most' (both alike for exactly one)"


def _statements(parts: Parts) -> Iterator[Statement]:
    for place, question in parts.questions:
        if question.applies_if is not None:
            for where, statement in _within(question.applies_if, (*place, "applies_if")):
                yield where, question, statement


def _within(condition: Condition, place: Place) -> Iterator[tuple[Place, Condition]]:
    if condition.field is not None or condition.answer is not None:
        yield place, condition
    for key, conditions in (("all", condition.all), ("any", condition.any)):
        for number, part in enumerate(conditions or ()):
            yield from _within(part, (*place, key, number))
    if condition.not_ is not None:
        yield from _within(condition.not_, (*place, "not"))
