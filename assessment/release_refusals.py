"""Why a release is not ordered, found or published."""

from assessment.errors import N_, Conflict, NotFound


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
