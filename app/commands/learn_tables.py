"""How `fourward learn --report` tells what was learned: plain tables."""

from collections.abc import Iterator

from assessment.learned_standing import Standing
from scoring.learning import Learned
from scoring.learning_gate import Gate, Margin


def table(standing: Standing) -> Iterator[str]:
    """The lines on one questionnaire and protocol version."""
    kind, current = standing.kind, standing.current
    yield f"{kind.instrument}, protocol {kind.protocol}"
    if current is None:
        yield "  in use    no version: the order is gap x weight"
    else:
        day = current.learned_at.date().isoformat()
        yield f"  in use    version {current.number} of {day}, workshops: {current.workshops}"
    yield f"  gate      {_gate(standing)}"
    if standing.learned is not None:
        yield from _measures(standing.learned.gate)
        yield from _chances(standing.learned)
    yield from _curve(standing)
    yield from _versions(standing)


def _gate(standing: Standing) -> str:
    since = standing.open_since
    if since is not None:
        return f"open since {since.date().isoformat()}: it beats gap x weight on workshops it has not seen"
    if standing.learned is None:
        return "closed: no model is in use"
    gate = standing.learned.gate
    if gate.reason == "too_few":
        return f"closed: {gate.workshops} of {gate.minimum} workshops, it lacks {gate.minimum - gate.workshops}"
    low = gate.tau.low if gate.tau else 0.0
    return f"closed: does not beat gap x weight yet; the interval of tau must lie above 0, and begins at {low:+.3f}"


def _measures(gate: Gate) -> Iterator[str]:
    if gate.tau is None or gate.ndcg is None:
        yield "  No figures: they need two workshops."
        return
    yield ""
    yield "  on workshops held out    model    rule   difference   90 % interval"
    for name, margin in (("Kendall's tau", gate.tau), (f"NDCG of first {gate.k}", gate.ndcg)):
        yield f"  {name:22} {_margin(margin)}"


def _margin(m: Margin) -> str:
    return f"{m.model:7.3f} {m.rule:7.3f}   {m.difference:+10.3f}   {m.low:+.3f} to {m.high:+.3f}"


def _chances(learned: Learned) -> Iterator[str]:
    checked = learned.reliability
    if checked is None:
        return
    yield ""
    yield f"  chance of a pair    said    came   pairs   (Brier {checked.brier:.3f}; 0.25 is a coin's)"
    for each in checked.bins:
        span = f"{each.low:.0%} to {each.high:.0%}"
        yield f"  {span:16} {each.predicted:7.3f} {each.observed:7.3f} {each.pairs:7d}"


def _curve(standing: Standing) -> Iterator[str]:
    if not standing.curve:
        return
    yield ""
    yield "  learned from   tau of model   of rule   workshops tested"
    for point in standing.curve:
        yield f"  {point.workshops:12d} {point.model_tau:14.3f} {point.rule_tau:9.3f} {point.tested:18d}"


def _versions(standing: Standing) -> Iterator[str]:
    yield ""
    yield "  version   learned on   workshops   gate"
    for each in standing.versions:
        gate = "withdrawn" if each.is_withdrawn else "open" if each.is_open else "closed"
        mark = "   in use" if each.is_current else ""
        yield f"  {each.number:7d}   {each.learned_at.date().isoformat()} {each.workshops:11d}   {gate}{mark}"
