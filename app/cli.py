"""The command line: `fourward ...`, also `python -m app`."""

from typing import Any

import click

from app.commands import doors
from app.commands.output import printing


class CommandLine(click.Group):
    """All commands, which print on any terminal."""

    def invoke(self, ctx: click.Context) -> Any:
        with printing():
            return super().invoke(ctx)


@click.group(cls=CommandLine)
@click.version_option(package_name="fourward")
def main() -> None:
    """Find out how ready a factory is for Industry 4.0, and what to do next."""


for command in doors():
    main.add_command(command)
