"""Checks of the answers that a question offers: levels, options and numbers."""

from collections.abc import Iterator, Sequence

from questionnaires.checks.parts import Found, Parts
from questionnaires.documents import Place
from questionnaires.schema import Level, NumberAnswer, Options, Question
from questionnaires.values import Point


def too_few_levels(parts: Parts) -> Iterator[Found]:
    """A question offers fewer than two levels, so there is nothing to choose."""
    for place, _, levels in _ladders(parts):
        if len(levels) < 2:
            yield Found(place, "a question needs at least two levels to choose from")


def equal_levels(parts: Parts) -> Iterator[Found]:
    """Two levels of one question have the same text, so nobody can choose between them."""
    for place, _, levels in _ladders(parts):
        seen: dict[str, int] = {}
        for number, level in enumerate(levels):
            first = seen.setdefault(" ".join(level.text.split()).casefold(), number)
            if first < number:
                yield Found((*place, number), f"this level has the same text as level {first}; say how they differ")


def level_score_outside(parts: Parts) -> Iterator[Found]:
    """A level's score lies outside the scale."""
    scale = parts.questionnaire.scale
    for place, _, levels in _ladders(parts):
        for number, level in enumerate(levels):
            if level.score is not None and not scale.min <= level.score <= scale.max:
                message = f"the score {level.score:g} lies outside the scale, {scale.min:g} to {scale.max:g}"
                yield Found((*place, number, "score"), message)


def level_scores_fall(parts: Parts) -> Iterator[Found]:
    """A level is worth less than the level below it."""
    scale = parts.questionnaire.scale
    for place, _, levels in _ladders(parts):
        step = (scale.max - scale.min) / max(len(levels) - 1, 1)
        worth = [scale.min + step * i if level.score is None else level.score for i, level in enumerate(levels)]
        for number in range(1, len(worth)):
            if worth[number] < worth[number - 1] - 1e-9:
                message = f"level {number} is worth {worth[number]:g}, less than level {number - 1}; is that meant?"
                yield Found((*place, number), message)


def option_duplicate(parts: Parts) -> Iterator[Found]:
    """An option is listed twice."""
    for place, options in _choices(parts):
        seen: dict[str, int] = {}
        for number, option in enumerate(options.of):
            if seen.setdefault(" ".join(option.split()).casefold(), number) < number:
                yield Found((*place, "of", number), f"the option '{option[:60]}' is already listed; remove one of them")


def cap_too_high(parts: Parts) -> Iterator[Found]:
    """More options are asked for the full score than there are."""
    for place, options in _choices(parts):
        if options.cap is not None and options.cap > len(options.of):
            message = f"cap is {options.cap} but only {len(options.of)} options are listed; lower or remove it"
            yield Found((*place, "cap"), message)


def number_bounds(parts: Parts) -> Iterator[Found]:
    """The lowest number that is accepted is not below the highest."""
    for place, number in _numbers(parts):
        if number.min >= number.max:
            yield Found((*place, "min"), f"min is {number.min:g} and max is {number.max:g}; min must be below max")
    for position, field in enumerate(parts.questionnaire.fields):
        low, high = (field.number.min, field.number.max) if field.number else (None, None)
        if low is not None and high is not None and low >= high:
            message = f"min is {low:g} and max is {high:g}; min must be below max"
            yield Found(("fields", position, "number", "min"), message)


def number_outside_scale(parts: Parts) -> Iterator[Found]:
    """A number that is itself the score may lie outside the scale."""
    scale = parts.questionnaire.scale
    for place, number in _numbers(parts):
        inside = scale.min <= number.min and number.max <= scale.max
        if number.score is None and number.bands is None and not inside:
            message = (
                f"the number is the score, but {number.min:g} to {number.max:g} leaves the scale, "
                f"{scale.min:g} to {scale.max:g}; change the bounds or give 'score' or 'bands'"
            )
            yield Found(place, message)


def points_order(parts: Parts) -> Iterator[Found]:
    """The points or bands of a number are not listed with the smallest number first."""
    for place, _, points in _points(parts):
        for number in range(1, len(points)):
            if points[number][0] <= points[number - 1][0]:
                message = (
                    f"{points[number][0]:g} does not come after {points[number - 1][0]:g}; list the smallest first"
                )
                yield Found((*place, number), message)


def points_outside(parts: Parts) -> Iterator[Found]:
    """A point or band of a number gives a score outside the scale."""
    scale = parts.questionnaire.scale
    for place, _, points in _points(parts):
        for number, (_, score) in enumerate(points):
            if not scale.min <= score <= scale.max:
                message = f"the score {score:g} lies outside the scale, {scale.min:g} to {scale.max:g}"
                yield Found((*place, number), message)


def points_uncovered(parts: Parts) -> Iterator[Found]:
    """Points or bands do not begin at the lowest number or (points) end at the highest."""
    bottom = parts.questionnaire.scale.min
    for place, number, points in _points(parts):
        first, last = points[0], points[-1]
        if number.bands is not None and first[0] > number.min:
            yield Found(
                place, f"numbers from {number.min:g} to below {first[0]:g} are in no band; they score {bottom:g}"
            )
        elif number.score is not None and (first[0] > number.min or last[0] < number.max):
            message = (
                f"the points run from {first[0]:g} to {last[0]:g} but numbers from {number.min:g} to {number.max:g} "
                f"are accepted; beyond the points the score stays at {first[1]:g} and {last[1]:g}"
            )
            yield Found(place, message)


def _ladders(parts: Parts) -> Iterator[tuple[Place, Question, Sequence[Level]]]:
    for place, question in parts.questions:
        if question.levels is not None:
            yield (*place, "levels"), question, question.levels


def _choices(parts: Parts) -> Iterator[tuple[Place, Options]]:
    for place, question in parts.questions:
        if question.options is not None:
            yield (*place, "options"), question.options


def _numbers(parts: Parts) -> Iterator[tuple[Place, NumberAnswer]]:
    for place, question in parts.questions:
        if question.number is not None:
            yield (*place, "number"), question.number


def _points(parts: Parts) -> Iterator[tuple[Place, NumberAnswer, Sequence[Point]]]:
    for place, number in _numbers(parts):
        if number.score is not None:
            yield (*place, "score"), number, number.score
        elif number.bands is not None:
            yield (*place, "bands"), number, number.bands
