"""The command line: `fourward ...`, also `python -m app`."""

import os
from importlib import import_module
from typing import Any

import click

from app.commands.output import printing

# Command: where it is, and its line in the help. A command is imported when it is called: checking a questionnaire
# waits neither for the web service nor for the solver.
COMMANDS = {
    "demo": ("app.commands.demo:demo", "Run the service with firms, a workshop and a programme."),
    "serve": ("app.commands.serve:serve", "Run the service."),
    "worker": ("app.commands.serve:worker", "Send mails and reminders, make reports, learn from workshops."),
    "questionnaire": ("app.commands.questionnaire:questionnaire", "List, show, check and publish questionnaires."),
    "score": ("app.commands.score:score", "Score a firm's answers."),
    "report": ("app.commands.report:report", "Write a firm's report."),
    "aggregate": ("app.commands.aggregate:aggregate", "Make a release of a programme."),
    "import": ("app.commands.imports:import_sheet", "Take in firms or the business register from a sheet."),
    "learn": ("app.commands.learn:learn", "Learn from earlier workshops which gaps people put first."),
    "translations": ("app.commands.translations:translations", "Bring the catalogues in step with the texts."),
    "migrate": ("app.commands.database:migrate", "Bring the database to this version's schema."),
    "user": ("app.commands.user:user", "Make and close accounts, end sessions, give roles."),
    "firm": ("app.commands.firm:firm", "Find, export and erase firms."),
    "workshop": ("app.commands.workshop:workshop", "Check the record of a workshop."),
    "backup": ("app.commands.database:backup", "Copy the database to PATH while the service runs."),
    "restore": ("app.commands.database:restore", "Put the backup at PATH in the place of the database."),
    "doctor": ("app.commands.database:examine", "Say what keeps this installation from its work."),
}


class CommandLine(click.Group):
    """All commands, which print on any terminal."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        # Our matrices are small: on two processors, two threads of OpenBLAS wait for each other 80 times as long as one
        # computes. It reads this once, when it is loaded.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        with printing():
            return super().invoke(ctx)


@click.group(cls=CommandLine, commands=[click.Command(name) for name in COMMANDS])
@click.version_option(package_name="fourward")
def main() -> None:
    """Find out how ready a factory is for Industry 4.0, and what to do next."""
