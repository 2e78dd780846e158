"""The command line: `fourward ...`, also `python -m app`."""

import click

from app.commands import doors


@click.group()
@click.version_option(package_name="fourward")
def main() -> None:
    """Find out how ready a factory is for Industry 4.0, and what to do next."""


for command in doors():
    main.add_command(command)
