"""Texts that people type: normalised, without control characters, and no longer than agreed."""

import unicodedata

from assessment.errors import N_, Invalid

NOTE_CHARACTERS = 2000
NAME_CHARACTERS = 200
# Marks that nobody sees: they turn the reading direction of what follows a name, or make two names look alike.
UNSEEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff"))


def clean_note(text: str) -> str:
    """A note in NFC with plain line ends.

    Raises:
        Invalid: it is longer than 2,000 characters, or holds characters that cannot be stored.
    """
    return _clean(text, NOTE_CHARACTERS, lines=True)


def clean_text(text: str, limit: int) -> str:
    """A text of several lines, like a note, with a limit of its own.

    Raises:
        Invalid: it is longer, or holds characters that cannot be stored.
    """
    return _clean(text, limit, lines=True)


def clean_name(text: str) -> str:
    """A name on one line, in NFC, without marks that nobody sees.

    Raises:
        Invalid: it is longer than 200 characters, or holds characters that cannot be stored.
    """
    return " ".join(_clean(text.translate(UNSEEN), NAME_CHARACTERS, lines=False).split())


def _clean(text: str, limit: int, *, lines: bool) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if lines else text
    allowed = "\n\t" if lines else ""
    # Cc: control characters; Cs: half of a surrogate pair, which no database stores.
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
        raise Invalid(N_("The text holds a character that cannot be stored. Type it again instead of pasting it."))
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise Invalid(N_("The text is longer than %(limit)d characters. Shorten it."), limit=limit)
    return text
