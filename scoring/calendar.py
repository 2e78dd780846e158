"""A roadmap's months on the calendar."""

from datetime import date, timedelta

DAYS_A_MONTH = 365.25 / 12  # the Julian year's twelfth: a roadmap of years drifts by no day


def day_of(since: date, months: float) -> date:
    """The day that lies so many months after `since`, each of 365.25 / 12 days, rounded to whole days.

    >>> day_of(date(2026, 1, 1), 12)
    datetime.date(2027, 1, 1)
    """
    return since + timedelta(days=round(months * DAYS_A_MONTH))
