"""A release that was ordered to go out goes out once it is made, and no other does so by itself."""

import pytest
from sqlalchemy.orm import Session

from assessment import releases
from assessment.tables import Release
from tests.factories import NOW
from tests.release_samples import a_programme


@pytest.mark.parametrize(
    ("wishes", "state"),
    [({"publish": True}, "published"), ({}, "made"), ({"publish": True, "known": [9]}, "made")],
)
def test_only_what_was_ordered_so_and_is_not_overtaken_goes_out(
    session: Session, wishes: dict[str, object], state: str
) -> None:
    row = Release(
        programme_id=a_programme(session).id, number=1, state="queued", requested_at=NOW,
        wishes={"waves": [2026], "known": [], **wishes},
    )  # fmt: skip
    session.add(row)
    session.flush()
    releases.note_made(session, row.id, {"cube_sha256": "c"}, "k", {}, NOW)

    releases.publish_as_ordered(session, row.id, NOW)

    session.refresh(row)
    assert (row.state, row.published_at) == (state, NOW if state == "published" else None)
