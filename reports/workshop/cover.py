"""The cover, the contents, and how to read the report."""

from reports.firm.view_parts import Entry, Fact
from reports.workshop.material import Material
from reports.workshop.view import Cover, Reading


def build_cover(m: Material, title: str) -> Cover:
    w, machine_made = m.words, m.words.is_machine_made or m.translated.machine_made > 0
    first = [question for place, question in m.agreed if place == 1]
    note = w.gettext("A rehearsal: some or all of the people are made up.") if m.workshop["is_rehearsal"] else ""
    return Cover(
        kicker=m.questionnaire.title,
        title=title,
        name=m.workshop["name"],
        first_label=w.gettext("What the room puts first") if first else "",
        first=w.listed([m.question(each) for each in first[:2]]),
        facts=_facts(m),
        note=note,
        machine_translation=w.gettext("Machine translation, not yet reviewed") if machine_made else "",
    )


def _facts(m: Material) -> tuple[Fact, ...]:
    w, workshop, between = m.words, m.workshop, m.words.pgettext("between items of a list", ", ")
    place = [w.foreign(workshop["place"]), w.country(workshop["country"]) if workshop["country"] else ""]
    lines = (
        (w.gettext("Held on"), w.day(workshop["day"]) if workshop["day"] else ""),
        (w.gettext("Place"), between.join(part for part in place if part)),
        (w.gettext("In the room"), m.heads(m.record["people"])),
        (w.gettext("Groups"), w.pgettext("between facts", "; ").join(group_sizes(m))),
        (w.gettext("Questionnaire"), between.join((m.questionnaire.title, m.questionnaire.version))),
        (w.gettext("Record"), m.fingerprint),
    )
    return tuple(Fact(label, value) for label, value in lines if value)


def group_sizes(m: Material) -> list[str]:
    """Every group with its size; of a small one only that it is small."""
    w = m.words
    sizes = [
        (group["id"], w.gettext("fewer than five") if group["is_small"] else w.count(group["people"] or 0))
        for group in m.record["groups"]
    ]
    return [w.pgettext("a group and its size", "%(group)s: %(size)s", group=m.groups[g], size=s) for g, s in sizes]


def build_reading(m: Material, contents: tuple[Entry, ...]) -> Reading:
    w = m.words
    how = (
        w.gettext("Every table states its finding first. Dots and bars are marks; the numbers stand beside them."),
        w.gettext(
            "A bar around a place, or a line around a dot, runs over nine tenths of what other people of the same "
            "groups might have said. Where two bars overlap, the order of the two is open."
        ),
        w.gettext(
            "Agreement runs from −1 (half of the room at either end) over 0 (no common view) to 1 (all on one level)."
        ),
        w.gettext(
            "A group of fewer than five people is never shown by itself, and nothing is shown from which its votes "
            "could be worked out. Its votes count in the room as everybody's do."
        ),
        w.gettext("No vote in this report is anybody's: names stand only where somebody has taken on an action."),
    )
    return Reading("contents", w.gettext("Contents"), contents, w.gettext("How to read this report"), how)
