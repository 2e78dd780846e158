"""`fourward learn`: learn from earlier workshops, tell how well that works, and go back to an earlier version."""

import click
import orjson

from app.commands.errors import BadInput
from app.commands.learn_tables import table
from app.commands.transactions import now, transaction
from assessment import learned_models, learned_standing
from assessment.learned_standing import Standing
from assessment.learning_orders import Kind
from assessment.workshop_rules import PROTOCOL


@click.command()
@click.option("--report", "wants_report", is_flag=True, help="Learn nothing; print how well it works, and the gate.")
@click.option("--rollback", metavar="INSTRUMENT", help="Use the version before (id@version of a questionnaire).")
@click.option("--to", "number", type=click.IntRange(0), help="With --rollback: use this version; 0 is gap x weight.")
@click.option("--protocol", default=PROTOCOL, show_default=True, help="With --rollback: of this protocol version.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every digit.")
def learn(wants_report: bool, rollback: str | None, number: int | None, protocol: str, as_json: bool) -> None:
    """Learn from earlier workshops which gaps people put first.

    Learns anew from all workshops that have ended and may be learned from, each questionnaire and protocol version
    apart. What it finds is shown in a workshop only where it beats gap x weight on workshops it has not seen.
    """
    if number is not None and rollback is None:
        raise BadInput("--to goes with --rollback INSTRUMENT.")
    if wants_report and rollback is not None:
        raise BadInput("--report and --rollback do not go together.")
    if rollback is not None:
        _roll_back(Kind(rollback, protocol), number, as_json)
    elif wants_report:
        _report(as_json)
    else:
        _learn(as_json)


def _learn(as_json: bool) -> None:
    with transaction() as session:
        kinds = learned_models.kinds(session)
    learned = []
    for kind in kinds:  # one transaction each: the database is free for others in between
        with transaction() as session:
            if (row := learned_models.learn(session, kind.instrument, kind.protocol, now())) is not None:
                model = row.record["model"]
                learned.append((kind, row.number, model["workshops"], row.record["gate"]["reason"], row.record_sha256))
    if as_json:
        names = ("instrument", "protocol", "version", "workshops", "gate", "sha256")
        _print_json([dict(zip(names, (k.instrument, k.protocol, *rest), strict=True)) for k, *rest in learned])
        return
    for kind, version, workshops, reason, sha256 in learned:
        gate = "open" if reason == "beats" else "closed"
        click.echo(
            f"{kind.instrument} (protocol {kind.protocol}): version {version}, workshops learned from: {workshops}, "
            f"gate {gate}, sha256 {sha256[:12]}"
        )
    if not learned:
        click.echo(NOTHING)


def _report(as_json: bool) -> None:
    with transaction() as session:
        found = learned_standing.standings(session, with_curves=True)
    if as_json:
        _print_json([_as_json(each) for each in found])
    else:
        click.echo("\n\n".join("\n".join(table(each)) for each in found) or NOTHING)


def _as_json(standing: Standing) -> dict[str, object]:
    return {
        "instrument": standing.kind.instrument,
        "protocol": standing.kind.protocol,
        "version": standing.current.number if standing.current else 0,
        "versions": standing.versions,
        "open_since": standing.open_since,
        "lacks": standing.lacks,
        "learned": standing.learned,
        "curve": standing.curve,
    }


def _roll_back(kind: Kind, number: int | None, as_json: bool) -> None:
    with transaction() as session:
        row = learned_models.roll_back(session, kind.instrument, kind.protocol, number)
        version = row.number if row else 0
    if as_json:
        _print_json({"instrument": kind.instrument, "protocol": kind.protocol, "version": version})
        return
    told = f"version {version} is in use" if version else "no version is in use: the order is gap x weight"
    click.echo(f"{kind.instrument} (protocol {kind.protocol}): {told} until there is more to learn from.")


def _print_json(value: object) -> None:
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


NOTHING = "No workshop has taught anything yet: in every workshop the order is gap x weight."
