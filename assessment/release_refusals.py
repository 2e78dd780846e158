"""Why a release is not ordered, made, found or published."""

import json
from collections.abc import Iterator, Mapping, Sequence

from assessment.errors import N_, Conflict, NotFound
from scoring.release_gate import BOUNDED, FOLLOW, Reason

FEW, KEPT_GONE, UNSETTLED = "few", "kept_gone", "unsettled"
REASONS: Mapping[str, str] = {
    FOLLOW: N_("Sums of few firms that would follow exactly from what is shown: %(count)s."),
    BOUNDED: N_("Sums of few firms that could be told too closely: %(count)s."),
    FEW: N_("Too few firms have an overall score."),
    KEPT_GONE: N_("What is kept of an earlier release is gone. Have the service's files restored from the backup."),
    UNSETTLED: N_("No choice of cells was found that protects every firm."),
}


def stored_reasons(reasons: Sequence[Reason]) -> str:
    """Reasons as they lie in the database, in no language."""
    return json.dumps(reasons)


def reasons_stored(problem: str) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Messages and their values, of what `stored_reasons` made; older releases have a text."""
    try:
        reasons = json.loads(problem or "[]")
    except json.JSONDecodeError:
        reasons = [[problem, 0]]
    return told_reasons(reasons)


def would_have_told(problem: str) -> bool:
    """Whether it was refused because it would have told of firms, and not for want of something."""
    wanting = {REASONS[each] for each in (FEW, KEPT_GONE)}
    return not all(message in wanting for message, _ in reasons_stored(problem))


def told_reasons(reasons: Sequence[Sequence[object]]) -> Iterator[tuple[str, Mapping[str, int]]]:
    for what, count in reasons:
        yield REASONS.get(str(what), str(what).replace("%", "%%")), {"count": int(str(count))}


class ReleaseUnderWay(Conflict):
    """Two at a time would not know of each other."""

    def __init__(self) -> None:
        super().__init__(N_("A release of this programme is being made. Order another one when it is done."))


class NothingToRelease(Conflict):
    """No firm has an assessment that counts."""

    def __init__(self) -> None:
        super().__init__(N_("No firm of this programme has submitted an assessment, so there is nothing to release."))


class NoSuchRelease(NotFound):
    """The programme has no release of this number."""

    def __init__(self) -> None:
        super().__init__(N_("This programme has no such release. Choose one from its list."))


class NotToBePublished(Conflict):
    """It is not made, or was published before."""

    def __init__(self) -> None:
        super().__init__(N_("Only a release that has been made, and is not published yet, can be published."))


class OvertakenRelease(Conflict):
    """Whoever has both could tell single firms apart: it was made without knowing of one that is out by now."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Another release has been published since this one was made. Together they could tell of single "
                "firms. Order a new release instead."
            )
        )
