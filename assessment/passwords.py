"""Passwords: long, not known to everybody, and kept as argon2id hashes only."""

import re
import unicodedata
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assessment.errors import N_, Invalid

LEAST, MOST = 12, 128
FEWEST_DIFFERENT = 5
COMMON = Path(__file__).with_name("common-passwords.txt")
SHORTEST_PART = 3
LONG_NUMBER = 20


class Hashing:
    """Makes and checks hashes at one cost: `memory` KiB and `passes`. Each takes that memory while it runs."""

    def __init__(self, memory: int, passes: int) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=1)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(normal(password))

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether a password has this hash. Without a hash the same work is done, and the answer is no."""
        try:
            fits = self._hasher.verify(password_hash or self._nobodys, normal(password[: 4 * MOST]))
        except (VerificationError, InvalidHashError):
            return False
        return fits and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made at another cost."""
        return self._hasher.check_needs_rehash(password_hash)


def normal(password: str) -> str:
    """The same characters for the same keys, whatever the device sends."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def check_new(password: str, *about: str) -> None:
    """Accept a password that others would not try first; no rules of signs and capitals.

    Raises:
        Invalid: it is too short, too long, or made of what everybody tries, or of what is known `about` the person.
    """
    password = normal(password)
    if len(password) < LEAST:
        raise Invalid(N_("Choose a password of %(least)d characters or more; a few words will do."), least=LEAST)
    if len(password) > MOST:
        raise Invalid(N_("Choose a password of %(most)d characters or fewer."), most=MOST)
    if _is_easily_guessed(password.casefold(), about):
        raise Invalid(N_("This password is among the first that others would try. Choose another one."))


def _is_easily_guessed(password: str, about: tuple[str, ...]) -> bool:
    words = {w for text in about for w in re.split(r"[^\w]+", text.casefold()) if len(w) >= SHORTEST_PART}
    known = common() | words | {"fourward"}
    if password in known or len(set(password)) < FEWEST_DIFFERENT or _is_row(password):
        return True
    # What is left without digits, signs and what is known of the person: nothing, one known word, two, or a repetition.
    letters = re.sub(r"[\W\d_]+", "", password)
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, "")
    if letters in known or (not letters and (not password.isdigit() or len(password) < LONG_NUMBER)):
        return True
    parts = range(SHORTEST_PART, len(letters) - SHORTEST_PART + 1)
    return any(letters[:n] in known and (letters[n:] in known) for n in parts) or _repeats(letters, known)


def _repeats(letters: str, known: frozenset[str] | set[str]) -> bool:
    units = (letters[:n] for n in range(1, len(letters) // 2 + 1) if len(letters) % n == 0)
    return any(unit * (len(letters) // len(unit)) == letters and (len(unit) < LEAST or unit in known) for unit in units)


def _is_row(password: str) -> bool:
    """Characters one after the other, as in abcdefghijkl or 987654321098."""
    steps = {(ord(b) - ord(a)) for a, b in pairwise(password)}
    return len(steps) == 1


@lru_cache
def common() -> frozenset[str]:
    """The most common passwords of known breaches, in small letters."""
    lines = COMMON.read_text().splitlines()
    return frozenset(line.casefold() for line in lines if line != "#" and not line.startswith("# "))
