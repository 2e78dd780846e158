"""Programs that act for a person: who is behind the token that a request of the API brings, and may it do this."""

from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from assessment import api_tokens
from assessment.api_tokens import MANAGE, Bearer
from assessment.errors import N_, Forbidden


class TokenRefused(Forbidden):
    """The token is none of ours, was ended, or is over: one answer for all."""

    def __init__(self) -> None:
        super().__init__(N_("This token does not work, or does not work any more. Make a new one in your account."))


class ScopeMissing(Forbidden):
    """The token was made for less."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            N_("This token may not do that: it lacks the scope '%(scope)s'. Make one that has it in your account."),
            scope=scope,
        )


def bring(state: dict[str, Any], token: str) -> None:
    """Note the token that a request brings, before it is known whether it works."""
    state["bearer"] = token


def need(state: dict[str, Any], scope: str) -> None:
    """Note the scope that the route which was asked for needs."""
    state["scope_needed"] = scope


def brings_token(request: Request) -> bool:
    return getattr(request.state, "bearer", None) is not None


def find_bearer(request: Request, session: Session, now: datetime) -> Bearer | None:
    """For whom the request's token acts; None where it brings none.

    Raises:
        TokenRefused: it does not work.
        ScopeMissing: it is not for what is asked here.
    """
    token = getattr(request.state, "bearer", None)
    if token is None:
        return None
    found = api_tokens.find_bearer(session, token, now)
    if found is None:
        raise TokenRefused
    needed = getattr(request.state, "scope_needed", MANAGE)
    if needed not in found.scopes:
        raise ScopeMissing(needed)
    return found
