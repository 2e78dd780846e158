"""The sheets on what comes first: scores and bars, the comparisons of two, other rules, and the later rounds."""

from collections.abc import Mapping
from typing import Any

from reports.workbook import Cell, Column, Sheet
from reports.workshop.material import Material


def priority_sheets(m: Material) -> tuple[Sheet, ...]:
    """None before a first round was shown."""
    if m.priorities is None:
        return ()
    return (
        _priorities(m, m.priorities),
        _choices(m, m.priorities),
        _robustness(m, m.priorities),
        _ratings(m, m.priorities),
    )


def _priorities(m: Material, found: Mapping[str, Any]) -> Sheet:
    w, blocks = m.words, [m.named(block["groups"]) for block in found["tallies"]["blocks"]]
    columns = (
        Column(w.gettext("Place"), "one"), Column("id", "text", 26), Column(w.gettext("Gap"), "text", 70),
        Column(w.gettext("First round"), "one"), Column(w.gettext("Bar from"), "one"),
        Column(w.gettext("Bar to"), "one"),
        Column(w.gettext("Among the first %(top)s", top=w.count(m.top)), "share"), Column(w.gettext("Score"), "two"),
        Column(w.gettext("Score by people"), "two"), Column(w.gettext("Place by people"), "one"),
        *(
            Column(head, "two", 16)
            for name in blocks
            for head in (name, w.gettext("%(group)s, from", group=name), w.gettext("%(group)s, to", group=name))
        ),
        Column(w.gettext("Rated again"), "plain"),
    )  # fmt: skip
    scores = {each["gap"]: (index, each) for index, each in enumerate(found["figures"]["scores"])}
    rows = tuple(_place(m, found, each, *scores[each["gap"]]) for each in found["order"])
    return Sheet(w.gettext("Priorities"), columns, rows, frozen=3)


def _place(
    m: Material, found: Mapping[str, Any], each: Mapping[str, Any], index: int, score: Mapping[str, Any]
) -> tuple[Cell, ...]:
    bar = m.bars[each["gap"]]
    by_block: list[Cell] = []
    for value, drawn in zip(score["by_block"], found["drawn"]["by_block"], strict=True):
        by_block += [value, drawn["low"][index], drawn["high"][index]]
    return (
        each["place"], each["gap"], m.question(each["gap"]), bar["rank"], bar["low"], bar["high"], bar["top"],
        score["score"], score["pooled"], score["pooled_rank"], *by_block, each["is_rated"],
    )  # fmt: skip


def _choices(m: Material, found: Mapping[str, Any]) -> Sheet:
    """How often each gap was chosen, added up by block: what every score follows from."""
    w, sums = m.words, found["tallies"]
    columns = (
        Column(w.gettext("Groups counted together"), "text", 40), Column("id", "text", 26),
        Column(w.gettext("Gap"), "text", 70), Column(w.gettext("Most less least"), "whole"),
        Column(w.gettext("Times shown"), "whole"),
        *(Column(gap, "whole", 14) for gap in sums["gaps"]),
    )  # fmt: skip
    rows = tuple(
        (m.named(block["groups"]), gap, m.question(gap), block["net"][i], block["seen"][i], *block["wins"][i])
        for block in sums["blocks"]
        for i, gap in enumerate(sums["gaps"])
    )
    return Sheet(w.gettext("Choices"), columns, rows, frozen=3)


def _robustness(m: Material, found: Mapping[str, Any]) -> Sheet:
    w, figures = m.words, found["figures"]
    rules = figures["rules"]
    columns = (
        Column("id", "text", 26), Column(w.gettext("Gap"), "text", 70),
        *(Column(each["rule"], "one") for each in rules),
        Column(w.gettext("Among the first by every rule"), "plain"),
        *(
            Column(w.gettext("Without %(groups)s", groups=m.named(each["groups"])), "plain", 20)
            for each in figures["without"]
        ),
    )  # fmt: skip
    rows = tuple(
        (
            score["gap"], m.question(score["gap"]), *(each["ranks"][i] for each in rules),
            score["gap"] in figures["in_all"], *(score["gap"] in each["top"] for each in figures["without"]),
        )
        for i, score in enumerate(figures["scores"])
    )  # fmt: skip
    return Sheet(w.gettext("Robustness"), columns, rows, frozen=2)


def _ratings(m: Material, found: Mapping[str, Any]) -> Sheet:
    w, hidden = m.words, m.words.gettext("not shown: fewer than five")
    columns = (
        Column(w.gettext("Round"), "whole", 8), Column("id", "text", 26), Column(w.gettext("Gap"), "text", 70),
        Column(w.gettext("Rated by"), "text", 14), Column(w.gettext("Group"), "text", 34),
        *(Column(w.gettext("Box %(n)s", n=w.count(box)), "whole", 8) for box in range(1, 6)),
        Column(w.gettext("Mean"), "two"), Column(w.gettext("Agreement"), "two"),
        Column(w.gettext("In the two highest"), "share"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for each in found["second"]:
        for gap in each["gaps"]:
            rows += _rated(m, each["round"], gap)
        rows += [(each["round"], gap, m.question(gap), hidden, "", *(None,) * 8) for gap in each["hidden"]]
    return Sheet(w.gettext("Ratings"), columns, tuple(rows), frozen=3, note=hidden)


def _rated(m: Material, number: int, gap: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    w = m.words
    names = {"urgency": w.gettext("Urgency"), "feasibility": w.gettext("Feasibility")}
    rows: list[tuple[Cell, ...]] = []
    for name, word in names.items():
        told, head = gap[name], (number, gap["gap"], m.question(gap["gap"]), word)
        room = told["room"]
        rows.append(
            (*head, w.gettext("The whole room"), *room["counts"], told["mean"], room["agreement"], told["top_two"])
        )
        for groups, spread in zip(gap["blocks"], told["by_block"], strict=True):
            if spread is not None:
                mean = None if spread["mean"] is None else spread["mean"] + 1
                rows.append((*head, m.named(groups), *spread["counts"], mean, spread["agreement"], None))
    return rows
