"""The commands of the command line, one file per family."""

import click

from app.commands.database import backup, examine, migrate, restore
from app.commands.demo import demo
from app.commands.questionnaire import questionnaire
from app.commands.report import report
from app.commands.score import score
from app.commands.serve import serve, worker
from app.commands.translations import translations


def doors() -> tuple[click.Command, ...]:
    """Every command, in the order of the help."""
    return (demo, serve, worker, questionnaire, score, report, translations, migrate, backup, restore, examine)
