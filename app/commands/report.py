"""`fourward report`: the firm's report as a PDF."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click

from app.commands.errors import BadInput, refusals_as_bad_input
from app.commands.output import whole_file
from app.firm_results import facts_of
from assessment.results import Result, make_result, wishes_for
from assessment.snapshots import Snapshot
from questionnaires.answers import MAX_BYTES, Answers, parse_json, read_answers
from questionnaires.library import SIZES, Definition, Effect
from questionnaires.loader import load_definition
from questionnaires.problems import Refused
from questionnaires.wording import did_you_mean, listed
from reports import pdf
from reports.firm.attachments import firm_attachments
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf
from scoring.gaps import Target
from scoring.roadmap import PHASES, Infeasible, Wishes

NO_LIMIT = "-"
LONGEST_NAME = 200
LARGEST = 1e12


@click.command()
@click.argument("definition")
@click.argument("answers")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where the PDF goes; it appears when it is whole.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the report.")
@click.option("--firm", default="", metavar="NAME", help="Name of the firm, for the cover.")
@click.option("--country", default="", metavar="XX", help="Country of the firm, ISO 3166-1: MY.")
@click.option("--answered-by", multiple=True, metavar="WHO", help="Who answered; once for each.")
@click.option("--date", "day", default="", metavar="YYYY-MM-DD", help="Day of the assessment; today if not given.")
@click.option(
    "--size", default="", metavar="|".join(SIZES), help="Size class for the costs; else what the profile says."
)
@click.option("--budget", default="", metavar="N", help="Money for all three phases; without one there is no limit.")
@click.option("--phase-budget", nargs=3, default=None, metavar="N N N", help="Money for each phase; - is no limit.")
@click.option(
    "--staff-days", nargs=3, default=None, metavar="N N N", help="Own staff days in each phase; - is no limit."
)
@click.option("--currency", default="", metavar="XXX", help="Currency of the report and of the budget, ISO 4217: MYR.")
@click.option("--rate", default="", metavar="N", help="Units of that currency for one unit of the actions' own.")
@click.option("--must", multiple=True, metavar="ACTION", help="An action to be done in any case; once for each.")
@click.option("--must-not", multiple=True, metavar="ACTION", help="An action that is excluded; once for each.")
@click.option(
    "--goal", "goals", multiple=True, metavar="EFFECT", help=f"What counts more: {', '.join(get_args(Effect))}."
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="ID=VALUE",
    help="A question's level, or a dimension's score, to reach.",
)
@click.option("--archive", is_flag=True, help="PDF/A-3 with answers and scores inside, instead of PDF/UA-1.")
def report(definition: str, answers: str, output: str, **options: Any) -> None:
    """Write a firm's report: where it stands, how sure that is, what comes first, and a costed roadmap.

    DEFINITION is an id, id@version, or the path of a folder or file; ANSWERS is a JSON file, as for `score`.
    """
    with refusals_as_bad_input():
        loaded = load_definition(definition)
        given = _answers(loaded, answers)
        with whole_file(Path(output)) as file:
            result = _result(loaded, given, options)
            file.write(_pdf(result, options["language"], options["archive"]))
    if isinstance(result.roadmap, Infeasible):
        click.echo("No roadmap meets all the wishes; the report says why and what would help.", err=True)


def _pdf(result: Result, language: str, archive: bool) -> bytes:
    view = build_firm_report(result, language)
    attachments = firm_attachments(result) if archive else ()
    try:
        return render_firm_pdf(view, day=result.facts.assessed_on, archive=archive, attachments=attachments)
    finally:
        pdf.close()


def _answers(definition: Definition, path: str) -> Answers:
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        return read_answers(definition.questionnaire, parse_json(data))
    except Refused as refusal:
        raise BadInput(f"{path}: {refusal}") from refusal


def _result(definition: Definition, answers: Answers, options: dict[str, Any]) -> Result:
    wishes = _wishes(definition, answers, options)
    snapshot = Snapshot(answers, {}, wishes)
    facts = facts_of(_name(options["firm"]), _country(options["country"]), _day(options["day"]), snapshot)
    facts = replace(facts, answered_by=tuple(_name(each) for each in options["answered_by"]))
    target = _target(definition, options["targets"])
    return make_result(definition, answers, facts=facts, target=target, wishes=wishes)


def _wishes(definition: Definition, answers: Answers, options: dict[str, Any]) -> Wishes:
    for option in ("must", "must_not"):
        _known(f"--{option.replace('_', '-')}", options[option], definition.action, "an action of this questionnaire")
    _known("--goal", options["goals"], get_args(Effect), "an effect")
    wanted: dict[str, Any] = {
        "budget": _number("--budget", options["budget"]),
        "must": frozenset(options["must"]),
        "must_not": frozenset(options["must_not"]),
        "goals": options["goals"],
    }
    if options["phase_budget"]:
        wanted["phase_budgets"] = _phases("--phase-budget", options["phase_budget"])
    if options["staff_days"]:
        wanted["phase_days"] = _phases("--staff-days", options["staff_days"])
    profile = dict(answers.profile)
    if options["size"]:
        _known("--size", [options["size"]], SIZES, "a size")
        profile["size"] = options["size"]
    return wishes_for(
        definition, profile, currency=_currency(options["currency"]), rate=_rate(options["rate"]), **wanted
    )


def _phases(option: str, texts: Sequence[str]) -> tuple[float | None, ...]:
    return tuple(
        None if text == NO_LIMIT else _number(f"{option} ({phase.id})", text)
        for text, phase in zip(texts, PHASES, strict=True)
    )


def _number(option: str, text: str) -> float | None:
    """A number of at least 0; None when nothing is given."""
    if not text:
        return None
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        value = -1.0
    if not 0 <= value <= LARGEST:
        raise BadInput(f"{option}: {text[:40]!r} is no number from 0 to {LARGEST:g}; write it plainly, as 250000.")
    return value


def _rate(text: str) -> float | None:
    rate = _number("--rate", text)
    if rate == 0:
        raise BadInput("--rate: a rate is above 0.")
    return rate


def _currency(code: str) -> str | None:
    if code and not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise BadInput(f"--currency: {code[:40]!r} is no currency; write its three capital letters, such as MYR.")
    return code or None


def _country(code: str) -> str:
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise BadInput(f"--country: {code[:40]!r} is no country; write its two capital letters, such as MY.")
    return code


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011 - the day where the command is run
    except ValueError:
        raise BadInput(f"--date: {text[:40]!r} is no day; write it as 2026-11-22.") from None


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise BadInput(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
    return name


def _known(option: str, given: Sequence[str], known: Any, kind: str) -> None:
    for name in given:
        if name not in known:
            meant = did_you_mean(name, known) or f"; there are {listed(known)}"
            raise BadInput(f"{option}: {name[:60]!r} is not {kind}{meant}")


def _target(definition: Definition, pairs: Sequence[str]) -> Target:
    """`question=level` or `dimension=score`; that levels and scores are on their scales is checked with the gaps."""
    questionnaire = definition.questionnaire
    levels: dict[str, int] = {}
    scores: dict[str, float] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if key not in questionnaire.questions and key not in questionnaire.nodes:
            meant = did_you_mean(key, [*questionnaire.questions, *questionnaire.nodes])
            raise BadInput(f"--target: {key[:60]!r} is no question and no dimension{meant}; write ID=VALUE.")
        value = _number(f"--target {key}", text if equals else "?")
        if key in questionnaire.nodes and key not in questionnaire.questions:
            scores[key] = value or 0.0
        elif value != int(value or 0):
            raise BadInput(f"--target {key}: a level is a whole number.")
        else:
            levels[key] = int(value or 0)
    return Target(levels, scores)
