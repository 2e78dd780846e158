"""The demo's programmes: made once, with a firm at every step, and every part played by somebody."""

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app import demo, demo_programme
from app.database import Database
from assessment.tables import Firm, Outcome, Programme, ProgrammeCase, Release
from questionnaires.loader import load_definition
from tests.conftest import ORIGIN
from tests.people import sign_in


def test_firms_stand_at_every_step_and_each_part_opens_its_pages(app: FastAPI, database: Database) -> None:
    definition = load_definition("industry4-readiness")
    demo.seed(database, definition)
    for _ in range(2):
        demo_programme.seed(database, definition)
    with database.reader() as session:
        found = session.scalars(select(Programme).order_by(Programme.id)).all()
        assert [each.name for each in found] == [demo_programme.NAME, demo_programme.STATISTICS]
        query = select(Firm.name, ProgrammeCase.state, ProgrammeCase.id).join(Firm, Firm.id == ProgrammeCase.firm_id)
        cases = session.execute(query.where(ProgrammeCase.programme_id == found[0].id)).all()
        states, numbers = {name: state for name, state, _ in cases}, {state: id for _, state, id in cases}
        verified = select(func.count()).where(Outcome.is_verified, Outcome.programme_id == found[0].id)
        assert session.scalar(verified) == 1
        assert [(each.state, each.wishes["publish"]) for each in session.scalars(select(Release))] == [("queued", True)]
    assert states == {made.name: made.until for made in demo_programme.FIRMS} | {"Golden Paddy Foods": "on_site"}

    pages = {
        "officer": [f"/programmes/{found[0].id}", f"/programmes/{found[0].id}/cases", f"/cases/{numbers['eligible']}"],
        "assessor": [f"/programmes/{found[0].id}/cases", f"/cases/{numbers['on_site']}"],
        "committee": [f"/programmes/{found[0].id}/cases", f"/cases/{numbers['support_applied']}"],
        "analyst": [f"/programmes/{found[1].id}"],
    }
    for role, paths in pages.items():
        client = TestClient(app, base_url=ORIGIN)
        sign_in(client, database, demo_programme.PEOPLE[role])
        for path in ["/programmes", *paths]:
            shown = client.get(path)
            assert shown.status_code == 200, (role, path)
            assert "account closed" not in shown.text
