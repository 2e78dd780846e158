"""Pseudo-languages for tests: accents, 35 % longer, in brackets, so that untranslated or clipped texts show."""

import re

from babel.support import Translations

ACCENTS = str.maketrans("aeiouyAEIOUcnsz", "áëîöüýÀÉÎÕÛçñšž")
# Placeholders, tags and entities stay as they are.
KEPT = re.compile(r"(%\([^)]+\)[sd]|%[sd%]|\{[^}]*\}|<[^>]+>|&\w+;)")
LONGER = 0.35


def pseudo(text: str, is_rtl: bool = False) -> str:
    """The text with accents and 35 % more length, in ⟦ ⟧, or turned right-to-left by an override character."""
    if not text.strip():
        return text
    parts = (part if KEPT.fullmatch(part) else part.translate(ACCENTS) for part in KEPT.split(text))
    longer = "".join(parts) + " " + "~" * max(2, int(len(text) * LONGER))
    return f"⟦\u202e{longer}\u202c⟧" if is_rtl else f"⟦{longer}⟧"


class PseudoTranslations(Translations):
    """Every text of every domain, made up on the fly."""

    def __init__(self, is_rtl: bool) -> None:
        super().__init__()
        self.is_rtl = is_rtl

    def gettext(self, message: str) -> str:
        return pseudo(message, self.is_rtl)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2, self.is_rtl)

    def pgettext(self, context: str, message: str) -> str:
        return pseudo(message, self.is_rtl)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2, self.is_rtl)
