"""What comes first and how sure that is: rank bars, chances, the second round, and the rule that ended the asking."""

from collections.abc import Mapping
from typing import Any

from reports.workshop.marks import rank_bar
from reports.workshop.material import Material
from reports.workshop.view import Key, Row, Section, Table


def build_priorities(m: Material) -> Section | None:
    """None before a first round was shown in which five people or more chose."""
    if m.priorities is None:
        return None
    w = m.words
    tables = [_ranks(m), *(_second(m, each) for each in m.priorities["second"] if each["gaps"])]
    return Section(
        "priorities",
        w.gettext("What comes first, and how sure that is"),
        (_how(m), rule_words(m)),
        tuple(tables),
        _notes(m),
    )


def _how(m: Material) -> str:
    w, listed = m.words, len(m.priorities["figures"]["scores"]) if m.priorities else 0
    voters = _voters(m)
    return w.ngettext(
        "%(people)s compared %(n)s gap in private, four at a time: the most and the least important of the four.",
        "%(people)s compared %(n)s gaps in private, four at a time: the most and the least important of the four.",
        listed,
        people=voters[:1].upper() + voters[1:],
    )


def _voters(m: Material) -> str:
    number = m.priorities["round"] if m.priorities else 0
    return m.heads(next(each["voters"] for each in m.record["rounds"] if each["number"] == number))


def rule_words(m: Material) -> str:
    """The rule of stopping that fired, with its figures; or the one that holds now."""
    w, rule = m.words, m.priorities["rule"] if m.priorities else None
    if rule is None:
        return w.gettext("No rule of stopping has fired yet: by the rules the room would be asked again.")
    figures = rule["figures"]
    words = {
        "settled": w.gettext("every place among the first was settled"),
        "stable": w.gettext(
            "fewer answers changed (%(changed)s) than are worth another round",
            changed=w.percent(figures.get("changed") or 0.0),
        ),
        "time": w.gettext("the time that was set aside was used up"),
        "rounds": w.gettext("it had been asked as often as was fixed beforehand"),
        "chosen": w.gettext("who leads the workshop ended it, before any of the rules had fired"),
    }
    said = {"why": words[rule["rule"]], "round": w.count(int(figures.get("round", 1)))}
    if m.priorities and m.priorities["is_recorded"]:
        return w.gettext("The asking ended after round %(round)s: %(why)s.", **said)
    return w.gettext("The order is not agreed yet. After round %(round)s: %(why)s.", **said)


def _ranks(m: Material) -> Table:
    w, ranks = m.words, len(m.bars)
    top = {"top": w.count(m.top)}
    return Table(
        kind="ranks",
        caption=_finding(m),
        heads=(
            w.gettext("Gap"), w.gettext("Bar"), w.gettext("Among the first %(top)s", **top),
            w.gettext("How sure"),
        ),
        ticks=tuple(w.count(rank) for rank in range(1, ranks + 1)),
        rows=tuple(_rank(m, place, gap) for place, gap in m.agreed),
        keys=(Key("o0", w.gettext("place in the first round")), Key("bd", w.gettext("its bar: nine draws in ten"))),
        source=w.gettext(
            "Source: the private first round, every group with the same weight; 2,000 draws of people from each group. "
            "Place is the agreed order; the bar is of the first round."
        ),
    )  # fmt: skip


def _finding(m: Material) -> str:
    w, sure = m.words, sum(1 for _, gap in m.agreed[: m.top] if certainty_of(m, gap) == "in")
    said = {"sure": w.count(sure), "top": w.count(m.top)}
    if sure == m.top:
        return w.gettext("All of the first %(top)s places are settled", **said)
    return w.gettext("Of the first %(top)s places %(sure)s are settled by the first round", **said)


def certainty_of(m: Material, gap: str) -> str:
    """Whether a gap is settled among the first, settled not to be, or open, by the limit fixed beforehand."""
    limit, chance = m.rules["settled"], m.bars[gap]["top"]
    return "in" if chance > 1 - limit else "out" if chance < limit else "open"


def sure_words(m: Material, gap: str) -> str:
    w = m.words
    return {
        "in": w.gettext("settled: among the first"),
        "out": w.gettext("settled: not among the first"),
        "open": w.gettext("open in the first round"),
    }[certainty_of(m, gap)]


def _rank(m: Material, place: int, gap: str) -> Row:
    w, bar = m.words, m.bars[gap]
    said = {"low": m.place(bar["low"]), "high": m.place(bar["high"])}
    bounds = w.gettext("%(low)s to %(high)s", **said) if bar["low"] != bar["high"] else said["low"]
    return Row(
        m.numbered(place, gap),
        (bounds, chance(m, bar["top"]), "; ".join((sure_words(m, gap), *_flags(m, gap)))),
        marks=(rank_bar(bar, len(m.bars)),),
        is_strong=place <= m.top,
    )


def chance(m: Material, value: float) -> str:
    """A chance in per cent; one that draws cannot tell from certain is not called so."""
    w = m.words
    if value >= 0.995:
        return w.gettext("over %(share)s", share=w.percent(0.99))
    return w.gettext("under %(share)s", share=w.percent(0.01)) if value < 0.005 else w.percent(value)


def _flags(m: Material, gap: str) -> list[str]:
    w, priorities = m.words, m.priorities or {}
    score = next(each for each in priorities["figures"]["scores"] if each["gap"] == gap)
    order = next(each for each in priorities["order"] if each["gap"] == gap)
    flags = []
    if order["is_rated"]:
        flags.append(_moved(m, order["moved"]))
    if score["differs"]:
        flags.append(w.gettext("counted by people, place %(place)s", place=m.place(score["pooled_rank"])))
    return flags


def _moved(m: Material, moved: float) -> str:
    w = m.words
    if moved > 0:
        return w.gettext("rated again, up %(n)s", n=m.place(moved))
    return w.gettext("rated again, down %(n)s", n=m.place(-moved)) if moved else w.gettext("rated again, stayed")


def _second(m: Material, found: Mapping[str, Any]) -> Table:
    w = m.words
    rows = tuple(_rated(m, found, each) for each in found["gaps"])
    first = max(found["gaps"], key=lambda each: each["value"])
    return Table(
        kind="rated",
        caption=w.gettext("Rated again, the highest: %(gap)s", gap=m.question(first["gap"])),
        heads=(
            w.gettext("Gap"), w.gettext("Urgency"), w.gettext("Feasibility"), w.gettext("Both multiplied"),
            w.gettext("Agreement"), *((w.gettext("Changed their mind"),) if found["moves"] else ()),
        ),
        rows=rows,
        source=w.gettext(
            "Source: round %(round)s; means from 1 to 5, every group with the same weight, with the share of people in "
            "the two highest boxes.",
            round=w.count(found["round"]),
        ),
    )  # fmt: skip


def _rated(m: Material, found: Mapping[str, Any], each: Mapping[str, Any]) -> Row:
    w = m.words
    cells = [_criterion(m, each["urgency"]), _criterion(m, each["feasibility"]), w.number(each["value"], 1)]
    agreements = [each[name]["room"]["agreement"] for name in ("urgency", "feasibility")]
    cells.append(" / ".join("–" if a is None else m.signed(a) for a in agreements))
    if found["moves"]:
        moves = found["moves"].get(each["gap"])
        said = {"n": w.count(moves["moved"]), "all": w.count(moves["moved"] + moves["stayed"])} if moves else {}
        cells.append(w.gettext("%(n)s of %(all)s", **said) if moves else "–")
    return Row(m.question(each["gap"]), tuple(cells))


def _criterion(m: Material, found: Mapping[str, Any]) -> str:
    w = m.words
    said = {"mean": w.number(found["mean"], 1), "share": w.percent(found["top_two"])}
    return w.pgettext("a mean and a share", "%(mean)s (%(share)s)", **said)


def _notes(m: Material) -> tuple[str, ...]:
    w = m.words
    notes = [earlier_words(m)]
    hidden = [gap for each in (m.priorities or {})["second"] for gap in each["hidden"]]
    if hidden:
        notes.append(
            w.gettext(
                "Not shown, because fewer than five people rated it: %(gaps)s.",
                gaps=w.listed([m.question(gap) for gap in dict.fromkeys(hidden)]),
            )
        )
    return tuple(notes)


def earlier_words(m: Material) -> str:
    """What earlier workshops would say, or why they are not heard."""
    w, earlier = m.words, m.record["earlier_workshops"]
    if earlier is None or earlier["standing"] == "off":
        return w.gettext("Earlier workshops were not heard in this one: the rules gave them no voice.")
    said = {"n": w.count(earlier["workshops"]), "least": w.count(earlier["minimum"])}
    if earlier["standing"] == "too_few":
        return w.gettext(
            "Earlier workshops are not heard: there are %(n)s on the same questions and rules, and it takes %(least)s.",
            **said,
        )
    if earlier["standing"] == "does_not_beat":
        return w.gettext(
            "Earlier workshops are not heard: on workshops they had not seen, what %(n)s of them teach was no better "
            "than gap times weight.",
            **said,
        )
    first = sorted(earlier["said"], key=lambda each: each["place"])[:3]
    gaps = w.listed([m.question(each["gap"]) for each in first])
    return w.gettext("%(n)s earlier workshops would put first: %(gaps)s. They have no vote here.", gaps=gaps, **said)
