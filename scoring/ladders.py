"""What each answer to a question is worth: the ladder of its levels, options or bands, in points of the scale."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from questionnaires.schema import NumberAnswer, Options, Question, Questionnaire, Scale

Array = NDArray[np.float64]


def level_scores(questionnaire: Questionnaire, question: Question) -> tuple[float, ...]:
    """The score of every level of a question, lowest level first, on the questionnaire's scale.

    Levels share the scale evenly, scale.min + (scale.max - scale.min) * i / (n - 1), unless a level names its score.
    For options the level is how many are chosen (0 to all), for a number the index of its point or band. A number
    that is its own score has no levels: ().
    """
    return ladder(question, questionnaire.scale)


def ladder(question: Question, scale: Scale) -> tuple[float, ...]:
    """As `level_scores`, when only the scale is at hand."""
    if question.levels is not None:
        last = max(len(question.levels) - 1, 1)
        even = [between(scale, i, last) for i in range(len(question.levels))]
        named = [even[i] if level.score is None else level.score for i, level in enumerate(question.levels)]
        return tuple(clamp(scale, score) for score in named)
    if question.options is not None:
        return tuple(option_score(question.options, scale, k) for k in range(len(question.options.of) + 1))
    return tuple(clamp(scale, score) for _, score in steps(question))


def steps(question: Question) -> Sequence[tuple[float, float]]:
    """The points or bands of a number question as (from this value on, score); none when it is its own score."""
    number = question.number
    return () if number is None else number.score or number.bands or ()


def option_score(options: Options, scale: Scale, chosen: int) -> float:
    """min(k, cap) / min(n, cap) of the scale; without a cap, k / n. More than the cap earns no more than the cap.

    The clamp is DMAT's (Joint Research Centre, Digital Maturity Assessment): 11 of 12 with ten counted is 10 of 10.
    """
    offered = len(options.of)
    counted = offered if options.cap is None else min(offered, options.cap)
    return between(scale, min(chosen, counted), counted)


def number_scores(number: NumberAnswer, scale: Scale, values: Array) -> Array:
    """The scores of numbers: linear between points (constant beyond both ends), by bands, or the number itself.

    A band counts from its value on; below the first band the score is scale.min. Scores outside the scale are held
    at its end. Not a number (a missing answer) stays so.
    """
    if number.score is not None:
        scores = _on_the_line(number.score, values)
    elif number.bands is not None:
        scores = _in_bands(number.bands, scale, values)
    else:
        scores = values
    return np.clip(scores, scale.min, scale.max)


def between(scale: Scale, part: int, whole: int) -> float:
    """`part` of `whole` equal steps up the scale; the last step is the scale's very end."""
    return scale.max if part == whole else scale.min + (scale.max - scale.min) * part / whole


def clamp(scale: Scale, score: float) -> float:
    """A score, held inside the scale."""
    return float(min(max(score, scale.min), scale.max))


def _on_the_line(points: Sequence[tuple[float, float]], values: Array) -> Array:
    xs, ys = np.array(points, dtype=np.float64).T
    left = np.clip(np.searchsorted(xs, values, side="right") - 1, 0, len(xs) - 1)
    right = np.minimum(left + 1, len(xs) - 1)
    width = xs[right] - xs[left]
    share = np.where(width > 0, np.clip(values - xs[left], 0, width) / np.where(width > 0, width, 1), 0)
    return np.where(np.isnan(values), np.nan, ys[left] + (ys[right] - ys[left]) * share)


def _in_bands(bands: Sequence[tuple[float, float]], scale: Scale, values: Array) -> Array:
    froms, scores = np.array(bands, dtype=np.float64).T
    band = np.searchsorted(froms, values, side="right") - 1
    inside: Array = np.where(band < 0, scale.min, scores[np.maximum(band, 0)])
    return np.where(np.isnan(values), np.nan, inside)
