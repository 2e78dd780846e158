"""Rounding as on paper: half away from zero, of the number that a person would have computed."""

from decimal import ROUND_HALF_UP, Decimal

LARGE = 1e9  # from here on no score is meant, and every digit that a float holds is kept


def on_paper(value: float, decimals: int) -> Decimal:
    """2.25 to one decimal is 2.3, 2.675 to two is 2.68, and -0.04 to one is 0.0.

    What floating point added beyond the twelfth digit is taken off first.
    """
    written = Decimal(f"{value:.12g}" if abs(value) < LARGE else f"{value:.15g}")
    return written.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0
