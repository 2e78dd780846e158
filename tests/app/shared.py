"""An assessment that several people share: asked, answered twice, with evidence, moved, reopened, begun anew."""

from app.database import Database
from assessment import (
    access,
    assessments,
    evidence,
    firms,
    reopening,
    report_orders,
    respondents,
    saving,
    starting_again,
    version_moves,
)
from assessment.access import Access
from assessment.saving import Operation
from questionnaires.loader import load_definition
from scoring.roadmap import Wishes
from tests.factories import NOW, TINY_FOLDER, tiny

PAGES = (
    "shared:",
    "shared:/colleagues",
    "shared:/colleagues?section=skills",
    "shared:/colleagues/1",
    "shared:/sections/skills",
    "shared:/sections/skills/check",
    "shared:/check",
    "shared:/history/skills.training",
    "shared:/evidence/skills.training",
    "shared:/submissions",
    "shared:/submissions/1",
    "asked:",
    "named:",
    "named:/sections/skills",
    "named:/check",
    "done:/reopen",
    "done:/again",
    "done:/submissions",
    "older:",
    "older:/move",
    "moved:/moves/1",
    "moved:/submissions",
)


def shared(database: Database) -> dict[str, str]:
    """The links of its people."""
    return _shared(database) | _moving(database)


def _shared(database: Database) -> dict[str, str]:
    questionnaire = tiny().questionnaire
    with database.transaction() as session:
        firm = firms.register(session, "⟦Acme⟧", "MY", NOW)
        before, _ = assessments.start(session, firm, questionnaire, {"employees": 12}, NOW)
        said = [Operation("skills.training", 0, 2, "⟦a plan⟧"), Operation("skills.languages", 0, ["ERP"])]
        saving.save(session, Access(before), questionnaire, said, NOW)
        assessments.submit(session, before, questionnaire, Wishes(), NOW)
        now, token = starting_again.start_again(session, before, questionnaire, NOW)
        mine = Access(now)
        number, hers = respondents.ask(session, now, "⟦Amina⟧", ["skills"], ["skills"], NOW)
        _, asked = respondents.ask(session, now, "⟦Bao⟧", ["skills", "~people"], ["skills", "~people"], NOW)
        amina = access.open_by_key(session, hers)
        respondents.confirm_name(session, amina, "⟦Amina⟧", NOW)
        saving.save(session, mine, questionnaire, [Operation("machines.1", 0, 1)], NOW)
        assessments.submit(session, now, questionnaire, Wishes(), NOW)
        report = report_orders.order(session, now, "en", Wishes(), "1", NOW)
        reopening.reopen(session, now, "⟦the plan was missing⟧", "⟦Amina⟧", NOW)
        saving.save(session, mine, questionnaire, [Operation("skills.training", 0, 1)], NOW)
        hers_too = [Operation("skills.training", 0, 2, "⟦a note⟧"), Operation("skills.share", 0, 5)]
        saving.save(session, amina, questionnaire, hers_too, NOW)
        given = ("⟦plan⟧.pdf", "application/pdf", "0" * 64, 1_000_000)
        evidence.add(session, amina, questionnaire, "skills.training", *given, NOW)
    return {"shared": f"/a/{token}", "named": f"/a/{hers}", "asked": f"/a/{asked}", "colleague": str(number)} | {
        "ordered": f"/a/{token}/reports/{report}"
    }


def _moving(database: Database) -> dict[str, str]:
    earlier = load_definition("moving@1.0.0", TINY_FOLDER)
    later = load_definition("moving@1.1.0", TINY_FOLDER)
    said = {"people.posters": 1, "plant.control": 3, "plant.tools": ["ERP", "PLM"], "people.kept": 1}
    links = {}
    with database.transaction() as session:
        for name in ("older", "moved"):
            firm = firms.register(session, "⟦Acme⟧", "MY", NOW)
            found, token = assessments.start(session, firm, earlier.questionnaire, {"sector": "services"}, NOW)
            operations = [Operation(q, 0, value, "⟦a note⟧") for q, value in said.items()]
            saving.save(session, Access(found), earlier.questionnaire, operations, NOW)
            if name == "moved":
                version_moves.move(session, found, earlier.questionnaire, later, "⟦Amina⟧", NOW)
            links[name] = f"/a/{token}"
    return links
