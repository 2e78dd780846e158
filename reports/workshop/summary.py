"""All on one page: what came first, how sure that is, who does what by when, and who does not go along."""

from reports.firm.view_parts import Fact
from reports.workshop.differences import apart_most
from reports.workshop.material import Material
from reports.workshop.plan import title_of
from reports.workshop.priorities import certainty_of, chance, rule_words
from reports.workshop.view import KeyNumber, Row, Summary, Table


def build_summary(m: Material) -> Summary:
    w = m.words
    return Summary(
        id="summary",
        title=w.gettext("All on one page"),
        headline=_headline(m),
        finding=_finding(m),
        numbers=_numbers(m),
        first=_first(m),
        sure=Fact(w.gettext("How sure is that?"), _sure(m)),
        differ=Fact(w.gettext("Where groups differ"), apart_most(m)),
        dissent=Fact(w.gettext("Who does not go along"), _dissent(m)),
        note=_note(m),
    )


def _headline(m: Material) -> str:
    w, first = m.words, [question for place, question in m.agreed if place == 1]
    if first:
        return w.gettext("First of all: %(gap)s", gap=w.listed([m.question(each) for each in first]))
    if m.settled:
        return w.gettext("The room has settled where it stands; what comes first is not agreed yet.")
    return w.gettext("This workshop has not settled anything yet.")


def _finding(m: Material) -> str:
    w = m.words
    sections = list(dict.fromkeys(m.section(question) for _, question in m.agreed[: m.top]))
    if not sections:
        return ""
    return w.gettext(
        "The first %(top)s gaps lie in: %(sections)s.",
        top=w.count(min(m.top, len(m.agreed))),
        sections=w.listed(sections),
    )


def _numbers(m: Material) -> tuple[KeyNumber, ...]:
    w, actions = m.words, m.roadmap["actions"]
    settled = sum(each["is_settled"] for each in m.record["levels"])
    of = w.gettext("of %(n)s that were planned", n=w.count(len(m.record["levels"])))
    owned = sum(bool(each["owner"] and each["due"]) for each in actions)
    heads = m.record["people"]
    people = "–" if heads["people"] is None else w.count(heads["people"])
    more = w.gettext("and fewer than five more") if heads["more"] else w.gettext("in the room")
    return (
        KeyNumber(people, w.gettext("people"), more),
        KeyNumber(w.count(settled), w.gettext("questions settled"), of),
        KeyNumber(
            w.count(len(actions)),
            w.gettext("actions taken on"),
            w.gettext("%(n)s with an owner and a day", n=w.count(owned)),
        ),
    )


def _first(m: Material) -> Table | None:
    """The first places with the first action, owner and day of each."""
    if not m.agreed:
        return None
    w = m.words
    return Table(
        kind="firsts",
        caption=w.gettext("What comes first, who does what, and by when"),
        heads=(
            w.gettext("Gap"), w.gettext("Among the first %(top)s", top=w.count(m.top)),
            w.gettext("First action"), w.gettext("Owner"), w.gettext("Due"),
        ),
        rows=tuple(_row(m, place, gap) for place, gap in m.agreed[: m.top]),
    )  # fmt: skip


def _row(m: Material, place: int, gap: str) -> Row:
    w = m.words
    for_it = [each for each in m.roadmap["actions"] if each["question"] == gap]
    share = chance(m, m.bars[gap]["top"])
    if not for_it:
        return Row(m.numbered(place, gap), (share, w.gettext("nothing taken on yet"), "–", "–"))
    action = min(for_it, key=lambda each: (each["due"] or "9999", each["number"]))
    more = len(for_it) - 1
    title = title_of(m, action)
    if more:
        said = w.ngettext("and %(n)s more", "and %(n)s more", more)
        title = w.pgettext("a title, and more", "%(title)s (%(more)s)", title=title, more=said)
    due = w.day(action["due"]) if action["due"] else "–"
    return Row(m.numbered(place, gap), (share, title, w.foreign(action["owner"]) or "–", due))


def _sure(m: Material) -> str:
    w = m.words
    if m.priorities is None:
        return w.gettext("The room has not been asked yet what comes first.")
    top = [gap for _, gap in m.agreed[: m.top]]
    sure = sum(certainty_of(m, gap) == "in" for gap in top)
    figures = m.priorities["figures"]
    said = {"sure": w.count(sure), "top": w.count(len(top)), "all": w.count(len(figures["in_all"]))}
    return " ".join(
        (
            w.gettext(
                "By the private first round %(sure)s of the first %(top)s are settled, each with a chance above "
                "%(limit)s.",
                limit=w.percent(1 - m.rules["settled"]),
                **said,
            ),
            w.gettext("By every other way of counting, %(all)s gaps stay among them.", **said),
        )
    )


def _dissent(m: Material) -> str:
    w, found = m.words, m.roadmap["dissent"]
    if not found:
        return w.gettext("No group has put on record that it does not go along.")
    groups = dict.fromkeys(
        w.gettext("a group of fewer than five people") if each["is_small"] else m.groups[each["group"]]
        for each in found
    )
    said = {"groups": w.listed(list(groups))}
    return w.ngettext(
        "%(n)s objection is on record, by: %(groups)s.",
        "%(n)s objections are on record, by: %(groups)s.",
        len(found),
        **said,
    )


def _note(m: Material) -> str:
    if m.priorities is None:
        return ""
    return rule_words(m)
