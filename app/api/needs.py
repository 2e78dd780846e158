"""What a route of the API needs and may refuse, said once: the routes keep to it, and the description tells it."""

from collections.abc import Collection, Mapping
from typing import Any

from app.database_session import SAFE_METHODS
from assessment.api_tokens import MANAGE, READ

SCOPE, REFUSALS, REPLACES, PUBLIC = "x-scope", "x-refusals", "x-replaces", "x-public"


def needs(scope: str = READ, *refusals: int, replaces: bool = False, public: bool = False) -> dict[str, Any]:
    """For `openapi_extra` of a route: the scope of a token, and the statuses of its own refusals.

    `replaces`: it needs If-Match. `public`: whoever asks need not be anybody.
    """
    own = {412, 428} if replaces else set()
    return {SCOPE: scope, REFUSALS: sorted({*refusals, *own}), REPLACES: replaces, PUBLIC: public}


def needed_scope(said: Mapping[str, Any] | None, methods: Collection[str]) -> str:
    """The scope of a route; one that changes something and says nothing needs the most."""
    usual = READ if SAFE_METHODS.issuperset(methods) else MANAGE
    return str((said or {}).get(SCOPE, usual))
