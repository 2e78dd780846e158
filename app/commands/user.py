"""`fourward user`: make, close and open accounts, end sessions, and say what people are."""

import click

from app.commands.errors import BadInput
from app.commands.token import token
from app.commands.transactions import now, transaction
from assessment import roles, sessions, users


@click.group()
def user() -> None:
    """Make and close accounts, end sessions, give roles."""


user.add_command(token)


@user.command()
@click.argument("email")
@click.option("--name", default="", help="The person's name.")
def create(email: str, name: str) -> None:
    """Make an account. People who sign in by mail make their own."""
    with transaction() as session:
        address = users.clean_email(email)
        if users.find(session, address) is not None:
            raise BadInput(f"{address} has an account already.")
        users.register(session, address, now(), name)
    click.echo(f"{address} can sign in.")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Close an account and end its sessions and tokens now; what the person did stays."""
    with transaction() as session:
        users.disable(session, users.get(session, users.clean_email(email)), now())
    click.echo("The account is closed.")


@user.command()
@click.argument("email")
def enable(email: str) -> None:
    """Open an account again that was closed; its old sessions stay ended."""
    with transaction() as session:
        users.enable(users.get(session, users.clean_email(email)))
    click.echo("The account is open.")


@user.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Sign a person out everywhere."""
    with transaction() as session:
        sessions.end_all(session, users.get(session, users.clean_email(email)).id, now())
    click.echo("Signed out everywhere.")


@user.command()
@click.argument("email")
@click.argument("name", type=click.Choice((*roles.OF_FIRM, *roles.STAFF)))
@click.option("--firm", type=click.IntRange(1), help="The number of the firm; for manager and respondent.")
@click.option("--remove", is_flag=True, help="Take the role away.")
def role(email: str, name: str, firm: int | None, remove: bool) -> None:
    """Give a person a role, or take it away. Their sessions end, so that the change holds at once."""
    if (name in roles.OF_FIRM) != (firm is not None):
        needs = "belongs to a firm: name it with --firm" if firm is None else "belongs to no firm: leave --firm out"
        raise BadInput(f"The role {name} {needs}.")
    with transaction() as session:
        found = users.get(session, users.clean_email(email))
        if firm is not None:
            roles.check_firm(session, firm)
        if remove:
            roles.revoke(session, found.id, name, firm)
        else:
            roles.grant(session, found.id, name, firm, now())
        sessions.end_all(session, found.id, now())
        held = ", ".join(roles.describe(session, found.id)) or "no role"
    click.echo(f"{found.email}: {held}")
