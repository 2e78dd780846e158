"""`fourward learn`: learning anew, the report with the gate, and going back with one command."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli import main
from app.database import Database
from assessment.tables import Workshop
from tests.assessment.taught import instrument, taught


@pytest.fixture(autouse=True)
def chosen(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWARD_DATABASE_URL", database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["learn", *arguments])


def end(database: Database, *numbers: int) -> None:
    with database.transaction() as session:
        for number in numbers:
            taught(session, number)


def test_without_workshops_it_says_that_gap_times_weight_is_all_there_is(database: Database) -> None:
    nothing = "No workshop has taught anything yet: in every workshop the order is gap x weight.\n"
    assert run().output == nothing
    assert run("--report").output == nothing
    assert json.loads(run("--report", "--json").output) == []


def test_it_learns_reports_and_goes_back(database: Database) -> None:
    end(database, 1, 2, 3, 4)
    learned = run().output
    assert f"{instrument()} (protocol best-worst 1): version 1, workshops learned from: 4, gate closed" in learned
    assert run().output == learned

    told = run("--report").output
    assert "gate      closed: 4 of 10 workshops, it lacks 6" in told
    assert "Kendall's tau" in told
    assert "chance of a pair" in told
    assert "learned from   tau of model   of rule   workshops tested" in told
    assert "      1   20" in told

    end(database, 5)
    assert "version 2, workshops learned from: 5" in run().output
    back = run("--rollback", instrument())
    assert back.output.startswith(f"{instrument()} (protocol best-worst 1): version 1 is in use")
    assert "in use    version 1" in run("--report").output
    assert json.loads(run("--rollback", instrument(), "--json").output)["version"] == 0
    assert "in use    no version: the order is gap x weight" in run("--report").output
    assert json.loads(run("--rollback", instrument(), "--to", "2", "--json").output)["version"] == 2


def test_the_report_says_since_when_the_gate_is_open(database: Database) -> None:
    end(database, *range(12))
    run()
    told = run("--report").output
    assert "gate      open since 20" in told
    (found,) = json.loads(run("--report", "--json").output)
    assert found["learned"]["gate"]["reason"] == "beats"
    assert found["lacks"] == ""
    assert found["open_since"] == found["versions"][0]["learned_at"]
    assert [point["workshops"] for point in found["curve"]] == [0, 1, 2, 3, 5, 10]


def test_a_workshop_that_was_deleted_is_gone_from_the_next_learning(database: Database) -> None:
    end(database, 1, 2)
    run()
    with database.transaction() as session:
        session.delete(session.scalars(select(Workshop)).first())
    assert "version 2, workshops learned from: 1" in run().output
    assert "1   20" in (told := run("--report").output)
    assert "withdrawn" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--to", "1"), "--to goes with --rollback"),
        (("--report", "--rollback", "qi4tf@1.0.0"), "do not go together"),
        (("--rollback", "qi4tf@1.0.0"), "No model of qi4tf@1.0.0 (protocol best-worst 1) is in use."),
        (("--rollback", "qi4tf@1.0.0", "--to", "7"), "There is no version 7 of the model of qi4tf@1.0.0."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(database: Database, arguments: tuple[str, ...], says: str) -> None:
    ran = run(*arguments)
    assert ran.exit_code == 2
    assert says in ran.output
