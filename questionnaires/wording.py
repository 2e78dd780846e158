"""How values and near misses are put into sentences."""

import json
from collections.abc import Iterable, Sequence
from difflib import get_close_matches


def shown(value: object, limit: int = 60) -> str:
    """A value as its author would recognise it, short enough for a sentence."""
    if isinstance(value, str):
        value = value[: limit + 1]
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = "this value"
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word that was probably meant, else nothing; long words and long lists are not searched."""
    words = list(known)
    if not isinstance(word, str) or len(word) > 80 or len(words) > 500:
        return ""
    return next(iter(get_close_matches(word, words, n=1, cutoff=0.7)), "")


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """' (did you mean x?)' for a near miss, else nothing."""
    found = nearest(word, known)
    return f" (did you mean '{found}'?)" if found else ""


def listed(words: Iterable[object], limit: int = 8) -> str:
    """'a, b, c', cut after `limit` words."""
    texts = [str(w) for w in words]
    more = f" and {len(texts) - limit} more" if len(texts) > limit else ""
    return ", ".join(texts[:limit]) + more


def circle(ids: Sequence[str], limit: int = 8) -> str:
    """'a needs b needs a'; of a long circle only how it begins."""
    if len(ids) <= limit:
        return " needs ".join(ids)
    return f"{' needs '.join(ids[: limit - 1])} and so on, {len(ids) - 1} in all"
