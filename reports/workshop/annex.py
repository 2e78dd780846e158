"""The annex: how the votes on every question spread, in the room and in each group that may be shown."""

from collections.abc import Mapping
from typing import Any

from reports.workshop.material import Material
from reports.workshop.view import Group, Row, Section, Table
from scoring.dispersion import Dispersion


def build_annex(m: Material) -> Section | None:
    """None before anything was shown."""
    if not m.newest:
        return None
    w = m.words
    most = max(m.levels(question) for question in m.newest)
    spread = Table(
        kind="spread",
        caption=w.gettext("The newest votes on every question: how many people on each level"),
        heads=(
            w.gettext("Question"), *(w.count(level) for level in range(most)), "?", w.gettext("n/a"),
            w.gettext("Median"), w.gettext("Agreement"), w.gettext("Settled"),
        ),
        groups=tuple(_section(m, title, questions, most) for title, questions in _by_section(m).items()),
    )  # fmt: skip
    intro = w.gettext("?: does not know; n/a: does not apply. A dash: not among the levels, or not shown.")
    return Section("annex", w.gettext("Annex: all votes counted"), (intro,), (spread, *_ratings(m)))


def _by_section(m: Material) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in m.record["levels"]:
        if each["question"] in m.newest:
            found.setdefault(m.section(each["question"]), []).append(each)
    return found


def _section(m: Material, title: str, questions: list[Mapping[str, Any]], most: int) -> Group:
    rows: list[Row] = []
    for each in questions:
        rows += _question(m, each, most)
    return Group(title, tuple(rows))


def _question(m: Material, each: Mapping[str, Any], most: int) -> list[Row]:
    w, votes = m.words, m.votes[each["question"]]
    title = m.question(each["question"])
    if votes.room is None:
        told = ("–",) * (most + 4)
        return [Row(title, (*told, _settled(m, each)), note=w.gettext("fewer than five votes: not shown"))]
    rows = [Row(title, (*_cells(m, votes.room, most, m.levels(each["question"])), _settled(m, each)))]
    if len(votes.shown) > 1:
        rows += [
            Row("", (*_cells(m, found, most, m.levels(each["question"])), ""), note=m.groups[group])
            for group, found in votes.shown.items()
        ]
    hidden = [group for group, why in votes.hidden.items() if why != "no_votes"]
    if hidden:
        said = w.gettext("not shown by itself: %(groups)s", groups=m.named(hidden))
        rows[0] = Row(title, rows[0].cells, note=said)
    return rows


def _cells(m: Material, found: Dispersion, most: int, levels: int) -> tuple[str, ...]:
    w = m.words
    counts = [w.count(n) if n else "·" for n in found.counts] + ["–"] * (most - levels)
    median = "–" if found.median is None else w.count(found.median)
    agreement = "–" if found.agreement is None else m.signed(found.agreement)
    return (*counts, *(w.count(n) if n else "·" for n in (found.unknown, found.not_applicable)), median, agreement)


def _settled(m: Material, each: Mapping[str, Any]) -> str:
    if not each["is_settled"]:
        return "–"
    return "?" if each["level"] is None else m.words.count(each["level"])


def _ratings(m: Material) -> tuple[Table, ...]:
    """The ratings of later rounds, counted by box."""
    w, second = m.words, m.priorities["second"] if m.priorities else ()
    boxes = tuple(w.count(box) for box in range(1, 6))
    return tuple(
        Table(
            kind="boxes",
            caption=w.gettext("Round %(round)s: how many people in each box", round=w.count(found["round"])),
            heads=(w.gettext("Gap"), *boxes),
            groups=tuple(Group(m.question(each["gap"]), _rated(m, each)) for each in found["gaps"]),
        )
        for found in second
        if found["gaps"]
    )


def _rated(m: Material, each: Mapping[str, Any]) -> tuple[Row, ...]:
    w = m.words
    names = {"urgency": w.gettext("Urgency"), "feasibility": w.gettext("Feasibility")}
    return tuple(
        Row(word, tuple(w.count(n) if n else "·" for n in each[name]["room"]["counts"])) for name, word in names.items()
    )
