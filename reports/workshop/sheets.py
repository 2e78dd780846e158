"""The workbook of a workshop: everything in its record on sheets, numbers as numbers, and what is not shown marked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from questionnaires.library import Definition
from reports.workbook import Cell, Column, Sheet, workbook
from reports.workshop.build import build_workshop_report
from reports.workshop.material import Material, material
from reports.workshop.plan import title_of
from reports.workshop.sheets_of_priorities import priority_sheets


def workshop_workbook(record: Mapping[str, Any], definition: Definition, language: str, *, day: str = "") -> bytes:
    """The workbook in a language; sheets run from right to left where it does.

    Raises:
        UnknownLanguage, NoReportLanguage
    """
    m = material(record, definition, language)
    title = m.words.gettext("Workbook of the workshop")
    return workbook(workshop_sheets(m), title=f"{title} \u2013 {m.workshop['name']}", day=day, is_rtl=m.words.is_rtl)


def workshop_sheets(m: Material) -> tuple[Sheet, ...]:
    """Every sheet, in the order of the report; the notes last."""
    made: tuple[Callable[[Material], Sheet], ...] = (_summary, _groups, _questions, _votes, _gaps)
    sheets = [make(m) for make in made]
    return (*sheets, *priority_sheets(m), _roadmap(m), _dissent(m), _rounds(m), _notes(m))


def not_shown(m: Material) -> str:
    return m.words.gettext("not shown: fewer than five")


def _summary(m: Material) -> Sheet:
    w, workshop = m.words, m.workshop
    rows: list[tuple[Cell, ...]] = [
        (w.gettext("Workshop"), workshop["name"]),
        (w.gettext("Held on"), workshop["day"]),
        (w.gettext("Place"), workshop["place"]),
        (w.gettext("Country"), workshop["country"]),
        (w.gettext("In the room"), m.heads(m.record["people"])),
        (w.gettext("Questions asked"), len(m.record["levels"])),
        (w.gettext("Questions settled"), sum(each["is_settled"] for each in m.record["levels"])),
        (w.gettext("Gaps on the short list"), sum(each["is_listed"] for each in m.record["gaps"])),
        (w.gettext("Actions"), len(m.roadmap["actions"])),
        (w.gettext("Objections on record"), len(m.roadmap["dissent"])),
        (w.gettext("Record"), m.fingerprint),
    ]
    rows += [(w.gettext("Place %(n)s", n=w.count(place)), m.question(gap)) for place, gap in m.agreed]
    columns = (Column(w.gettext("What"), "text", 34), Column(w.gettext("Figure"), "text", 90))
    return Sheet(w.gettext("Summary"), columns, tuple(rows))


def _groups(m: Material) -> Sheet:
    w, hidden = m.words, not_shown(m)
    rows = tuple(
        (each["id"], m.groups[each["id"]], hidden if each["is_small"] else each["people"])
        for each in m.record["groups"]
    )
    columns = (
        Column("id", "text", 16),
        Column(w.gettext("Group"), "text", 36),
        Column(w.gettext("People"), "whole", 26),
    )
    return Sheet(w.gettext("Groups"), columns, rows, note=hidden)


def _questions(m: Material) -> Sheet:
    """Where the room stands on each question."""
    w = m.words
    columns = (
        Column("id", "text", 26), Column(w.gettext("Section"), "text", 30), Column(w.gettext("Question"), "text", 70),
        Column(w.gettext("Level"), "whole"), Column(w.gettext("Settled by"), "text", 14),
        Column(w.gettext("Suggested"), "whole"), Column(w.gettext("Agreement"), "two"),
        Column(w.gettext("Apart, in levels"), "two"), Column(w.gettext("From"), "two"), Column(w.gettext("To"), "two"),
        Column(w.gettext("Higher"), "text", 20), Column(w.gettext("Note"), "text", 60),
    )  # fmt: skip
    return Sheet(w.gettext("Questions"), columns, tuple(_question(m, each) for each in m.record["levels"]), frozen=3)


def _question(m: Material, each: Mapping[str, Any]) -> tuple[Cell, ...]:
    w, id = m.words, each["question"]
    how = {"votes": w.gettext("votes"), "room": w.gettext("the room"), "firms": w.gettext("firms"), "": ""}
    found = m.newest.get(id)
    room = found["room"] if found else None
    apart = found["difference"] if found else None
    return (
        id, m.section(id), m.question(id), each["level"], how[each["how"]], each["suggested"],
        room["agreement"] if room else None,
        apart["difference"] if apart else None, apart["interval"][0] if apart else None,
        apart["interval"][1] if apart else None, m.groups[apart["higher"]] if apart else "", each["note"],
    )  # fmt: skip


def _votes(m: Material) -> Sheet:
    """Every round, question and group: how many on each level."""
    w = m.words
    most = max((m.levels(each["question"]) for each in _asked(m)), default=1)
    columns = (
        Column(w.gettext("Round"), "whole", 8), Column("id", "text", 26), Column(w.gettext("Group"), "text", 34),
        Column(w.gettext("Shown"), "text", 26),
        *(Column(w.gettext("Level %(n)s", n=w.count(level)), "whole", 9) for level in range(most)),
        Column(w.gettext("Does not know"), "whole"), Column(w.gettext("Does not apply"), "whole"),
        Column(w.gettext("Mean"), "two"), Column(w.gettext("Median"), "whole"), Column(w.gettext("Agreement"), "two"),
        Column(w.gettext("Consensus"), "two"),
    )  # fmt: skip
    rows = [
        row
        for found in m.record["rounds"]
        for each in found["levels"]
        for row in _vote_rows(m, found["number"], each, most)
    ]
    return Sheet(w.gettext("Votes"), columns, tuple(rows), frozen=3, note=not_shown(m))


def _asked(m: Material) -> Iterable[Mapping[str, Any]]:
    return (each for found in m.record["rounds"] for each in found["levels"])


def _vote_rows(m: Material, number: int, each: Mapping[str, Any], most: int) -> list[tuple[Cell, ...]]:
    w, id = m.words, each["question"]
    whole, hidden = w.gettext("The whole room"), not_shown(m)
    blank: tuple[Cell, ...] = (None,) * (most + 6)
    shown: tuple[tuple[str, Mapping[str, Any] | None], ...] = (
        (whole, each["room"]),
        *((m.groups[group], found) for group, found in each["groups"].items()),
    )
    rows: list[tuple[Cell, ...]] = []
    for name, found in shown:
        cells = blank if found is None else _counted(found, most)
        rows.append((number, id, name, hidden if found is None else "", *cells))
    reasons = {"too_few": hidden, "with_others": w.gettext("not shown: it would tell of a small one")}
    rows += [(number, id, m.groups[g], reasons[why], *blank) for g, why in each["hidden"].items() if why in reasons]
    return rows


def _counted(found: Mapping[str, Any], most: int) -> tuple[Cell, ...]:
    counts = [*found["counts"], *[None] * (most - len(found["counts"]))]
    figures = (found[name] for name in ("unknown", "not_applicable", "mean", "median", "agreement", "consensus"))
    return (*counts, *figures)


def _gaps(m: Material) -> Sheet:
    w = m.words
    columns = (
        Column(w.gettext("Agreed place"), "whole"), Column("id", "text", 26), Column(w.gettext("Gap"), "text", 70),
        Column(w.gettext("Level"), "whole"), Column(w.gettext("Target"), "whole"), Column(w.gettext("Size"), "two"),
        Column(w.gettext("Weight"), "two"), Column(w.gettext("Place by gap x weight"), "whole"),
        Column(w.gettext("On the list"), "plain"), Column(w.gettext("Note"), "text", 50),
    )  # fmt: skip
    rows = tuple(
        (
            each["agreed_place"], each["question"], m.question(each["question"]), each["level"], each["target"],
            each["size"], each["weight"], each["place"], each["is_listed"], each["note"],
        )
        for each in m.record["gaps"]
    )  # fmt: skip
    return Sheet(w.gettext("Gaps"), columns, rows, frozen=3)


def _roadmap(m: Material) -> Sheet:
    w = m.words
    columns = (
        Column(w.gettext("Number"), "whole", 8), Column(w.gettext("Action"), "text", 50),
        Column(w.gettext("For"), "text", 60), Column(w.gettext("Owner"), "text", 24),
        Column(w.gettext("Group"), "text", 20), Column(w.gettext("Due"), "text", 12),
        Column(w.gettext("Phase"), "whole", 8), Column(w.gettext("Starts"), "text", 12),
        Column(w.gettext("Ends"), "text", 12), Column(w.gettext("Days"), "one"),
        Column(w.gettext("Cost from"), "whole"), Column(w.gettext("Cost to"), "whole"),
        Column(w.gettext("Currency"), "text"), Column(w.gettext("First step"), "text", 50),
        Column(w.gettext("Done when"), "text", 50), Column(w.gettext("It stands"), "text"),
        Column(w.gettext("Note"), "text", 40),
    )  # fmt: skip
    return Sheet(w.gettext("Roadmap"), columns, tuple(_action(m, each) for each in m.roadmap["actions"]), frozen=2)


def _action(m: Material, each: Mapping[str, Any]) -> tuple[Cell, ...]:
    news = each["news"][-1]["note"] if each["news"] else ""
    costs = (each["cost_low"], each["cost_high"], m.roadmap["currency"]) if each["action"] else (None, None, "")
    return (
        each["number"], title_of(m, each), m.question(each["question"]), each["owner"],
        m.groups.get(each["group"], ""), each["due"], None if each["phase"] is None else each["phase"] + 1,
        each["starts_on"], each["ends_on"], each["days"] if each["action"] else None, *costs, each["first_step"],
        each["measure"], each["state"], news,
    )  # fmt: skip


def _dissent(m: Material) -> Sheet:
    w, hidden = m.words, m.words.gettext("a group of fewer than five people")
    columns = (
        Column(w.gettext("Group"), "text", 34), Column(w.gettext("On"), "text", 60),
        Column(w.gettext("Words"), "text", 90),
    )  # fmt: skip
    rows = tuple(
        (
            hidden if each["is_small"] else m.groups[each["group"]],
            m.question(each["gap"]) if each["gap"] else w.gettext("the roadmap as a whole"),
            each["text"],
        )
        for each in m.roadmap["dissent"]
    )
    return Sheet(w.gettext("Dissent"), columns, rows, note=hidden)


def _rounds(m: Material) -> Sheet:
    w = m.words
    kinds = {
        "levels": w.gettext("levels"), "best_worst": w.gettext("most and least important"),
        "rating": w.gettext("urgency and feasibility"),
    }  # fmt: skip
    columns = (
        Column(w.gettext("Round"), "whole", 8), Column(w.gettext("Kind"), "text", 30),
        Column(w.gettext("Asked before"), "whole"), Column(w.gettext("Questions"), "whole"),
        Column(w.gettext("In the room"), "text", 34), Column(w.gettext("Voted"), "text", 34),
        Column(w.gettext("Rule that ended it"), "text", 20),
    )  # fmt: skip
    rows = tuple(
        (
            each["number"], kinds[each["kind"]], each["attempt"] - 1, len(each["subjects"]), m.heads(each["present"]),
            m.heads(each["voters"]) if each["voters"] else "", each["fired"]["rule"] if each["fired"] else "",
        )
        for each in m.record["rounds"]
    )  # fmt: skip
    return Sheet(w.gettext("Rounds"), columns, rows)


def _notes(m: Material) -> Sheet:
    w = m.words
    report = build_workshop_report(m.record, m.definition, w.code)
    rows = [(each.label, each.value) for each in report.method.paragraphs]
    rows += [(report.reading.how_title, text) for text in report.reading.how]
    return Sheet(w.gettext("Notes"), (Column(w.gettext("About"), "text", 34), Column("", "text", 120)), tuple(rows))
