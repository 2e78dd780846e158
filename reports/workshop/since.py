"""What became of it: planned against done, and then against now where the room was asked again."""

from collections.abc import Mapping
from typing import Any

from reports.workshop.material import Material
from reports.workshop.plan import title_of
from reports.workshop.view import Row, Section, Table

MOST = 12  # levels that moved and are told


def build_since(m: Material) -> Section | None:
    """None while no owner has told anything and the room follows no other."""
    tables = tuple(each for each in (_progress(m), _then_and_now(m)) if each is not None)
    if not tables:
        return None
    w = m.words
    return Section("since", w.gettext("What became of it"), (w.gettext("Owners tell it themselves."),), tables)


def _progress(m: Material) -> Table | None:
    w, actions = m.words, m.roadmap["actions"]
    if not any(each["news"] for each in actions):
        return None
    done = sum(each["state"] == "done" for each in actions)
    said = {"done": w.count(done), "all": w.count(len(actions))}
    return Table(
        kind="since",
        caption=w.gettext("%(done)s of %(all)s actions are done", **said),
        heads=(
            w.gettext("Action"),
            w.gettext("Planned"),
            w.gettext("It stands"),
            w.gettext("Since"),
            w.gettext("Told"),
        ),
        rows=tuple(_told(m, each) for each in actions),
    )


def _told(m: Material, each: Mapping[str, Any]) -> Row:
    w, last = m.words, each["news"][-1] if each["news"] else {"day": "", "note": ""}
    states = {
        "planned": w.gettext("planned"), "started": w.gettext("started"), "done": w.gettext("done"),
        "dropped": w.gettext("dropped"),
    }  # fmt: skip
    due, day = (w.day(value) if value else "–" for value in (each["due"], last["day"]))
    return Row(title_of(m, each), (due, states[each["state"]], day, w.foreign(last["note"]) or "–"))


def _then_and_now(m: Material) -> Table | None:
    w, before = m.words, m.record["earlier_time"]
    if before is None:
        return None
    both = [(m.settled[q] - level, q, level) for q, level in before["levels"].items() if q in m.settled]
    both = [each for each in both if each[1] in m.questionnaire.questions]
    if not both:
        return None
    moved = sorted((each for each in both if each[0]), key=lambda each: -abs(each[0]))[:MOST]
    counts = {"up": w.count(sum(d > 0 for d, _, _ in both)), "down": w.count(sum(d < 0 for d, _, _ in both))}
    caption = w.gettext("%(up)s questions stand higher than last time, %(down)s lower", **counts)
    return Table(
        kind="then",
        caption=caption,
        heads=(w.gettext("Question"), w.gettext("Then"), w.gettext("Now")),
        rows=tuple(Row(m.question(q), (w.count(level), w.count(level + change))) for change, q, level in moved),
        source=w.gettext(
            "Then: %(name)s, %(day)s.",
            name=w.foreign(before["name"]),
            day=w.day(before["day"]) if before["day"] else "–",
        ),
    )
