"""Every route of the service, pages and API."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount


def every_route(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of each, as they were declared; files that are served as they are have none."""
    return sorted(_within(app.routes, ""))


def _within(routes: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _within(included.routes, prefix)
        elif isinstance(route, Mount):
            yield from _within(route.routes or (), prefix + route.path)
        else:
            yield from ((method, prefix + route.path) for method in route.methods)
