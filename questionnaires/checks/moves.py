"""Checks of the way from an earlier version: every question of it has a place, or a reason why not."""

from collections.abc import Iterator

from questionnaires.checks.parts import Found, Parts
from questionnaires.moves import can_become, fits_as_it_is
from questionnaires.wording import did_you_mean


def move_from(parts: Parts) -> Iterator[Found]:
    """The version that answers come from is not here, or is this one, or of another questionnaire."""
    moves, earlier = parts.moves, parts.earlier
    if moves is None:
        return
    if moves.from_ == parts.questionnaire.version:
        yield Found(("from",), f"{moves.from_} is this version itself; name the one before it", "moves")
    elif earlier is None:
        message = f"there is no sound version {moves.from_} beside this one; it lies in a folder of that name"
        yield Found(("from",), message, "moves")
    elif earlier.id != parts.questionnaire.id:
        yield Found(("from",), f"version {moves.from_} there is of '{earlier.id}', another questionnaire", "moves")


def move_unknown(parts: Parts) -> Iterator[Found]:
    """The map names a question that its version does not have."""
    moves, earlier = parts.moves, parts.earlier
    if moves is None or earlier is None:
        return
    old, new = earlier.questions, parts.questionnaire.questions
    for key in ("questions", "levels", "reason"):
        for name in getattr(moves, key):
            if name not in old:
                message = f"version {moves.from_} has no question '{name}'{did_you_mean(name, old)}"
                yield Found((key, name), message, "moves")
    for name, goal in moves.questions.items():
        if goal is not None and goal not in new:
            message = f"this version has no question '{goal}'{did_you_mean(goal, new)}"
            yield Found(("questions", name), message, "moves")


def move_missing(parts: Parts) -> Iterator[Found]:
    """A question of the earlier version is not named, and its answers do not fit here as they are."""
    moves, earlier = parts.moves, parts.earlier
    if moves is None or earlier is None:
        return
    for name, question in earlier.questions.items():
        new = parts.questionnaire.questions.get(name)
        if name in moves.questions or (name in moves.levels and new is not None):
            continue
        if new is None:
            message = f"'{name}' is not in this version; say under questions what it becomes, or null"
            yield Found(("questions",), message, "moves")
        elif not fits_as_it_is(question, new):
            message = f"'{name}' is answered in another way now; name it under levels, or under questions as null"
            yield Found(("questions",), message, "moves", name)


def move_kind(parts: Parts) -> Iterator[Found]:
    """A question is to become one that is answered in another way."""
    moves, earlier = parts.moves, parts.earlier
    if moves is None or earlier is None:
        return
    for name, goal in moves.questions.items():
        old, new = earlier.questions.get(name), parts.questionnaire.questions.get(goal or "")
        if old is not None and new is not None and not can_become(old, new):
            message = f"'{name}' and '{goal}' are answered in different ways; leave '{name}' behind with null"
            yield Found(("questions", name), message, "moves")


def move_levels(parts: Parts) -> Iterator[Found]:
    """A map of levels is missing, or does not fit the two ladders."""
    moves, earlier = parts.moves, parts.earlier
    if moves is None or earlier is None:
        return
    for name, old in earlier.questions.items():
        new = parts.questionnaire.questions.get(moves.questions.get(name, name) or "")
        levels = moves.levels.get(name)
        if new is None or not old.levels or not new.levels:
            if levels is not None:
                yield Found(("levels", name), f"'{name}' has no ladder to go to; take its levels away", "moves")
        elif levels is None:
            if name in moves.questions and len(old.levels) != len(new.levels):
                ladders = f"'{name}' has {len(old.levels)} levels and '{new.id}' has {len(new.levels)}"
                message = f"{ladders}: say under levels which becomes which"
                yield Found(("questions", name), message, "moves", new.id)
        elif len(levels) != len(old.levels):
            message = f"'{name}' had {len(old.levels)} levels; name what each becomes, lowest first"
            yield Found(("levels", name), message, "moves")
        else:
            for place, goal in enumerate(levels):
                if isinstance(goal, int) and not 0 <= goal < len(new.levels):
                    message = f"'{new.id}' has levels 0 to {len(new.levels) - 1}, not {goal}"
                    yield Found(("levels", name, place), message, "moves", new.id)


def move_reason(parts: Parts) -> Iterator[Found]:
    """A question is left behind without a reason, or a reason is given for one that is not."""
    moves = parts.moves
    if moves is None:
        return
    left = {name for name, goal in moves.questions.items() if goal is None}
    for name in left - set(moves.reason):
        yield Found(("questions", name), f"say under reason why '{name}' is left behind; the firm reads it", "moves")
    for name in set(moves.reason) - left:
        yield Found(("reason", name), f"'{name}' is not left behind; take its reason away", "moves")


def move_twice(parts: Parts) -> Iterator[Found]:
    """Two questions of the earlier version become the same one."""
    moves, earlier = parts.moves, parts.earlier
    if moves is None or earlier is None:
        return
    first: dict[str, str] = {}
    for name in earlier.questions:
        goal = moves.questions.get(name, name)
        if goal is None or goal not in parts.questionnaire.questions:
            continue
        if goal in first:
            message = f"'{first[goal]}' and '{name}' both become '{goal}'; leave one of them behind with null"
            yield Found(("questions", name if name in moves.questions else first[goal]), message, "moves")
        first.setdefault(goal, name)
