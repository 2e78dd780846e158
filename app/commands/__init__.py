"""The commands of the command line, one file per family."""

import click


def doors() -> tuple[click.Command, ...]:
    """Every command, in the order of the help."""
    return ()
