"""Bad input on the command line: one clear line on standard error, exit code 2, never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from questionnaires.problems import Refused


class BadInput(click.ClickException):
    """What was given cannot be used; the message says what to do."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


@contextmanager
def refusals_as_bad_input() -> Iterator[None]:
    """Turn every refusal of the rooms below, and a file that cannot be read, into `BadInput`."""
    try:
        yield
    except Refused as refusal:
        raise BadInput(str(refusal)) from refusal
    except OSError as error:
        where = "the output" if error.filename is None else error.filename or "''"  # what is open has no name any more
        raise BadInput(f"{where}: {error.strerror or error}") from error
