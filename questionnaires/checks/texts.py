"""Checks of texts: short enough to be read in a factory, and backed by evidence."""

import re
from collections.abc import Iterator

from questionnaires.checks.parts import Found, Parts

WORDS = 25
LINK = re.compile(r"https?://|www\.|\]\(")
NEW_SENTENCE = re.compile(r"[.!?]\s+[^\W\d_a-z]")


def text_long(parts: Parts) -> Iterator[Found]:
    """A question or a level has more than 25 words; short ones are read and understood."""
    for place, question in parts.questions:
        texts = [((*place, "text"), question.text)]
        texts += [((*place, "levels", number), level.text) for number, level in enumerate(question.levels or ())]
        for where, text in texts:
            if (words := len(text.split())) > WORDS:
                yield Found(where, f"this text has {words} words; {WORDS} or fewer are read and understood")


def help_long(parts: Parts) -> Iterator[Found]:
    """A help text is more than one sentence, or holds a link that paper and phones cannot follow."""
    for place, question in parts.questions:
        text = question.help or ""
        if LINK.search(text):
            yield Found((*place, "help"), "a help text has no links; say it in words")
        elif NEW_SENTENCE.search(text):
            yield Found((*place, "help"), "a help text is one sentence; shorten it")


def no_evidence(parts: Parts) -> Iterator[Found]:
    """A question does not name the evidence with which its answer can be checked."""
    for place, question in parts.questions:
        if question.evidence is None:
            yield Found(place, f"'{question.id}' names no evidence; say what an assessor can ask to be shown")
