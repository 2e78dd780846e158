"""`fourward user token`: make, list and end the tokens with which programs act for a person."""

import click

from app.commands.transactions import now, transaction
from assessment import api_tokens, users
from assessment.api_tokens import LONGEST_DAYS, SCOPES


@click.group()
def token() -> None:
    """Make, list and end the tokens with which programs act for a person."""


@token.command()
@click.argument("email")
@click.option("--name", default="", help="What it is for.")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="What it may do.")
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=90, show_default=True, help="How long it holds.")
def create(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token and print it, this once."""
    with transaction() as session:
        person = users.get(session, users.clean_email(email))
        _, made = api_tokens.make(session, person.id, name, scopes, days, now())
    click.echo(made)


@token.command("list")
@click.argument("email")
def list_tokens(email: str) -> None:
    """List a person's tokens, the newest first."""
    with transaction() as session:
        found = api_tokens.list_tokens(session, users.get(session, users.clean_email(email)).id)
    for each in found:
        used = each.last_used_at.date().isoformat() if each.last_used_at else "never"
        state = f"until {each.expires_at.date().isoformat()}" if each.works(now()) else "over"
        click.echo(f"{each.id}\t{each.name}\t{', '.join(each.scopes)}\t{state}\tlast used: {used}")


@token.command()
@click.argument("email")
@click.argument("number", type=click.IntRange(1))
def revoke(email: str, number: int) -> None:
    """End a token now."""
    with transaction() as session:
        api_tokens.revoke(session, users.get(session, users.clean_email(email)).id, number, now())
    click.echo("The token is ended.")
