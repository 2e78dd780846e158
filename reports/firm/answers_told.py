"""Answers and levels in words: of ladders, of lists of options, and of numbers."""

from dataclasses import dataclass

from questionnaires.answers import NOT_APPLICABLE, UNKNOWN, AnswerValue
from questionnaires.schema import Question, Questionnaire
from reports import charts
from reports.firm.view_scores import LevelText
from reports.wording import Wording
from scoring.ladders import level_scores, steps
from scoring.readiness import level_of


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells answers in the reader's language. Options are stored in the language of the `source` questionnaire."""

    words: Wording
    source: Questionnaire
    shown: Questionnaire

    def level(self, question_id: str, level: int, value: AnswerValue | None = None) -> LevelText:
        """A level of a question; where the firm gave an answer that is finer than its level, that answer."""
        question = self.shown.questions[question_id]
        scores = level_scores(self.source, question)
        tone = charts.tone(self.source.scale, scores[level])
        if question.levels is not None:
            return LevelText(self.words.count(level), question.levels[level].text, tone)
        text = self.answer(question_id, value) if value is not None else self._reached(question, level)
        return LevelText(self._short(question, level, value), text, tone)

    def answer(self, question_id: str, value: AnswerValue | None) -> str:
        """What the firm answered, as a sentence or a figure."""
        question = self.shown.questions[question_id]
        if value is None:
            return self.words.gettext("Not answered yet")
        if value == UNKNOWN:
            return self.words.gettext("The firm does not know")
        if value == NOT_APPLICABLE:
            return self.words.gettext("Does not apply to the firm")
        if isinstance(value, tuple):
            return self._chosen(question_id, value)
        if question.levels is not None:
            return question.levels[int(value)].text
        return self._measured(question, float(value))

    def level_now(self, question_id: str, value: AnswerValue | None) -> LevelText | None:
        """The level that an answer stands at; None without one, or when a number is its own score."""
        level = level_of(self.shown.questions[question_id], value)
        return None if level is None else self.level(question_id, level, value)

    def level_next(self, question_id: str, value: AnswerValue | None) -> LevelText | None:
        """The level above the answer; None at the top of the ladder."""
        question = self.shown.questions[question_id]
        level = level_of(question, value)
        scores = level_scores(self.source, question)
        if level is None or level + 1 >= len(scores):
            return None
        higher = next((n for n in range(level + 1, len(scores)) if scores[n] > scores[level]), None)
        return None if higher is None else self.level(question_id, higher)

    def _chosen(self, question_id: str, value: tuple[str, ...]) -> str:
        given, shown = self.source.questions[question_id].options, self.shown.questions[question_id].options
        if given is None or shown is None or not value:
            return self.words.gettext("None of these")
        return self.words.listed([text for text, name in zip(shown.of, given.of, strict=True) if name in value])

    def _measured(self, question: Question, value: float) -> str:
        unit = question.number.unit if question.number is not None else None
        figure = self.words.plain(value)
        return f"{figure}\u00a0{unit}" if unit else figure

    def _reached(self, question: Question, level: int) -> str:
        if question.options is not None:
            return self.words.ngettext("%(n)s of the list", "%(n)s of the list", level)
        return self.words.gettext("%(figure)s or more", figure=self._measured(question, steps(question)[level][0]))

    def _short(self, question: Question, level: int, value: AnswerValue | None) -> str:
        """What stands in the chip beside the text: how many were chosen, or the number of the band."""
        if question.options is not None:
            return f"{self.words.count(level)}/{self.words.count(len(question.options.of))}"
        return self.words.count(level)
