"""The interval of a share: how far it may lie from what was counted, by Wilson's method.

Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212. It stays between
0 and 1 and holds for small numbers and for shares near the ends, where the plain formula fails (Newcombe, Two-sided
confidence intervals for the single proportion, Statistics in Medicine 17 (1998) 857-872).
"""

from math import sqrt

from scipy.special import ndtri

CONFIDENCE = 0.95


def wilson(share: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a share (0 to 1) found among n; n may be an effective number.

    >>> low, high = wilson(81 / 263, 263)
    >>> f"{low:.4f} {high:.4f}"
    '0.2553 0.3662'

    Raises:
        ValueError: there is nobody, or the share is none.
    """
    if n <= 0 or not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1, of somebody")
    z = float(ndtri((1 + confidence) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
