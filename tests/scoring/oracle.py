"""A second, slow and naive scoring, written from the format alone, in fractions: what the fast one is held against."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from questionnaires.answers import Answers
from questionnaires.schema import Condition, Dimension, Question, Questionnaire

Variant = Literal["as is", "low", "high"]


@dataclass
class Oracle:
    """Scores of one firm, one at a time; exact but for geometric means."""

    questionnaire: Questionnaire
    answers: Answers

    def __post_init__(self) -> None:
        self.min, self.max = Fraction(self.questionnaire.scale.min), Fraction(self.questionnaire.scale.max)

    # What is asked

    def applies(self, id: str) -> bool:
        condition = self.questionnaire.questions[id].applies_if
        return condition is None or self.met(condition)

    def met(self, c: Condition) -> bool:
        if c.all is not None:
            return all(self.met(part) for part in c.all)
        if c.any is not None:
            return any(self.met(part) for part in c.any)
        if c.not_ is not None:
            return not self.met(c.not_)
        if c.field is not None:
            value: Any = self.answers.profile.get(c.field)
        else:
            value = self.answers.answers.get(c.answer or "") if self.applies(c.answer or "") else None
        if value is None or value in ("unknown", "not_applicable"):
            return False
        listed = value if isinstance(value, tuple) else (value,)
        number = len(value) if isinstance(value, tuple) else value
        if c.answer is not None and (levels := self.questionnaire.questions[c.answer].levels) is not None:
            listed = (levels[value].text,)
        return (
            (c.in_ is None or any(v in c.in_ for v in listed))
            and (c.includes is None or c.includes in listed)
            and (c.at_least is None or number >= c.at_least)
            and (c.at_most is None or number <= c.at_most)
        )

    def asked(self, id: str) -> bool:
        return self.applies(id) and self.answers.answers.get(id) != "not_applicable"

    def missing(self, id: str) -> bool:
        return self.asked(id) and self.answers.answers.get(id) in (None, "unknown")

    # What it is worth

    def question(self, q: Question, variant: Variant) -> Fraction | None:
        if not self.asked(q.id):
            return None
        if self.missing(q.id):
            if variant == "as is":
                return self.min if self.questionnaire.missing == "lowest" else None
            return self.min if variant == "low" else self.max
        return min(max(self.worth(q, self.answers.answers[q.id]), self.min), self.max)

    def worth(self, q: Question, value: Any) -> Fraction:
        length = self.max - self.min
        if q.levels is not None:
            score = q.levels[value].score
            return self.min + length * value / (len(q.levels) - 1) if score is None else Fraction(score)
        if q.options is not None:
            cap = q.options.cap or len(q.options.of)
            return self.min + length * min(len(value), cap) / min(len(q.options.of), cap)
        assert q.number is not None
        if q.number.bands is not None:
            return ([self.min] + [Fraction(s) for start, s in q.number.bands if start <= value])[-1]
        if q.number.score is None:
            return Fraction(value)
        points = [(Fraction(x), Fraction(y)) for x, y in q.number.score]
        if value <= points[0][0]:
            return points[0][1]
        for (x0, y0), (x1, y1) in pairwise(points):
            if value <= x1:
                return y0 + (y1 - y0) * (Fraction(value) - x0) / (x1 - x0)
        return points[-1][1]

    def node(self, d: Dimension | Questionnaire, variant: Variant) -> Fraction | None:
        rule = self.questionnaire.rule_of(d) if isinstance(d, Dimension) else d.aggregate
        if isinstance(d, Dimension) and d.questions:
            if rule == "gate":
                return self.gate(d, variant)
            children = [(Fraction(q.weight), self.question(q, variant)) for q in d.questions]
        else:
            children = [(Fraction(c.weight), self.node(c, variant)) for c in d.dimensions]
        counted = [(w, s) for w, s in children if s is not None and w > 0]
        if not counted:
            return None
        weight, scores = sum(w for w, _ in counted), [s for _, s in counted]
        average = sum(w * s for w, s in counted) / weight
        if rule == "mean":
            return average
        if rule == "geometric":
            logs = [float(w) * math.log(s) if s > 0 else -math.inf for w, s in counted]
            return Fraction(math.exp(math.fsum(logs) / float(weight))) if -math.inf not in logs else Fraction(0)
        if rule == "sum":
            return min(max(average * sum(w for w, _ in children), self.min), self.max)
        return max(scores) if rule == "maximum" else min(scores)

    def gate(self, d: Dimension, variant: Variant) -> Fraction | None:
        criteria = [q for q in d.questions if q.gate is not None and q.weight > 0]
        scores = {q.id: s for q in criteria if (s := self.question(q, variant)) is not None}
        if not scores:
            return None
        levels = sorted({q.gate for q in criteria if q.gate is not None})
        states: list[bool] = []
        for i in range(len(levels)):
            answered: list[Question] = []
            for level in levels[i:]:  # this level, or the next one that has an answer
                answered = answered or [q for q in criteria if q.gate == level and q.id in scores]
            states.append(
                bool(answered)
                and all(scores[q.id] >= (self.max if q.met_at is None else Fraction(q.met_at)) for q in answered)
            )
        reached = self.min
        for level, state in zip(levels, states, strict=True):
            if not state:
                break
            reached = min(max(Fraction(level), self.min), self.max)
        return reached

    # What is stored

    def stored(self, score: Fraction | None) -> float | None:
        if score is None or self.questionnaire.round is None:
            return None if score is None else float(score)
        clean = Decimal(f"{float(score):.12g}")
        return float(clean.quantize(Decimal(1).scaleb(-self.questionnaire.round), ROUND_HALF_UP))

    def node_scores(self, d: Dimension | Questionnaire) -> tuple[float | None, float | None, float | None, float]:
        score = self.node(d, "as is")
        low, high = self.node(d, "low"), self.node(d, "high")
        if score is None or low is None or high is None:
            return None, None, None, float(self.coverage(d) or 0)
        return (
            self.stored(score),
            self.stored(min(low, score)),
            self.stored(max(high, score)),
            float(self.coverage(d) or 0),
        )

    def coverage(self, d: Dimension | Questionnaire) -> Fraction | None:
        """Weight answered over weight asked; None when nothing that counts is asked."""
        if isinstance(d, Dimension) and d.questions:
            gate = self.questionnaire.rule_of(d) == "gate"
            asked = [q for q in d.questions if self.asked(q.id) and not (gate and q.gate is None)]
            children = [(q.weight, Fraction(0 if self.missing(q.id) else 1)) for q in asked]
        else:
            shares = [(child.weight, self.coverage(child)) for child in d.dimensions]
            children = [(weight, share) for weight, share in shares if share is not None]
        parts = [(Fraction(weight), share) for weight, share in children if weight > 0]
        return sum((w * s for w, s in parts), Fraction(0)) / sum(w for w, _ in parts) if parts else None

    def profile(self) -> str | None:
        score = self.node_scores(self.questionnaire)[0]
        if score is None:
            return None
        clean = Decimal(f"{score:.10g}")
        bins = self.questionnaire.profiles.bins
        lower = self.questionnaire.profiles.closed == "lower"
        reached = [b.id for b in bins if (clean >= Decimal(b.from_) if lower else clean > Decimal(b.from_))]
        return reached[-1] if reached else bins[0].id
