"""What every section is written from: the result, its definition in the reader's language, and the words."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assessment.results import Result
from questionnaires.answers import NOT_APPLICABLE, UNKNOWN
from questionnaires.library import Action
from questionnaires.schema import Bin, Dimension, Questionnaire, Scale
from questionnaires.translation import Translated, translate
from reports import charts
from reports.firm.answers_told import Teller
from reports.wording import Wording, wording
from scoring.readiness import NodeScore, Readiness, score_with
from scoring.roadmap import Infeasible, Roadmap
from scoring.rounding import profile_rows, stored

LOW_COVERAGE = 0.2  # from more than this share of a dimension's questions without an answer on, its score is flagged
SHORT_SCALE = 20  # a scale up to this length is shown with one decimal, a longer one in whole points


@dataclass(frozen=True)
class Counts:
    """How the questions of a dimension that apply to the firm were answered."""

    asked: int
    answered: int
    unknown: int
    unanswered: int

    @property
    def is_low(self) -> bool:
        """Whether so much is missing that the score says little."""
        return self.asked > 0 and (self.asked - self.answered) / self.asked > LOW_COVERAGE


@dataclass(frozen=True)
class Material:
    """One result in one language. What is looked up by several sections is computed once."""

    result: Result
    words: Wording

    @cached_property
    def translated(self) -> Translated:
        return translate(self.result.definition, self.words.code)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return self.translated.definition.questionnaire

    @cached_property
    def actions(self) -> dict[str, Action]:
        return self.translated.definition.action

    @cached_property
    def teller(self) -> Teller:
        return Teller(self.words, self.result.definition.questionnaire, self.questionnaire)

    @property
    def scale(self) -> Scale:
        return self.questionnaire.scale

    @property
    def readiness(self) -> Readiness:
        return self.result.readiness

    @cached_property
    def target(self) -> Readiness:
        """The readiness if every gap were closed up to its target."""
        levels = {gap.question: gap.target_level for gap in self.result.gaps}
        return score_with(self.result.definition.questionnaire, self.result.answers, levels)

    @property
    def roadmap(self) -> Roadmap | None:
        """The plan, when there is one with actions in it."""
        found = self.result.roadmap
        return None if isinstance(found, Infeasible) or not found.actions else found

    @cached_property
    def order(self) -> dict[str, int]:
        """The number by which the report names each planned action, in the order of their start."""
        planned = () if self.roadmap is None else self.roadmap.actions
        ordered = sorted(planned, key=lambda one: (one.phase, one.start, one.end))
        return {one.action: position for position, one in enumerate(ordered, 1)}

    def profile(self, readiness: Readiness) -> Bin | None:
        """The profile in the reader's language."""
        found = readiness.profile
        return found and next(each for each in self.questionnaire.profiles.bins if each.id == found.id)

    def profile_at(self, score: float) -> Bin:
        """The profile of any score."""
        return self.questionnaire.profiles.bins[self._bin(score)]

    def score(self, score: float | None) -> str:
        """A score as it is shown; with one more decimal where rounding would lift it into another profile."""
        if score is None:
            return self.words.gettext("no score")
        decimals = 1 if self.scale.max - self.scale.min <= SHORT_SCALE else 0
        if self._bin(_rounded(score, decimals)) != self._bin(score):
            decimals += 1
        return self.words.number(_rounded(score, decimals), decimals)

    def gain(self, points: float) -> str:
        """Points that are won: "+0.3"."""
        decimals = 2 if self.scale.max - self.scale.min <= SHORT_SCALE else 1
        return self.words.gained(_rounded(points, decimals), decimals)

    def loss(self, points: float) -> str:
        """Points that are lost: "−0.3"."""
        decimals = 2 if self.scale.max - self.scale.min <= SHORT_SCALE else 1
        return self.words.left_to_right(f"−{self.words.number(_rounded(points, decimals), decimals)}")

    def points(self, value: float) -> str:
        """A value of the scale itself, such as its end."""
        return self.words.plain(value)

    def interval(self, node: NodeScore) -> str:
        if node.low is None or node.high is None:
            return ""
        low, high = self.score(node.low), self.score(node.high)
        return low if low == high else f"{low}\u2013{high}"

    def tone(self, score: float | None) -> int | None:
        return None if score is None else charts.tone(self.scale, score)

    def counts(self, question_ids: Iterable[str]) -> Counts:
        """How these questions were answered, as far as they apply to the firm."""
        asked = [key for key in question_ids if key in self.readiness.asked]
        given = [self.result.answers.answers.get(key) for key in asked]
        unknown, unanswered = given.count(UNKNOWN), given.count(None)
        return Counts(len(asked), len(asked) - unknown - unanswered, unknown, unanswered)

    def counts_of(self, dimension: Dimension) -> Counts:
        return self.counts(question.id for each in dimension.walk() for question in each.questions)

    def is_left_out(self, question_id: str) -> bool:
        """Whether a question was not asked: by its condition, or because it does not apply to the firm."""
        given = self.result.answers.answers.get(question_id)
        return question_id not in self.readiness.asked and given != NOT_APPLICABLE

    def money(self, low: float, high: float) -> str:
        """A range of money; nothing to pay is said in words."""
        if high <= 0:
            return self.words.gettext("no outlay")
        return self.words.money_range(_tidy(low), _tidy(high), self.result.wishes.currency)

    def sum(self, low: float, high: float) -> str:
        """A range of money that many actions add up to."""
        if high <= 0:
            return self.words.gettext("no outlay")
        return self.words.money_range(_tidy(low, 3), _tidy(high, 3), self.result.wishes.currency)

    def amount(self, amount: float) -> str:
        """Money as it was given, such as a budget."""
        return self.words.money(amount, self.result.wishes.currency)

    def days(self, days: float) -> str:
        whole = max(1, round(days)) if days > 0 else 0
        return self.words.ngettext("%(n)s day", "%(n)s days", whole)

    def months(self, start: float, end: float) -> str:
        """The months an action runs in, counted from 1: "months 4-6"."""
        first, last = int(start) + 1, max(int(start) + 1, -int(-end // 1))
        if first == last:
            return self.words.gettext("month %(month)s", month=self.words.count(first))
        span = f"{self.words.count(first)}\u2013{self.words.count(last)}"
        return self.words.gettext("months %(months)s", months=span)

    def _bin(self, score: float) -> int:
        return int(profile_rows(self.questionnaire.profiles, self.scale, np.array([score]))[0])


def material(result: Result, code: str) -> Material:
    """The material of a report in this language.

    Raises:
        UnknownLanguage, NoReportLanguage: there are no reports in it.
    """
    return Material(result, wording(code))


def _rounded(score: float, decimals: int) -> float:
    return float(stored(np.array([score]), decimals)[0])


def _tidy(amount: float, digits: int = 2) -> float:
    """An amount to its leading digits: a planning range is no quote, and odd figures would say that it is one."""
    whole = len(str(int(amount)))
    return float(round(amount, min(digits - whole, 0)))
