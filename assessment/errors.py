"""Refusals: not found, forbidden, conflict, invalid, too many; each message says what to do and can be translated."""

from questionnaires.problems import Refused


def N_(text: str) -> str:  # noqa: N802  the name that gettext tools look for
    """Mark a text for translation; it is looked up when it is shown."""
    return text


class Refusal(Refused):
    """Something cannot be done as asked. `message` is a text of the `app` catalogue; `values` fill its places."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message % values if values else message)


class NotFound(Refusal):
    """It is not there, or not for this person: one answer for both."""


class Forbidden(Refusal):
    """It is there, and this person may not do that with it."""


class Conflict(Refusal):
    """It cannot be done in the state things are in."""


class Invalid(Refusal):
    """What was sent does not fit."""


class TooMany(Refusal):
    """It was tried too often; it may be tried again after so many seconds."""

    def __init__(self, message: str, retry_after: int, **values: object) -> None:
        self.retry_after = retry_after
        super().__init__(message, **values)
