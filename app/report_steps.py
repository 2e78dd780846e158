"""Where a report on order stands, in words."""

from typing import Protocol

from fastapi import Request

from app.templating import say_to
from assessment.errors import N_

STEPS = (
    ("queued", N_("Waiting for its turn")),
    ("scoring", N_("Working out scores and roadmap")),
    ("drawing", N_("Laying out the pages")),
    ("storing", N_("Storing the file")),
)


class OnOrder(Protocol):
    """A report on order, of whatever."""

    @property
    def state(self) -> str: ...

    @property
    def progress(self) -> str: ...


ENDED = {"done": N_("Ready"), "failed": N_("Could not be made")}


def step_of(order: OnOrder) -> str:
    return order.progress if order.state == "running" and order.progress else order.state


def words_of(request: Request, order: OnOrder) -> str:
    """One short text: the step under way, or how it ended."""
    step = step_of(order)
    return say_to(request, ENDED.get(step) or dict(STEPS).get(step, STEPS[1][1]))


def steps_of(request: Request, order: OnOrder) -> list[tuple[str, str]]:
    """Every step with `done`, `now` or `later`."""
    names = [name for name, _ in STEPS]
    step = step_of(order)
    at = names.index(step) if step in names else 1
    states = ["done" if i < at else "now" if i == at else "later" for i in range(len(STEPS))]
    return [(state, say_to(request, text)) for state, (_, text) in zip(states, STEPS, strict=True)]
